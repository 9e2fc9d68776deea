import type { HostTime } from "../ports.ts";
import { telemetryErrorType } from "./answer.ts";
import type { ApiRequest, ApiResponse } from "./exchange.ts";
import { Lane, type Delivery, type LaneEvents, type Poll } from "./lane.ts";
import { ANSWER_POLLS, header, reply, replyNotFound } from "./replies.ts";

export interface RuntimeApiEvents extends LaneEvents {
  initError(payload: Uint8Array, errorType: string): void;
}

/**
 * The Runtime API 2018-06-01 for one runtime.
 * AWS: a runtime has one invocation at a time, but with `AWS_LAMBDA_MAX_CONCURRENCY` (Managed Instances) that many, each with
 * a poll of its own.
 */
export class RuntimeApi {
  readonly #events: RuntimeApiEvents;
  readonly #lanes: readonly Lane[];
  /** Polls for which no lane is free yet. */
  #waiting: Poll[] = [];

  constructor(hostTime: HostTime, events: RuntimeApiEvents, maxConcurrency = 1) {
    this.#events = events;
    const ofLanes: LaneEvents = {
      ready: (after) => events.ready(after),
      responding: (requestId) => events.responding(requestId),
      answered: (requestId, answer, producedBytes) => {
        events.answered(requestId, answer, producedBytes);
        this.#seatWaiting();
      },
    };
    this.#lanes = Array.from({ length: maxConcurrency }, () => new Lane(hostTime, ofLanes));
  }

  /** Whether a poll has come already. */
  get polled(): boolean {
    return this.#lanes.some(({ state }) => state.name !== "Started" && state.name !== "InitError");
  }

  /** Hands an invocation to the runtime; allowed once for each `ready`. */
  deliver(delivery: Delivery): void {
    const free = ({ state }: Lane): boolean => state.requestId === undefined && state.name === "Ready";
    const lane = this.#lanes.find((one) => free(one) && one.state.polling) ?? this.#lanes.find(free);
    if (lane === undefined) {
      throw new Error("An invocation was given to a runtime that waits for none");
    }
    lane.deliver(delivery);
  }

  /** Gives an invocation up and keeps the runtime: its answer will be too late. */
  abandon(requestId: string): void {
    this.#lanes.find(({ state }) => state.requestId === requestId)?.abandon();
    this.#seatWaiting();
  }

  close(): void {
    for (const lane of this.#lanes) {
      lane.close();
    }
  }

  /** Answers a request to `/2018-06-01/<path>`. */
  handle(request: ApiRequest, response: ApiResponse, path: readonly string[]): void {
    const { method } = request;
    const [area, first = "", second = "", third = ""] = path;
    if (area === "ping" && path.length === 1) {
      reply(response, 200, "text/plain", "pong");
    } else if (area !== "runtime") {
      replyNotFound(response);
    } else if (method === "GET" && first === "invocation" && second === "next" && path.length === 3) {
      this.#onPoll({ response, answerPolls: header(request, ANSWER_POLLS) !== undefined });
    } else if (method !== "POST") {
      replyNotFound(response);
    } else if (first === "init" && second === "error" && path.length === 3) {
      this.#onInitError(request, response);
    } else if (first === "invocation" && path.length === 4 && (third === "response" || third === "error")) {
      const requestId = decode(second);
      this.#laneOf(requestId)?.onAnswer(request, response, {
        requestId,
        kind: third,
        onPoll: (poll) => this.#onPoll(poll),
      });
    } else {
      replyNotFound(response);
    }
  }

  #onPoll(poll: Poll): void {
    const lane = this.#seat();
    if (lane !== undefined) {
      lane.onPoll(poll);
      return;
    }
    this.#waiting.push(poll);
    poll.response.on("close", () => {
      this.#waiting = this.#waiting.filter((waiting) => waiting !== poll);
    });
  }

  #seatWaiting(): void {
    for (let lane = this.#seat(); lane !== undefined && this.#waiting.length > 0; lane = this.#seat()) {
      const poll = this.#waiting.shift();
      if (poll !== undefined) {
        lane.onPoll(poll);
      }
    }
  }

  /**
   * The lane that takes the next poll: first one whose invocation did not reach the runtime, last one whose invocation was
   * given up, for its answer may still come and must find it.
   */
  #seat(): Lane | undefined {
    const [only] = this.#lanes;
    if (this.#lanes.length === 1) {
      return only;
    }
    const open = this.#lanes.filter(({ state }) => !state.polling && SEATS.has(state.name));
    return (
      open.find(({ state }) => state.name === "Ready" && state.requestId !== undefined) ??
      open.find(({ state }) => state.stale !== true) ??
      open[0]
    );
  }

  #laneOf(requestId: string): Lane | undefined {
    return this.#lanes.find(({ state }) => state.requestId === requestId) ?? this.#lanes[0];
  }

  #onInitError(request: ApiRequest, response: ApiResponse): void {
    const lane = this.#lanes.find(({ state }) => state.name !== "Started") ?? this.#lanes[0];
    const errorType = telemetryErrorType(header(request, "lambda-runtime-function-error-type") ?? "");
    lane?.onInitError(response, request, (payload) => this.#events.initError(payload, errorType));
  }
}

const SEATS: ReadonlySet<string> = new Set(["Started", "InitError", "Ready", "ResponseSent"]);

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
