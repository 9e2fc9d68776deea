import type { HttpReply } from "../protocols/http-messages.ts";
import type { Outgoing } from "./listener.ts";

/** Sends a whole reply; one whose body is a stream goes out as it comes, no faster than the client takes it. */
export async function send(response: Outgoing, reply: HttpReply): Promise<void> {
  const { body } = reply;
  if (body === undefined) {
    response.writeHead(reply.status, reply.headers);
    response.end();
    return;
  }
  if (typeof body === "string" || body instanceof Uint8Array) {
    response.writeHead(reply.status, { ...reply.headers, "Content-Length": Buffer.byteLength(body) });
    response.end(body);
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
