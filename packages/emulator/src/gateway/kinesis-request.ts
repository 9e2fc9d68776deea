import { mediaType } from "../protocols/http-messages.ts";
import type { HttpReply, HttpRequest } from "../protocols/http-messages.ts";
import { parseJson } from "../protocols/parse-json.ts";

/**
 * AWS: a request that is too large is answered without a text, before all else (kinesalite's suite). Assumed: the size; 10 MiB of
 * records in base64, with all that may stand around them, are less.
 */
const largestBody = 16 * 1024 * 1024;

/**
 * The reply to a request that is in none of Kinesis' protocols; undefined for one that is. AWS: order, statuses and texts
 * (kinesalite's suite).
 */
export function refusedKinesisRequest(request: HttpRequest, requestId: string): HttpReply | undefined {
  const { method, headers, body } = request;
  const reply = (status: number, text: string): HttpReply => ({
    status,
    headers: { "x-amzn-RequestId": requestId },
    body: text,
  });
  if (body.length > largestBody) return reply(413, "");
  if (method !== "POST") return reply(403, accessDenied);
  if (body.length === 0 || headers["smithy-protocol"] === "rpc-v2-cbor") return undefined;
  switch (mediaType(headers)) {
    case "application/x-amz-json-1.1":
    case "application/x-amz-cbor-1.1":
      return undefined;
    case "application/json":
      return isJson(body)
        ? reply(404, coralError("UnknownOperationException"))
        : reply(400, coralError("SerializationException"));
    default:
      return headers["x-amz-target"]?.includes(".")
        ? reply(404, "<UnknownOperationException/>\n")
        : reply(403, accessDenied);
  }
}

const accessDenied =
  "<AccessDeniedException>\n  <Message>Unable to determine service/operation name to be authorized</Message>\n</AccessDeniedException>\n";

function coralError(name: string): string {
  return `{"Output":{"__type":"com.amazon.coral.service#${name}"},"Version":"1.0"}`;
}

function isJson(body: Buffer): boolean {
  try {
    parseJson(body);
    return true;
  } catch {
    return false;
  }
}
