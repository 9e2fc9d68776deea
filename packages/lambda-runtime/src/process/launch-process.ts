import type { ChildProcess } from "node:child_process";
import type { Readable } from "node:stream";
import type { FunctionSpec } from "../contract.ts";
import type { ExecutionExit } from "../environment/executor.ts";
import { frameReader, lineReader, type OutputReader, type TakeMessage } from "./log-reader.ts";
import { ownBootstrap } from "./own-bootstrap.ts";
import { isPython, type PythonPrograms } from "./python.ts";
import type { HostTime } from "../ports.ts";

/** The child's file descriptor for framed log messages. */
export const LOG_FD = 3;

/** How long output may keep coming from a process outside the group that still holds the pipes. */
const OUTPUT_GRACE_MS = 100;

export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  /** Finds the reason of an exit that does not tell it by itself. */
  readonly explain?: (exit: ExecutionExit) => ExecutionExit;
}

/** Whether functions of that runtime can be child processes. */
export function runsInProcess(runtime: string): boolean {
  return /^(nodejs|provided|python)/.test(runtime);
}

/**
 * What runs a function: our clients for Node.js and for Python, the function's own `bootstrap` for `provided.*`.
 * Throws InvalidEntrypointError.
 */
export function chooseCommand(spec: FunctionSpec, nodeBootstrap: string, pythons: PythonPrograms): Command {
  if (spec.runtime.startsWith("provided")) {
    return ownBootstrap(spec.taskRoot, spec.optRoot);
  }
  if (isPython(spec.runtime)) {
    return wrapped(spec, pythons.command(spec));
  }
  return wrapped(spec, { file: process.execPath, args: [...memoryArguments(spec), nodeBootstrap] });
}

// AWS: a managed runtime is started through this executable; where it is missing the exit status is 127 (recorded on AWS).
function wrapped({ environment, taskRoot, optRoot }: FunctionSpec, { file, args }: Command): Command {
  const wrapper = environment["AWS_LAMBDA_EXEC_WRAPPER"] ?? "";
  if (wrapper === "") return { file, args };
  const path = wrapper.replace(/^\/opt(?=\/)/, optRoot ?? "/opt").replace(/^\/var\/task(?=\/)/, taskRoot);
  return { file: "/bin/sh", args: ["-c", 'exec "$0" "$@"', path, file, ...args] };
}

// AWS: a tenth of the memory for the young generation, the rest for the old one, unless NODE_OPTIONS says otherwise.
function memoryArguments({ memorySizeMb, environment }: FunctionSpec): string[] {
  if (/-space-size/.test(environment["NODE_OPTIONS"] ?? "")) {
    return [];
  }
  const young = Math.floor(memorySizeMb / 10);
  return [`--max-semi-space-size=${Math.floor(young / 2)}`, `--max-old-space-size=${memorySizeMb - young}`];
}

export interface RuntimeProcess {
  /** 0 when the process could not be started. */
  readonly pid: number;
  /** Resolves when the process is gone and its output was read. */
  readonly exited: Promise<ExecutionExit>;
  /** Kills the process and its children. */
  kill(): void;
  /** Asks the process, and it alone, to end. */
  terminate(): void;
}

export interface LaunchOptions {
  readonly command: Command;
  readonly workingDirectory: string;
  /** Who the process is; undefined for this one's user. */
  readonly user: number | undefined;
  readonly environment: Readonly<Record<string, string>>;
  readonly hostTime: HostTime;
  readonly onMessage: TakeMessage;
}

/** Starts a process in a group of its own. */
export function launch(options: LaunchOptions): RuntimeProcess {
  const { command, workingDirectory, user, environment, hostTime, onMessage } = options;
  const { explain = (exit: ExecutionExit) => exit } = command;
  const { spawn } = process.getBuiltinModule("node:child_process");
  const own = { cwd: workingDirectory, env: environment, detached: true } as const;
  const start = (as: { readonly uid?: number; readonly gid?: number }): ChildProcess =>
    spawn(command.file, command.args, { ...own, ...as, stdio: ["ignore", "pipe", "pipe", "pipe"] });
  let child: ChildProcess;
  try {
    child = user === undefined ? start({}) : withClosedFiles(() => start({ uid: user, gid: user }));
  } catch (error) {
    const spawnError = error instanceof Error ? error : new Error(String(error));
    const exit = explain({ code: undefined, signal: undefined, spawnError });
    return { pid: 0, exited: Promise.resolve(exit), kill: () => undefined, terminate: () => undefined };
  }
  const pid = child.pid ?? 0;
  const [, , , frames] = child.stdio;
  pump(child.stdout, lineReader(onMessage));
  pump(child.stderr, lineReader(onMessage));
  pump(frames, frameReader(onMessage));
  let running = pid !== 0;
  const killGroup = (): void => {
    if (pid !== 0) {
      try {
        process.kill(-pid, "SIGKILL");
      } catch (error) {
        if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) {
          throw error;
        }
      }
    }
  };
  const exited = new Promise<ExecutionExit>((resolve) => {
    child.once("error", (spawnError) => resolve(explain({ code: undefined, signal: undefined, spawnError })));
    child.once("exit", () => {
      killGroup();
      running = false;
      const cancel = hostTime.setTimeout(() => {
        for (const stream of child.stdio) {
          stream?.destroy();
        }
      }, OUTPUT_GRACE_MS);
      child.once("close", cancel);
    });
    child.once("close", (code, signal) =>
      resolve(explain({ code: code ?? undefined, signal: signal ?? undefined, spawnError: undefined })),
    );
  });
  return {
    pid,
    exited,
    kill: () => {
      // Once the process was reaped its number may belong to another group.
      if (running) {
        killGroup();
      }
    },
    terminate: () => {
      if (running) {
        child.kill("SIGTERM");
      }
    },
  };
}

/** What is started in it makes files that are closed to other users: where everybody may write, in /tmp, they could be read. */
function withClosedFiles<Started>(start: () => Started): Started {
  const before = process.umask(0o077);
  try {
    return start();
  } finally {
    process.umask(before);
  }
}

function pump(stream: unknown, reader: OutputReader): void {
  if (isReadable(stream)) {
    stream.on("data", (chunk: Buffer) => reader.read(chunk));
    stream.on("close", () => reader.end());
    // A pipe that breaks has nothing more to say; "close" follows.
    stream.on("error", () => undefined);
  }
}

function isReadable(stream: unknown): stream is Readable {
  return typeof stream === "object" && stream !== null && "read" in stream;
}
