import type { EventCondition } from "./event.ts";

/** What the function answered last. */
export interface EventAnswer {
  readonly executedVersion: string;
  readonly failed: boolean;
  readonly payload: Uint8Array;
}

/** What there is to tell of an event. */
export interface EventReport {
  readonly requestId: string;
  /** With `:$LATEST` or the qualifier that was invoked. */
  readonly functionArn: string;
  readonly condition: EventCondition;
  readonly invocations: number;
  /** JSON. */
  readonly payload: Uint8Array;
  /** Undefined where the function never had the event. */
  readonly answer: EventAnswer | undefined;
  /** Why the event was dropped; undefined on success. */
  readonly error: string | undefined;
  /** World time of the report, milliseconds. */
  readonly timestamp: number;
}

/**
 * The document that a destination gets; the keys are in AWS's order. The payloads stand in it as they came: numbers keep all
 * of their digits.
 */
export function eventRecord(report: EventReport): string {
  const { requestId, functionArn, condition, invocations, answer, timestamp } = report;
  const head = JSON.stringify({
    version: "1.0",
    timestamp: new Date(timestamp).toISOString(),
    requestContext: { requestId, functionArn, condition, approximateInvokeCount: invocations },
  });
  const request = `"requestPayload":${textOf(report.payload)}`;
  // AWS: without a response where the function never had the event (recorded on AWS).
  if (answer === undefined) return `${head.slice(0, -1)},${request}}`;
  const context = JSON.stringify({
    statusCode: 200,
    executedVersion: answer.executedVersion,
    ...(answer.failed ? { functionError: "Unhandled" } : {}),
  });
  return `${head.slice(0, -1)},${request},"responseContext":${context},"responsePayload":${textOf(answer.payload)}}`;
}

// AWS: the name of a bucket's object (AWS docs).
export function eventRecordKey(functionName: string, timestamp: number, id: string): string {
  const [date = "", time = ""] = new Date(timestamp).toISOString().slice(0, 19).split("T");
  return `aws/lambda/async/${functionName}/${date.replaceAll("-", "/")}/${date}T${time.replaceAll(":", ".")}-${id}`;
}

/** A message attribute of SQS or SNS. */
export interface TextAttribute {
  readonly type: "String" | "Number";
  readonly value: string;
}

const longestMessageBytes = 1024;

// AWS: the event as it came, and these attributes beside it; the message is cut off at 1 KB (AWS docs).
export function deadLetterAttributes({ requestId, answer, error = "" }: EventReport): Record<string, TextAttribute> {
  const message = firstBytes((answer && errorMessageOf(answer.payload)) ?? error, longestMessageBytes);
  return {
    RequestID: { type: "String", value: requestId },
    // AWS: 200 for what the function failed at (recorded on AWS). Assumed: the status of a throttle for the rest.
    ErrorCode: { type: "Number", value: answer === undefined ? "429" : "200" },
    // An attribute cannot be empty.
    ...(message === "" ? {} : { ErrorMessage: { type: "String", value: message } as const }),
  };
}

function errorMessageOf(payload: Uint8Array): string | undefined {
  const document = parsed(new TextDecoder().decode(payload));
  const value = document?.value;
  if (typeof value !== "object" || value === null || !("errorMessage" in value)) return undefined;
  return typeof value.errorMessage === "string" ? value.errorMessage : undefined;
}

function firstBytes(text: string, bytes: number): string {
  // As a stream: a character that does not fit is left out, not replaced.
  return new TextDecoder().decode(Buffer.from(text).subarray(0, bytes), { stream: true });
}

/** A payload as JSON: what a function of its own runtime posts need not be any. */
function textOf(payload: Uint8Array): string {
  const text = new TextDecoder().decode(payload);
  return parsed(text) === undefined ? JSON.stringify(text) : text;
}

function parsed(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}
