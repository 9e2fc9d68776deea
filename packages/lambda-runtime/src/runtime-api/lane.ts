import type { InvokeRequest, ResponseHead, ResponseSink } from "../contract.ts";
import type { HostTime } from "../ports.ts";
import { errorAnswer, responseAnswer, type Answer } from "./answer.ts";
import { wasSent, type ApiRequest, type ApiResponse } from "./exchange.ts";
import { acknowledge, ANSWER_POLLS, header, replyError } from "./replies.ts";
import { BodyCollector, readBody } from "./request-body.ts";
import {
  MAX_RESPONSE_BYTES,
  STARTED,
  step,
  TOO_LATE,
  tooLarge,
  type ApiEvent,
  type ApiReaction,
  type ApiState,
} from "./runtime-api-machine.ts";

/** AWS: a streamed response may have 200 MB (AWS docs). */
const MAX_STREAMED_BYTES = 200 * 1024 * 1024;

/** How long a poll that overtook the response waits for it. */
const GRACE_MS = 500;

export interface LaneEvents {
  /** The runtime waits for an invocation; `after` is the one before, if it had one. */
  ready(after: string | undefined): void;
  /** An invocation was answered; called at most once for each. */
  answered(requestId: string, answer: Answer, producedBytes: number): void;
  /** The response to an invocation begins. */
  responding(requestId: string): void;
}

/** A runtime that waits for an invocation. */
export interface Poll {
  readonly response: ApiResponse;
  /** Whether the answer to that invocation may be the next poll: see {@link ANSWER_POLLS}. */
  readonly answerPolls: boolean;
}

/** What an answer is, and to what. */
export interface AnswerPath {
  readonly requestId: string;
  readonly kind: "response" | "error";
  /** Takes the poll that an answer is as well, where that is possible. */
  readonly onPoll?: (poll: Poll) => void;
}

export interface Delivery {
  readonly request: InvokeRequest;
  /** Milliseconds since the epoch. */
  readonly deadline: number;
  /** Tells this delivery from others of the same request id; the runtime may echo it. */
  readonly invocationId?: string;
  /** How long a response may be that nobody takes while it arrives, bytes. */
  readonly maxResponseBytes?: number | undefined;
}

/** What one of the invocations that a runtime may have at a time goes through: the driver of the Runtime API machine. */
export class Lane {
  readonly #hostTime: HostTime;
  readonly #events: LaneEvents;
  #state: ApiState = STARTED;
  #delivery: Delivery | undefined;
  /** The invocation that was delivered last. */
  #served: string | undefined;
  /** The poll that waits, or the one that was answered last: if it breaks, its invocation goes to the next poll. */
  #poll: Poll | undefined;
  #cancelGrace: () => void = () => undefined;

  constructor(hostTime: HostTime, events: LaneEvents) {
    this.#hostTime = hostTime;
    this.#events = events;
  }

  get state(): ApiState {
    return this.#state;
  }

  deliver(delivery: Delivery): void {
    const { invocationId, request } = delivery;
    this.#delivery = delivery;
    this.#served = request.requestId;
    this.#perform(this.#advance({ type: "invoke", requestId: request.requestId, invocationId }));
  }

  abandon(): void {
    const reaction = this.#advance({ type: "abandon" });
    this.#cancelGrace();
    if (reaction.do === "fail" && reaction.free) {
      this.#events.ready(this.#served);
    }
  }

  close(): void {
    this.#cancelGrace();
  }

  onPoll(poll: Poll): void {
    const { response } = poll;
    const before = this.#state;
    const reaction = this.#advance({ type: "next" });
    if (reaction.do === "refuse") {
      replyError(response, reaction.refusal);
      return;
    }
    if (before.polling && this.#poll !== undefined && !this.#poll.response.writableEnded) {
      // Assumed: of two polls at a time the later one counts.
      replyError(this.#poll.response, {
        status: 403,
        errorType: "InvalidStateTransition",
        errorMessage: "State transition from Ready to Ready failed for runtime. Error: State transition is not allowed",
      });
    }
    this.#poll = poll;
    response.on("close", () => {
      if (this.#poll === poll && !wasSent(response)) {
        this.#poll = undefined;
        this.#advance({ type: "pollDropped" });
      }
    });
    this.#perform(reaction);
    if (before.name === "Started" || before.name === "ResponseSent") {
      this.#events.ready(this.#served);
    }
  }

  onInitError(response: ApiResponse, request: ApiRequest, done: (body: Uint8Array) => void): void {
    const reaction = this.#advance({ type: "initError" });
    if (reaction.do === "refuse") {
      request.resume();
      replyError(response, reaction.refusal);
      return;
    }
    const body = new BodyCollector();
    readBody(request, body, MAX_RESPONSE_BYTES, () => {
      acknowledge(response);
      done(body.bytes());
    });
  }

  onAnswer(request: ApiRequest, response: ApiResponse, { requestId, kind, onPoll }: AnswerPath): void {
    const mode = responseMode(request);
    const invocationId = header(request, "lambda-runtime-invocation-id");
    const reaction = this.#advance(
      kind === "response"
        ? { type: "response", requestId, invocationId, mode }
        : { type: "error", requestId, invocationId },
    );
    if (reaction.do === "refuse") {
      request.resume();
      replyError(response, reaction.refusal);
      if (reaction.failed) {
        this.#conclude(requestId, { kind: "invalidMode" }, 0, reaction.free);
      }
      return;
    }
    this.#cancelGrace();
    this.#events.responding(requestId);
    const contentType = header(request, "content-type") ?? "application/octet-stream";
    const streaming = mode === "streaming";
    const collector = new BodyCollector();
    const sink =
      kind === "response" ? this.#sinkFor({ mode: streaming ? "streaming" : "buffered", contentType }) : undefined;
    const longest = this.#delivery?.maxResponseBytes ?? MAX_RESPONSE_BYTES;
    const limit = sink?.maxBytes ?? (streaming && sink !== undefined ? MAX_STREAMED_BYTES : longest);
    readBody(request, sink ?? collector, limit, (end, bytes) => {
      const after = this.#advance({ type: end });
      if (after.do === "acknowledge") {
        const body = collector.bytes();
        const answer = kind === "error" ? errorAnswer(request, body) : responseAnswer(request, body, contentType);
        this.#conclude(requestId, answer, bytes, after.free);
        // The caller waits for the answer and the runtime for no more than this: it comes second.
        this.#hostTime.setImmediate(() => {
          const polls = kind === "response" && header(request, ANSWER_POLLS) !== undefined;
          if (polls && onPoll !== undefined) onPoll({ response, answerPolls: true });
          else acknowledge(response);
        });
      } else if (after.do === "refuse") {
        replyError(response, { ...after.refusal, errorMessage: tooLarge(limit) });
        this.#conclude(requestId, { kind: "tooLarge", limit }, bytes, after.free);
      } else if (after.do === "fail") {
        this.#conclude(requestId, { kind: "truncated" }, bytes, after.free);
      } else if (!response.writableEnded) {
        // The platform gave the invocation up while the answer was still coming.
        replyError(response, TOO_LATE);
      }
    });
  }

  #advance(event: ApiEvent): ApiReaction {
    const { state, reaction } = step(this.#state, event);
    this.#state = state;
    return reaction;
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

  #sinkFor(head: ResponseHead): ResponseSink | undefined {
    return this.#delivery?.request.onResponse?.(head);
  }

  #conclude(requestId: string, answer: Answer, producedBytes: number, free: boolean): void {
    this.#delivery = undefined;
    this.#events.answered(requestId, answer, producedBytes);
    if (free) {
      this.#events.ready(requestId);
    }
  }
}

function writeDelivery({ response, answerPolls }: Poll, { request, deadline, invocationId }: Delivery): void {
  // AWS: headers without a value are left out; the official Node.js client crashes when Content-Type is missing.
  const headers: Record<string, string | number> = {
    "Content-Type": "application/json",
    "Content-Length": request.payload.byteLength,
    "Lambda-Runtime-Aws-Request-Id": request.requestId,
    "Lambda-Runtime-Deadline-Ms": Math.round(deadline),
    "Lambda-Runtime-Invoked-Function-Arn": request.invokedFunctionArn,
  };
  const add = (name: string, value: string | undefined): void => {
    if (value !== undefined && value !== "") headers[name] = asHeader(value);
  };
  add("Lambda-Runtime-Trace-Id", request.traceId);
  add("Lambda-Runtime-Client-Context", request.clientContext);
  add("Lambda-Runtime-Cognito-Identity", request.cognitoIdentity);
  add("Lambda-Runtime-Aws-Tenant-Id", request.tenantId);
  add("Lambda-Runtime-Invocation-Id", invocationId);
  if (answerPolls) headers[ANSWER_POLLS] = "true";
  response.writeHead(200, headers);
  response.end(request.payload);
}

/** Raw UTF-8 bytes: Node's http writes header values as latin1. */
function asHeader(value: string): string {
  return /[^\x20-\x7e]/.test(value) ? Buffer.from(value, "utf8").toString("latin1") : value;
}

function responseMode(request: ApiRequest): "buffered" | "streaming" | "invalid" {
  const mode = header(request, "lambda-runtime-function-response-mode");
  if (mode === undefined || mode === "") {
    return "buffered";
  }
  // AWS compares case-sensitively; clients that write it otherwise are let in all the same.
  return mode.toLowerCase() === "streaming" ? "streaming" : "invalid";
}
