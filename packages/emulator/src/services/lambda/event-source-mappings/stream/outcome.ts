/** What one invocation of the function came to. */
export type InvokeOutcome =
  | { readonly kind: "success"; readonly invocation: Invocation; readonly state?: string }
  | PartialOutcome
  | FunctionErrorOutcome
  | { readonly kind: "notInvoked"; readonly reason: NotInvokedReason };

/** The function did all before `from`; it and the rest are to be tried again. */
export interface PartialOutcome {
  readonly kind: "partial";
  /** Sequence number, as it stands in the batch. */
  readonly from: string;
  readonly invocation: Invocation;
  readonly state?: string;
}

export interface FunctionErrorOutcome {
  readonly kind: "functionError";
  readonly error: FunctionErrorKind;
  readonly invocation: Invocation;
  /** What the function said, for people. */
  readonly message?: string;
}

/**
 * `unhandled`, `timeout` and `exit` are errors of the run; `badResponse` (a failure report that does not fit the batch)
 * and `missingState` (no state in a tumbling window) are responses that count as errors.
 */
export type FunctionErrorKind = "unhandled" | "timeout" | "exit" | "badResponse" | "missingState";

/** Why the function was not reached. Never counted as an attempt. */
export type NotInvokedReason = "throttled" | "functionMissing" | "denied" | "serviceError";

/** A function that ran has answered as somebody. */
export interface Invocation {
  readonly requestId: string;
  /** `$LATEST` or a version number. */
  readonly executedVersion: string;
}

/** The outcomes that leave records to be tried again or discarded. */
export type FailedOutcome = PartialOutcome | FunctionErrorOutcome;
