import type { FunctionErrorCause } from "../contract.ts";
import * as failures from "./error-payload.ts";
import { failureLine, timedOutLine, type Status } from "./platform-events.ts";
import type { ExecutionExit } from "./executor.ts";
import type { Answer } from "../runtime-api/answer.ts";

/** How an invocation ended, for its caller and for the log. */
export interface Conclusion {
  readonly payload: Uint8Array;
  readonly contentType?: string;
  readonly cause?: FunctionErrorCause;
  readonly status: Status;
  /** As telemetry and platform lines tell it. */
  readonly errorType?: string;
  /** Whether the platform ended it, and not the function. */
  readonly byPlatform: boolean;
  /** Lines that belong before END, and after REPORT. */
  readonly before?: string;
  readonly after?: string;
}

/** The runtime answered. */
export function concludeAnswer(answer: Answer, requestId: string): Conclusion {
  switch (answer.kind) {
    case "response":
      return { payload: answer.payload, contentType: answer.contentType, status: "success", byPlatform: false };
    case "error":
      return { payload: answer.payload, cause: "handler", ...failed(answer.errorType) };
    case "tooLarge": {
      const failure = failures.responseTooLarge(answer.limit);
      return { payload: failures.encodeFailure(failure), cause: "responseTooLarge", ...failed(failure.errorType) };
    }
    case "truncated":
      return {
        payload: failures.encodeFailure(failures.truncatedResponse(requestId)),
        cause: "truncatedResponse",
        ...failed("Runtime.TruncatedResponse"),
      };
    case "invalidMode":
      // AWS: an empty payload (Runtime Interface Emulator).
      return {
        payload: new Uint8Array(0),
        cause: "invalidResponseMode",
        ...failed("Runtime.InvalidResponseModeHeader"),
      };
  }
}

function failed(errorType: string | undefined): Pick<Conclusion, "status" | "errorType" | "byPlatform"> {
  return { status: "error", byPlatform: false, ...(errorType === undefined ? {} : { errorType }) };
}

/** The function's time is over. */
export function concludeTimeout(requestId: string, timeoutMs: number, now: number): Conclusion {
  return {
    payload: failures.encodeFailure(failures.timedOut(requestId, timeoutMs)),
    cause: "timeout",
    status: "timeout",
    byPlatform: true,
    after: timedOutLine(now, requestId, failures.seconds(timeoutMs)),
  };
}

/** The process ended without an answer. */
export function concludeExit(requestId: string, exit: ExecutionExit): Conclusion {
  const failure = failures.processExited(requestId, exit);
  return {
    payload: failures.encodeFailure(failure),
    cause: "exit",
    status: "error",
    errorType: failure.errorType,
    byPlatform: true,
    before: failureLine(failure),
  };
}

/** The runtime told why it cannot initialize. */
export function concludeInitError(error: { readonly payload: Uint8Array; readonly errorType: string }): Conclusion {
  return { payload: error.payload, cause: "init", status: "error", errorType: error.errorType, byPlatform: true };
}

/** The environment did not come to be in time. */
export function concludeStart(requestId: string, limitMs: number): Conclusion {
  const failure = failures.startTimedOut(requestId, limitMs);
  return {
    payload: failures.encodeFailure(failure),
    cause: "start",
    status: "failure",
    errorType: failure.errorType,
    byPlatform: true,
    before: failureLine(failure),
  };
}
