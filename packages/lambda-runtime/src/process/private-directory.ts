import type { FunctionSpec } from "../contract.ts";

/** How a function sees its directories. */
export type Places = Pick<FunctionSpec, "taskRoot" | "optRoot">;

/**
 * Makes a directory that but one user can enter, beside this process: `task` and `opt` have what the function's have, and
 * cannot be changed, as on AWS; `tmp` is the user's own. This process must be root.
 */
export function makePrivateDirectory(directory: string, user: number, spec: FunctionSpec): Places {
  const fs = process.getBuiltinModule("node:fs");
  const make = (path: string, mode: number, owner: number): void => {
    fs.mkdirSync(path);
    // Whatever the umask is.
    fs.chmodSync(path, mode);
    fs.chownSync(path, owner, user);
  };
  make(directory, 0o710, 0);
  make(`${directory}/tmp`, 0o700, user);
  const opt = `${directory}/opt`;
  if (spec.optRoot === undefined) make(opt, 0o755, 0);
  else link(spec.optRoot, opt);
  if (spec.followsCode === true || !fs.existsSync(spec.taskRoot)) return { taskRoot: spec.taskRoot, optRoot: opt };
  link(spec.taskRoot, `${directory}/task`);
  return { taskRoot: `${directory}/task`, optRoot: opt };
}

/** Where everybody may write, whatever a function is told. */
const SHARED = ["/tmp", "/var/tmp", "/dev/shm"];

/** How many paths one program is given. */
const MOST_PATHS = 1000;

/**
 * Removes such a directory, and what its user has left where everybody may write. Rejects where there may be something still.
 *
 * What the user made is removed as the user: this process may be a root who cannot enter it, and must follow none of its links.
 */
export async function removePrivateDirectory(directory: string, user: number): Promise<void> {
  await runAs(user, "end", [`${directory}/tmp`]);
  const left = await leftBy(user, directory);
  for (let at = 0; at < left.length; at += MOST_PATHS) await runAs(user, "remove", left.slice(at, at + MOST_PATHS));
  const { chown, rm } = process.getBuiltinModule("node:fs").promises;
  await chown(`${directory}/tmp`, 0, 0);
  await rm(directory, { recursive: true, force: true });
}

/** What a shell does as the user with the paths that it is given. Directories that are closed to their user cannot be emptied. */
const SCRIPTS = {
  // The shell is spared by its own signal; nothing else of the user's is, whatever process group it went to. That the directory
  // itself is not the user's to remove is no failure.
  end: 'kill -s KILL -- -1; chmod -R u+rwX -- "$@"; rm -rf -- "$@"; exit 0',
  remove: 'chmod -R u+rwX -- "$@"; rm -rf -- "$@"',
} as const;

/** What is the user's since there is the directory: before that the number may have been somebody else's. */
async function leftBy(user: number, directory: string): Promise<string[]> {
  const { lstat, readdir } = process.getBuiltinModule("node:fs").promises;
  const { ctimeMs: since } = await lstat(directory);
  const left: string[] = [];
  for (const shared of SHARED) {
    for (const name of await orElse(readdir(shared), [])) {
      const found = await orElse(lstat(`${shared}/${name}`), undefined);
      if (found?.uid === user && found.ctimeMs >= since) left.push(`${shared}/${name}`);
    }
  }
  return left;
}

/** Whatever is not there, or is gone meanwhile, is nobody's. */
async function orElse<Found, None>(found: Promise<Found>, none: None): Promise<Found | None> {
  try {
    return await found;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return none;
    throw error;
  }
}

function runAs(user: number, script: keyof typeof SCRIPTS, paths: readonly string[]): Promise<void> {
  const { spawn } = process.getBuiltinModule("node:child_process");
  return new Promise((resolve, reject) => {
    const child = spawn("/bin/sh", ["-c", SCRIPTS[script], "sh", ...paths], {
      cwd: "/",
      env: { PATH: "/usr/local/bin:/usr/bin:/bin" },
      stdio: "ignore",
      uid: user,
      gid: user,
    });
    child.once("error", reject);
    child.once("exit", (code) => (code === 0 ? resolve() : reject(new Error(`user ${user} could not be ended`))));
  });
}

/** The same files under another directory. */
function link(from: string, to: string): void {
  const fs = process.getBuiltinModule("node:fs");
  fs.mkdirSync(to);
  fs.chmodSync(to, 0o755);
  for (const entry of fs.readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [`${from}/${entry.name}`, `${to}/${entry.name}`];
    if (entry.isDirectory()) link(source, target);
    else if (entry.isSymbolicLink()) fs.symlinkSync(fs.readlinkSync(source), target);
    else if (entry.isFile()) linkFile(source, target);
  }
}

function linkFile(source: string, target: string): void {
  const fs = process.getBuiltinModule("node:fs");
  try {
    fs.linkSync(source, target);
  } catch (error) {
    // Another file system, or somebody else's file.
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code !== "EXDEV" && code !== "EPERM") throw error;
    fs.copyFileSync(source, target);
  }
}
