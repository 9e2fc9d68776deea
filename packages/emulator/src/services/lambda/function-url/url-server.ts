import { describeErrorDocument } from "../invoke/error-document.ts";
import type { InvokeRequest, InvokeResult, NotInvoked } from "../invoke/invoke-function.ts";
import { streamInvocation } from "../invoke/stream-invocation.ts";
import type { StreamedInvocation, StreamParts } from "../invoke/stream-invocation.ts";
import type { LambdaPorts } from "../ports.ts";
import type { FunctionUrl, FunctionUrls } from "../state/function-urls.ts";
import { preflightReply, withCors } from "./cors.ts";
import { takePrelude } from "./prelude.ts";
import { urlEvent } from "./url-event.ts";
import { forbidden, functionFailed, platformReply, requestTooLarge, unknownUrl } from "./url-messages.ts";
import type { UrlCall, UrlReply, UrlRequest } from "./url-messages.ts";
import { integrationType, readPrelude, readResponse } from "./url-response.ts";

/** Answers requests to functions' URLs. */
export interface UrlServer {
  has(id: string): boolean;
  /** Never throws for what AWS answers. The body of a streamed reply breaks off with an error when its function fails. */
  serve(id: string, request: UrlRequest, call: UrlCall): Promise<UrlReply>;
}

interface Parts {
  readonly ports: LambdaPorts;
  readonly urls: FunctionUrls;
  readonly streams: StreamParts;
}

type Streaming = Extract<StreamedInvocation, { kind: "streaming" }>;

/** AWS: the largest event. */
const maxEventBytes = 6_291_456;

export function createUrlServer({ ports, urls, streams }: Parts): UrlServer {
  async function answer(url: FunctionUrl, request: UrlRequest, call: UrlCall): Promise<UrlReply> {
    const { fn, qualifier } = url;
    if (request.body === undefined) return requestTooLarge;
    // AWS: a URL outlives its alias (recorded on AWS).
    if (qualifier !== undefined && !fn.aliases.has(qualifier)) return forbidden;
    const functionArn = qualifier === undefined ? fn.arn : `${fn.arn}:${qualifier}`;
    const may = ports.mayCallUrl?.({ functionArn, authType: url.authType }, call.accessKeyId);
    if (may !== undefined && !(await may)) return forbidden;
    const payload = Buffer.from(JSON.stringify(urlEvent(url, request, call, ports.clock.now())));
    if (payload.length > maxEventBytes) return requestTooLarge;
    const invocation: InvokeRequest = {
      region: fn.region,
      functionName: fn.name,
      qualifier,
      payload,
      source: "a function URL",
      // AWS: the reply's request id is the function's (recorded on AWS).
      requestId: call.requestId,
      traceId: request.headers.get("x-amzn-trace-id"),
    };
    if (url.invokeMode === "BUFFERED") return wholeReply(await streams.invokeFunction(invocation), readWhole);
    const streamed = await streamInvocation(streams, { ...invocation, signal: call.signal });
    // AWS: what a function returns to a URL that streams is not interpreted (recorded on AWS).
    if (streamed.kind === "whole") return wholeReply(streamed.result, rawReply);
    const reply = await streamedReply(streamed);
    // Nobody reads on.
    if (request.method === "HEAD" || reply.status === 204 || reply.status === 304) streamed.leave();
    return reply;
  }

  function wholeReply(result: InvokeResult, read: (result: Succeeded) => UrlReply | undefined): UrlReply {
    if (result.kind === "notInvoked") return refusal(result);
    if (result.kind === "functionError") {
      const message = describeErrorDocument(result.payload) ?? result.error;
      return failed(`the function failed: ${message}`);
    }
    return read(result) ?? failed("the function's answer cannot be read as a response");
  }

  async function streamedReply(invocation: Streaming): Promise<UrlReply> {
    if (invocation.head.contentType !== integrationType) {
      const headers = { "content-type": invocation.head.contentType };
      return { status: 200, headers, body: bodyOf(invocation) };
    }
    const prelude = await takePrelude(invocation.read);
    const head = prelude.kind === "found" ? readPrelude(prelude.text) : undefined;
    if (prelude.kind === "found" && head !== undefined) return { ...head, body: bodyOf(invocation, prelude.rest) };
    invocation.leave();
    return failed("the metadata before the function's stream cannot be read");
  }

  /** AWS tells callers nothing of it: the timeline does. */
  function failed(reason: string): UrlReply {
    const { status, body } = functionFailed;
    const message = typeof body === "string" ? body : "";
    ports.record({
      type: "call.failed",
      service: "lambda",
      operation: "function URL",
      code: String(status),
      message,
      reason,
    });
    return functionFailed;
  }

  function refusal({ reason, message, ...rest }: NotInvoked & { readonly limit?: string }): UrlReply {
    if (reason === "functionMissing" || reason === "denied") return forbidden;
    // AWS: recorded on AWS. Assumed: that other failures of the platform look like those of functions.
    if (reason === "serviceError" || reason === "notActive") return failed(message);
    return platformReply(429, { Reason: rest.limit, Type: "User", message }, "TooManyRequestsException");
  }

  return {
    has: (id) => urls.find(id) !== undefined,
    async serve(id, request, call) {
      const url = urls.find(id);
      if (url === undefined) return unknownUrl;
      const preflight = preflightReply(url.cors, request);
      if (preflight !== undefined) return preflight;
      const reply = bodiless(request, withCors(url.cors, request, await answer(url, request, call)));
      const trace = request.headers.get("x-amzn-trace-id");
      return {
        ...reply,
        headers: {
          ...reply.headers,
          "x-amzn-RequestId": call.requestId,
          ...(trace === undefined ? {} : { "x-amzn-trace-id": trace }),
        },
      };
    },
  };
}

/** A reply to HEAD has a body's length and not the body; one of these statuses has neither. */
function bodiless({ method }: UrlRequest, reply: UrlReply): UrlReply {
  if (reply.status === 204 || reply.status === 304) return { ...reply, body: undefined };
  if (method !== "HEAD") return reply;
  const { headers, body } = reply;
  const isWhole = typeof body === "string" || body instanceof Uint8Array;
  const length = isWhole ? { "Content-Length": String(Buffer.byteLength(body)) } : {};
  return { ...reply, headers: { ...headers, ...length }, body: undefined };
}

type Succeeded = Extract<InvokeResult, { kind: "success" }>;

/** A whole answer, with or without metadata before it. */
function readWhole({ payload, contentType }: Succeeded): UrlReply | undefined {
  if (contentType !== integrationType) return readResponse(payload);
  return withPrelude(payload);
}

function rawReply({ payload, contentType }: Succeeded): UrlReply | undefined {
  if (contentType === integrationType) return withPrelude(payload);
  return { status: 200, headers: { "content-type": contentType }, body: payload };
}

/** AWS: a stream that ended before anything was written has neither its metadata nor an error (AWS users' reports). */
function withPrelude(payload: Uint8Array): UrlReply | undefined {
  if (payload.byteLength === 0)
    return { status: 200, headers: { "content-type": "application/octet-stream" }, body: "" };
  const bytes = Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength);
  const at = bytes.indexOf(Buffer.alloc(8));
  const head = at < 0 ? undefined : readPrelude(bytes.toString("utf8", 0, at));
  return head && { ...head, body: bytes.subarray(at + 8) };
}

/** The rest of a stream. AWS: what fails now has no status any more: the reply just ends. Assumed: cut, so that clients notice. */
async function* bodyOf({ read, leave, ended }: Streaming, first?: Uint8Array): AsyncGenerator<Uint8Array> {
  try {
    if (first !== undefined && first.byteLength > 0) yield first;
    for (let chunk = await read(); chunk !== undefined; chunk = await read()) yield chunk;
  } finally {
    leave();
  }
  const result = await ended;
  if (result.kind !== "success") throw new BrokenStreamError();
}

/** A function failed after its response had begun. */
class BrokenStreamError extends Error {
  override readonly name = "BrokenStreamError";
}
