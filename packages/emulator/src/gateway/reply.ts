import type { HttpReply } from "../protocols/http-messages.ts";
import type { Outgoing } from "./listener.ts";

/**
 * Node joins a text with the reply's head and encodes the whole once more: cheaper than two writes for a short text (in
 * UTF-16 units), but half as much again for one of megabytes, which is therefore encoded here.
 */
const longText = 128 * 1024;

/** Sends a whole reply; one whose body is a stream goes out as it comes, no faster than the client takes it. */
export async function send(response: Outgoing, reply: HttpReply): Promise<void> {
  const { body } = reply;
  if (body === undefined) {
    response.writeHead(reply.status, reply.headers);
    response.end();
    return;
  }
  if (typeof body === "string" || body instanceof Uint8Array) {
    const content = typeof body === "string" && body.length > longText ? Buffer.from(body) : body;
    response.writeHead(reply.status, { ...reply.headers, "Content-Length": Buffer.byteLength(content) });
    response.end(content);
    return;
  }
  response.writeHead(reply.status, reply.headers);
  for await (const chunk of body) {
    if (!response.write(chunk)) await new Promise<void>((resolve) => onceEither(response, resolve));
  }
  response.end();
}

/** Sends a value as JSON; a text is JSON already. */
export function sendJson(response: Outgoing, status: number, value: object | string): void {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  response.writeHead(status, { "content-type": "application/json", "content-length": Buffer.byteLength(text) });
  response.end(text);
}

function onceEither(response: Outgoing, resolve: () => void): void {
  response.once("drain", resolve);
  response.once("close", resolve);
}
