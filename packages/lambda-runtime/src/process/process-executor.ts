import type { Execution, ExecutionEvents, ExecutionExit, Executor, Launch } from "../environment/executor.ts";
import { Extensions, type ExtensionFailure } from "../extensions-api/extensions.ts";
import { ExtensionsApi } from "../extensions-api/extensions-api.ts";
import type { Answer } from "../runtime-api/answer.ts";
import { ApiServer, type Api } from "../runtime-api/api-server.ts";
import type { Delivery } from "../runtime-api/lane.ts";
import { RuntimeApi } from "../runtime-api/runtime-api.ts";
import { LOGS_API, TelemetryApi } from "../telemetry-api/telemetry-api.ts";
import { ExtensionProcesses } from "./extension-processes.ts";
import { extensionEnvironment } from "./function-environment.ts";
import type { RuntimeProcess } from "./launch-process.ts";
import { InvalidEntrypointError } from "./own-bootstrap.ts";
import { processSite } from "./process-site.ts";
import type { Site } from "./site.ts";

/** AWS: the time that a shutdown may take, with internal extensions only and with external ones (AWS docs). */
const INTERNAL_SHUTDOWN_MS = 500;
const EXTERNAL_SHUTDOWN_MS = 2000;
/** AWS: the share of it in which the runtime must end (Runtime Interface Emulator). */
const RUNTIME_SHARE = 0.3;

/** Runs functions as child processes. `bootstrapPath` is the file that runs those for Node.js. */
export function processExecutor(bootstrapPath: string): Executor {
  return executorAt(processSite(bootstrapPath));
}

/** Runs functions by programs that call APIs of ours. */
export function executorAt(site: Site): Executor {
  return { launch: (launching, events) => new ProgramExecution(site, launching, events) };
}

/** One runtime program, the extensions beside it, and the APIs that they call. */
class ProgramExecution implements Execution {
  readonly #site: Site;
  readonly #launch: Launch;
  readonly #events: ExecutionEvents;
  readonly #runtimeApi: RuntimeApi;
  readonly #extensions: Extensions;
  readonly #server: ApiServer;
  #environment: Readonly<Record<string, string>> = {};
  #externals: ExtensionProcesses | undefined;
  #runtime: RuntimeProcess | undefined;
  #started = false;
  #ended = false;
  #failure: ExtensionFailure | undefined;
  /** What the runtime asked for while extensions are still busy. */
  #asked: (string | undefined)[] = [];
  #initialized = false;
  #onRegistered: () => void = () => undefined;
  #cancelTimers: (() => void)[] = [];
  #cancelFreeze: () => void = () => undefined;
  readonly #killed = Promise.withResolvers<undefined>();

  constructor(site: Site, launching: Launch, events: ExecutionEvents) {
    const { hostTime, maxConcurrency, newId, spec } = launching;
    this.#site = site;
    this.#launch = launching;
    this.#events = events;
    const unlessEnded =
      <Args extends readonly unknown[]>(report: (...args: Args) => void) =>
      (...args: Args): void => {
        if (!this.#ended) {
          report(...args);
        }
      };
    const runtimeEvents = {
      ready: unlessEnded((after: string | undefined) => this.#onAsked(after)),
      initError: unlessEnded((payload: Uint8Array, errorType: string) => this.#onInitError(payload, errorType)),
      answered: unlessEnded((requestId: string, answer: Answer, bytes: number) =>
        events.answered(requestId, answer, bytes),
      ),
      responding: unlessEnded((requestId: string) => events.responding(requestId)),
    };
    this.#runtimeApi = new RuntimeApi(hostTime, runtimeEvents, maxConcurrency);
    this.#extensions = new Extensions({
      newId,
      maxConcurrency,
      onChange: () => this.#onExtensionsChanged(),
      onFailure: (failure) => this.#onExtensionFailed(failure),
    });
    this.#server = new ApiServer(
      new Map<string, Api>([
        ["2018-06-01", this.#runtimeApi],
        ["2022-07-01", new TelemetryApi(launching.telemetry, this.#extensions)],
        ["2020-08-15", LOGS_API],
        ["2020-01-01", new ExtensionsApi({ spec, extensions: this.#extensions, newId })],
      ]),
      (error) => events.output("function", `LocalEmu: ${describeBug(error)}\n`, undefined),
    );
    void this.#run();
  }

  get pid(): number {
    return this.#runtime?.pid ?? 0;
  }

  deliver(delivery: Delivery): void {
    this.#thaw();
    const { request, deadline } = delivery;
    const { requestId, invokedFunctionArn, traceId } = request;
    this.#extensions.tell({
      eventType: "INVOKE",
      deadlineMs: Math.round(deadline),
      requestId,
      invokedFunctionArn,
      ...(traceId === undefined ? {} : { tracing: { type: "X-Amzn-Trace-Id", value: traceId } }),
    });
    this.#runtimeApi.deliver(delivery);
  }

  giveUp(requestId: string): void {
    this.#runtimeApi.abandon(requestId);
  }

  end(why: "spindown" | "timeout" | "failure"): void {
    this.#thaw();
    if (!this.#extensions.any) {
      this.kill();
    } else if (!this.#ended) {
      this.#ended = true;
      this.#shutDown(why);
    }
  }

  kill(): void {
    this.#ended = true;
    this.#thaw();
    this.#onRegistered();
    this.#killed.resolve(undefined);
    this.#runtime?.kill();
    this.#externals?.kill();
  }

  /** Resolves when the processes are gone; it never rejects. */
  async #run(): Promise<void> {
    const exit = await this.#runProcesses();
    if (exit.spawnError instanceof InvalidEntrypointError) {
      this.#events.output("function", `LocalEmu: ${exit.spawnError.hint}\n`, undefined);
    }
    if (!this.#ended && this.#extensions.any) {
      this.#ended = true;
      this.#events.crashed(this.#explained(exit));
      this.#shutDown("failure");
    }
    this.#ended = true;
    this.#cancelFreeze();
    await this.#externals?.exited();
    this.#site.leave?.(this.#launch);
    this.#launch.telemetry.close();
    for (const cancel of this.#cancelTimers) {
      cancel();
    }
    this.#runtimeApi.close();
    this.#server.close();
    this.#events.exited(this.#explained(exit));
  }

  #explained(exit: ExecutionExit): ExecutionExit {
    return this.#failure === undefined ? exit : { ...exit, extension: this.#failure };
  }

  async #runProcesses(): Promise<ExecutionExit> {
    try {
      const { filled, spec } = this.#launch;
      if (filled !== undefined) await this.#unlessKilled(filled);
      await this.#site.left?.(this.#launch);
      const place = await this.#unlessKilled(this.#site.place(spec));
      if (place === undefined) return KILLED;
      const { bind, host } = place;
      const runtimeApi = `${host}:${await this.#server.listen(bind)}`;
      this.#environment = this.#site.environment(this.#launch, runtimeApi);
      const started = await this.#startExternals();
      if (this.#ended || !started) return KILLED;
      this.#runtime = this.#startRuntime();
    } catch (error) {
      const spawnError = error instanceof Error ? error : new Error(String(error));
      return { code: undefined, signal: undefined, spawnError };
    }
    if (this.#runtime.pid !== 0) this.#onStarted(this.#runtime.pid);
    return this.#runtime.exited;
  }

  /** Resolves to whether the runtime may start: AWS starts it when every external extension has registered. */
  async #startExternals(): Promise<boolean> {
    const files = this.#ended ? [] : await this.#unlessKilled(this.#site.findExtensions(this.#launch.spec));
    if (files === undefined || files.length === 0 || this.#ended) return true;
    const environment = extensionEnvironment(this.#environment);
    this.#externals = new ExtensionProcesses({
      extensions: this.#extensions,
      launch: (file) =>
        this.#site.startExtension(this.#launch, file, {
          environment,
          onMessage: (message, timestamp) => this.#events.output("extension", message, timestamp),
          onStarted: () => this.#onStarted(0),
        }),
    });
    this.#failure = this.#externals.start(files);
    if (this.#failure !== undefined) {
      this.#externals.kill();
      this.#reportExtensions();
      return false;
    }
    if (this.#externals.pid !== 0) this.#onStarted(this.#externals.pid);
    if (!this.#extensions.externalsRegistered) {
      await new Promise<void>((resolve) => {
        this.#onRegistered = resolve;
      });
    }
    return this.#failure === undefined;
  }

  /** Undefined where it is killed meanwhile: what a site asks may never answer. */
  #unlessKilled<T>(asked: Promise<T>): Promise<T | undefined> {
    return Promise.race([asked, this.#killed.promise]);
  }

  #startRuntime(): RuntimeProcess {
    return this.#site.start(this.#launch, {
      environment: this.#environment,
      onMessage: (message, timestamp) => this.#events.output("function", message, timestamp),
      onStarted: () => this.#onStarted(0),
    });
  }

  /** It runs from its first program on. */
  #onStarted(pid: number): void {
    if (this.#started || this.#ended) return;
    this.#started = true;
    this.#events.started(pid);
  }

  #onAsked(after: string | undefined): void {
    this.#extensions.closeRegistration();
    this.#launch.telemetry.closeSubscription();
    if (after !== undefined) {
      this.#events.runtimeDone(after);
    }
    this.#asked.push(after);
    this.#passOn();
  }

  #onInitError(payload: Uint8Array, errorType: string): void {
    this.#reportExtensions();
    this.#events.initError(payload, errorType);
  }

  #onExtensionsChanged(): void {
    if (this.#extensions.externalsRegistered) {
      this.#onRegistered();
    }
    if (!this.#ended) {
      this.#passOn();
    }
  }

  /** A phase is over when the runtime has asked for more and no extension is busy with what was before. */
  #passOn(): void {
    const over = this.#initialized ? this.#extensions.idle : this.#extensions.initialized;
    if (this.#asked.length === 0 || !over) return;
    if (!this.#initialized) {
      this.#initialized = true;
      this.#reportExtensions();
    }
    // Before the next invocation is handed over, which it may be at once.
    this.#freezeSoon();
    for (const after of this.#asked.splice(0)) {
      this.#events.ready(after);
    }
  }

  /** AWS: an environment is frozen when runtime and extensions have done what there is to do (AWS docs), unless it may have several invocations. */
  #freezeSoon(): void {
    const { freezer } = this.#site;
    const { hostTime, maxConcurrency } = this.#launch;
    if (freezer === undefined || maxConcurrency > 1) return;
    this.#cancelFreeze();
    this.#cancelFreeze = hostTime.setTimeout(() => freezer.freeze(), freezer.afterMs);
  }

  #thaw(): void {
    this.#cancelFreeze();
    this.#site.freezer?.thaw();
  }

  #onExtensionFailed(failure: ExtensionFailure): void {
    if (this.#ended || this.#failure !== undefined) return;
    this.#failure = failure;
    if (!this.#initialized) {
      this.#reportExtensions();
    }
    // Whoever reported it gets its reply first.
    this.#launch.hostTime.setImmediate(() => {
      if (!this.#ended) {
        this.#events.crashed(this.#explained(KILLED));
        this.end("failure");
      }
      this.#onRegistered();
    });
  }

  #reportExtensions(): void {
    this.#events.extensions(this.#extensions.describe());
  }

  /** AWS: extensions have all telemetry when they are told of the shutdown (AWS docs). */
  async #tellAfter(exited: Promise<unknown>, tell: () => void): Promise<void> {
    await exited;
    await this.#launch.telemetry.flush();
    tell();
  }

  #shutDown(why: "spindown" | "timeout" | "failure"): void {
    const { hostTime } = this.#launch;
    const limitMs = this.#extensions.anyExternal ? EXTERNAL_SHUTDOWN_MS : INTERNAL_SHUTDOWN_MS;
    const deadlineMs = Math.round(hostTime.epoch() + limitMs);
    const runtime = this.#runtime;
    this.#cancelTimers.push(hostTime.setTimeout(() => this.kill(), limitMs));
    if (runtime === undefined) {
      this.#externals?.shutDown(why, deadlineMs);
      return;
    }
    runtime.terminate();
    if (this.#externals !== undefined) {
      this.#cancelTimers.push(hostTime.setTimeout(() => runtime.kill(), limitMs * RUNTIME_SHARE));
      void this.#tellAfter(runtime.exited, () => this.#externals?.shutDown(why, deadlineMs));
    }
  }
}

function describeBug(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

const KILLED: ExecutionExit = { code: undefined, signal: "SIGKILL", spawnError: undefined };
