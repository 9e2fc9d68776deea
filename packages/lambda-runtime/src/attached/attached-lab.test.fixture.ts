import { createServer as createHttpServer, request as httpRequest, Agent, type IncomingMessage } from "node:http";
import { connect, createServer as createHttp2Server, type ClientHttp2Session } from "node:http2";
import type { AddressInfo } from "node:net";
import { serveAttached, type EnvironmentPool } from "../index.ts";
import type { ApiRequest, ApiResponse } from "../runtime-api/exchange.ts";
import type { AttachedSession } from "./attached-execution.ts";

export interface Answer {
  readonly status: number;
  readonly requestId: string;
  readonly body: string;
}

/** Somebody who runs a function from outside. */
export interface Attached {
  next(): Promise<Answer>;
  respond(requestId: string, body: string): Promise<Answer>;
  fail(requestId: string, body: string): Promise<Answer>;
  /** Ends the connection. */
  leave(): void;
}

/** Serves the Runtime API of a pool over both versions of HTTP, until `close`. */
export class AttachedLab {
  readonly #closers: (() => void)[] = [];
  /** What is attached to, and all that there is. */
  current: EnvironmentPool | undefined;
  readonly pools: EnvironmentPool[];

  constructor(pool: EnvironmentPool) {
    this.current = pool;
    this.pools = [pool];
  }

  async http1(): Promise<Attached> {
    const server = createHttpServer((request, response) => this.#serve(request.url, request, response, undefined));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const agent = new Agent({ keepAlive: true });
    this.#closers.push(() => server.close().closeAllConnections());
    const call = (method: string, path: string, body?: string): Promise<Answer> =>
      new Promise((resolve, reject) => {
        const outgoing = httpRequest({ agent, host: "127.0.0.1", port: portOf(server), method, path }, (incoming) => {
          resolve(answerOf(incoming));
        });
        outgoing.on("error", reject);
        outgoing.end(body);
      });
    return clientOf(call, () => agent.destroy());
  }

  async http2(): Promise<Attached> {
    const server = createHttp2Server({}, (request, response) =>
      this.#serve(request.url, request, response, request.stream.session),
    );
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const session = connect(`http://127.0.0.1:${portOf(server)}`);
    session.on("error", () => undefined);
    this.#closers.push(() => {
      session.destroy();
      server.close();
    });
    return clientOf(
      (method, path, body) => callHttp2(session, method, path, body),
      () => session.destroy(),
    );
  }

  close(): void {
    for (const close of this.#closers) {
      close();
    }
  }

  #serve(
    url: string | undefined,
    request: ApiRequest,
    response: ApiResponse,
    session: AttachedSession | undefined,
  ): void {
    const path = (url ?? "").split("/").slice(1);
    const onReleased = (): void => this.#serve(url, request, response, session);
    serveAttached({ request, response, path, session, onReleased, onError: fail }, this.pools, this.current);
  }
}

function fail(thrown: unknown): never {
  throw thrown;
}

type Call = (method: string, path: string, body?: string) => Promise<Answer>;

function clientOf(call: Call, leave: () => void): Attached {
  return {
    next: () => call("GET", "/runtime/invocation/next"),
    respond: (requestId, body) => call("POST", `/runtime/invocation/${requestId}/response`, body),
    fail: (requestId, body) => call("POST", `/runtime/invocation/${requestId}/error`, body),
    leave,
  };
}

function callHttp2(session: ClientHttp2Session, method: string, path: string, body = ""): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const stream = session.request({ ":method": method, ":path": path });
    let head: { status: number; requestId: string } | undefined;
    let text = "";
    stream.setEncoding("utf8");
    stream.on("response", (headers) => {
      head = { status: headers[":status"] ?? 0, requestId: String(headers["lambda-runtime-aws-request-id"]) };
    });
    stream.on("data", (chunk: string) => (text += chunk));
    stream.on("error", reject);
    stream.on("close", () => {
      if (head === undefined) reject(new Error("cut off"));
      else resolve({ ...head, body: text });
    });
    if (method === "POST") stream.end(body);
  });
}

async function answerOf(incoming: IncomingMessage): Promise<Answer> {
  let body = "";
  incoming.setEncoding("utf8");
  for await (const chunk of incoming) body += String(chunk);
  const requestId = String(incoming.headers["lambda-runtime-aws-request-id"]);
  return { status: incoming.statusCode ?? 0, requestId, body };
}

function portOf(server: { address(): AddressInfo | string | null }): number {
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : 0;
}
