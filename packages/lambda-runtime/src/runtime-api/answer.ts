import type { ApiRequest } from "./exchange.ts";
import { header, trailer } from "./replies.ts";

/** How the runtime answered an invocation. */
export type Answer =
  | { readonly kind: "response"; readonly payload: Uint8Array; readonly contentType: string }
  /** `errorType` is what telemetry may tell of it. */
  | { readonly kind: "error"; readonly payload: Uint8Array; readonly errorType?: string }
  /** `limit` in bytes. */
  | { readonly kind: "tooLarge"; readonly limit: number }
  | { readonly kind: "truncated" }
  | { readonly kind: "invalidMode" };

/** AWS: in such a body the cause for X-Ray travels with the error (Runtime Interface Emulator). */
const ERROR_WITH_CAUSE = "application/vnd.aws.lambda.error.cause+json";

export function errorAnswer(request: ApiRequest, body: Uint8Array): Answer {
  const type = header(request, "lambda-runtime-function-error-type");
  const payload = header(request, "content-type") === ERROR_WITH_CAUSE ? withoutCause(body) : body;
  return { kind: "error", payload, ...(type === undefined ? {} : { errorType: telemetryErrorType(type) }) };
}

/** What a complete response is: its trailers may make it an error. */
export function responseAnswer(request: ApiRequest, payload: Uint8Array, contentType: string): Answer {
  const body = trailer(request, "lambda-runtime-function-error-body");
  const type = trailer(request, "lambda-runtime-function-error-type");
  if (body === undefined && type === undefined) {
    return { kind: "response", payload, contentType };
  }
  return {
    kind: "error",
    // Assumed: a caller that takes no stream is given the error that the trailers carry and not the bytes before it.
    payload: body === undefined ? payload : Buffer.from(body, "base64"),
    ...(type === undefined ? {} : { errorType: telemetryErrorType(type) }),
  };
}

/** AWS: other types than the platform's own form are not told to anybody but the caller (Runtime Interface Emulator). */
export function telemetryErrorType(type: string): string {
  if (/^(Runtime|Function)\.[A-Z][a-zA-Z]+$/.test(type)) {
    return type;
  }
  return type.startsWith("Function.") ? "Function.Unknown" : "Runtime.Unknown";
}

function withoutCause(body: Uint8Array): Uint8Array {
  try {
    const error: unknown = JSON.parse(Buffer.from(body).toString("utf8"));
    if (typeof error === "object" && error !== null && "errorCause" in error) {
      const { errorCause: _, ...rest } = error;
      return Buffer.from(JSON.stringify(rest));
    }
  } catch {
    // Not JSON: the caller gets it as it is.
  }
  return body;
}
