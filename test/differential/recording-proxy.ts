import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from "node:http";

export interface RecordedRequest {
  readonly path: string;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body: Buffer;
  readonly trailers: Readonly<Record<string, string>>;
  readonly broken: boolean;
}

/** Roomy: an X-Ray cause is a header. */
const MAX_HEADER_BYTES = 1024 * 1024;

/** Stands between a runtime client and its Runtime API, and keeps what is posted, in the order in which it began. */
export class RecordingProxy {
  readonly #server: Server;
  readonly #upstream: () => string;
  readonly #requests: Promise<RecordedRequest>[] = [];

  /** @param upstream tells `host:port` of the Runtime API */
  constructor(upstream: () => string) {
    this.#upstream = upstream;
    this.#server = createServer({ maxHeaderSize: MAX_HEADER_BYTES, requestTimeout: 0 }, (incoming, response) =>
      this.#pass(incoming, response),
    );
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => {
      this.#server.listen(0, "127.0.0.1", resolve);
    });
    const address = this.#server.address();
    return `127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`;
  }

  requests(): Promise<RecordedRequest[]> {
    return Promise.all(this.#requests);
  }

  close(): void {
    this.#server.close().closeAllConnections();
  }

  #pass(incoming: IncomingMessage, response: ServerResponse): void {
    const { method = "GET", url = "" } = incoming;
    const [host = "", port = ""] = this.#upstream().split(":");
    const headers = incoming.headers;
    const outgoing = request({ host, port, method, path: url, headers, agent: false }, (reply) => {
      response.writeHead(reply.statusCode ?? 500, reply.headers);
      reply.pipe(response);
    });
    outgoing.on("error", () => response.destroy());
    response.on("close", () => {
      if (!response.writableFinished) outgoing.destroy();
    });
    const chunks: Buffer[] = [];
    incoming.on("data", (chunk: Buffer) => {
      chunks.push(chunk);
      if (!outgoing.write(chunk)) {
        incoming.pause();
        outgoing.once("drain", () => incoming.resume());
      }
    });
    const recorded = new Promise<RecordedRequest>((resolve) => {
      const done = (broken: boolean): void =>
        resolve({
          path: url,
          headers: known(headers),
          body: Buffer.concat(chunks),
          trailers: known(incoming.trailers),
          broken,
        });
      incoming.on("end", () => {
        if (Object.keys(incoming.trailers).length > 0) outgoing.addTrailers(known(incoming.trailers));
        outgoing.end();
        done(false);
      });
      incoming.on("error", () => undefined);
      incoming.on("close", () => {
        if (!incoming.complete) outgoing.destroy();
        done(true);
      });
    });
    if (method === "POST") {
      this.#requests.push(recorded);
    }
  }
}

function known(fields: NodeJS.Dict<string | string[]>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(fields).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])),
  );
}
