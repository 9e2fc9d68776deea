import type { FunctionSpec } from "../contract.ts";
import { functionEnvironment } from "./function-environment.ts";
import type { TakeMessage } from "./log-reader.ts";
import { InvalidEntrypointError } from "./own-bootstrap.ts";
import type { HostTime } from "../ports.ts";
import { chooseCommand, launch, type ProcessExit, type RuntimeProcess } from "./process-executor.ts";
import { ApiServer } from "../runtime-api/api-server.ts";
import type { Delivery } from "../runtime-api/lane.ts";
import { RuntimeApi, type RuntimeApiEvents } from "../runtime-api/runtime-api.ts";

export interface InstanceOptions {
  readonly spec: FunctionSpec;
  readonly hostTime: HostTime;
  readonly bootstrapPath: string;
  readonly logStream: string;
  readonly temporaryDirectory: string;
  readonly onMessage: TakeMessage;
}

export interface InstanceEvents extends RuntimeApiEvents {
  started(pid: number): void;
  /** The process is gone; nothing follows. */
  exited(exit: ProcessExit): void;
}

/** One runtime process with the Runtime API that it talks to. After `kill` only `exited` is still reported. */
export class RuntimeInstance {
  readonly #options: InstanceOptions;
  readonly #events: InstanceEvents;
  readonly #runtimeApi: RuntimeApi;
  readonly #server: ApiServer;
  #process: RuntimeProcess | undefined;
  #killed = false;

  constructor(options: InstanceOptions, events: InstanceEvents) {
    this.#options = options;
    this.#events = events;
    const unlessKilled =
      <Args extends readonly unknown[]>(report: (...args: Args) => void) =>
      (...args: Args): void => {
        if (!this.#killed) {
          report(...args);
        }
      };
    this.#runtimeApi = new RuntimeApi(options.hostTime, {
      ready: unlessKilled((after) => events.ready(after)),
      initError: unlessKilled((payload, errorType) => events.initError(payload, errorType)),
      answered: unlessKilled((requestId, answer, bytes) => events.answered(requestId, answer, bytes)),
      responding: unlessKilled((requestId) => events.responding(requestId)),
    });
    this.#server = new ApiServer(new Map([["2018-06-01", this.#runtimeApi]]));
  }

  get pid(): number {
    return this.#process?.pid ?? 0;
  }

  /** Starts the process and resolves when it is gone. */
  async run(): Promise<void> {
    const exit = await this.#runProcess();
    if (exit.spawnError instanceof InvalidEntrypointError) {
      this.#options.onMessage(`LocalEmu: ${exit.spawnError.hint}\n`, undefined);
    }
    this.#killed = true;
    this.#server.close();
    this.#events.exited(exit);
  }

  deliver(delivery: Delivery): void {
    this.#runtimeApi.deliver(delivery);
  }

  kill(): void {
    this.#killed = true;
    if (this.#process === undefined) {
      // Closing a server that is about to listen would leave `listen` without an end; `run` closes it then.
      return;
    }
    this.#process.kill();
    this.#server.close();
  }

  async #runProcess(): Promise<ProcessExit> {
    try {
      const runtimeApi = await this.#server.listen();
      if (this.#killed) {
        return { code: undefined, signal: "SIGKILL", spawnError: undefined };
      }
      this.#process = this.#launch(runtimeApi);
    } catch (error) {
      const spawnError = error instanceof Error ? error : new Error(String(error));
      return { code: undefined, signal: undefined, spawnError };
    }
    if (this.#process.pid !== 0) {
      this.#events.started(this.#process.pid);
    }
    return this.#process.exited;
  }

  #launch(runtimeApi: string): RuntimeProcess {
    const { spec, hostTime, bootstrapPath, logStream, temporaryDirectory, onMessage } = this.#options;
    const path = process.getBuiltinModule("node:path");
    return launch({
      command: chooseCommand(spec, bootstrapPath),
      workingDirectory: spec.taskRoot,
      environment: functionEnvironment(spec, {
        runtimeApi,
        logStream,
        temporaryDirectory,
        runtimeDirectory: path.dirname(bootstrapPath),
        path: process.env["PATH"] ?? "/usr/local/bin:/usr/bin:/bin",
      }),
      hostTime,
      onMessage,
    });
  }
}
