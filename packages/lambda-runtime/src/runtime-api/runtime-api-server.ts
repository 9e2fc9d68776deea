import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { InvokeRequest, ResponseHead, ResponseSink } from "../contract.ts";
import type { HostTime } from "../ports.ts";
import { BodyCollector } from "./response-body.ts";
import {
  MAX_RESPONSE_BYTES,
  STARTED,
  step,
  type ApiEvent,
  type ApiReaction,
  type ApiState,
  type Refusal,
} from "./runtime-api-machine.ts";

/** AWS: a streamed response may have 200 MB (AWS docs). */
const MAX_STREAMED_BYTES = 200 * 1024 * 1024;

/** How long a poll that overtook the response waits for it. */
const GRACE_MS = 100;

/** How the runtime answered an invocation. */
export type Answer =
  | { readonly kind: "response"; readonly payload: Uint8Array; readonly contentType: string }
  | { readonly kind: "error"; readonly payload: Uint8Array }
  | { readonly kind: "tooLarge" }
  | { readonly kind: "truncated" }
  | { readonly kind: "invalidMode" };

export interface RuntimeApiEvents {
  /** The runtime waits for an invocation. */
  ready(): void;
  initError(payload: Uint8Array, errorType: string): void;
  /** The current invocation was answered; called once per invocation. */
  answered(answer: Answer): void;
}

export interface Delivery {
  readonly request: InvokeRequest;
  /** Milliseconds since the epoch. */
  readonly deadline: number;
}

/** Serves the Runtime API to one runtime process, on a port of its own. */
export class RuntimeApiServer {
  readonly #hostTime: HostTime;
  readonly #events: RuntimeApiEvents;
  readonly #server: Server;
  #state: ApiState = STARTED;
  #delivery: Delivery | undefined;
  /** The poll that waits, or the one that was answered last: if it breaks, its invocation goes to the next poll. */
  #poll: ServerResponse | undefined;
  #cancelGrace: () => void = () => undefined;

  constructor(hostTime: HostTime, events: RuntimeApiEvents) {
    this.#hostTime = hostTime;
    this.#events = events;
    const options = {
      // AWS: error causes travel in a header, and in trailers when streaming, however long they are.
      maxHeaderSize: 1024 * 1024,
      requestTimeout: 0,
      headersTimeout: 0,
      keepAliveTimeout: 0,
      // With no time limit to enforce, no timer has to look for connections that exceeded one.
      connectionsCheckingInterval: 2 ** 31 - 1,
    };
    this.#server = process
      .getBuiltinModule("node:http")
      .createServer(options, (request, response) => this.#route(request, response));
  }

  /** Resolves to `host:port`. */
  listen(): Promise<string> {
    return new Promise((resolve, reject) => {
      this.#server.once("error", reject);
      this.#server.listen(0, "127.0.0.1", () => {
        const address = this.#server.address();
        resolve(`127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`);
      });
    });
  }

  /** Hands an invocation to the runtime; allowed once for each `ready`. */
  deliver(delivery: Delivery): void {
    this.#delivery = delivery;
    this.#perform(this.#advance({ type: "invoke", requestId: delivery.request.requestId }));
  }

  close(): void {
    this.#cancelGrace();
    this.#server.close();
    this.#server.closeAllConnections();
  }

  #route(request: IncomingMessage, response: ServerResponse): void {
    response.sendDate = false;
    const [, version, area, ...path] = (request.url ?? "").split("?", 1)[0]?.split("/") ?? [];
    const [first = "", second = "", third = ""] = path;
    if (version === "2018-06-01" && area === "ping" && first === "") {
      reply(response, 200, "text/plain", "pong");
    } else if (version !== "2018-06-01" || area !== "runtime") {
      notFound(response);
    } else if (request.method === "GET" && first === "invocation" && second === "next" && path.length === 2) {
      this.#onPoll(response);
    } else if (request.method !== "POST") {
      notFound(response);
    } else if (first === "init" && second === "error" && path.length === 2) {
      this.#onInitError(request, response);
    } else if (first === "invocation" && path.length === 3 && (third === "response" || third === "error")) {
      this.#onAnswer(request, response, decode(second), third);
    } else {
      notFound(response);
    }
  }

  #advance(event: ApiEvent): ApiReaction {
    const { state, reaction } = step(this.#state, event);
    this.#state = state;
    return reaction;
  }

  #onPoll(response: ServerResponse): void {
    const before = this.#state;
    const reaction = this.#advance({ type: "next" });
    if (reaction.do === "refuse") {
      refuse(response, reaction.refusal);
      return;
    }
    if (before.polling && this.#poll !== undefined && !this.#poll.writableEnded) {
      // Assumed: of two polls at a time the later one counts.
      refuse(this.#poll, {
        status: 403,
        errorType: "InvalidStateTransition",
        errorMessage: "State transition from Ready to Ready failed for runtime. Error: State transition is not allowed",
      });
    }
    this.#poll = response;
    response.on("close", () => {
      if (this.#poll === response && !response.writableFinished) {
        this.#poll = undefined;
        this.#advance({ type: "pollDropped" });
      }
    });
    this.#perform(reaction);
    if (before.name === "Started" || before.name === "ResponseSent") {
      this.#events.ready();
    }
  }

  #perform(reaction: ApiReaction): void {
    this.#cancelGrace();
    if (reaction.do === "deliver" && this.#poll !== undefined && this.#delivery !== undefined) {
      writeDelivery(this.#poll, this.#delivery);
    } else if (reaction.do === "park" && reaction.grace) {
      this.#cancelGrace = this.#hostTime.setTimeout(
        () => this.#perform(this.#advance({ type: "graceOver" })),
        GRACE_MS,
      );
    }
  }

  #onInitError(request: IncomingMessage, response: ServerResponse): void {
    const reaction = this.#advance({ type: "initError" });
    if (reaction.do === "refuse") {
      request.resume();
      refuse(response, reaction.refusal);
      return;
    }
    const body = new BodyCollector();
    const errorType = header(request, "lambda-runtime-function-error-type") ?? "Runtime.Unknown";
    readBody(request, body, MAX_RESPONSE_BYTES, () => {
      acknowledge(response);
      this.#events.initError(body.bytes(), errorType);
    });
  }

  #onAnswer(request: IncomingMessage, response: ServerResponse, requestId: string, kind: "response" | "error"): void {
    const mode = responseMode(request);
    const reaction = this.#advance(
      kind === "response" ? { type: "response", requestId, mode } : { type: "error", requestId },
    );
    if (reaction.do === "refuse") {
      request.resume();
      refuse(response, reaction.refusal);
      if (reaction.failed) {
        this.#conclude({ kind: "invalidMode" }, reaction.free);
      }
      return;
    }
    this.#cancelGrace();
    const contentType = header(request, "content-type") ?? "application/octet-stream";
    const streaming = mode === "streaming";
    const collector = new BodyCollector();
    const sink =
      kind === "response" ? this.#sinkFor({ mode: streaming ? "streaming" : "buffered", contentType }) : undefined;
    const limit = streaming && sink !== undefined ? MAX_STREAMED_BYTES : MAX_RESPONSE_BYTES;
    readBody(request, sink ?? collector, limit, (end) => {
      const after = this.#advance({ type: end });
      if (after.do === "acknowledge") {
        acknowledge(response);
        this.#conclude(completeAnswer(kind, request, collector.bytes(), contentType), after.free);
      } else if (after.do === "refuse") {
        refuse(response, after.refusal);
        this.#conclude({ kind: "tooLarge" }, after.free);
      } else if (after.do === "fail") {
        this.#conclude({ kind: "truncated" }, after.free);
      }
    });
  }

  #sinkFor(head: ResponseHead): ResponseSink | undefined {
    return this.#delivery?.request.onResponse?.(head);
  }

  #conclude(answer: Answer, free: boolean): void {
    this.#delivery = undefined;
    this.#events.answered(answer);
    if (free) {
      this.#events.ready();
    }
  }
}

/** Reads a request body into a sink with back-pressure; what exceeds the limit is read and dropped. */
function readBody(
  request: IncomingMessage,
  sink: ResponseSink,
  limit: number,
  done: (end: "bodyRead" | "bodyTooLarge" | "bodyTruncated") => void,
): void {
  let size = 0;
  let dropping = false;
  let ended = false;
  const end = (how: "bodyRead" | "bodyTooLarge" | "bodyTruncated"): void => {
    if (!ended) {
      ended = true;
      done(how);
    }
  };
  const proceed = (): void => {
    request.resume();
  };
  const dropAndProceed = (): void => {
    dropping = true;
    request.resume();
  };
  request.on("data", (chunk: Buffer) => {
    size += chunk.byteLength;
    if (dropping || size > limit) {
      return;
    }
    const accepted = sink.write(chunk);
    if (accepted !== undefined) {
      request.pause();
      // AWS: a function runs on when its caller has gone away.
      accepted.then(proceed, dropAndProceed);
    }
  });
  request.on("end", () => end(size > limit ? "bodyTooLarge" : "bodyRead"));
  // A broken connection is reported by "close".
  request.on("error", () => undefined);
  request.on("close", () => end("bodyTruncated"));
}

function completeAnswer(
  kind: "response" | "error",
  request: IncomingMessage,
  payload: Uint8Array,
  contentType: string,
): Answer {
  if (kind === "error") {
    return { kind: "error", payload };
  }
  const errorBody = request.trailers["lambda-runtime-function-error-body"];
  if (errorBody !== undefined || request.trailers["lambda-runtime-function-error-type"] !== undefined) {
    // Assumed: a caller that takes no stream is given the error that the trailers carry and not the bytes before it.
    return { kind: "error", payload: errorBody === undefined ? payload : Buffer.from(errorBody, "base64") };
  }
  return { kind: "response", payload, contentType };
}

function writeDelivery(response: ServerResponse, { request, deadline }: Delivery): void {
  // AWS: headers without a value are left out; the official Node.js client crashes when Content-Type is missing.
  const headers = {
    "Content-Type": "application/json",
    "Content-Length": request.payload.byteLength,
    "Lambda-Runtime-Aws-Request-Id": request.requestId,
    "Lambda-Runtime-Deadline-Ms": String(Math.round(deadline)),
    "Lambda-Runtime-Invoked-Function-Arn": request.invokedFunctionArn,
    ...optional("Lambda-Runtime-Trace-Id", request.traceId),
    ...optional("Lambda-Runtime-Client-Context", request.clientContext),
    ...optional("Lambda-Runtime-Cognito-Identity", request.cognitoIdentity),
    ...optional("Lambda-Runtime-Aws-Tenant-Id", request.tenantId),
  };
  response.writeHead(200, headers).end(request.payload);
}

function optional(name: string, value: string | undefined): Record<string, string> {
  // Raw UTF-8 bytes: Node's http writes header values as latin1.
  return value === undefined || value === "" ? {} : { [name]: Buffer.from(value, "utf8").toString("latin1") };
}

function responseMode(request: IncomingMessage): "buffered" | "streaming" | "invalid" {
  const mode = header(request, "lambda-runtime-function-response-mode");
  if (mode === undefined || mode === "") {
    return "buffered";
  }
  return mode.toLowerCase() === "streaming" ? "streaming" : "invalid";
}

function header(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name];
  return typeof value === "string" ? value : undefined;
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

function acknowledge(response: ServerResponse): void {
  reply(response, 202, "application/json", '{"status":"OK"}\n');
}

function refuse(response: ServerResponse, { status, errorMessage, errorType }: Refusal): void {
  reply(response, status, "application/json", JSON.stringify({ errorMessage, errorType }));
}

function notFound(response: ServerResponse): void {
  reply(response, 404, "text/plain; charset=utf-8", "404 page not found\n");
}

function reply(response: ServerResponse, status: number, contentType: string, body: string): void {
  response.writeHead(status, { "Content-Type": contentType, "Content-Length": Buffer.byteLength(body) }).end(body);
}
