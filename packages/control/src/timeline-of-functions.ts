export type FunctionEvent =
  | {
      readonly type: "function.created" | "function.updated" | "function.deleted";
      readonly functionName: string;
      readonly region: string;
    }
  | {
      /** Nobody has invoked it for 14 days, so that AWS reclaims what it has beside its code: the next invocation fails. */
      readonly type: "function.inactive";
      readonly functionName: string;
      readonly region: string;
      /** `$LATEST` or a number. */
      readonly version: string;
    }
  | { readonly type: "function.environmentStarted"; readonly functionName: string; readonly environment: string }
  | {
      readonly type: "function.environmentReady";
      readonly functionName: string;
      readonly environment: string;
      /** Host time from start to ready, milliseconds. */
      readonly initMs: number;
    }
  | {
      /** An environment could not initialize, or not in time; AWS tries again inside the first invocation. */
      readonly type: "function.environmentInitFailed";
      readonly functionName: string;
      readonly environment: string;
      /** `timeout`, or the error type as the platform's log tells it. */
      readonly error: string;
      /** What was written until then: lines that begin with `[lambda <environment>] `. */
      readonly output: readonly string[];
    }
  | {
      readonly type: "function.environmentStopped";
      readonly functionName: string;
      readonly environment: string;
      readonly reason: string;
    }
  | { readonly type: "function.invoked"; readonly functionName: string; readonly requestId: string }
  | {
      readonly type: "function.returned";
      readonly functionName: string;
      readonly requestId: string;
      /** Host time, milliseconds. */
      readonly durationMs: number;
      /** `errorType: errorMessage` of a function error; absent on success. */
      readonly error?: string;
    }
  | {
      /** An asynchronous invocation (InvocationType Event) came to nothing, and its event is tried again. */
      readonly type: "function.eventRetryScheduled";
      readonly functionName: string;
      readonly requestId: string;
      /** `functionError`, or why the function was not reached: `throttled`, `denied`, `serviceError`. */
      readonly reason: string;
      /** World time, milliseconds. */
      readonly delayMs: number;
      readonly error: string;
    }
  | {
      /** An asynchronous invocation (InvocationType Event) came to nothing and is not tried again: its event is dropped. */
      readonly type: "function.eventDropped";
      readonly functionName: string;
      readonly requestId: string;
      /** As AWS tells it to destinations: `RetriesExhausted`, `EventAgeExceeded`, `ZeroReservedConcurrency`; or `RecursiveInvocation`, `FunctionMissing`. */
      readonly condition: string;
      readonly error: string;
    }
  | {
      /** What became of an asynchronous invocation was sent to a destination or dead-letter queue. */
      readonly type: "function.eventReported";
      readonly functionName: string;
      readonly requestId: string;
      readonly condition: string;
      /** Its ARN. */
      readonly destination: string;
    }
  | {
      readonly type: "function.eventReportFailed";
      readonly functionName: string;
      readonly requestId: string;
      readonly destination: string;
      readonly error: string;
    };
