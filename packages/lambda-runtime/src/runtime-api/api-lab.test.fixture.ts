import { Agent, request as httpRequest, type IncomingHttpHeaders } from "node:http";
import { connect } from "node:net";
import { hostTime } from "../host-time.ts";
import type { Answer } from "./answer.ts";
import { ApiServer } from "./api-server.ts";
import { RuntimeApi, type RuntimeApiEvents } from "./runtime-api.ts";

export interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export const NEXT = "/2018-06-01/runtime/invocation/next";
export const answerPath = (id: string, what = "response"): string => `/2018-06-01/runtime/invocation/${id}/${what}`;

export function error(errorType: string, errorMessage: string): string {
  return JSON.stringify({ errorMessage, errorType });
}

export const INVALID_ID = { status: 400, body: error("InvalidRequestID", "Invalid request ID") };

/** A Runtime API that runs, and a client that says what it wants on the wire. */
export class ApiLab {
  readonly happened: unknown[] = [];
  /** What each `ready` came after. */
  readonly ready: (string | undefined)[] = [];
  readonly graceTimers: (() => void)[] = [];
  readonly api: RuntimeApi;
  responding = 0;
  port = 0;
  readonly #agent = new Agent({ keepAlive: true });
  readonly #server: ApiServer;
  #check: () => void = () => undefined;

  constructor(maxConcurrency = 1) {
    const graceTime = {
      ...hostTime,
      setTimeout: (fire: () => void) => {
        this.graceTimers.push(fire);
        this.#check();
        return () => this.graceTimers.splice(this.graceTimers.indexOf(fire), 1);
      },
    };
    const events: RuntimeApiEvents = {
      ready: (after) => {
        this.ready.push(after);
        this.#note("ready");
      },
      initError: (payload, errorType) => this.#note(["initError", Buffer.from(payload).toString(), errorType]),
      responding: () => {
        this.responding += 1;
        this.#check();
      },
      answered: (_requestId, answer) => this.#note(readable(answer)),
    };
    this.api = new RuntimeApi(graceTime, events, maxConcurrency);
    this.#server = new ApiServer(new Map([["2018-06-01", this.api]]), fail);
  }

  async listen(): Promise<void> {
    this.port = await this.#server.listen("127.0.0.1");
  }

  close(): void {
    this.#agent.destroy();
    this.api.close();
    this.#server.close();
  }

  until(condition: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      this.#check = () => {
        if (condition()) {
          resolve();
        }
      };
      this.#check();
    });
  }

  send(method: string, path: string, body = "", headers: Record<string, string> = {}): Promise<Reply> {
    const options = { port: this.port, host: "127.0.0.1", agent: this.#agent, method, path, headers };
    return new Promise((resolve, reject) => {
      const outgoing = httpRequest(options, (incoming) => {
        let text = "";
        incoming.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
        incoming.on("end", () => resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, body: text }));
      });
      outgoing.on("error", reject);
      outgoing.end(body);
    });
  }

  /** Sends bytes as they are and resolves to all that comes back until `enough` is there. */
  raw(bytes: string, enough: (text: string) => boolean): Promise<string> {
    return new Promise((resolve, reject) => {
      const socket = connect(this.port, "127.0.0.1");
      let text = "";
      socket.setEncoding("latin1").on("data", (chunk: string) => {
        text += chunk;
        if (enough(text)) {
          socket.destroy();
          resolve(text);
        }
      });
      socket.on("error", reject);
      socket.on("end", () => resolve(text));
      socket.write(bytes, "latin1");
    });
  }

  deliver(requestId: string, payload = '{"n":1}', more: Record<string, string> = {}, invocationId?: string): void {
    this.api.deliver({
      request: { requestId, payload: Buffer.from(payload), invokedFunctionArn: "arn:f", ...more },
      deadline: 1_700_000_000_123,
      ...(invocationId === undefined ? {} : { invocationId }),
    });
  }

  /** Polls and is given an invocation. */
  async take(requestId: string, invocationId?: string): Promise<Reply> {
    const before = this.happened.length;
    const next = this.send("GET", NEXT);
    await this.until(() => this.happened.length > before);
    this.deliver(requestId, undefined, undefined, invocationId);
    return next;
  }

  #note(what: unknown): void {
    this.happened.push(what);
    this.#check();
  }
}

function readable(answer: Answer): unknown {
  const type = answer.kind === "error" && answer.errorType !== undefined ? [answer.errorType] : [];
  return "payload" in answer ? [answer.kind, Buffer.from(answer.payload).toString(), ...type] : [answer.kind];
}

function fail(thrown: unknown): never {
  throw thrown;
}
