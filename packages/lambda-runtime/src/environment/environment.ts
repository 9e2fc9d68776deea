import { RuntimeClosedError, type FunctionSpec, type InvokeOutcome, type RuntimeEvent } from "../contract.ts";
import { EnvironmentLog } from "./environment-log.ts";
import { describeExit, exitType } from "./error-payload.ts";
import type { Invocation } from "./invocation.ts";
import * as lines from "./platform-log.ts";
import type { HostTime, RuntimeLog } from "../ports.ts";
import { PeakMemory } from "./peak-memory.ts";
import type { ProcessExit } from "../process/process-executor.ts";
import { concludeAnswer, concludeExit, concludeTimeout, type Conclusion } from "./conclusion.ts";
import type { Answer } from "../runtime-api/answer.ts";
import { RuntimeInstance } from "../process/runtime-instance.ts";

export interface EnvironmentOptions {
  readonly id: string;
  readonly spec: FunctionSpec;
  readonly hostTime: HostTime;
  readonly log: RuntimeLog | undefined;
  readonly logStream: string;
  /** World time, for the log. */
  readonly now: () => number;
  readonly directory: string;
  readonly bootstrapPath: string;
  readonly initTimeoutMs: number;
  readonly runtimeHash: string;
  readonly emit: (event: RuntimeEvent) => void;
  /** The environment can take an invocation. */
  readonly onAvailable: (environment: Environment) => void;
}

/**
 * - `starting`: initializes for the first time
 * - `idle`: waits for an event; `warm` tells whether its process runs
 * - `invoking`, and `returning` from the answer until the runtime asks for more or its process was ended
 */
export type EnvironmentState = "starting" | "idle" | "invoking" | "returning" | "closed";

interface Running {
  readonly invocation: Invocation;
  readonly startedAt: number;
  /** Milliseconds since the epoch. */
  readonly deadline: number;
  readonly cancelTimeout: () => void;
  /** While the process initializes inside this invocation: when it was started. */
  initStartedAt: number | undefined;
}

/** One execution environment: a log stream, a directory for `/tmp`, and one runtime process after the other. */
export class Environment {
  readonly id: string;
  readonly directory: string;
  /** World time of the last use. */
  lastUsed: number;
  readonly #options: EnvironmentOptions;
  readonly #log: EnvironmentLog;
  #state: EnvironmentState = "starting";
  #instance: RuntimeInstance | undefined;
  #gone: Promise<void> = Promise.resolve();
  #running: Running | undefined;
  #cancelTimer: () => void = () => undefined;
  #initStartedAt = 0;
  #initDurationMs: number | undefined;
  /** The runtime asked for more while the answer before was still being accounted for. */
  #readyEarly = false;
  #memory = new PeakMemory();
  #exitReason = "exit";

  constructor(options: EnvironmentOptions) {
    this.#options = options;
    this.id = options.id;
    this.directory = options.directory;
    this.lastUsed = options.now();
    this.#log = new EnvironmentLog(options.spec.logGroup, options.logStream, options.log, options.now);
  }

  get state(): EnvironmentState {
    return this.#state;
  }

  /** Whether an idle environment has a process that waits. */
  get warm(): boolean {
    return this.#instance !== undefined;
  }

  /** Begins the init phase. */
  start(): void {
    const { spec, hostTime, runtimeHash, initTimeoutMs } = this.#options;
    this.#log.write(lines.initStartLine(spec.runtime, spec.region, runtimeHash));
    this.#initStartedAt = hostTime.monotonic();
    this.#launch();
    this.#cancelTimer = hostTime.setTimeout(() => this.#initFailed("timeout"), initTimeoutMs);
  }

  /** Runs an invocation; allowed when idle. */
  run(invocation: Invocation): void {
    const { spec, hostTime, emit } = this.#options;
    const { requestId } = invocation.request;
    this.#state = "invoking";
    this.#log.beginTail();
    this.#log.write(lines.startLine(requestId, spec.version));
    emit({ type: "invocationStarted", ...this.#about(), requestId });
    const startedAt = hostTime.monotonic();
    this.#running = {
      invocation,
      startedAt,
      deadline: hostTime.epoch() + spec.timeoutMs,
      cancelTimeout: hostTime.setTimeout(() => this.#onTimeout(invocation), spec.timeoutMs),
      initStartedAt: this.warm ? undefined : startedAt,
    };
    if (this.#instance === undefined) {
      // AWS: after a failed init or a reset the process is started inside the invocation and on its time.
      this.#launch();
    } else {
      this.#deliver(this.#instance);
    }
  }

  /** Ends the environment at once and resolves when its process is gone. An invocation in it is abandoned. */
  async stop(reason: string): Promise<void> {
    const running = this.#running;
    this.#running = undefined;
    running?.cancelTimeout();
    running?.invocation.abandon(new RuntimeClosedError(this.#options.spec.functionName));
    this.#state = "closed";
    this.kill(reason);
    await this.#gone;
  }

  kill(reason: string): void {
    this.#cancelTimer();
    if (this.#instance !== undefined) {
      this.#exitReason = reason;
      this.#instance.kill();
    }
  }

  #launch(): void {
    const { spec, hostTime, bootstrapPath, directory, emit } = this.#options;
    const instance: RuntimeInstance = new RuntimeInstance(
      {
        spec,
        hostTime,
        bootstrapPath,
        logStream: this.#log.stream,
        temporaryDirectory: directory,
        onMessage: (message, timestamp) => this.#log.write(message, timestamp),
      },
      {
        started: (pid) => emit({ type: "environmentStarted", ...this.#about(), logStream: this.#log.stream, pid }),
        ready: () => this.#onReady(instance),
        initError: (payload, errorType) => this.#onInitError(payload, errorType),
        responding: () => undefined,
        answered: (_requestId, answer) => this.#onAnswered(answer),
        exited: (exit) => this.#onExited(exit),
      },
    );
    this.#instance = instance;
    this.#exitReason = "exit";
    this.#memory = new PeakMemory();
    this.#gone = instance.run();
  }

  #deliver(instance: RuntimeInstance): void {
    if (this.#running !== undefined) {
      instance.deliver({ request: this.#running.invocation.request, deadline: this.#running.deadline });
    }
  }

  #onReady(instance: RuntimeInstance): void {
    switch (this.#state) {
      case "starting":
        this.#cancelTimer();
        this.#initDurationMs = this.#options.hostTime.monotonic() - this.#initStartedAt;
        this.#options.emit({ type: "environmentInitialized", ...this.#about(), durationMs: this.#initDurationMs });
        this.#becomeIdle();
        break;
      case "returning":
        if (this.#running === undefined) {
          this.#becomeIdle();
        } else {
          this.#readyEarly = true;
        }
        break;
      case "invoking":
        if (this.#running !== undefined) {
          this.#running.initStartedAt = undefined;
        }
        this.#deliver(instance);
        break;
      case "idle":
      case "closed":
        break;
    }
  }

  #onInitError(payload: Uint8Array, errorType: string): void {
    if (this.#state === "starting") {
      this.#initFailed(errorType);
    } else if (this.#running !== undefined) {
      this.#reportInit(this.#running, errorType);
      this.#finish(this.#running, { payload, cause: "init", status: errorType });
      this.kill("init error");
    }
  }

  /** The init phase failed. AWS: nobody is told; it is run again inside the first invocation. */
  #initFailed(errorType: string): void {
    const durationMs = this.#options.hostTime.monotonic() - this.#initStartedAt;
    this.#cancelTimer();
    this.#log.write(lines.initReportLine(durationMs, "init", errorType));
    this.#options.emit({ type: "environmentInitFailed", ...this.#about(), errorType });
    this.#state = "returning";
    this.kill("init error");
  }

  #reportInit(running: Running, failure: string): void {
    if (running.initStartedAt !== undefined) {
      const durationMs = this.#options.hostTime.monotonic() - running.initStartedAt;
      this.#log.write(lines.initReportLine(durationMs, "invoke", failure));
    }
  }

  #onAnswered(answer: Answer): void {
    const running = this.#running;
    if (running === undefined || this.#state !== "invoking") {
      return;
    }
    this.#state = "returning";
    const conclusion = concludeAnswer(answer, running.invocation.request.requestId);
    // What the function wrote before its answer is in the pipes already: one turn of the event loop reads it.
    this.#options.hostTime.setImmediate(() => this.#finish(running, conclusion));
  }

  #onTimeout(invocation: Invocation): void {
    const running = this.#running;
    if (running?.invocation === invocation && this.#state === "invoking") {
      const { hostTime, spec } = this.#options;
      this.#reportInit(running, "timeout");
      this.#finish(running, concludeTimeout(invocation.request.requestId, spec.timeoutMs, hostTime.epoch()));
    }
    // Also when the answer was given and the runtime does not come back: the invoke phase has the same limit.
    this.kill("timeout");
  }

  #onExited(exit: ProcessExit): void {
    this.#instance = undefined;
    const deliberate = this.#exitReason !== "exit";
    const reason = deliberate ? this.#exitReason : describeExit(exit);
    this.#options.emit({ type: "environmentExited", ...this.#about(), reason });
    const running = this.#running;
    if (this.#state === "starting") {
      this.#initFailed(exitType(exit));
    } else if (this.#state === "invoking" && running !== undefined) {
      this.#reportInit(running, exitType(exit));
      this.#finish(running, concludeExit(running.invocation.request.requestId, exit));
    }
    if (this.#state === "returning") {
      if (this.#running === undefined) {
        this.#becomeIdle();
      } else {
        this.#readyEarly = true;
      }
    }
  }

  /** Accounts for the invocation and releases its caller: once, because `running` is the token of its slot. */
  #finish(running: Running, conclusion: Conclusion): void {
    if (this.#running !== running) {
      return;
    }
    this.#running = undefined;
    this.#state = "returning";
    const { spec, hostTime, emit } = this.#options;
    const { requestId } = running.invocation.request;
    const durationMs = hostTime.monotonic() - running.startedAt;
    const initDurationMs = this.#initDurationMs;
    this.#initDurationMs = undefined;
    if (conclusion.before !== undefined) {
      this.#log.write(conclusion.before);
    }
    this.#log.write(lines.endLine(requestId));
    const maxMemoryMb = this.#memory.read(this.#instance?.pid ?? 0, hostTime.monotonic());
    const { memorySizeMb } = spec;
    this.#log.write(
      lines.reportLine({
        requestId,
        durationMs,
        memorySizeMb,
        maxMemoryMb,
        initDurationMs,
        failure: conclusion.status,
      }),
    );
    if (conclusion.after !== undefined) {
      this.#log.write(conclusion.after);
    }
    const { cause } = conclusion;
    const outcome: InvokeOutcome = {
      requestId,
      executedVersion: spec.version,
      environmentId: this.id,
      payload: conclusion.payload,
      contentType: conclusion.contentType ?? "application/json",
      logTail: this.#log.tail(),
      durationMs,
      ...(initDurationMs === undefined ? {} : { initDurationMs }),
      ...(cause === undefined ? {} : { functionError: { kind: "Unhandled", cause } }),
    };
    emit({
      type: "invocationCompleted",
      ...this.#about(),
      requestId,
      durationMs,
      ...(cause === undefined ? {} : { functionError: cause }),
    });
    running.invocation.settle(outcome);
    this.#awaitReturn(running);
  }

  #awaitReturn(running: Running): void {
    if (this.#readyEarly || this.#instance === undefined) {
      running.cancelTimeout();
      this.#readyEarly = false;
      this.#becomeIdle();
    } else {
      this.#cancelTimer = running.cancelTimeout;
    }
  }

  #becomeIdle(): void {
    if (this.#state !== "closed") {
      this.#cancelTimer();
      this.#state = "idle";
      this.lastUsed = this.#options.now();
      this.#options.onAvailable(this);
    }
  }

  #about(): { environmentId: string; functionName: string; version: string } {
    const { functionName, version } = this.#options.spec;
    return { environmentId: this.id, functionName, version };
  }
}
