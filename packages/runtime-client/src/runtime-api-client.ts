/// <reference types="node" preserve="true" />
import type { Agent, IncomingMessage, OutgoingHttpHeaders } from "node:http";
import { formatError, formatXrayCause, platformError } from "./errors.ts";
import { RawConnections } from "./raw-connections.ts";
import type { Reply } from "./reply-reader.ts";
import type { Rules } from "./rules.ts";
import type { OpenRequest, OutgoingRequest } from "./runtime-connection.ts";

const INVOCATION = "/2018-06-01/runtime/invocation/";

// A cause longer than this would only make the request fail; the platform crops it at 64 KiB in any case.
const MAX_XRAY_CAUSE = 512 * 1024;

/** LocalEmu's Runtime API says by it that an answer may be the next poll as well, and its reply the next event. */
const ANSWER_POLLS = "localemu-answer-polls";

type Exchange = (
  method: string,
  path: string,
  headers: Readonly<Record<string, string | number>>,
  body: Buffer | undefined,
) => Promise<Reply>;

/** Speaks the Runtime API. */
export class RuntimeApiClient {
  /** For what is there as a whole, and for what streams. */
  readonly #exchange: Exchange;
  readonly #open: OpenRequest;
  readonly #rules: Rules;
  readonly #serial: boolean;
  /** Whether the answer to the event that came last may poll. */
  #answerPolls = false;
  /** The reply to an answer that polls. */
  #polled: Promise<Reply> | undefined;
  /** Loads what streams need, which most functions do without: in the init phase, and not in the first invocation. */
  readonly prepareStreams: () => void;
  /** Drops the connection; a parked `/next` fails. */
  readonly close: () => void;

  /**
   * @param open `host:port`, the value of `AWS_LAMBDA_RUNTIME_API`, or how requests are made
   * @param serial whether there is one event at a time, for which nobody polls before it is answered
   */
  constructor(open: string | OpenRequest, rules: Rules, serial = false) {
    this.#rules = rules;
    this.#serial = serial;
    if (typeof open === "string") {
      const { host, port } = parseAddress(open);
      const connections = new RawConnections(host, port);
      this.#exchange = (method, path, headers, body) => connections.exchange({ method, path, headers, body });
      const streams = lazyRequests(host, port);
      this.#open = streams.open;
      this.prepareStreams = streams.prepare;
      this.close = () => {
        connections.close();
        streams.close();
      };
    } else {
      this.#exchange = exchangeBy(open);
      this.#open = open;
      this.prepareStreams = () => undefined;
      this.close = () => undefined;
    }
  }

  /** Waits for the next event, for as long as it takes. Rejects when the platform has none for this runtime any more. */
  async next(): Promise<Reply> {
    const reply =
      (await this.#takePolled()) ?? (await this.#exchange("GET", `${INVOCATION}next`, this.#asking(), undefined));
    this.#answerPolls = reply.headers[ANSWER_POLLS] !== undefined;
    if (reply.status !== 200) {
      throw platformError(`The Runtime API answered ${reply.status}: ${reply.body.toString("utf8")}`);
    }
    return reply;
  }

  /** Resolves when the platform has it, or where the answer polls as well, at once: `next` tells what becomes of it. */
  async postResponse(requestId: string, json: string): Promise<void> {
    const path = `${INVOCATION}${encodeURIComponent(requestId)}/response`;
    if (this.#answerPolls) {
      this.#answerPolls = false;
      this.#polled = this.#post(path, json, this.#asking());
      // Told by `next`.
      this.#polled.catch(() => undefined);
      return;
    }
    this.#warnIfRefused(await this.#post(path, json));
  }

  /** The event that came with the reply to the answer before; undefined where there is none. */
  async #takePolled(): Promise<Reply | undefined> {
    const polled = this.#polled;
    if (polled === undefined) return undefined;
    this.#polled = undefined;
    const reply = await polled;
    if (reply.status === 200) return reply;
    this.#warnIfRefused(reply);
    return undefined;
  }

  #asking(): Readonly<Record<string, string>> {
    return this.#serial ? { [ANSWER_POLLS]: "true" } : {};
  }

  async postError(requestId: string, error: unknown): Promise<void> {
    const cause = formatXrayCause(error);
    const headers =
      cause === "" || cause.length > MAX_XRAY_CAUSE
        ? {}
        : // Raw UTF-8 bytes: Node's http writes header values as latin1.
          { "lambda-runtime-function-xray-error-cause": Buffer.from(cause, "utf8").toString("latin1") };
    const json = JSON.stringify(formatError(this.#rules, error));
    const reply = await this.#post(`${INVOCATION}${encodeURIComponent(requestId)}/error`, json, headers);
    this.#warnIfRefused(reply);
  }

  async postInitError(error: unknown): Promise<void> {
    const formatted = formatError(this.#rules, error);
    await this.#post("/2018-06-01/runtime/init/error", JSON.stringify(formatted), {
      "lambda-runtime-function-error-type": (formatted.errorType ?? "").replaceAll(/[^\x20-\x7e]/g, "?"),
    });
  }

  /** The open request whose body becomes the response stream of the invocation. */
  openResponse(requestId: string, headers: OutgoingHttpHeaders): OutgoingRequest {
    return this.#open("POST", `${INVOCATION}${encodeURIComponent(requestId)}/response`, headers);
  }

  #post(path: string, json: string, headers: Readonly<Record<string, string>> = {}): Promise<Reply> {
    const body = Buffer.from(json, "utf8");
    return this.#exchange(
      "POST",
      path,
      { "content-type": "application/json", "content-length": body.byteLength, ...headers },
      body,
    );
  }

  // AWS: a refused post (for example 413) is logged, in these words for errors too, and the runtime goes on with the next
  // event; up to nodejs22.x without what the platform says (aws-lambda-ric).
  #warnIfRefused({ status, body }: Reply): void {
    if (status < 200 || status >= 300) {
      const why = this.#rules === "ric3" ? "" : ` ${body.toString("utf8").trim()}`;
      process.stderr.write(
        `[ERROR] [${Date.now()}] LAMBDA_RUNTIME Failed to post handler success response. Http response code: ${status}.${why}\n`,
      );
    }
  }
}

interface LazyRequests {
  readonly open: OpenRequest;
  readonly prepare: () => void;
  readonly close: () => void;
}

/** Requests of `node:http`, whose module is loaded when it is asked for. */
function lazyRequests(host: string, port: number): LazyRequests {
  let agent: Agent | undefined;
  return {
    open(method, path, headers) {
      const http = process.getBuiltinModule("node:http");
      agent ??= new http.Agent({ keepAlive: true });
      return http.request({ host, port, agent, method, path, headers });
    },
    prepare: () => void process.getBuiltinModule("node:http"),
    close: () => agent?.destroy(),
  };
}

function exchangeBy(open: OpenRequest): Exchange {
  return (method, path, headers, body) =>
    new Promise((resolve, reject) => {
      const outgoing = open(method, path, headers);
      outgoing.on("error", reject);
      outgoing.on("response", (incoming: IncomingMessage) => {
        const chunks: Buffer[] = [];
        incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
        incoming.on("error", reject);
        incoming.on("end", () => {
          resolve({ status: incoming.statusCode ?? 0, headers: textHeaders(incoming), body: Buffer.concat(chunks) });
        });
      });
      outgoing.end(body);
    });
}

function textHeaders({ headers }: IncomingMessage): Record<string, string> {
  const texts: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) texts[name] = String(value);
  }
  return texts;
}

function parseAddress(address: string): { readonly host: string; readonly port: number } {
  const [host = "", port = "", ...rest] = address.split(":");
  if (host === "" || rest.length > 0 || !/^\d{1,5}$/.test(port)) {
    throw platformError(`Invalid hostnamePort: ${address}`);
  }
  return { host, port: Number(port) };
}
