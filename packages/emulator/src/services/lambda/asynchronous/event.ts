/** How an event is treated. Asked for anew with each step: a change is in force for events that are queued already. */
export interface EventSettings {
  /** How often a function that failed gets the event again. */
  readonly maxRetryAttempts: number;
  /** How old an event may be when it is tried again, milliseconds. */
  readonly maxAgeMs: number;
  /** Before the first retry, milliseconds; n times that before the n-th. */
  readonly retryDelayMs: number;
  /** Waits of an event that did not reach the function: they double. Milliseconds. */
  readonly firstReturnMs: number;
  readonly maxReturnMs: number;
}

/** What became of an attempt. */
export type EventOutcome =
  | { readonly kind: "success" }
  | { readonly kind: "functionError"; readonly error: string }
  /** The function was not reached. */
  | { readonly kind: "refused"; readonly reason: RefusalReason; readonly error: string };

/** `noConcurrency`: the function reserves 0. `recursion`: the event goes round in a loop that is stopped. */
export type RefusalReason = "throttled" | "noConcurrency" | "functionMissing" | "denied" | "serviceError" | "recursion";

/** AWS's words, except `RecursiveInvocation`. */
export type EventCondition =
  | "Success"
  | "RetriesExhausted"
  | "EventAgeExceeded"
  | "ZeroReservedConcurrency"
  | "RecursiveInvocation";

export interface EventMemory {
  /** World time, milliseconds. */
  readonly queuedAt: number;
  /** How often the function got the event. */
  readonly invocations: number;
  /** How often in a row it did not. */
  readonly refusals: number;
}

export type EventState =
  | { readonly kind: "invoking"; readonly memory: EventMemory }
  /** `until`: world time, milliseconds. */
  | { readonly kind: "backingOff"; readonly memory: EventMemory; readonly until: number }
  | { readonly kind: "reporting" }
  | { readonly kind: "finished" };

export type EventHappening =
  | { readonly kind: "invoked"; readonly outcome: EventOutcome }
  | { readonly kind: "timeReached" }
  | { readonly kind: "reported" };

export type EventCommand =
  | { readonly kind: "invoke" }
  | { readonly kind: "wait"; readonly until: number }
  /** Tells the destinations what became of the event. */
  | { readonly kind: "report"; readonly condition: EventCondition; readonly invocations: number }
  | { readonly kind: "finish" }
  | { readonly kind: "keep" };

export type EventNote =
  | {
      readonly type: "function.eventRetryScheduled";
      readonly reason: "functionError" | RefusalReason;
      readonly delayMs: number;
      readonly error: string;
    }
  | {
      readonly type: "function.eventDropped";
      readonly condition: EventCondition | "FunctionMissing";
      readonly error: string;
    };
