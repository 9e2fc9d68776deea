import { once } from "node:events";
import { connect } from "node:net";
import { request } from "node:http";

/** Bytes for a connection, and how the client goes away. */
export interface RawInput {
  readonly bytes: Uint8Array;
  /** The connection is cut once they are sent; else it is half closed, and the server has the last word. */
  readonly cut: boolean;
}

/** Sends bytes on a connection of their own; resolves when it is closed, to what came. */
export async function sendBytes(endpoint: string, { bytes, cut }: RawInput): Promise<Buffer> {
  const { hostname, port } = new URL(endpoint);
  const socket = connect({ host: hostname, port: Number(port), noDelay: true });
  const chunks: Buffer[] = [];
  socket.on("data", (chunk: Buffer) => chunks.push(chunk));
  // A connection that the server resets is one that it closes.
  socket.on("error", () => {});
  const closed = once(socket, "close").catch(() => {});
  await once(socket, "connect");
  if (cut) socket.write(bytes, () => socket.destroy());
  else socket.end(bytes);
  await closed;
  return Buffer.concat(chunks);
}

export interface HttpInput {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | string;
}

/**
 * Sends one request as a client that does without the reply's body where the reply may be without end: it waits for the head,
 * reads what comes with it and goes. `patience` is how long it waits for a head where waiting is what it asked for.
 */
export function sendHttp(endpoint: string, input: HttpInput, patience?: number): Promise<number> {
  const { hostname, port } = new URL(endpoint);
  return new Promise((resolve, reject) => {
    const { body, ...message } = input;
    const sent = request({ hostname, port, agent: false, ...message }, (response) => {
      const { statusCode = 0 } = response;
      const endless = /^(text\/event-stream|application\/vnd\.amazon\.eventstream)/.test(
        response.headers["content-type"] ?? "",
      );
      if (endless) response.destroy();
      else response.resume();
      response.on("error", () => resolve(statusCode));
      response.on("close", () => resolve(statusCode));
    });
    if (patience !== undefined) sent.setTimeout(patience, () => sent.destroy());
    // Refused while it was still sending, or gone because it has waited enough.
    sent.on("error", () => resolve(0));
    sent.on("close", () => resolve(0));
    try {
      sent.end(body);
    } catch (error) {
      reject(error instanceof Error ? error : new Error(String(error)));
    }
  });
}
