import type { Readable } from "node:stream";
import type { ExecutionExit } from "../environment/executor.ts";
import type { RuntimeProcess } from "../process/launch-process.ts";
import { lineReader, type TakeMessage } from "../process/log-reader.ts";
import { InvalidEntrypointError } from "../process/own-bootstrap.ts";
import { containerOutput } from "./container-output.ts";
import { type Engine, EngineError, readAll } from "./engine.ts";
import { memberOf, textOf } from "./json-member.ts";
import { removeContainer } from "./owner.ts";

export interface LaunchContainerOptions {
  readonly engine: Engine;
  /** The body of the engine's request. */
  readonly container: () => Promise<object>;
  /** What is unpacked at its root before it starts. */
  readonly files: () => AsyncIterable<Uint8Array> | undefined;
  readonly onMessage: TakeMessage;
  readonly onStarted: (id: string) => void;
  /** Called with the id when the container exists, and without when it is gone. */
  readonly onContainer: (id: string, exists: boolean) => void;
}

/** Starts a container, which is removed whatever happens. It has no process id of ours. */
export function launchContainer(options: LaunchContainerOptions): RuntimeProcess {
  const { engine, onMessage, onContainer } = options;
  let id: string | undefined;
  let killed = false;
  let running = false;
  const streams: Readable[] = [];

  const run = async (): Promise<ExecutionExit> => {
    try {
      const container = await options.container();
      if (killed) return KILLED;
      const created = textOf(await engine.call("POST", "/containers/create", container), "Id");
      id = created;
      onContainer(created, true);
      const files = options.files();
      if (files !== undefined) await engine.upload(created, "/", files);
      // Before the start, so that nothing is missed.
      const output = await engine.stream("POST", `/containers/${created}/attach?stream=1&stdout=1&stderr=1`);
      streams.push(output);
      const removed = await engine.stream("POST", `/containers/${created}/wait?condition=removed`);
      streams.push(removed);
      if (killed) return KILLED;
      const reader = containerOutput(lineReader(onMessage), lineReader(onMessage));
      const read = new Promise<void>((resolve) => {
        output.on("data", (chunk: Buffer) => reader.read(chunk));
        // An engine that goes away has nothing more to say; "close" follows.
        output.on("error", () => undefined);
        output.on("close", () => {
          reader.end();
          resolve();
        });
      });
      await startContainer(engine, created);
      running = true;
      options.onStarted(created);
      if (killed) end("SIGKILL");
      const status: unknown = JSON.parse(await readAll(removed));
      await read;
      return exitOf(Number(memberOf(status, "StatusCode")));
    } catch (error) {
      if (killed) return KILLED;
      return {
        code: undefined,
        signal: undefined,
        spawnError: error instanceof Error ? error : new Error(String(error)),
      };
    } finally {
      running = false;
      for (const stream of streams) stream.destroy();
      if (id !== undefined) await remove(id);
    }
  };

  /** What is not removed now is removed with those that were left behind. */
  const remove = async (container: string): Promise<void> => {
    try {
      await removeContainer(engine, container);
      onContainer(container, false);
    } catch (error) {
      onMessage(`LocalEmu: the container ${container} could not be removed: ${String(error)}\n`, undefined);
    }
  };

  const end = (signal: "SIGKILL" | "SIGTERM"): void => {
    if (!running || id === undefined) return;
    engine.call("POST", `/containers/${id}/kill?signal=${signal}`).catch((error: unknown) => {
      // It may have ended meanwhile.
      if (running && !(error instanceof EngineError && (error.status === 404 || error.status === 409))) {
        onMessage(`LocalEmu: the container ${id} could not be ended: ${String(error)}\n`, undefined);
      }
    });
  };

  return {
    pid: 0,
    exited: run(),
    kill: () => {
      killed = true;
      end("SIGKILL");
    },
    terminate: () => end("SIGTERM"),
  };
}

/** Throws InvalidEntrypointError for an image whose program cannot be started. */
async function startContainer(engine: Engine, id: string): Promise<void> {
  try {
    await engine.call("POST", `/containers/${id}/start`);
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    const [, program = "", reason = ""] =
      /exec: \\?"([^"\\]+)\\?": .*?(no such file or directory|permission denied|executable file not found|not a directory)/.exec(
        error.message,
      ) ?? [];
    if (program === "") throw error;
    const described = reason.startsWith("executable") ? "no such file or directory" : reason;
    throw new InvalidEntrypointError(`fork/exec ${program}: ${described}`, error.message);
  }
}

/** A program that a signal ended has 128 and the signal's number as its code. */
function exitOf(status: number): ExecutionExit {
  const { signals } = process.getBuiltinModule("node:os").constants;
  const signal = namesOf(signals).get(status - 128);
  if (signal === undefined) return { code: status, signal: undefined, spawnError: undefined };
  return { code: undefined, signal, spawnError: undefined };
}

function namesOf(signals: Readonly<Record<NodeJS.Signals, number>>): Map<number, NodeJS.Signals> {
  const ending = ["SIGABRT", "SIGBUS", "SIGFPE", "SIGILL", "SIGKILL", "SIGSEGV", "SIGTERM"] as const;
  return new Map(ending.map((name) => [signals[name], name]));
}

const KILLED: ExecutionExit = { code: undefined, signal: "SIGKILL", spawnError: undefined };
