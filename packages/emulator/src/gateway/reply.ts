import { giveBack } from "../core/give-back.ts";
import { isGone } from "./caller-gone.ts";
import type { Outgoing } from "./listener.ts";

/** A reply on its way out; a list as a header's value is that header several times. */
interface AnyReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[]>>;
  /** Absent where the reply has none, as to HEAD; its headers then stand as they are. Chunks are sent as they come. */
  readonly body: string | Uint8Array | AsyncIterable<Uint8Array> | undefined;
  /** Nobody else looks at the chunks: once sent, their memory is given back. */
  readonly ownsChunks?: boolean;
}

interface WholeReply extends AnyReply {
  readonly body: string | Uint8Array | undefined;
}

/**
 * Node joins a text with the reply's head and encodes the whole once more: cheaper than two writes for a short text (in
 * UTF-16 units), but half as much again for one of megabytes, which is therefore encoded here.
 */
const longText = 128 * 1024;

/** A promise where the body is sent as it comes: it resolves when all of it was, or when the client is gone. */
export function send(response: Outgoing, reply: WholeReply): void;
export function send(response: Outgoing, reply: AnyReply): void | Promise<void>;
export function send(
  response: Outgoing,
  { status, headers, body, ownsChunks = false }: AnyReply,
): void | Promise<void> {
  if (body === undefined) {
    response.writeHead(status, headers);
    response.end();
    return;
  }
  if (typeof body === "object" && Symbol.asyncIterator in body) {
    response.writeHead(status, headers);
    // The client learns that there is an answer, however long its first chunk takes; what is there at once goes with it.
    const { socket } = response;
    if (response.flushHeaders !== undefined && socket) {
      socket.cork();
      process.nextTick(() => socket.uncork());
      response.flushHeaders();
    }
    return sendChunks(response, body, ownsChunks);
  }
  const content = typeof body === "string" && body.length > longText ? Buffer.from(body) : body;
  response.writeHead(status, { ...headers, "Content-Length": Buffer.byteLength(content) });
  response.end(content);
}

/**
 * Asks for a chunk only when the client has taken those before it. Rejects when the chunks break off, once all before was sent:
 * the reply is not ended then.
 */
async function sendChunks(response: Outgoing, chunks: AsyncIterable<Uint8Array>, ownsChunks: boolean): Promise<void> {
  let gone = isGone(response);
  let resume = (): void => {};
  response.once("close", () => {
    gone = true;
    resume();
  });
  response.on("drain", () => resume());
  try {
    for await (const chunk of chunks) {
      if (gone) break;
      if (response.write(chunk, ownsChunks ? () => giveBack(chunk) : undefined)) continue;
      const { promise, resolve } = Promise.withResolvers<void>();
      resume = resolve;
      await promise;
    }
  } catch (error) {
    const { promise, resolve } = Promise.withResolvers<void>();
    resume = resolve;
    if (!gone) response.write("", () => resolve());
    if (!gone) await promise;
    throw error;
  }
  response.end();
}

/** The code by which HTTP/2 tells that a stream failed. */
const internalError = 2;

/** Ends a reply that has begun, so that the client does not take it for a whole one. */
export function cut(response: Outgoing): void {
  if (response.stream === undefined) response.destroy();
  else response.stream.close(internalError);
}

/** Sends a value as JSON; a text is JSON already. */
export function sendJson(response: Outgoing, status: number, value: object | string): void {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  response.writeHead(status, { "content-type": "application/json", "content-length": Buffer.byteLength(text) });
  response.end(text);
}
