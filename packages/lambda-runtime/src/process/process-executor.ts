import type { Execution, ExecutionEvents, ExecutionExit, Executor, Launch } from "../environment/executor.ts";
import { ApiServer } from "../runtime-api/api-server.ts";
import type { Delivery } from "../runtime-api/lane.ts";
import { RuntimeApi } from "../runtime-api/runtime-api.ts";
import { functionEnvironment } from "./function-environment.ts";
import { chooseCommand, launch, type RuntimeProcess } from "./launch-process.ts";
import { InvalidEntrypointError } from "./own-bootstrap.ts";

/** Runs functions as child processes. `bootstrapPath` is the file that runs those for Node.js. */
export function processExecutor(bootstrapPath: string): Executor {
  return { launch: (launching, events) => new ProcessExecution(bootstrapPath, launching, events) };
}

/** One runtime process with the APIs that it calls. */
class ProcessExecution implements Execution {
  readonly #bootstrapPath: string;
  readonly #launch: Launch;
  readonly #events: ExecutionEvents;
  readonly #runtimeApi: RuntimeApi;
  readonly #server: ApiServer;
  #process: RuntimeProcess | undefined;
  #ended = false;

  constructor(bootstrapPath: string, launching: Launch, events: ExecutionEvents) {
    this.#bootstrapPath = bootstrapPath;
    this.#launch = launching;
    this.#events = events;
    const unlessEnded =
      <Args extends readonly unknown[]>(report: (...args: Args) => void) =>
      (...args: Args): void => {
        if (!this.#ended) {
          report(...args);
        }
      };
    this.#runtimeApi = new RuntimeApi(
      launching.hostTime,
      {
        ready: unlessEnded((after) => events.ready(after)),
        initError: unlessEnded((payload, errorType) => events.initError(payload, errorType)),
        answered: unlessEnded((requestId, answer, bytes) => events.answered(requestId, answer, bytes)),
        responding: unlessEnded((requestId) => events.responding(requestId)),
      },
      launching.maxConcurrency,
    );
    this.#server = new ApiServer(new Map([["2018-06-01", this.#runtimeApi]]));
    void this.#run();
  }

  get pid(): number {
    return this.#process?.pid ?? 0;
  }

  deliver(delivery: Delivery): void {
    this.#runtimeApi.deliver(delivery);
  }

  giveUp(requestId: string): void {
    this.#runtimeApi.abandon(requestId);
  }

  end(): void {
    this.kill();
  }

  kill(): void {
    this.#ended = true;
    if (this.#process === undefined) {
      // Closing a server that is about to listen would leave `listen` without an end; `run` closes it then.
      return;
    }
    this.#process.kill();
    this.#closeServer();
  }

  /** Resolves when the process is gone; it never rejects. */
  async #run(): Promise<void> {
    const exit = await this.#runProcess();
    if (exit.spawnError instanceof InvalidEntrypointError) {
      this.#events.output("function", `LocalEmu: ${exit.spawnError.hint}\n`, undefined);
    }
    this.#ended = true;
    this.#closeServer();
    this.#events.exited(exit);
  }

  #closeServer(): void {
    this.#runtimeApi.close();
    this.#server.close();
  }

  async #runProcess(): Promise<ExecutionExit> {
    try {
      const runtimeApi = await this.#server.listen();
      if (this.#ended) {
        return { code: undefined, signal: "SIGKILL", spawnError: undefined };
      }
      this.#process = this.#launchRuntime(runtimeApi);
    } catch (error) {
      const spawnError = error instanceof Error ? error : new Error(String(error));
      return { code: undefined, signal: undefined, spawnError };
    }
    if (this.#process.pid !== 0) {
      this.#events.started(this.#process.pid);
    }
    return this.#process.exited;
  }

  #launchRuntime(runtimeApi: string): RuntimeProcess {
    const { spec, hostTime, logStream, temporaryDirectory } = this.#launch;
    const path = process.getBuiltinModule("node:path");
    return launch({
      command: chooseCommand(spec, this.#bootstrapPath),
      workingDirectory: spec.taskRoot,
      environment: functionEnvironment(spec, {
        runtimeApi,
        logStream,
        temporaryDirectory,
        runtimeDirectory: path.dirname(this.#bootstrapPath),
        path: process.env["PATH"] ?? "/usr/local/bin:/usr/bin:/bin",
      }),
      hostTime,
      onMessage: (message, timestamp) => this.#events.output("function", message, timestamp),
    });
  }
}
