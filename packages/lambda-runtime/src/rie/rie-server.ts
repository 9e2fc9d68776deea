import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { EnvironmentPool, InvokeOutcome, InvokeRequest, ResponseHead, ResponseSink } from "../contract.ts";
import { isOfForeignPage } from "../web-pages.ts";
import { eventMessage } from "./event-stream.ts";
import { RIE_ACCOUNT_ID } from "./rie-options.ts";

const INVOKE = "/2015-03-31/functions/function/invocations";
const INVOKE_WITH_RESPONSE_STREAM = "/2021-11-15/functions/function/response-streaming-invocations";

/** AWS: the largest event (AWS docs). */
const MAX_EVENT_BYTES = 6_291_456;

/** How a response leaves: as it is, or in the messages of an event stream. */
interface Reply {
  begin(head: ResponseHead): void;
  chunk(bytes: Uint8Array): Uint8Array;
  end(outcome: InvokeOutcome): void;
}

/** Invokes the one function of a pool for requests to Invoke and to InvokeWithResponseStream. It does not listen yet. */
export function createRieServer(pool: EnvironmentPool, functionName: string): Server {
  // AWS: whatever the function's name, the account and the region are these (Runtime Interface Emulator).
  const invokedFunctionArn = `arn:aws:lambda:us-east-1:${RIE_ACCOUNT_ID}:function:${functionName}`;
  const { createServer } = process.getBuiltinModule("node:http");
  return createServer({ requestTimeout: 0, noDelay: true }, (request, response) => {
    if (isOfForeignPage(request.headers)) {
      request.resume();
      answer(response, 403, "text/plain; charset=utf-8", "web pages of other machines may not invoke functions\n");
      return;
    }
    const [path] = (request.url ?? "").split("?", 1);
    if (path !== INVOKE && path !== INVOKE_WITH_RESPONSE_STREAM) {
      request.resume();
      answer(response, 404, "text/plain; charset=utf-8", "404 page not found\n");
      return;
    }
    const reply =
      path === INVOKE ? plainReply(response) : eventStreamReply(response, request.headers["x-amz-log-type"] === "Tail");
    serve(pool, request, response, { reply, invokedFunctionArn }).catch((error: unknown) => {
      const message = error instanceof Error ? error.message : String(error);
      if (response.headersSent) response.destroy();
      else
        answer(
          response,
          500,
          "application/json",
          JSON.stringify({ errorMessage: message, errorType: "InternalError" }),
        );
    });
  });
}

async function serve(
  pool: EnvironmentPool,
  request: IncomingMessage,
  response: ServerResponse,
  { reply, invokedFunctionArn }: { readonly reply: Reply; readonly invokedFunctionArn: string },
): Promise<void> {
  const payload = await readEvent(request);
  if (payload === undefined) {
    const message = `Request must be smaller than ${MAX_EVENT_BYTES} bytes for the InvokeFunction operation`;
    answer(response, 413, "application/json", JSON.stringify({ Type: "User", message }));
    return;
  }
  if (!isBase64(headerOf(request, "x-amz-client-context") ?? "")) {
    // AWS: this status (Runtime Interface Emulator).
    const errorMessage = "X-Amz-Client-Context is no base64";
    answer(response, 500, "application/json", JSON.stringify({ errorMessage, errorType: "InvalidRequestContent" }));
    return;
  }
  const outcome = await pool.invoke({
    requestId: process.getBuiltinModule("node:crypto").randomUUID(),
    payload: payload.byteLength === 0 ? Buffer.from("{}") : payload,
    invokedFunctionArn,
    ...fromHeaders(request),
    onResponse: (head) => {
      reply.begin(head);
      return sinkOf(response, reply);
    },
  });
  reply.end(outcome);
}

/** With back-pressure: the function waits while the caller does not read. One who has gone is not waited for. */
function sinkOf(response: ServerResponse, reply: Reply): ResponseSink {
  return {
    write(bytes) {
      if (response.destroyed || response.write(reply.chunk(bytes))) return undefined;
      return new Promise((resolve) => {
        response.once("drain", resolve);
        response.once("close", resolve);
      });
    },
  };
}

function plainReply(response: ServerResponse): Reply {
  return {
    begin: ({ contentType }) => response.writeHead(200, { "Content-Type": contentType }).flushHeaders(),
    chunk: (bytes) => bytes,
    end(outcome) {
      const { functionError, payload, contentType } = outcome;
      if (response.headersSent) {
        // The response broke off: nobody may take it for whole.
        if (functionError === undefined) response.end();
        else response.destroy();
        return;
      }
      const failed = functionError === undefined ? {} : { "X-Amz-Function-Error": functionError.kind };
      answer(response, 200, contentType, payload, failed);
    },
  };
}

function eventStreamReply(response: ServerResponse, withLog: boolean): Reply {
  const begin = (): void => {
    response.writeHead(200, { "Content-Type": "application/vnd.amazon.eventstream" }).flushHeaders();
  };
  return {
    begin,
    chunk: (bytes) => eventMessage("PayloadChunk", "application/octet-stream", bytes),
    end({ functionError, payload, logTail }) {
      if (!response.headersSent) begin();
      const complete = {
        ...(functionError === undefined
          ? {}
          : { ErrorCode: functionError.kind, ErrorDetails: Buffer.from(payload).toString("utf8") }),
        ...(withLog ? { LogResult: Buffer.from(logTail).toString("base64") } : {}),
      };
      response.end(eventMessage("InvokeComplete", "application/json", Buffer.from(JSON.stringify(complete))));
    },
  };
}

function headerOf(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name];
  return typeof value === "string" ? value : undefined;
}

function isBase64(text: string): boolean {
  return /^(?:[A-Za-z\d+/]{4})*(?:[A-Za-z\d+/]{2}==|[A-Za-z\d+/]{3}=)?$/.test(text);
}

function fromHeaders(request: IncomingMessage): Pick<InvokeRequest, "clientContext" | "traceId" | "tenantId"> {
  const names = ["x-amz-client-context", "x-amzn-trace-id", "x-amz-tenant-id"];
  const [context, traceId, tenantId] = names.map((name) => headerOf(request, name));
  return {
    ...(context === undefined ? {} : { clientContext: Buffer.from(context, "base64").toString("utf8") }),
    ...(traceId === undefined ? {} : { traceId }),
    ...(tenantId === undefined ? {} : { tenantId }),
  };
}

/** Undefined when it is too large. */
async function readEvent(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    if (!Buffer.isBuffer(chunk)) continue;
    size += chunk.byteLength;
    if (size <= MAX_EVENT_BYTES) chunks.push(chunk);
  }
  return size > MAX_EVENT_BYTES ? undefined : Buffer.concat(chunks);
}

function answer(
  response: ServerResponse,
  status: number,
  contentType: string,
  body: string | Uint8Array,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { "Content-Type": contentType, "Content-Length": Buffer.byteLength(body), ...headers });
  response.end(body);
}
