import type { AwsError } from "../../../protocols/errors.ts";
import { lambdaError } from "../lambda-error.ts";

// AWS: an event that is waited for, and one that is queued (AWS docs, Lambda quotas).
const maxPayloadBytes = { RequestResponse: 6_291_456, DryRun: 6_291_456, Event: 1_048_576 } as const;

const emptyEvent = Buffer.from("{}");

/** The event that a function gets for a request's body. Throws AWS's errors for what is too large or no JSON. */
export function eventOf(body: Uint8Array | undefined, type: keyof typeof maxPayloadBytes): Uint8Array {
  const limit = maxPayloadBytes[type];
  if (body !== undefined && body.byteLength > limit)
    // AWS: the text (AWS users' reports).
    throw lambdaError(
      "RequestTooLargeException",
      `Request must be smaller than ${limit} bytes for the InvokeFunction operation`,
    );
  // AWS: recorded on AWS.
  if (body === undefined || body.byteLength === 0) return emptyEvent;
  const problem = jsonProblem(body);
  if (problem !== undefined) throw problem;
  return body;
}

function jsonProblem(body: Uint8Array): AwsError | undefined {
  const text = new TextDecoder().decode(body);
  try {
    JSON.parse(text);
    return undefined;
  } catch (error) {
    const { message, column } = describeProblem(text, error instanceof Error ? error.message : "");
    // AWS: the frame around the parser's own words is recorded on AWS.
    return lambdaError(
      "InvalidRequestContentException",
      `Could not parse request body into json: Could not parse payload into json: ${message}\n at [Source: REDACTED (\`StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION\` disabled); line: 1, column: ${column}]`,
    );
  }
}

/** AWS: a bare word is an unrecognized token (recorded on AWS). Assumed: the words of the other cases, and all columns. */
function describeProblem(text: string, parserMessage: string): { readonly message: string; readonly column: number } {
  const word = /^\s*([A-Za-z_$][\w$]*)/.exec(text);
  if (word !== null)
    return {
      message: `Unrecognized token '${word[1] ?? ""}': was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false')`,
      column: word[0].length + 1,
    };
  const position = /at position (\d+)/.exec(parserMessage)?.[1];
  if (/end of JSON|[Uu]nterminated/.test(parserMessage) || Number(position) >= text.length)
    return { message: "Unexpected end-of-input", column: text.length + 1 };
  const found = /Unexpected token '(.)'/su.exec(parserMessage)?.[1];
  const index = position === undefined ? Math.max(0, text.indexOf(found ?? "")) : Number(position);
  const character = found ?? text[index] ?? "";
  return {
    message: `Unexpected character ('${character}' (code ${character.codePointAt(0) ?? 0}))`,
    column: index + 1,
  };
}

// AWS: the largest client context, in bytes of JSON (AWS docs, Invoke).
const maxClientContextBytes = 3583;

/** The JSON text behind a request's client context. */
export function clientContextOf(encoded: string | undefined): string | undefined {
  if (encoded === undefined) return undefined;
  const text = Buffer.from(encoded, "base64").toString();
  if (Buffer.byteLength(text) > maxClientContextBytes || !isJson(text))
    // Assumed: the text, for both.
    throw lambdaError("InvalidRequestContentException", "Client context must be a valid Base64-encoded JSON object.");
  return text;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
