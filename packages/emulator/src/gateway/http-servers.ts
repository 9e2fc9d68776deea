import type { Server as Http1Server, ServerResponse } from "node:http";
import type { Http2Server, ServerHttp2Session } from "node:http2";
import type { Socket } from "node:net";

/** A request of either protocol; HTTP/2 comes through Node's compatibility API. */
export interface Incoming {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  readonly headers: NodeJS.Dict<string | string[]>;
  /** Names and values by turns, as sent. */
  readonly rawHeaders: readonly string[];
  readonly socket: { readonly remoteAddress?: string | undefined };
  readonly httpVersionMajor: number;
  readonly trailers: NodeJS.Dict<string | string[]>;
  /** The client went away before it had sent all. */
  readonly aborted?: boolean;
  readonly destroyed?: boolean;
  on(event: "data", listener: (chunk: Buffer) => void): unknown;
  on(event: "end" | "aborted" | "close", listener: () => void): unknown;
  on(event: "error", listener: (error: Error) => void): unknown;
  removeAllListeners(event: "data"): unknown;
  pause(): unknown;
  resume(): unknown;
  [Symbol.asyncIterator](): AsyncIterator<Buffer>;
}

export interface Outgoing {
  readonly headersSent: boolean;
  readonly writableEnded: boolean;
  readonly writableFinished: boolean;
  /** Bytes that wait for the client to take them. */
  readonly writableLength: number;
  setHeader(name: string, value: string): unknown;
  writeHead(status: number, headers: Readonly<Record<string, string | number | string[]>>): unknown;
  /** Of HTTP/1.1: sends the head before anything of the body, as HTTP/2 always does. */
  flushHeaders?(): void;
  /** While it is corked, what is sent waits; then it goes at once. */
  readonly socket?: { cork(): void; uncork(): void } | null;
  /** Calls back when the chunk, and all before it, was handed to the system. */
  write(chunk: string | Uint8Array, written?: () => void): boolean;
  end(chunk?: string | Uint8Array): unknown;
  on(event: "drain" | "close", listener: () => void): unknown;
  /** Of HTTP/1.1: nothing can be sent any more. */
  readonly destroyed?: boolean;
  /** Of HTTP/2. */
  readonly stream?: {
    readonly destroyed: boolean;
    readonly session?: Session | undefined;
    close(code: number): void;
  };
  /** Of HTTP/1.1: cuts the reply off. */
  destroy(): unknown;
  once(event: "close", listener: () => void): unknown;
}

/** Of HTTP/2: the connection, which ends once. */
export interface Session {
  once(event: "close", listener: () => void): unknown;
}

/** How long a kept-alive connection may stay silent: longer than clients keep theirs, so that they close first. */
const keepAliveMs = 75_000;

/** How long a client may keep its half of an HTTP/2 connection, silent, once ours is closed; milliseconds. */
const halfClosedMs = 5_000;

/** Servers of both versions of HTTP that listen nowhere but are given their connections. */
export class HttpServers {
  readonly #onRequest: (request: Incoming, response: Outgoing) => void;
  readonly #halfClosedMs: number;
  readonly #h1Sockets = new Set<Socket>();
  readonly #h1Answers = new Set<ServerResponse>();
  readonly #h2Sessions = new Set<ServerHttp2Session>();
  #h1: Http1Server | undefined;
  #h2: Http2Server | undefined;
  #closing = false;

  constructor(onRequest: (request: Incoming, response: Outgoing) => void, closing = { halfClosedMs }) {
    this.#onRequest = onRequest;
    this.#halfClosedMs = closing.halfClosedMs;
  }

  serve(socket: Socket, isH2: boolean): void {
    if (isH2) {
      // The AWS SDK keeps the connection of a subscription of which it does not read the end, for as long as its process lives.
      socket.once("finish", () => socket.setTimeout(this.#halfClosedMs, () => socket.destroy()));
      this.#h2 ??= this.#makeH2();
      this.#h2.emit("connection", socket);
      return;
    }
    this.#h1Sockets.add(socket);
    socket.on("close", () => this.#h1Sockets.delete(socket));
    this.#h1 ??= this.#makeH1();
    this.#h1.emit("connection", socket);
    if (this.#closing) this.#closeIdle();
  }

  /** Ends the connections that have no request under way, and the others after it. */
  close(): void {
    this.#closing = true;
    for (const session of this.#h2Sessions) session.close();
    this.#closeIdle();
  }

  // Node's server knows its connections only if it listens itself, so its closeIdleConnections would close none of ours.
  #closeIdle(): void {
    const busy = new Set([...this.#h1Answers].map((response) => response.req.socket));
    for (const socket of this.#h1Sockets) if (!busy.has(socket)) socket.destroySoon();
  }

  #makeH1(): Http1Server {
    const answers = this.#h1Answers;
    const closeIdleAtEnd = (): void => {
      if (this.#closing) this.#closeIdle();
    };
    function onAnswered(this: ServerResponse): void {
      answers.delete(this);
      closeIdleAtEnd();
    }
    const options = { noDelay: true, keepAliveTimeout: keepAliveMs, requestTimeout: 0 };
    // An ESM import of node:http reads all of its exports and so loads undici: 20 ms that start-up does not have.
    return process.getBuiltinModule("node:http").createServer(options, (request, response) => {
      answers.add(response);
      response.on("close", onAnswered);
      this.#onRequest(request, response);
    });
  }

  #makeH2(): Http2Server {
    const server = process.getBuiltinModule("node:http2").createServer({}, this.#onRequest);
    server.on("session", (session) => {
      this.#h2Sessions.add(session);
      session.on("close", () => this.#h2Sessions.delete(session));
      if (this.#closing) session.close();
    });
    return server;
  }
}
