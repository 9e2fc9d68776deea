import type { Server as NetServer, Socket } from "node:net";
import type { HostTime } from "../core/host-time.ts";
import { HttpServers } from "./http-servers.ts";
import type { Incoming, Outgoing } from "./http-servers.ts";

export type { Incoming, Outgoing };

export type Scheme = "http" | "https";

export type RequestListener = (request: Incoming, response: Outgoing, scheme: Scheme) => void;

/** One server for HTTP/1.1 and HTTP/2, plain (HTTP/2 with prior knowledge) and over TLS, on any number of addresses. */
export interface Listener {
  /** Listens on an address and tells the port. Rejects with the system's error, e.g. EADDRINUSE, and when it was closed. */
  listen(address: string, port: number): Promise<number>;
  /** Takes a socket, or the plain side of one, whose client speaks HTTP from here on. */
  serve(socket: Socket, scheme: Scheme, isH2: boolean): void;
  /** Takes no more connections, lets answers under way end for `graceMs`, then cuts what is left. */
  close(graceMs: number): Promise<void>;
}

export interface ListenerOptions {
  readonly onRequest: RequestListener;
  readonly host: HostTime;
  /** Called with a socket on which TLS begins; its plain side comes back by `serve`. */
  readonly onTls: (socket: Socket) => void;
  /** Told what goes wrong while listening, e.g. EMFILE where a connection cannot be taken; it goes on listening. */
  readonly onError: (error: Error) => void;
}

/** The HTTP/2 preface begins so; no method of HTTP/1.1 does. */
const preface = Buffer.from("PRI ");

/** A record of TLS that holds a handshake begins so; no method of HTTP does. */
const tlsHandshake = 0x16;

export function createListener({ onRequest, host, onTls, onError }: ListenerOptions): Listener {
  const net = process.getBuiltinModule("node:net");
  const sockets = new Set<Socket>();
  /** Those of them that have not said yet what they speak. */
  const silent = new Set<Socket>();
  const servers: NetServer[] = [];
  const plain = new HttpServers((request, response) => onRequest(request, response, "http"));
  const secure = new HttpServers((request, response) => onRequest(request, response, "https"));
  let closing = false;

  const onConnection = (socket: Socket): void => {
    sockets.add(socket);
    silent.add(socket);
    socket.on("close", () => {
      sockets.delete(socket);
      silent.delete(socket);
    });
    // A client may go away at any moment; the request that it was making learns so by itself.
    socket.on("error", () => {});
    sniff(socket, (protocol) => {
      silent.delete(socket);
      if (protocol === "tls") onTls(socket);
      else plain.serve(socket, protocol === "h2");
    });
  };

  return {
    listen(address, port) {
      if (closing) return Promise.reject(closed());
      const server = net.createServer({ noDelay: true }, onConnection);
      return new Promise((resolve, reject) => {
        server.once("error", reject);
        server.listen(port, address, () => {
          server.off("error", reject);
          server.on("error", onError);
          if (closing) return server.close(() => reject(closed()));
          servers.push(server);
          const bound = server.address();
          resolve(typeof bound === "object" && bound !== null ? bound.port : port);
        });
      });
    },
    serve(socket, scheme, isH2) {
      (scheme === "https" ? secure : plain).serve(socket, isH2);
    },
    async close(graceMs) {
      closing = true;
      const ends = servers.map((server) => new Promise<void>((resolve) => server.close(() => resolve())));
      const cut = (): void => {
        for (const socket of sockets) socket.destroy();
      };
      for (const socket of silent) socket.destroy();
      plain.close();
      secure.close();
      const cancelCut = host.setTimeout(cut, graceMs);
      await Promise.all(ends);
      cancelCut();
    },
  };
}

function closed(): Error {
  return new Error("the listener is closed");
}

type Protocol = "h1" | "h2" | "tls";

/** Tells what a client speaks by its first bytes, however few come at once, and puts them back. */
function sniff(socket: Socket, decide: (protocol: Protocol) => void): void {
  let seen: Buffer | undefined;
  const onReadable = (): void => {
    const chunk: unknown = socket.read();
    if (!Buffer.isBuffer(chunk)) return;
    seen = seen === undefined ? chunk : Buffer.concat([seen, chunk]);
    const length = Math.min(seen.length, preface.length);
    const isPreface = preface.compare(seen, 0, length, 0, length) === 0;
    if (isPreface && length < preface.length) return;
    socket.off("readable", onReadable);
    socket.unshift(seen);
    if (seen[0] === tlsHandshake) decide("tls");
    else decide(isPreface ? "h2" : "h1");
  };
  socket.on("readable", onReadable);
}
