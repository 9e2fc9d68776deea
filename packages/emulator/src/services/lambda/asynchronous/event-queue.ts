import type { ActivityToken } from "../../../activity.ts";
import { TaskGroup } from "../../../core/task-group.ts";
import { resolveFunction } from "../function-address.ts";
import { describeErrorDocument } from "../invoke/error-document.ts";
import type { InvokeFunction, InvokeResult } from "../invoke/invoke-function.ts";
import { rootedTrace } from "../invoke/trace.ts";
import type { LambdaPorts } from "../ports.ts";
import type { ByQualifier } from "../state/by-qualifier.ts";
import type { EventInvokeConfig } from "../state/event-invoke-config.ts";
import type { FunctionStore } from "../state/function-store.ts";
import type { EventAnswer, EventReport } from "./event-documents.ts";
import type { EventCommand, EventHappening, EventOutcome, EventSettings, EventState } from "./event.ts";
import { startEvent, stepEvent } from "./event-machine.ts";
import type { EventStep } from "./event-machine.ts";
import { KeptEvents } from "./kept-events.ts";
import type { EventResult } from "./kept-events.ts";
import { createReporter } from "./report-event.ts";

/** An event for a function. */
export interface LambdaEvent {
  readonly region: string;
  readonly functionName: string;
  /** `$LATEST`, a version or an alias, as it was given. */
  readonly qualifier: string | undefined;
  /** JSON. */
  readonly payload: Uint8Array;
  /** The function's `awsRequestId`, with every attempt. */
  readonly requestId: string;
  /** Who invokes, for those who wait for idle. */
  readonly source: string;
  /** The value of `X-Amzn-Trace-Id`. */
  readonly traceId: string | undefined;
}

export interface EventQueueParts {
  readonly ports: LambdaPorts;
  readonly functions: FunctionStore;
  readonly configs: ByQualifier<EventInvokeConfig>;
  readonly invokeFunction: InvokeFunction;
}

/** An event that is not over. */
interface Queued {
  readonly event: LambdaEvent;
  state: EventState;
  /** Held while something is under way, let go while a timer is waited for. */
  token: ActivityToken;
  answer: EventAnswer | undefined;
  error: string | undefined;
  cancelTimer: (() => void) | undefined;
}

// AWS: how often and for how long an event is tried (AWS docs).
const defaults: EventSettings = {
  maxRetryAttempts: 2,
  maxAgeMs: 6 * 60 * 60 * 1000,
  retryDelayMs: 60_000,
  firstReturnMs: 1000,
  maxReturnMs: 5 * 60 * 1000,
};

/** The asynchronous invocations of one world: carries out what `event-machine.ts` decides. */
export class EventQueue {
  readonly #parts: EventQueueParts;
  readonly #tasks: TaskGroup;
  readonly #report: (report: EventReport, event: LambdaEvent) => Promise<void>;
  readonly #kept: KeptEvents;
  readonly #queued = new Set<Queued>();
  #closed = false;

  constructor(parts: EventQueueParts) {
    const { ports } = parts;
    this.#parts = parts;
    this.#tasks = new TaskGroup((error, label) => ports.reportInternalError(label, error));
    this.#kept = new KeptEvents(ports.documents);
    this.#report = createReporter(parts, (event) => this.add(event));
  }

  /** Takes an event over: it is given to its function at once, after a stop by the next emulator, and again where that comes to nothing. */
  add(given: LambdaEvent): void {
    const { ports } = this.#parts;
    const now = ports.clock.now();
    // AWS: all attempts are one trace, and what is told of them belongs to it (AWS docs, X-Ray).
    const event = { ...given, traceId: rootedTrace(given.traceId, ports) };
    this.#kept.add(event, now);
    if (this.#closed) return;
    this.#take(event, startEvent(now), { answer: undefined, error: undefined });
  }

  /** Goes on with what an earlier emulator took over: what was under way then begins anew. */
  restore(): void {
    for (const { event, queuedAt, step, ...result } of this.#kept.restore()) {
      this.#take(event, step ?? startEvent(queuedAt), result);
    }
  }

  #take(event: LambdaEvent, step: EventStep, { answer, error }: EventResult): void {
    const token = this.#begin(event);
    const queued: Queued = { event, state: step.state, token, answer, error, cancelTimer: undefined };
    this.#queued.add(queued);
    this.#carryOut(queued, step);
  }

  /** Does no more for any event, which the next emulator may; what is under way is waited for. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const { cancelTimer } of this.#queued) cancelTimer?.();
    await this.#tasks.close();
    for (const { token } of this.#queued) token.release();
    this.#queued.clear();
  }

  #begin({ functionName }: LambdaEvent): ActivityToken {
    return this.#parts.ports.activity.begin(`event of ${functionName}`);
  }

  #feed(queued: Queued, happening: EventHappening): void {
    if (this.#closed) return;
    const now = this.#parts.ports.clock.now();
    this.#carryOut(queued, stepEvent(queued.state, happening, this.#settings(queued.event), now));
  }

  #carryOut(queued: Queued, step: EventStep): void {
    const { state, command, notes } = step;
    const { functionName, requestId } = queued.event;
    queued.state = state;
    for (const note of notes) {
      queued.error = note.error;
      this.#parts.ports.record({ ...note, functionName, requestId });
    }
    this.#kept.step(queued.event, step, queued);
    switch (command.kind) {
      case "invoke":
        return this.#spawn(queued, `event of ${functionName}`, () => this.#invoke(queued));
      case "wait":
        return this.#wait(queued, command.until);
      case "report":
        return this.#spawn(queued, `report of an event of ${functionName}`, () => this.#tell(queued, command));
      case "finish":
        this.#queued.delete(queued);
        return queued.token.release();
      case "keep":
        return undefined;
    }
  }

  /** Whatever goes wrong in the step is a bug, and ends the event. */
  #spawn(queued: Queued, label: string, step: () => Promise<EventHappening>): void {
    this.#tasks.spawn(label, async () => {
      try {
        this.#feed(queued, await step());
      } catch (error) {
        this.#queued.delete(queued);
        queued.token.release();
        // What fails because everything stops is no bug.
        if (!this.#closed) this.#kept.forget(queued.event.requestId);
        throw error;
      }
    });
  }

  #wait(queued: Queued, until: number): void {
    const { clock } = this.#parts.ports;
    const { event } = queued;
    const label = `retry of an event of ${event.functionName}`;
    queued.cancelTimer = clock.schedule(until - clock.now(), { kind: "work", label }, () => {
      queued.cancelTimer = undefined;
      queued.token = this.#begin(event);
      this.#feed(queued, { kind: "timeReached" });
    });
    queued.token.release();
  }

  async #invoke(queued: Queued): Promise<EventHappening> {
    const result = await this.#parts.invokeFunction(queued.event);
    queued.answer = answerOf(result) ?? queued.answer;
    return { kind: "invoked", outcome: this.#outcomeOf(result, queued.event) };
  }

  #outcomeOf(result: InvokeResult, { region, functionName }: LambdaEvent): EventOutcome {
    if (result.kind === "success") return { kind: "success" };
    if (result.kind === "functionError")
      return { kind: "functionError", error: describeErrorDocument(result.payload) ?? result.error };
    const { reason, message: error } = result;
    if (reason === "notActive") return { kind: "refused", reason: "serviceError", error };
    const reserved = this.#parts.functions.find(region, functionName)?.reservedConcurrency;
    const isNever = reason === "throttled" && reserved === 0;
    return { kind: "refused", reason: isNever ? "noConcurrency" : reason, error };
  }

  async #tell(
    { event, answer, error }: Queued,
    { condition, invocations }: Extract<EventCommand, { readonly kind: "report" }>,
  ): Promise<EventHappening> {
    const { functions, ports } = this.#parts;
    const fn = functions.find(event.region, event.functionName);
    // Who deletes a function while its event is under way takes the destinations away.
    if (fn !== undefined)
      await this.#report(
        {
          requestId: event.requestId,
          functionArn: `${fn.arn}:${event.qualifier ?? "$LATEST"}`,
          condition,
          invocations,
          payload: event.payload,
          answer,
          error: condition === "Success" ? undefined : error,
          timestamp: ports.clock.now(),
        },
        event,
      );
    return { kind: "reported" };
  }

  #settings({ region, functionName, qualifier = "$LATEST" }: LambdaEvent): EventSettings {
    const resolution = resolveFunction(this.#parts.functions, region, functionName);
    const config = resolution.kind === "found" ? this.#parts.configs.get(resolution.fn, qualifier) : undefined;
    if (config === undefined) return defaults;
    const { maxRetryAttempts = defaults.maxRetryAttempts, maxAgeSeconds } = config;
    const maxAgeMs = maxAgeSeconds === undefined ? defaults.maxAgeMs : maxAgeSeconds * 1000;
    return { ...defaults, maxRetryAttempts, maxAgeMs };
  }
}

function answerOf(result: InvokeResult): EventAnswer | undefined {
  if (result.kind === "notInvoked") return undefined;
  const { executedVersion, payload, kind } = result;
  return { executedVersion, payload, failed: kind === "functionError" };
}
