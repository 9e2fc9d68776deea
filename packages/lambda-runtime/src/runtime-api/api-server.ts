import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import type { ApiRequest, ApiResponse } from "./exchange.ts";
import { guardedCall } from "./guarded-call.ts";
import { isForForeignHost, isOfForeignPage } from "../web-pages.ts";
import { replyForbidden, replyNotFound } from "./replies.ts";

/** One version of one of the APIs that an environment calls. `path` is what follows the version, split at its slashes. */
export interface Api {
  handle(request: ApiRequest, response: ApiResponse, path: readonly string[]): void;
}

/** Serves the APIs of one environment, on a port of their own. */
export class ApiServer {
  readonly #apis: ReadonlyMap<string, Api>;
  readonly #onError: (error: unknown) => void;
  readonly #server: Server;

  /**
   * @param apis by their versions, which are the first segments of their paths
   * @param onError is told what an API throws: a bug of ours, which the caller gets as 500
   */
  constructor(apis: ReadonlyMap<string, Api>, onError: (error: unknown) => void) {
    this.#apis = apis;
    this.#onError = onError;
    const options = {
      // AWS: error causes travel in a header, and in trailers when streaming, however long they are.
      maxHeaderSize: 1024 * 1024,
      // A request body may be a response that streams for as long as the function may run, and a poll waits for hours.
      requestTimeout: 0,
      headersTimeout: 0,
      keepAliveTimeout: 0,
      // With no time limit to enforce, no timer has to look for connections that exceeded one.
      connectionsCheckingInterval: 2 ** 31 - 1,
      noDelay: true,
    };
    this.#server = process
      .getBuiltinModule("node:http")
      .createServer(options, (request, response) => this.#route(request, response));
    this.#server.on("clientError", refuseBroken);
  }

  /** Listens on an address of this machine. Resolves to the port. */
  listen(host: string): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#server.once("error", reject);
      this.#server.listen(0, host, () => {
        const address = this.#server.address();
        resolve(typeof address === "object" && address !== null ? address.port : 0);
      });
    });
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  #route(request: IncomingMessage, response: ServerResponse): void {
    response.sendDate = false;
    // The API hands out events and takes answers: it is for the function alone.
    if (request.headers.origin !== undefined || isOfForeignPage(request.headers) || isForForeignHost(request.headers)) {
      request.resume();
      replyForbidden(response);
      return;
    }
    const [, version = "", ...path] = (request.url ?? "").split("?", 1)[0]?.split("/") ?? [];
    const api = this.#apis.get(version);
    if (api === undefined) {
      request.resume();
      replyNotFound(response);
      return;
    }
    guardedCall(request, response, this.#onError, (guarded, reply) => api.handle(guarded, reply, path));
  }
}

/** AWS: a request that ends before its body does gets this answer, if its connection still takes one. */
const TRUNCATED = JSON.stringify({
  errorMessage: "HTTP request detected as truncated",
  errorType: "TruncatedHTTPRequest",
});

function refuseBroken(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const truncated = error.code === "HPE_INVALID_EOF_STATE";
  const status = error.code === "HPE_HEADER_OVERFLOW" ? "431 Request Header Fields Too Large" : "400 Bad Request";
  const body = truncated ? TRUNCATED : "";
  const head = `HTTP/1.1 ${status}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n`;
  socket.end(head + body, () => socket.destroy());
}
