import type { ServerResponse } from "node:http";
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
  setHeader(name: string, value: string): unknown;
  writeHead(status: number, headers: Record<string, string | number>): unknown;
  write(chunk: string | Uint8Array): boolean;
  end(chunk?: string | Uint8Array): unknown;
  once(event: "close" | "drain", listener: () => void): unknown;
}

export type RequestListener = (request: Incoming, response: Outgoing) => void;

/** One server for HTTP/1.1 and HTTP/2 with prior knowledge, on any number of addresses. */
export interface Listener {
  /** Listens on an address and tells the port. Rejects with the system's error, e.g. EADDRINUSE, and when it was closed. */
  listen(address: string, port: number): Promise<number>;
  /** Takes no more connections, lets answers under way end for `graceMs`, then cuts what is left. */
  close(graceMs: number): Promise<void>;
}

/** The HTTP/2 preface begins so; no method of HTTP/1.1 does. */
const preface = Buffer.from("PRI ");

/** How long a kept-alive connection may stay silent: longer than clients keep theirs, so that they close first. */
const keepAliveMs = 75_000;

export function createListener(onRequest: RequestListener, host: HostTime): Listener {
  // An ESM import of node:http reads all of its exports and so loads undici: 20 ms that start-up does not have.
  const net = process.getBuiltinModule("node:net");
  const http = process.getBuiltinModule("node:http");
  const sockets = new Set<Socket>();
  /** Those of them that speak HTTP/1.1, or have not said what they speak. */
  const h1Sockets = new Set<Socket>();
  const h1Answers = new Set<ServerResponse>();
  const servers: NetServer[] = [];
  const sessions = new Set<ServerHttp2Session>();

  let closing = false;
  // Node's server knows its connections only if it listens itself, so its closeIdleConnections would close none of ours.
  const closeIdle = (): void => {
    const busy = new Set([...h1Answers].map((response) => response.req.socket));
    for (const socket of h1Sockets) if (!busy.has(socket)) socket.destroySoon();
  };
  function onAnswered(this: ServerResponse): void {
    h1Answers.delete(this);
    if (closing) closeIdle();
  }
  const options = { noDelay: true, keepAliveTimeout: keepAliveMs, requestTimeout: 0 };
  const h1 = http.createServer(options, (request, response) => {
    h1Answers.add(response);
    response.on("close", onAnswered);
    onRequest(request, response);
  });
  let h2: Http2Server | undefined;
  const h2Server = (): Http2Server => {
    if (h2 !== undefined) return h2;
    h2 = process.getBuiltinModule("node:http2").createServer({}, onRequest);
    h2.on("session", (session) => {
      sessions.add(session);
      session.on("close", () => sessions.delete(session));
    });
    return h2;
  };

  const onConnection = (socket: Socket): void => {
    sockets.add(socket);
    h1Sockets.add(socket);
    socket.on("close", () => {
      sockets.delete(socket);
      h1Sockets.delete(socket);
    });
    // A client may go away at any moment; the request that it was making learns so by itself.
    socket.on("error", () => {});
    sniff(socket, (isH2) => {
      if (isH2) h1Sockets.delete(socket);
      (isH2 ? h2Server() : h1).emit("connection", socket);
    });
  };

  return {
    listen(address, port) {
      if (closing) return Promise.reject(new Error("the listener is closed"));
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
    async close(graceMs) {
      closing = true;
      const closed = servers.map((server) => new Promise<void>((resolve) => server.close(() => resolve())));
      const cut = (): void => {
        for (const socket of sockets) socket.destroy();
      };
      for (const session of sessions) session.close();
      closeIdle();
      const cancelCut = host.setTimeout(cut, graceMs);
      await Promise.all(closed);
      cancelCut();
    },
  };
}

/** Tells HTTP/2 from HTTP/1.1 by the first bytes, however few come at once, and puts them back. */
function sniff(socket: Socket, decide: (isH2: boolean) => void): void {
  let seen: Buffer | undefined;
  const onReadable = (): void => {
    const chunk: unknown = socket.read();
    if (!Buffer.isBuffer(chunk)) return;
    seen = seen === undefined ? chunk : Buffer.concat([seen, chunk]);
    const length = Math.min(seen.length, preface.length);
    const matches = preface.compare(seen, 0, length, 0, length) === 0;
    if (matches && length < preface.length) return;
    socket.off("readable", onReadable);
    socket.unshift(seen);
    decide(matches);
  };
  socket.on("readable", onReadable);
}
