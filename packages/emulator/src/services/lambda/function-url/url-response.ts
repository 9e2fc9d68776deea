import type { UrlReply } from "./url-messages.ts";

/** The type of a response that begins with its metadata. */
export const integrationType = "application/vnd.awslambda.http-integration-response";

type Head = Pick<UrlReply, "status" | "headers">;

/** What a function answers to a request, or undefined where it cannot be read as such. */
export function readResponse(payload: Uint8Array): UrlReply | undefined {
  const value = parseJson(Buffer.from(payload).toString());
  if (value === undefined) return undefined;
  // AWS: anything that is no response itself is the body of one, a text without its quotes (recorded on AWS).
  if (!isObject(value) || !("statusCode" in value)) {
    const body = typeof value === "string" ? value : JSON.stringify(value);
    return { status: 200, headers: { "content-type": "application/json" }, body };
  }
  const head = readHead(value, "application/json");
  const { body = null, isBase64Encoded } = value;
  if (head === undefined) return undefined;
  if (body === null) return { ...head, body: "" };
  // Assumed: nothing but a text is a body.
  if (typeof body !== "string") return undefined;
  return { ...head, body: isBase64Encoded === true ? Buffer.from(body, "base64") : body };
}

/** The metadata before a streamed response, or undefined where they cannot be read. */
export function readPrelude(text: string): Head | undefined {
  const value = parseJson(text);
  // AWS: the type of a stream that names none (AWS docs).
  return isObject(value) ? readHead(value, "application/octet-stream") : undefined;
}

function readHead(value: Readonly<Record<string, unknown>>, defaultType: string): Head | undefined {
  const { statusCode = 200, headers = {}, cookies = [] } = value;
  // AWS: the number may be a text (recorded on AWS).
  const status = Number(statusCode);
  if (!Number.isInteger(status) || status < 200 || status > 599) return undefined;
  if (!isObject(headers) || !Array.isArray(cookies)) return undefined;
  const read: Record<string, string | string[]> = { "content-type": defaultType };
  for (const [name, given] of Object.entries(headers)) {
    const lower = name.toLowerCase();
    if (notTheirs.has(lower) || given === null) continue;
    // Assumed: a list is one value, as it is in texts of JavaScript.
    if (Array.isArray(given)) read[lower] = given.join(",");
    else if (typeof given === "string") read[lower] = given;
    else if (typeof given === "number" || typeof given === "boolean") read[lower] = String(given);
    else return undefined;
  }
  if (cookies.length > 0) read["set-cookie"] = cookies.map(String);
  return canBeSent(read) ? { status, headers: read } : undefined;
}

/** What belongs to one connection or one framing, and what the platform says itself. */
const notTheirs: ReadonlySet<string> = new Set([
  "connection",
  "content-length",
  "keep-alive",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
  "x-amzn-requestid",
  "x-amzn-trace-id",
]);

function canBeSent(headers: Head["headers"]): boolean {
  const { validateHeaderName, validateHeaderValue } = process.getBuiltinModule("node:http");
  try {
    for (const [name, values] of Object.entries(headers)) {
      validateHeaderName(name);
      for (const value of Array.isArray(values) ? values : [values]) validateHeaderValue(name, value);
    }
    return true;
  } catch {
    // A function may name a header anything.
    return false;
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // A function may answer anything.
    return undefined;
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
