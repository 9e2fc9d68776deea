import { once } from "node:events";
import { createServer, request as send } from "node:http";
import type { Server } from "node:http";

/** A request that came by, and how it was answered. */
export interface Passed {
  readonly method: string;
  readonly path: string;
  readonly host: string;
  readonly origin: string | undefined;
  readonly status: number;
}

/** Hands requests on as they are, under the name by which they came, and keeps what they were. */
export class RecordingProxy implements AsyncDisposable {
  readonly passed: Passed[] = [];
  readonly port: number;
  readonly #server: Server;

  private constructor(server: Server, port: number) {
    this.#server = server;
    this.port = port;
  }

  static async before(endpoint: string): Promise<RecordingProxy> {
    const { hostname, port } = new URL(endpoint);
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    const proxy = new RecordingProxy(server, typeof address === "object" && address !== null ? address.port : 0);
    server.on("request", (request, response) => {
      const { method = "", url = "", headers } = request;
      const onward = send({ hostname, port, method, path: url, headers, agent: false }, (reply) => {
        const { statusCode: status = 0 } = reply;
        proxy.passed.push({ method, path: url, host: headers.host ?? "", origin: headers.origin, status });
        response.writeHead(status, reply.headers);
        reply.pipe(response);
      });
      onward.on("error", () => response.destroy());
      response.on("close", () => onward.destroy());
      request.pipe(onward);
    });
    return proxy;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, "close");
  }
}
