import type { HttpReply } from "../protocols/http-messages.ts";
import type { Outgoing } from "./listener.ts";

/**
 * Node joins a text with the reply's head and encodes the whole once more: cheaper than two writes for a short text (in
 * UTF-16 units), but half as much again for one of megabytes, which is therefore encoded here.
 */
const longText = 128 * 1024;

export function send(response: Outgoing, { status, headers, body }: HttpReply): void {
  if (body === undefined) {
    response.writeHead(status, headers);
    response.end();
    return;
  }
  const content = typeof body === "string" && body.length > longText ? Buffer.from(body) : body;
  response.writeHead(status, { ...headers, "Content-Length": Buffer.byteLength(content) });
  response.end(content);
}

/** Sends a value as JSON; a text is JSON already. */
export function sendJson(response: Outgoing, status: number, value: object | string): void {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  response.writeHead(status, { "content-type": "application/json", "content-length": Buffer.byteLength(text) });
  response.end(text);
}
