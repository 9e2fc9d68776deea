import type { Server as Http1Server } from "node:http";
import type { Http2Server, ServerHttp2Session } from "node:http2";
import type { Server as NetServer, Socket } from "node:net";
import type { HostTime } from "../core/host-time.ts";

/** A request of either protocol; HTTP/2 comes through Node's compatibility API. */
export interface Incoming {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly httpVersionMajor: number;
  on(event: "data", listener: (chunk: Buffer) => void): unknown;
  on(event: "end" | "aborted", listener: () => void): unknown;
  on(event: "error", listener: (error: Error) => void): unknown;
  removeAllListeners(event: "data"): unknown;
  resume(): unknown;
  [Symbol.asyncIterator](): AsyncIterator<Buffer>;
}

export interface Outgoing {
  readonly headersSent: boolean;
  readonly writableEnded: boolean;
  writeHead(status: number, headers: Record<string, string | number>): unknown;
  write(chunk: string | Uint8Array): boolean;
  end(chunk?: string | Uint8Array): unknown;
  once(event: "close" | "drain", listener: () => void): unknown;
}

export type Scheme = "http" | "https";

export type RequestListener = (request: Incoming, response: Outgoing, scheme: Scheme) => void;

/** One server for HTTP/1.1 and HTTP/2, plain (HTTP/2 with prior knowledge) and over TLS, on any number of addresses. */
export interface Listener {
  /** Listens on an address and tells the port. Rejects with the system's error, e.g. EADDRINUSE. */
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
}

/** The HTTP/2 preface begins so; no method of HTTP/1.1 does. */
const preface = Buffer.from("PRI ");

/** A record of TLS that holds a handshake begins so; no method of HTTP does. */
const tlsHandshake = 0x16;

/** How long a kept-alive connection may stay silent: longer than clients keep theirs, so that they close first. */
const keepAliveMs = 75_000;

export function createListener({ onRequest, host, onTls }: ListenerOptions): Listener {
  // An ESM import of node:http reads all of its exports and so loads undici: 20 ms that start-up does not have.
  const net = process.getBuiltinModule("node:net");
  const sockets = new Set<Socket>();
  const servers: NetServer[] = [];
  const plain = new HttpServers((request, response) => onRequest(request, response, "http"));
  const secure = new HttpServers((request, response) => onRequest(request, response, "https"));

  const onConnection = (socket: Socket): void => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    // A client may go away at any moment; the request that it was making learns so by itself.
    socket.on("error", () => {});
    sniff(socket, (protocol) => (protocol === "tls" ? onTls(socket) : plain.serve(socket, protocol === "h2")));
  };

  return {
    listen(address, port) {
      const server = net.createServer({ noDelay: true }, onConnection);
      return new Promise((resolve, reject) => {
        server.once("error", reject);
        server.listen(port, address, () => {
          server.off("error", reject);
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
      const closed = servers.map((server) => new Promise<void>((resolve) => server.close(() => resolve())));
      const cut = (): void => {
        for (const socket of sockets) socket.destroy();
      };
      for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy();
      plain.closeIdle();
      secure.closeIdle();
      const cancelCut = host.setTimeout(cut, graceMs);
      await Promise.all(closed);
      cancelCut();
    },
  };
}

/** Servers that listen nowhere: they are given their sockets. Each is made for its first one. */
class HttpServers {
  readonly #onRequest: (request: Incoming, response: Outgoing) => void;
  readonly #sessions = new Set<ServerHttp2Session>();
  readonly #h1Sockets = new Set<Socket>();
  #h1: Http1Server | undefined;
  #h2: Http2Server | undefined;

  constructor(onRequest: (request: Incoming, response: Outgoing) => void) {
    this.#onRequest = onRequest;
  }

  serve(socket: Socket, isH2: boolean): void {
    if (isH2) {
      this.#h2 ??= this.#makeH2();
      this.#h2.emit("connection", socket);
      return;
    }
    this.#h1Sockets.add(socket);
    socket.on("close", () => this.#h1Sockets.delete(socket));
    this.#h1 ??= this.#makeH1();
    this.#h1.emit("connection", socket);
  }

  /** Ends connections without a request under way, and the others after it. */
  closeIdle(): void {
    for (const session of this.#sessions) session.close();
    // Node knows the idle connections of servers that listen alone. They are those that it gave a time to stay silent.
    for (const socket of this.#h1Sockets) if ((socket.timeout ?? 0) > 0) socket.destroy();
  }

  #makeH1(): Http1Server {
    const { createServer } = process.getBuiltinModule("node:http");
    return createServer({ noDelay: true, keepAliveTimeout: keepAliveMs, requestTimeout: 0 }, this.#onRequest);
  }

  #makeH2(): Http2Server {
    const server = process.getBuiltinModule("node:http2").createServer({}, this.#onRequest);
    server.on("session", (session) => {
      this.#sessions.add(session);
      session.on("close", () => this.#sessions.delete(session));
    });
    return server;
  }
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
