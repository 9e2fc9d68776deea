import type { Fault, FaultRule, TimelineEvent } from "@localemu/control";
import type { Activity } from "./activity.ts";
import type { Clock } from "./core/clock.ts";
import type { Random } from "./core/random.ts";
import { AwsError } from "./protocols/errors.ts";

/**
 * Who makes a call: an AWS client, an event source mapping, whose reads, invocations and reports never leave the world, or an
 * asynchronous event, whose reports don't either.
 */
export type Caller = FaultInjected["caller"];

type FaultInjected = Extract<TimelineEvent, { readonly type: "fault.injected" }>;

/** What a call is to suffer. */
export interface MetFault {
  /** World time to wait first, milliseconds. */
  readonly latencyMs: number;
  /** Absent where the call goes on after the wait. */
  readonly error: AwsError | undefined;
}

interface Rule {
  readonly rule: FaultRule;
  readonly id: string;
  met: number;
}

/** The faults of one world: what calls are to fail, how often and how. Which calls meet one is decided by the seed. */
export class Faults {
  readonly #random: Random;
  readonly #clock: Clock;
  readonly #activity: Pick<Activity, "pause">;
  readonly #record: (event: TimelineEvent) => void;
  readonly #waits = new Set<() => void>();
  #rules: readonly Rule[] = [];
  #added = 0;

  constructor(options: {
    readonly random: Random;
    readonly clock: Clock;
    readonly activity: Pick<Activity, "pause">;
    readonly record: (event: TimelineEvent) => void;
  }) {
    this.#random = options.random;
    this.#clock = options.clock;
    this.#activity = options.activity;
    this.#record = options.record;
  }

  /** False where every call goes on unharmed: the usual case costs nothing. */
  get any(): boolean {
    return this.#rules.length > 0;
  }

  /** The newest rule is asked first. */
  add(rule: FaultRule): Fault {
    const added: Rule = { rule, id: `fault-${++this.#added}`, met: 0 };
    this.#rules = [added, ...this.#rules];
    return describe(added);
  }

  list(): readonly Fault[] {
    return this.#rules.map(describe).toReversed();
  }

  /** False where there is no such fault. */
  remove(id: string): boolean {
    const before = this.#rules.length;
    this.#rules = this.#rules.filter((rule) => rule.id !== id);
    return this.#rules.length < before;
  }

  clear(): void {
    this.#rules = [];
  }

  /** What a call meets; undefined for one that goes on unharmed. Each rule that could apply throws its dice once a call. */
  meet(service: string, operation: string, caller: Caller): MetFault | undefined {
    for (const met of this.#rules) {
      const { rule } = met;
      if (!appliesTo(rule, service, operation, caller)) continue;
      if (rule.times !== undefined && met.met >= rule.times) continue;
      const { probability = 1, latencyMs = 0 } = rule;
      if (probability < 1 && this.#random() >= probability) continue;
      met.met++;
      const error = errorOf(service, rule, met.id);
      this.#record({
        type: "fault.injected",
        service,
        operation,
        caller,
        fault: met.id,
        ...(latencyMs > 0 && { latencyMs }),
        ...(error !== undefined && { code: error.code }),
      });
      return { latencyMs, error };
    }
    return undefined;
  }

  /** Lets a call that holds one activity token, and no more, suffer what it meets. Resolves with the error that it is to fail with, if any. */
  async suffer(service: string, operation: string, caller: Caller): Promise<AwsError | undefined> {
    const met = this.meet(service, operation, caller);
    if (met === undefined) return undefined;
    if (met.latencyMs > 0) await this.#wait(met.latencyMs, `latency of ${service}:${operation}`);
    return met.error;
  }

  /** Time must be able to pass meanwhile, which it does not while anything is under way. */
  #wait(ms: number, label: string): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const end = (): void => {
      this.#waits.delete(end);
      resume();
      resolve();
    };
    this.#waits.add(end);
    const resume = this.#activity.pause();
    this.#clock.schedule(ms, { kind: "work", label }, end);
    return promise;
  }

  /** Lets the calls go on that wait: time passes no more. */
  close(): void {
    this.clear();
    for (const end of this.#waits) end();
  }
}

function appliesTo(
  { operation: pattern, caller: only }: FaultRule,
  service: string,
  operation: string,
  caller: Caller,
) {
  if (only !== undefined && only !== caller) return false;
  return pattern === `${service}:*` || pattern === `${service}:${operation}`;
}

function errorOf(service: string, { error: code, message, statusCode }: FaultRule, id: string): AwsError | undefined {
  if (code === undefined) return undefined;
  const status = statusCode ?? unmodelledStatus(service, code);
  const text = message ?? `injected by LocalEmu (${id})`;
  return new AwsError(code, text, status === undefined ? {} : { statusCode: status });
}

/** AWS: what services answer whose models lack the error (AWS docs, common errors); undefined leaves it to the model. */
function unmodelledStatus(service: string, code: string): number | undefined {
  if (/^(ServiceUnavailable|SlowDown)/.test(code)) return 503;
  if (/^(Internal|ServiceException$)/.test(code)) return 500;
  // AWS: services that are called by a target's name tell it with 400 (Kinesis' model).
  const denies = /^AccessDenied(Exception)?$/.test(code);
  return denies && service !== "kinesis" && service !== "logs" ? 403 : undefined;
}

function describe({ rule, id, met }: Rule): Fault {
  return { ...rule, id, met };
}
