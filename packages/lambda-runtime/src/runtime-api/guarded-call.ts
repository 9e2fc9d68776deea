import type { ApiRequest, ApiResponse } from "./exchange.ts";
import { replyError } from "./replies.ts";

// AWS: as the Runtime Interface Emulator names it.
const INTERNAL_ERROR = { status: 500, errorType: "InternalServerError", errorMessage: "Internal Server Error" };

/**
 * Serves a call so that what it throws, at once or later when its body arrives or its connection ends, fails this call and nothing
 * else: `onError` is told, and the caller gets 500, or where its reply has begun, no end of it.
 */
export function guardedCall(
  request: ApiRequest,
  response: ApiResponse,
  onError: (error: unknown) => void,
  serve: (request: ApiRequest, response: ApiResponse) => void,
): void {
  const guard = (act: () => void): void => {
    try {
      act();
    } catch (error) {
      onError(error);
      request.resume();
      if (response.headersSent) response.destroy();
      else replyError(response, INTERNAL_ERROR);
    }
  };
  guard(() => serve(new GuardedRequest(request, guard), new GuardedResponse(response, guard)));
}

type Guard = (act: () => void) => void;

class GuardedRequest implements ApiRequest {
  readonly #request: ApiRequest;
  readonly #guard: Guard;

  constructor(request: ApiRequest, guard: Guard) {
    this.#request = request;
    this.#guard = guard;
  }

  get method(): string | undefined {
    return this.#request.method;
  }

  get headers(): ApiRequest["headers"] {
    return this.#request.headers;
  }

  get trailers(): ApiRequest["trailers"] {
    return this.#request.trailers;
  }

  get socket(): ApiRequest["socket"] {
    return this.#request.socket;
  }

  on(event: "data", listener: (chunk: Buffer) => void): void;
  on(event: "end" | "close", listener: () => void): void;
  on(event: "error", listener: (error: Error) => void): void;
  on(event: "data" | "end" | "close" | "error", listener: (value: never) => void): void {
    const guarded = (value: never): void => this.#guard(() => listener(value));
    Reflect.apply(Reflect.get(this.#request, "on"), this.#request, [event, guarded]);
  }

  pause(): void {
    this.#request.pause();
  }

  resume(): void {
    this.#request.resume();
  }
}

class GuardedResponse implements ApiResponse {
  readonly #response: ApiResponse;
  readonly #guard: Guard;

  constructor(response: ApiResponse, guard: Guard) {
    this.#response = response;
    this.#guard = guard;
  }

  get headersSent(): boolean {
    return this.#response.headersSent;
  }

  get writableEnded(): boolean {
    return this.#response.writableEnded;
  }

  get writableFinished(): boolean {
    return this.#response.writableFinished;
  }

  writeHead(status: number, headers: Record<string, string | number>): void {
    this.#response.writeHead(status, headers);
  }

  end(body?: string | Uint8Array): void {
    this.#response.end(body);
  }

  destroy(): void {
    this.#response.destroy();
  }

  on(event: "close", listener: () => void): void {
    this.#response.on(event, () => this.#guard(listener));
  }
}
