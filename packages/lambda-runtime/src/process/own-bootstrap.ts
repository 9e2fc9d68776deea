import type { ExecutionExit } from "../environment/executor.ts";
import type { Command } from "./launch-process.ts";

/** A function's own runtime cannot be started. The message is AWS's. */
export class InvalidEntrypointError extends Error {
  override readonly name = "InvalidEntrypointError";
  /** What to do about it, for the function's log; AWS says no more than the message. */
  readonly hint: string;

  constructor(message: string, hint: string) {
    super(message);
    this.hint = hint;
  }
}

/** What starts a function that brings its own runtime (`provided.*`). Throws InvalidEntrypointError. */
export function ownBootstrap(taskRoot: string, optRoot: string | undefined): Command {
  const { accessSync, constants, existsSync } = process.getBuiltinModule("node:fs");
  const { path, name } = findBootstrap(taskRoot, optRoot);
  try {
    accessSync(path, constants.X_OK);
  } catch {
    throw startError("EACCES", name);
  }
  const start = firstBytes(path);
  if (start.startsWith("#!")) {
    const [, interpreter = ""] = /^#![ \t]*([^ \t\n]*)/.exec(start) ?? [];
    if (!existsSync(interpreter)) {
      throw startError("ENOENT", name, `its interpreter ${JSON.stringify(interpreter)} does not exist`);
    }
  } else if (!start.startsWith("\u007fELF")) {
    // The system would have a shell read it.
    throw startError("ENOEXEC", name);
  }
  const machine = elfMachine(start);
  const foreign = machine !== undefined && machine !== process.arch ? machine : undefined;
  return { file: path, args: [], explain: (exit) => explainExit(exit, name, foreign) };
}

/** Where the function's own runtime is, and what it is called on AWS. Throws InvalidEntrypointError where there is none. */
// AWS: the first that is a file, whether it can be executed or not (Runtime Interface Emulator).
export function findBootstrap(
  taskRoot: string,
  optRoot: string | undefined,
): { readonly path: string; readonly name: string } {
  const { statSync } = process.getBuiltinModule("node:fs");
  const candidates = [
    { path: `${taskRoot}/bootstrap`, name: "/var/task/bootstrap" },
    ...(optRoot === undefined ? [] : [{ path: `${optRoot}/bootstrap`, name: "/opt/bootstrap" }]),
  ];
  const found = candidates.find(({ path }) => statSync(path, { throwIfNoEntry: false })?.isFile() === true);
  if (found !== undefined) return found;
  throw new InvalidEntrypointError(
    "Couldn't find valid bootstrap(s): [/var/task/bootstrap /opt/bootstrap]",
    "a function with its own runtime is an executable file named bootstrap at the root of its zip",
  );
}

// AWS: the texts are from AWS users' reports.
const startErrors = new Map([
  ["EACCES", { text: "permission denied", hint: "it is not executable: give it the mode 0755 before it is zipped" }],
  ["ENOENT", { text: "no such file or directory", hint: "the loader that it was linked for does not exist here" }],
  ["ENOEXEC", { text: "exec format error", hint: "it begins neither with #! nor as an ELF executable" }],
]);

function startError(code: string, name: string, hint?: string): InvalidEntrypointError {
  const known = startErrors.get(code);
  return new InvalidEntrypointError(
    `fork/exec ${name}: ${known?.text ?? code}`,
    `${name}: ${hint ?? known?.hint ?? code}`,
  );
}

/** How a shell ends that was given an executable to read. */
const shellGaveUp: ReadonlySet<number | undefined> = new Set([2, 126, 127]);

/**
 * @param foreign The machine that the bootstrap is built for, if it is another. It may run nonetheless, by an emulator; where it
 * does not, the system's library falls back to a shell, which cannot read it.
 */
function explainExit(exit: ExecutionExit, name: string, foreign: string | undefined): ExecutionExit {
  const { spawnError, code } = exit;
  if (spawnError !== undefined) {
    const cause = "code" in spawnError && typeof spawnError.code === "string" ? spawnError.code : spawnError.message;
    return { ...exit, spawnError: startError(cause, name) };
  }
  if (foreign === undefined || !shellGaveUp.has(code)) return exit;
  const hint = `it is built for ${foreign}, and this machine is ${process.arch}`;
  return { ...exit, spawnError: startError("ENOEXEC", name, hint) };
}

/** What a file begins with, a character for each byte. */
export function firstBytes(path: string): string {
  const { closeSync, openSync, readSync } = process.getBuiltinModule("node:fs");
  const file = openSync(path, "r");
  try {
    const bytes = Buffer.alloc(256);
    return bytes.toString("latin1", 0, readSync(file, bytes));
  } finally {
    closeSync(file);
  }
}

/** `e_machine` of an ELF header, by Node's names. */
const machines = new Map<number, string>([
  [3, "ia32"],
  [40, "arm"],
  [62, "x64"],
  [183, "arm64"],
  [243, "riscv64"],
]);

function elfMachine(start: string): string | undefined {
  return start.startsWith("\u007fELF") ? machines.get(start.charCodeAt(18) + start.charCodeAt(19) * 256) : undefined;
}
