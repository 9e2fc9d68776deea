import type { Socket } from "node:net";
import type { Destination } from "./subscription.ts";

/** Sends events, JSON texts; resolves when they were taken. */
export type Receiver = (events: readonly string[]) => Promise<void>;

/** What takes the events of a subscription, until `closing` ends whatever is under way. */
export function openReceiver(destination: Destination, closing: AbortSignal): Receiver {
  return destination.protocol === "TCP" ? lines(destination, closing) : posts(destination, closing);
}

function posts({ host, port, path }: Destination, signal: AbortSignal): Receiver {
  return (events) => {
    const { request } = process.getBuiltinModule("node:http");
    const body = `[${events.join(",")}]`;
    const headers = { "Content-Type": "application/json", "Content-Length": Buffer.byteLength(body) };
    return new Promise((resolve, reject) => {
      const options = { host, port, path, method: "POST", headers, agent: false, signal };
      const outgoing = request(options, (incoming) => {
        const { statusCode = 0 } = incoming;
        incoming.resume();
        incoming.on("error", reject);
        incoming.on("end", () => (statusCode < 400 ? resolve() : reject(new Error(`status ${statusCode}`))));
      });
      outgoing.on("error", reject);
      outgoing.end(body);
    });
  };
}

/** AWS: newline-delimited JSON (AWS docs). Assumed: on one connection; one that was lost is made anew for the next batch. */
function lines({ host, port }: Destination, signal: AbortSignal): Receiver {
  let socket: Socket | undefined;
  return (events) =>
    new Promise((resolve, reject) => {
      socket = socket?.writable === true ? socket : connect(host, port, signal);
      const fail = (error: Error): void => reject(error);
      const lost = (): void => reject(new Error("the connection was closed"));
      const current = socket.once("error", fail).once("close", lost);
      current.write(events.map((event) => `${event}\n`).join(""), (error) => {
        current.off("error", fail).off("close", lost);
        if (error) reject(error);
        else resolve();
      });
    });
}

function connect(host: string, port: number, signal: AbortSignal): Socket {
  const socket = process.getBuiltinModule("node:net").connect({ host, port });
  process.getBuiltinModule("node:stream").addAbortSignal(signal, socket);
  // Whoever is writing is told; between two batches nobody needs to be.
  return socket.on("error", () => undefined).resume();
}
