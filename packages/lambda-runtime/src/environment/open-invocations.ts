import { RuntimeClosedError, type FunctionSpec, type InvokeOutcome, type RuntimeEvent } from "../contract.ts";
import type { HostTime } from "../ports.ts";
import type { Delivery } from "../runtime-api/lane.ts";
import type { Conclusion } from "./conclusion.ts";
import type { EnvironmentLog } from "./environment-log.ts";
import type { About } from "./init-phase.ts";
import type { Invocation } from "./invocation.ts";
import { PeakMemory } from "./peak-memory.ts";
import * as lines from "./platform-log.ts";

interface Options {
  readonly spec: FunctionSpec;
  readonly hostTime: HostTime;
  readonly log: EnvironmentLog;
  readonly emit: (event: RuntimeEvent) => void;
  readonly about: About;
}

interface Running {
  readonly invocation: Invocation;
  readonly startedAt: number;
  /** Milliseconds since the epoch. */
  readonly deadline: number;
  readonly cancelTimeout: () => void;
  /** Its caller is still to be told. */
  told: boolean;
}

/** The invocations in an environment: their callers, their time limits, and what the log says of them. */
export class OpenInvocations {
  readonly #options: Options;
  readonly #running = new Map<string, Running>();
  #memory = new PeakMemory();

  constructor(options: Options) {
    this.#options = options;
  }

  newProcess(): void {
    this.#memory = new PeakMemory();
  }

  /** The time limit covers all until the runtime comes back, and a start of the process inside the invocation. */
  begin(invocation: Invocation, onTimeout: () => void): void {
    const { spec, hostTime, log, emit, about } = this.#options;
    const { requestId } = invocation.request;
    log.beginTail();
    log.write(lines.startLine(requestId, spec.version));
    emit({ type: "invocationStarted", ...about, requestId });
    this.#running.set(requestId, {
      invocation,
      startedAt: hostTime.monotonic(),
      deadline: hostTime.epoch() + spec.timeoutMs,
      cancelTimeout: hostTime.setTimeout(onTimeout, spec.timeoutMs),
      told: false,
    });
  }

  delivery(requestId: string, invocationId: string): Delivery {
    const { invocation, deadline } = this.#of(requestId);
    return { request: invocation.request, deadline, invocationId };
  }

  /** Accounts for an invocation and releases its caller: once, for `told` is the token of its slot. */
  conclude(requestId: string, conclusion: Conclusion, pid: number, initDurationMs?: number): void {
    const running = this.#of(requestId);
    if (running.told) return;
    running.told = true;
    const { spec, hostTime, log, emit, about } = this.#options;
    const durationMs = hostTime.monotonic() - running.startedAt;
    if (conclusion.before !== undefined) {
      log.write(conclusion.before);
    }
    log.write(lines.endLine(requestId));
    const { memorySizeMb } = spec;
    const maxMemoryMb = this.#memory.read(pid, hostTime.monotonic());
    const failure = conclusion.status;
    log.write(lines.reportLine({ requestId, durationMs, memorySizeMb, maxMemoryMb, initDurationMs, failure }));
    if (conclusion.after !== undefined) {
      log.write(conclusion.after);
    }
    const { cause } = conclusion;
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

  reject(requestId: string): void {
    const running = this.#of(requestId);
    if (!running.told) {
      running.told = true;
      running.invocation.abandon(new RuntimeClosedError(this.#options.spec.functionName));
    }
  }

  release(requestId: string): void {
    this.#of(requestId).cancelTimeout();
    this.#running.delete(requestId);
  }

  #of(requestId: string): Running {
    const running = this.#running.get(requestId);
    if (running === undefined) {
      throw new Error(`Invocation ${requestId} is not in this environment`);
    }
    return running;
  }
}
