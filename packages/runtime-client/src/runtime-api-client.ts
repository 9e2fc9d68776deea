/// <reference types="node" preserve="true" />
import { Agent, request, type ClientRequest, type IncomingHttpHeaders, type OutgoingHttpHeaders } from "node:http";
import { formatError, formatXrayCause, platformError } from "./errors.ts";

const INVOCATION = "/2018-06-01/runtime/invocation/";

// A cause longer than this would only make the request fail; the platform crops it at 64 KiB in any case.
const MAX_XRAY_CAUSE = 512 * 1024;

export interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** Speaks the Runtime API over one keep-alive connection, so requests reach the platform in the order they were made. */
export class RuntimeApiClient {
  readonly #host: string;
  readonly #port: number;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 1 });

  /** @param address `host:port`, the value of `AWS_LAMBDA_RUNTIME_API` */
  constructor(address: string) {
    const [host = "", port = "", ...rest] = address.split(":");
    if (host === "" || rest.length > 0 || !/^\d{1,5}$/.test(port)) {
      throw platformError(`Invalid hostnamePort: ${address}`);
    }
    this.#host = host;
    this.#port = Number(port);
  }

  /** Waits for the next event, for as long as it takes. */
  next(): Promise<Reply> {
    return this.#exchange("GET", `${INVOCATION}next`, {}, undefined);
  }

  async postResponse(requestId: string, json: string): Promise<void> {
    const reply = await this.#post(`${INVOCATION}${encodeURIComponent(requestId)}/response`, json);
    this.#warnIfRefused("success", reply);
  }

  async postError(requestId: string, error: unknown): Promise<void> {
    const cause = formatXrayCause(error);
    const headers =
      cause === "" || cause.length > MAX_XRAY_CAUSE
        ? {}
        : // Raw UTF-8 bytes: Node's http writes header values as latin1.
          { "lambda-runtime-function-xray-error-cause": Buffer.from(cause, "utf8").toString("latin1") };
    const json = JSON.stringify(formatError(error));
    const reply = await this.#post(`${INVOCATION}${encodeURIComponent(requestId)}/error`, json, headers);
    this.#warnIfRefused("error", reply);
  }

  async postInitError(error: unknown): Promise<void> {
    const formatted = formatError(error);
    await this.#post("/2018-06-01/runtime/init/error", JSON.stringify(formatted), {
      "lambda-runtime-function-error-type": formatted.errorType.replaceAll(/[^\x20-\x7e]/g, "?"),
    });
  }

  /** The open request whose body becomes the response stream of the invocation. */
  openResponse(requestId: string, headers: OutgoingHttpHeaders): ClientRequest {
    return this.#request("POST", `${INVOCATION}${encodeURIComponent(requestId)}/response`, headers);
  }

  /** Drops the connection; a parked `/next` fails. */
  close(): void {
    this.#agent.destroy();
  }

  #post(path: string, json: string, headers: OutgoingHttpHeaders = {}): Promise<Reply> {
    const body = Buffer.from(json, "utf8");
    return this.#exchange(
      "POST",
      path,
      { "content-type": "application/json", "content-length": body.byteLength, ...headers },
      body,
    );
  }

  #request(method: string, path: string, headers: OutgoingHttpHeaders): ClientRequest {
    return request({ host: this.#host, port: this.#port, agent: this.#agent, method, path, headers });
  }

  #exchange(method: string, path: string, headers: OutgoingHttpHeaders, body: Buffer | undefined): Promise<Reply> {
    return new Promise((resolve, reject) => {
      const outgoing = this.#request(method, path, headers);
      outgoing.on("error", reject);
      outgoing.on("response", (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
        incoming.on("error", reject);
        incoming.on("end", () => {
          const [only] = chunks;
          const whole = chunks.length === 1 && only !== undefined ? only : Buffer.concat(chunks);
          resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, body: whole });
        });
      });
      outgoing.end(body);
    });
  }

  // AWS: a refused post (for example 413) is logged and the runtime goes on with the next event (aws-lambda-ric).
  #warnIfRefused(what: string, reply: Reply): void {
    if (reply.status < 200 || reply.status >= 300) {
      process.stderr.write(
        `[ERROR] [${Date.now()}] LAMBDA_RUNTIME Failed to post handler ${what} response. ` +
          `Http response code: ${reply.status}. ${reply.body.toString("utf8").trim()}\n`,
      );
    }
  }
}
