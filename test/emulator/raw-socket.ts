import { once } from "node:events";
import { connect } from "node:net";
import type { Socket } from "node:net";

/** A connection on which a test says what it wants, byte by byte if it wants. */
export interface RawSocket {
  readonly socket: Socket;
  /** Sends bytes one by one, each in a packet of its own. */
  sendSlowly(bytes: string | Uint8Array): Promise<void>;
  /** Everything that came, once it has this in it; rejects when the connection ends before. */
  received(text: string): Promise<string>;
  /** Everything that came, once the server has ended the connection. */
  ended(): Promise<string>;
}

export async function rawSocket(endpoint: string): Promise<RawSocket> {
  const { hostname, port } = new URL(endpoint);
  const socket = connect({ host: hostname, port: Number(port), noDelay: true });
  let seen = "";
  socket.on("data", (chunk: Buffer) => (seen += chunk.toString("latin1")));
  // A connection that the server cuts has ended for a test as one that it closes.
  socket.on("error", () => {});
  await once(socket, "connect");
  return {
    socket,
    async sendSlowly(bytes) {
      for (const byte of Buffer.from(bytes)) {
        await new Promise<void>((resolve) => socket.write(Uint8Array.of(byte), () => setImmediate(resolve)));
      }
    },
    async received(text) {
      while (!seen.includes(text)) {
        if (socket.destroyed) throw new Error(`the connection ended without ${JSON.stringify(text)} after: ${seen}`);
        await Promise.race([once(socket, "data"), once(socket, "close")]);
      }
      return seen;
    },
    async ended() {
      if (!socket.destroyed) await once(socket, "close");
      return seen;
    },
  };
}
