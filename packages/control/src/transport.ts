import http from "node:http";
import type { ControlErrorBody } from "./contract.ts";
import { ControlError } from "./control-error.ts";

// Taken once at load: request mocks of a test (nock, msw) replace the properties of node:http later and must not catch these
// calls. Time-outs are left to node:http, whose timers no fake timers reach.
const { Agent, request: openRequest } = http;
const monotonic = performance.now.bind(performance);

/** Who hears of a time-out so much later than it was set for did not run meanwhile. */
const lateMs = 1_000;

export interface ControlRequest {
  readonly method: "GET" | "POST" | "DELETE";
  /** Below `/_localemu/`, query included. */
  readonly path: string;
  /** Sent as JSON. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds without a byte before the call fails; 0 waits for ever. Default 60 000. */
  readonly silenceMs?: number;
}

/** HTTP to one endpoint over connections that are kept and that, while unused, don't keep the process alive. */
export class Transport {
  /** Without a slash at the end. */
  readonly endpoint: string;
  readonly #agent = new Agent({ keepAlive: true });
  readonly #host: string;
  readonly #port: string;
  readonly #prefix: string;
  #closed = false;

  constructor(endpoint: string) {
    const url = URL.parse(endpoint);
    if (url === null || url.protocol !== "http:" || url.search !== "" || url.hash !== "") {
      throw new TypeError(`A LocalEmu endpoint looks like http://127.0.0.1:4566, not like ${JSON.stringify(endpoint)}`);
    }
    this.#prefix = url.pathname.replace(/\/+$/, "");
    this.endpoint = url.origin + this.#prefix;
    // A URL has the brackets of an IPv6 address, a socket wants it without.
    this.#host = url.hostname.replace(/^\[(.*)\]$/, "$1");
    this.#port = url.port === "" ? "80" : url.port;
  }

  /** The answer's body, whatever it is; throws ControlError on a status other than 2xx. */
  async text(request: ControlRequest): Promise<string> {
    const response = await this.stream(request);
    return this.#readAll(request, response);
  }

  /**
   * The answer's JSON; throws ControlError.
   * Its shape is trusted: the server is built from the same contract, and to check every answer would say it twice.
   */
  async json<Answer>(request: ControlRequest): Promise<Answer> {
    const text = await this.text(request);
    try {
      return JSON.parse(text);
    } catch {
      throw this.#foreign(request, 200, text);
    }
  }

  /** The answer as it comes in, decoded as UTF-8; throws ControlError on a status other than 2xx. */
  async stream(request: ControlRequest): Promise<http.IncomingMessage> {
    if (this.#closed) throw new ControlError("ClientClosed", `The client of LocalEmu at ${this.endpoint} is closed`);
    const response = await this.#open(request);
    response.setEncoding("utf8");
    const status = response.statusCode ?? 0;
    if (status >= 200 && status < 300) return response;
    const text = await this.#readAll(request, response);
    const answer = parseJson(text);
    if (!isErrorBody(answer)) throw this.#foreign(request, status, text);
    throw new ControlError(answer.error.code, answer.error.message, { status });
  }

  /** Ends calls in flight and closes the connections. */
  close(): void {
    this.#closed = true;
    this.#agent.destroy();
  }

  /** What a failed connection means to the caller. */
  failure(request: ControlRequest, cause: unknown): unknown {
    if (cause instanceof ControlError) return cause;
    if (request.signal?.aborted === true) return request.signal.reason;
    if (this.#closed) {
      return new ControlError("ClientClosed", `The client was closed during ${describe(request)}`, { cause });
    }
    const reason = reasonOf(cause);
    if (reason === "ECONNREFUSED" || reason === "ENOTFOUND" || reason === "EHOSTUNREACH") {
      return new ControlError("Unreachable", `No LocalEmu answers at ${this.endpoint}: ${reason}`, { cause });
    }
    return new ControlError(
      "Unreachable",
      `The connection to LocalEmu at ${this.endpoint} broke during ${describe(request)}: ${reason}`,
      { cause },
    );
  }

  #open(request: ControlRequest): Promise<http.IncomingMessage> {
    const body = request.body === undefined ? undefined : Buffer.from(JSON.stringify(request.body));
    const silenceMs = request.silenceMs ?? 60_000;
    return new Promise((resolve, reject) => {
      const outgoing = openRequest({
        agent: this.#agent,
        host: this.#host,
        port: this.#port,
        method: request.method,
        path: `${this.#prefix}/_localemu/${request.path}`,
        headers: {
          ...request.headers,
          // Always a length: without one node:http sends an empty POST chunked.
          ...(request.method === "POST" && { "content-length": body?.length ?? 0 }),
          ...(body !== undefined && { "content-type": "application/json" }),
        },
        ...(request.signal !== undefined && { signal: request.signal }),
      });
      let answered = false;
      outgoing.once("response", (response) => {
        answered = true;
        resolve(response);
      });
      outgoing.on("error", (error) => {
        // A server may close a kept connection just when it is used again (say, after a pause at a breakpoint). Nothing
        // was read from the request then, so it goes out once more; on a new connection the same error is final.
        const stale = outgoing.reusedSocket && !answered && ["ECONNRESET", "EPIPE"].includes(reasonOf(error));
        if (stale && !this.#closed && request.signal?.aborted !== true) resolve(this.#open(request));
        else reject(this.failure(request, error));
      });
      // A process that a debugger stopped has not listened: it is late, and listens as long again.
      const listen = (): void => {
        const since = monotonic();
        outgoing.setTimeout(silenceMs, () => (monotonic() - since > silenceMs + lateMs ? listen() : giveUp()));
      };
      const giveUp = (): void => {
        const text = `LocalEmu at ${this.endpoint} did not answer ${describe(request)} within ${silenceMs / 1000} s`;
        outgoing.destroy(new ControlError("TimedOut", text));
      };
      listen();
      outgoing.end(body);
    });
  }

  async #readAll(request: ControlRequest, response: http.IncomingMessage): Promise<string> {
    let text = "";
    try {
      for await (const chunk of response) text += chunk;
    } catch (error) {
      throw this.failure(request, error);
    }
    return text;
  }

  #foreign(request: ControlRequest, status: number, text: string): ControlError {
    const start = JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);
    return new ControlError(
      "NotLocalEmu",
      `What answers at ${this.endpoint} does not speak LocalEmu's control API: ${describe(request)} gave ${status} ${start}`,
      { status },
    );
  }
}

function describe({ method, path }: ControlRequest): string {
  return `${method} /_localemu/${path}`;
}

/** The system's error code, or the message where there is none. */
function reasonOf(error: unknown): string {
  // Several addresses were tried, each has its error.
  if (error instanceof AggregateError && error.errors.length > 0) return reasonOf(error.errors[0]);
  if (!(error instanceof Error)) return String(error);
  return "code" in error && typeof error.code === "string" ? error.code : error.message;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isErrorBody(value: unknown): value is ControlErrorBody {
  if (typeof value !== "object" || value === null || !("error" in value)) return false;
  const { error } = value;
  return (
    typeof error === "object" &&
    error !== null &&
    "code" in error &&
    typeof error.code === "string" &&
    "message" in error &&
    typeof error.message === "string"
  );
}
