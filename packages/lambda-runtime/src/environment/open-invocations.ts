import { RuntimeClosedError, type FunctionSpec, type InvokeOutcome, type RuntimeEvent } from "../contract.ts";
import type { HostTime } from "../ports.ts";
import type { PlatformEvent } from "../telemetry-api/telemetry.ts";
import type { Delivery } from "../runtime-api/lane.ts";
import type { Conclusion } from "./conclusion.ts";
import type { EnvironmentLog } from "./environment-log.ts";
import type { About } from "./init-phase.ts";
import type { Invocation } from "./invocation.ts";
import { PeakMemory } from "./peak-memory.ts";
import * as events from "./platform-events.ts";
import { functionTraceHeader } from "./trace-header.ts";

/** What a function with a debugger is told that it has. */
const DEBUG_MS = 3_600_000;

interface Options {
  readonly spec: FunctionSpec;
  readonly hostTime: HostTime;
  readonly log: EnvironmentLog;
  readonly emit: (event: RuntimeEvent) => void;
  readonly newId: () => string;
  readonly about: About;
}

interface Running {
  readonly invocation: Invocation;
  readonly traceId: string;
  readonly onTimeout: () => void;
  /** Host time, milliseconds: when its time began, or while that has not begun, when it came. */
  startedAt: number;
  /** Milliseconds since the epoch, once its time has begun. */
  deadline?: number;
  cancelTimeout: () => void;
  /** Its caller was told. */
  told: boolean;
  /** What telemetry will tell, when the runtime has come back. */
  report?: PlatformEvent;
  ended?: { readonly status: events.Status; readonly errorType?: string };
  /** When the process got it, when the response began and when it had ended: host time, milliseconds. */
  deliveredAt?: number;
  respondingAt?: number;
  respondedAt?: number;
  producedBytes?: number;
  /** Telemetry was told that the runtime is done with it. */
  done: boolean;
}

/** The invocations in an environment: their callers, their time limits, and what the log says of them. */
export class OpenInvocations {
  readonly #options: Options;
  readonly #running = new Map<string, Running>();
  #memory = new PeakMemory();
  #isOutOfHeap = false;

  constructor(options: Options) {
    this.#options = options;
  }

  newProcess(): void {
    this.#memory = new PeakMemory();
    this.#isOutOfHeap = false;
  }

  /** What its process has written: V8 tells of its heap before it aborts. */
  output(message: string): void {
    if (message.includes("heap out of memory")) this.#isOutOfHeap = true;
  }

  /** Its process has initialized: what it uses then is known even if it ends before somebody asks. */
  initialized(pid: number): void {
    this.#memory.look(pid);
  }

  /** Its time does not run yet. */
  begin(invocation: Invocation, onTimeout: () => void): void {
    const { spec, hostTime, log, emit, about } = this.#options;
    const { requestId } = invocation.request;
    const traceId = functionTraceHeader(invocation.request.traceId, this.#options.newId, hostTime.epoch());
    log.beginTail();
    log.platform(events.start(requestId, spec.version, traceId));
    emit({ type: "invocationStarted", ...about, requestId });
    this.#running.set(requestId, {
      invocation,
      traceId,
      onTimeout,
      startedAt: hostTime.monotonic(),
      cancelTimeout: () => undefined,
      told: false,
      done: false,
    });
  }

  /**
   * The process runs that was started inside an invocation, whose time begins: the making of a container is no part of it, the
   * init phase is.
   */
  processStarted(): void {
    for (const running of this.#running.values()) this.#beginTime(running);
  }

  /** The time limit covers all until the runtime comes back. The deadline is returned. */
  #beginTime(running: Running): number {
    if (running.deadline !== undefined) return running.deadline;
    const { spec, hostTime } = this.#options;
    running.startedAt = hostTime.monotonic();
    running.deadline = hostTime.epoch() + (spec.debug === true ? DEBUG_MS : spec.timeoutMs);
    if (spec.debug !== true) running.cancelTimeout = hostTime.setTimeout(running.onTimeout, spec.timeoutMs);
    return running.deadline;
  }

  delivery(requestId: string): Delivery {
    const running = this.#of(requestId);
    const { invocation, traceId } = running;
    const deadline = this.#beginTime(running);
    running.deliveredAt = this.#options.hostTime.monotonic();
    return {
      request: { ...invocation.request, traceId },
      deadline,
      invocationId: this.#options.newId(),
      maxResponseBytes: this.#options.spec.maxResponseBytes,
    };
  }

  responding(requestId: string): void {
    const running = this.#running.get(requestId);
    if (running !== undefined) {
      running.respondingAt = this.#options.hostTime.monotonic();
    }
  }

  responded(requestId: string, producedBytes: number): void {
    const running = this.#running.get(requestId);
    if (running !== undefined) {
      running.respondedAt = this.#options.hostTime.monotonic();
      running.producedBytes = producedBytes;
    }
  }

  /** The runtime is done with it, though extensions may not be: it asked for more, or it is gone. */
  runtimeDone(requestId: string): void {
    const running = this.#running.get(requestId);
    if (running === undefined || running.done || running.ended === undefined) return;
    running.done = true;
    const { hostTime, log } = this.#options;
    if (!log.detailed) return;
    const { producedBytes, traceId, startedAt, ended } = running;
    const durationMs = hostTime.monotonic() - startedAt;
    const spans = this.#spans(running);
    log.platform(events.runtimeDone({ requestId, ...ended, durationMs, producedBytes, spans, traceId }));
  }

  /** Accounts for an invocation and releases its caller: once, for `told` is the token of its slot. */
  conclude(requestId: string, conclusion: Conclusion, pid: number, initDurationMs?: number): void {
    const running = this.#of(requestId);
    if (running.told) return;
    running.told = true;
    const { spec, hostTime, log, emit, about } = this.#options;
    const { status, errorType, byPlatform, cause } = conclusion;
    running.ended = { status, ...(errorType === undefined ? {} : { errorType }) };
    const durationMs = hostTime.monotonic() - running.startedAt;
    if (byPlatform) {
      this.runtimeDone(requestId);
    }
    if (conclusion.before !== undefined) {
      log.failure(conclusion.before, requestId);
    }
    log.textLine(events.endLine(requestId));
    running.report = events.report({
      requestId,
      ...running.ended,
      durationMs,
      memorySizeMb: spec.memorySizeMb,
      // AWS: as much as it may have, where that was not enough (recorded on AWS).
      maxMemoryMb:
        cause === "exit" && this.#isOutOfHeap ? spec.memorySizeMb : this.#memory.read(pid, hostTime.monotonic()),
      initDurationMs,
      byPlatform,
      traceId: running.traceId,
    });
    log.platformLine(running.report);
    if (conclusion.after !== undefined) {
      log.failure(conclusion.after, requestId);
    }
    const outcome: InvokeOutcome = {
      requestId,
      executedVersion: spec.version,
      environmentId: about.environmentId,
      payload: conclusion.payload,
      contentType: conclusion.contentType ?? "application/json",
      logTail: log.tail(),
      durationMs,
      ...(initDurationMs === undefined ? {} : { initDurationMs }),
      ...(cause === undefined ? {} : { functionError: { kind: "Unhandled", cause } }),
    };
    const failed = cause === undefined ? {} : { functionError: cause };
    emit({ type: "invocationCompleted", ...about, requestId, durationMs, ...failed });
    running.invocation.settle(outcome);
  }

  /** Takes an invocation out that was not answered: another environment may run it. */
  giveBack(requestId: string): Invocation {
    const { invocation, cancelTimeout } = this.#of(requestId);
    cancelTimeout();
    this.#options.log.failure(`LocalEmu: ${requestId} was not answered before its handler was detached\n`, requestId);
    this.#options.log.textLine(events.endLine(requestId));
    this.#options.emit({ type: "invocationGivenBack", ...this.#options.about, requestId });
    this.#running.delete(requestId);
    return invocation;
  }

  reject(requestId: string): void {
    const running = this.#of(requestId);
    if (!running.told) {
      running.told = true;
      running.invocation.abandon(new RuntimeClosedError(this.#options.spec.functionName));
    }
  }

  /** The invoke phase is over. AWS: the report follows what the runtime and the extensions did. */
  release(requestId: string): void {
    const running = this.#of(requestId);
    running.cancelTimeout();
    this.runtimeDone(requestId);
    if (running.report !== undefined) {
      this.#options.log.telemetry.platform(running.report);
    }
    this.#running.delete(requestId);
  }

  /** AWS: until the response begins, while it is sent, and until the runtime asks for more (AWS docs). */
  #spans({ deliveredAt, respondingAt, respondedAt }: Running): events.Span[] {
    const { hostTime } = this.#options;
    const now = hostTime.monotonic();
    const span = (name: events.Span["name"], from: number | undefined, to: number | undefined): events.Span[] =>
      from === undefined || to === undefined
        ? []
        : [{ name, start: new Date(hostTime.epoch() - (now - from)).toISOString(), durationMs: to - from }];
    return [
      ...span("responseLatency", deliveredAt, respondingAt),
      ...span("responseDuration", respondingAt, respondedAt),
      ...span("runtimeOverhead", respondedAt, now),
    ];
  }

  #of(requestId: string): Running {
    const running = this.#running.get(requestId);
    if (running === undefined) {
      throw new Error(`Invocation ${requestId} is not in this environment`);
    }
    return running;
  }
}
