import type { FunctionSpec } from "../contract.ts";
import type { HostTime } from "../ports.ts";

/** How a function sees its directories. */
export type Places = Pick<FunctionSpec, "taskRoot" | "optRoot">;

export interface EnvironmentDirectory {
  readonly places: Places;
  /** Resolves when all of the code is there; undefined where it is already. */
  readonly filled: Promise<void> | undefined;
}

/**
 * Makes the directory of an environment: `task` and `opt` have the function's files and its layers', as hard links, and `tmp` is
 * empty.
 *
 * With a user, for which this process must be root, nobody but that user can enter it, and all but `tmp` cannot be changed.
 */
export function makeEnvironmentDirectory(
  directory: string,
  spec: FunctionSpec,
  { user, hostTime }: { readonly user: number | undefined; readonly hostTime: HostTime },
): EnvironmentDirectory {
  const fs = process.getBuiltinModule("node:fs");
  const make = (path: string, mode: number, owner: number): void => {
    fs.mkdirSync(path);
    if (user === undefined) return;
    // Whatever the umask is.
    fs.chmodSync(path, mode);
    fs.chownSync(path, owner, user);
  };
  make(directory, 0o710, 0);
  make(`${directory}/tmp`, 0o700, user ?? 0);
  const [task, opt] = [`${directory}/task`, `${directory}/opt`];
  const copied = [];
  if (spec.optRoot === undefined) make(opt, 0o755, 0);
  else copied.push(linked(spec.optRoot, opt));
  const inPlace = spec.codeInPlace === true || !fs.existsSync(spec.taskRoot);
  if (!inPlace) copied.push(linked(spec.taskRoot, task));
  const places = { taskRoot: inPlace ? spec.taskRoot : task, optRoot: opt };
  return { places, filled: inTurns(oneByOne(copied), hostTime) };
}

/** How many files are linked at a time: some milliseconds, in which nobody is answered. */
const FILES_AT_A_TIME = 250;

/** Undefined where the first turn was enough. */
function inTurns(steps: Iterator<unknown>, hostTime: HostTime): Promise<void> | undefined {
  const turn = (): boolean => {
    for (let step = 0; step < FILES_AT_A_TIME; step += 1) if (steps.next().done === true) return true;
    return false;
  };
  if (turn()) return undefined;
  return new Promise((resolve, reject) => {
    const next = (): void => {
      try {
        if (turn()) resolve();
        else hostTime.setImmediate(next);
      } catch (error) {
        reject(error);
      }
    };
    hostTime.setImmediate(next);
  });
}

function* oneByOne(all: readonly Iterable<unknown>[]): Generator {
  for (const steps of all) yield* steps;
}

/** Where everybody may write, whatever a function is told. */
const SHARED = ["/tmp", "/var/tmp", "/dev/shm"];

/** How many paths one program is given. */
const MOST_PATHS = 1000;

/**
 * Removes the directory of an environment that had a user, and what its user has left where everybody may write. Rejects where there may be something still.
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

/** Kills all processes of a user. */
export function endUser(user: number): Promise<void> {
  return runAs(user, "kill", []);
}

/** What a shell does as the user with the paths that it is given. Directories that are closed to their user cannot be emptied. */
const SCRIPTS = {
  kill: "kill -s KILL -- -1; exit 0",
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

/** Makes the same files under another directory, one with each step. */
function* linked(from: string, to: string): Generator {
  const fs = process.getBuiltinModule("node:fs");
  fs.mkdirSync(to);
  fs.chmodSync(to, 0o755);
  for (const entry of fs.readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [`${from}/${entry.name}`, `${to}/${entry.name}`];
    if (entry.isDirectory()) yield* linked(source, target);
    else if (entry.isSymbolicLink()) fs.symlinkSync(fs.readlinkSync(source), target);
    else if (entry.isFile()) linkFile(source, target);
    yield;
  }
}

function linkFile(source: string, target: string): void {
  const fs = process.getBuiltinModule("node:fs");
  try {
    fs.linkSync(source, target);
  } catch (error) {
    // Another file system, somebody else's file, or one with as many links as can be.
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code !== "EXDEV" && code !== "EPERM" && code !== "EMLINK") throw error;
    fs.copyFileSync(source, target);
  }
}
