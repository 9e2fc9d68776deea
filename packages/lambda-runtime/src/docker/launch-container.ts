import type { Readable } from "node:stream";
import type { ExecutionExit } from "../environment/executor.ts";
import type { HostTime } from "../ports.ts";
import type { RuntimeProcess } from "../process/launch-process.ts";
import { lineReader, type TakeMessage } from "../process/log-reader.ts";
import { InvalidEntrypointError } from "../process/own-bootstrap.ts";
import { containerOutput } from "./container-output.ts";
import { type Engine, EngineError, readAll } from "./engine.ts";
import { memberOf, textOf } from "./json-member.ts";
import { removeContainer } from "./owner.ts";

export interface LaunchContainerOptions {
  readonly engine: Engine;
  readonly hostTime: HostTime;
  /** The body of the engine's request. */
  readonly container: () => Promise<object>;
  /** What is unpacked at its root before it starts. */
  readonly files: () => AsyncIterable<Uint8Array> | undefined;
  /** Called before a signal is sent, which what is paused does not take; undefined where nothing is. */
  readonly awake: () => Promise<void> | undefined;
  readonly onMessage: TakeMessage;
  readonly onStarted: (id: string) => void;
  /** Called with the id when the container exists, and without when it is gone. */
  readonly onContainer: (id: string, exists: boolean) => void;
}

/** How long the engine may take for the end of a container that is killed, and for its removal: host milliseconds. */
const END_LIMIT_MS = 5000;

/**
 * Starts a container, which is removed whatever happens. It has no process id of ours. One that is killed has exited after 10
 * seconds at most, also where the engine answers no more.
 */
export function launchContainer(options: LaunchContainerOptions): RuntimeProcess {
  const { hostTime, onMessage, onContainer } = options;
  const givenUp = new AbortController();
  const engine = options.engine.within(givenUp.signal);
  const gaveUp = new Promise<never>((_, reject) => {
    givenUp.signal.addEventListener("abort", () => reject(new Error("the engine does not end the container")));
  });
  // Whoever waits for something else meanwhile learns of it there.
  gaveUp.catch(() => undefined);
  let cancelLimit: () => void = () => undefined;
  let id: string | undefined;
  let killed = false;
  let running = false;
  /** Nothing but its removal is left to be done. */
  let over = false;
  const streams: Readable[] = [];

  const run = async (): Promise<ExecutionExit> => {
    try {
      const container = await Promise.race([options.container(), gaveUp]);
      if (killed) return KILLED;
      const created = textOf(await engine.call("POST", "/containers/create", container), "Id");
      id = created;
      onContainer(created, true);
      const files = options.files();
      if (files !== undefined) await engine.upload(created, "/", files);
      // Before the start, so that nothing is missed.
      const output = await engine.stream("POST", `/containers/${created}/attach?stream=1&stdout=1&stderr=1`);
      streams.push(output);
      // An engine that goes away has nothing more to say; "close" follows.
      output.on("error", () => undefined);
      const removed = await engine.stream("POST", `/containers/${created}/wait?condition=removed`);
      streams.push(removed);
      // Whoever reads it learns of it.
      removed.on("error", () => undefined);
      if (killed) return KILLED;
      const reader = containerOutput(lineReader(onMessage), lineReader(onMessage));
      const read = new Promise<void>((resolve) => {
        output.on("data", (chunk: Buffer) => reader.read(chunk));
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
      [running, over] = [false, true];
      cancelLimit();
      for (const stream of streams) stream.destroy();
      if (id !== undefined) await remove(id);
    }
  };

  /** What is not removed now is removed with those that were left behind. */
  const remove = async (container: string): Promise<void> => {
    try {
      await options.engine.limited(hostTime, END_LIMIT_MS, (limited) => removeContainer(limited, container));
      onContainer(container, false);
    } catch (error) {
      onMessage(`LocalEmu: the container ${container} could not be removed: ${String(error)}\n`, undefined);
    }
  };

  const end = (signal: "SIGKILL" | "SIGTERM"): void => {
    const awake = options.awake();
    if (awake === undefined) send(signal);
    else void awake.then(() => send(signal));
  };

  const send = (signal: "SIGKILL" | "SIGTERM"): void => {
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
      if (over) return;
      if (!killed) cancelLimit = hostTime.setTimeout(() => givenUp.abort(), END_LIMIT_MS);
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
