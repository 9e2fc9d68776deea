import type { ApiRequest, ApiResponse } from "./exchange.ts";

/**
 * A poll with this header is told by the same one that the answer to its event may have it too: that answer is then the next poll
 * as well, and its reply the next event. LocalEmu's own client for Node.js asks; others are served as AWS does.
 */
export const ANSWER_POLLS = "localemu-answer-polls";

/** What AWS's error replies carry. */
export interface ErrorReply {
  readonly status: number;
  readonly errorType: string;
  readonly errorMessage: string;
}

// AWS: message first, then type; no newline at the end (Runtime Interface Emulator).
export function replyError(response: ApiResponse, { status, errorMessage, errorType }: ErrorReply): void {
  reply(response, status, "application/json", JSON.stringify({ errorMessage, errorType }));
}

export function acknowledge(response: ApiResponse): void {
  reply(response, 202, "application/json", '{"status":"OK"}\n');
}

export function replyNotFound(response: ApiResponse): void {
  reply(response, 404, "text/plain; charset=utf-8", "404 page not found\n");
}

export function replyForbidden(response: ApiResponse): void {
  reply(response, 403, "text/plain; charset=utf-8", "web pages may not call the APIs of functions\n");
}

export function reply(
  response: ApiResponse,
  status: number,
  contentType: string,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  const length = Buffer.byteLength(body);
  response.writeHead(status, { "Content-Type": contentType, "Content-Length": length, ...headers });
  response.end(body);
}

/** A header of which only one value counts. */
export function header(request: ApiRequest, name: string): string | undefined {
  const value = request.headers[name];
  return typeof value === "string" ? value : undefined;
}

export function trailer(request: ApiRequest, name: string): string | undefined {
  const value = request.trailers[name];
  return typeof value === "string" ? value : undefined;
}
