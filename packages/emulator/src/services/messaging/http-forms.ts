import type { AwsError } from "../../protocols/errors.ts";
import { textElement } from "../../protocols/xml-writer.ts";
import type { MessagingReply, MessagingRequest, MessagingService } from "./ports.ts";
import type { Answer } from "./route-table.ts";

/** The replies of the three services' protocols, and what is read from their requests. */

export function json({
  status,
  body,
  headers = {},
}: Partial<Answer> & Pick<Answer, "status" | "body">): MessagingReply {
  const contentType = { "content-type": "application/x-amz-json-1.0" };
  return { status, headers: { ...contentType, ...headers }, body: JSON.stringify(body) };
}

/** An error of SNS, or of SQS in the old query protocol. */
export function queryError(status: number, code: string, message: string): MessagingReply {
  const type = status < 500 ? "Sender" : "Receiver";
  const error = `<Type>${type}</Type><Code>${code}</Code>${textElement("Message", message)}`;
  const body = `<ErrorResponse><Error>${error}</Error></ErrorResponse>`;
  return { status, headers: { "content-type": "text/xml" }, body };
}

export function s3Error(status: number, code: string, message: string, requestId: string): MessagingReply {
  const details = `<Code>${code}</Code>${textElement("Message", message)}<RequestId>${requestId}</RequestId>`;
  const error = `<Error>${details}</Error>`;
  const body = `<?xml version="1.0" encoding="UTF-8"?>${error}`;
  return { status, headers: { "content-type": "application/xml", "x-amz-request-id": requestId }, body };
}

/** What a caller gets for a bug. */
export function internalFailure(service: MessagingService, requestId: string): MessagingReply {
  const message = "The request processing has failed because of an unknown error.";
  const code = service === "s3" ? "InternalError" : "InternalFailure";
  return { ...refusal(service, { code, message, statusCode: 500 }, requestId), code };
}

/** Statuses other than 400, as the services' models have them. */
const statuses: { readonly [Service in MessagingService]: { readonly [code: string]: number } } = {
  sqs: { InvalidSecurity: 403, OverLimit: 403, RequestThrottled: 403 },
  sns: { AuthorizationError: 403, InvalidSecurity: 403, NotFound: 404, ResourceNotFound: 404, Throttled: 429 },
  s3: { BucketAlreadyExists: 409, BucketAlreadyOwnedByYou: 409, NoSuchBucket: 404, NoSuchKey: 404, NoSuchUpload: 404 },
};

/** An error in a service's own form. */
export function refusal(
  service: MessagingService,
  { code, message, statusCode }: Pick<AwsError, "code" | "message" | "statusCode">,
  requestId: string,
): MessagingReply {
  const status = statusCode ?? statuses[service][code] ?? 400;
  if (service === "sqs") return json({ status, body: { __type: code, message } });
  if (service === "sns") return queryError(status, code, message);
  return s3Error(status, code, message, requestId);
}

/** Code and message of an error's body, JSON or XML; the status where there is no body. */
export function errorOf({ status, body }: { readonly status: number; readonly body?: unknown }): {
  readonly code: string;
  readonly message: string;
} {
  const text = typeof body === "string" ? body : JSON.stringify(body ?? "");
  const error = parsedObject(text);
  if (error === undefined)
    return { code: xmlText(text, "Code") ?? String(status), message: xmlText(text, "Message") ?? "" };
  return { code: stringOf(error["__type"]).replace(/^.*#/, ""), message: stringOf(error["message"]) };
}

/** A JSON object; undefined where `text` is none. */
export function parsedObject(text: string): Record<string, unknown> | undefined {
  try {
    return asObject(JSON.parse(text));
  } catch {
    // Not JSON: the callers have answers of their own to that.
    return undefined;
  }
}

/** The members of an object; undefined where `value` is none. */
export function asObject(value: unknown): Record<string, unknown> | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : undefined;
}

export function header(request: MessagingRequest, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value[0] : value;
}

export async function wholeBody({ body }: MessagingRequest): Promise<Buffer> {
  if (Buffer.isBuffer(body)) return body;
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** Whether a text that may be absent can be decoded. */
export function isPercentEncoded(text = ""): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}

function xmlText(text: string, name: string): string | undefined {
  return new RegExp(`<${name}>([^<]*)</${name}>`).exec(text)?.[1];
}

function stringOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}
