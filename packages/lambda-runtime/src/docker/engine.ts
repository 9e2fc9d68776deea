import type { ClientRequest, IncomingMessage, RequestOptions } from "node:http";
import type { Readable } from "node:stream";
import type { HostTime } from "../ports.ts";
import { textOf } from "./json-member.ts";

/** What a Docker engine refused, by the HTTP status of its answer; 0 where none answers. */
export class EngineError extends Error {
  override readonly name = "EngineError";
  readonly status: number;

  constructor(status: number, message: string, options?: ErrorOptions) {
    super(message, options);
    this.status = status;
  }
}

type Method = "GET" | "POST" | "PUT" | "DELETE";

/** Speaks the Docker Engine API, without a version: engines old and new answer by the one that they have. */
export class Engine {
  readonly host: string;
  readonly #signal: AbortSignal | undefined;

  /** @param host as in `DOCKER_HOST`: `unix://`, `npipe://` or `tcp://` */
  constructor(host: string, signal?: AbortSignal) {
    this.host = host;
    this.#signal = signal;
  }

  /** The same engine, whose requests end with the signal, answered or not. */
  within(signal: AbortSignal): Engine {
    return new Engine(this.host, signal);
  }

  /** Does what must not take longer: what is asked of the engine after so many milliseconds, or not answered then, is rejected. */
  async limited<T>(hostTime: HostTime, ms: number, work: (engine: Engine) => Promise<T>): Promise<T> {
    const limit = new AbortController();
    const cancel = hostTime.setTimeout(() => limit.abort(new Error(`it took longer than ${ms / 1000} s`)), ms);
    try {
      return await work(this.within(limit.signal));
    } finally {
      cancel();
    }
  }

  /** What every request to it has. Throws EngineError where there is no speaking to such a host. */
  get address(): RequestOptions {
    return addressOf(this.host);
  }

  /** The answer as parsed JSON; undefined where it has no body. Rejects with EngineError. */
  async call(method: Method, path: string, body?: unknown): Promise<unknown> {
    const text = await readAll(await this.#request(method, path, body));
    return text === "" ? undefined : JSON.parse(text);
  }

  /** The same, but what is missing (404) is undefined. */
  async find(path: string): Promise<unknown> {
    try {
      return await this.call("GET", path);
    } catch (error) {
      if (error instanceof EngineError && error.status === 404) return undefined;
      throw error;
    }
  }

  /** The answer's body while it comes; resolves when the engine has begun to answer. Rejects with EngineError. */
  stream(method: Method, path: string): Promise<Readable> {
    return this.#request(method, path);
  }

  /** Unpacks a tar archive into a directory of a container, running or not. Rejects with EngineError, and with the archive's own error. */
  async upload(container: string, directory: string, archive: AsyncIterable<Uint8Array>): Promise<void> {
    const path = `/containers/${container}/archive?path=${encodeURIComponent(directory)}`;
    const headers = { host: "docker", "content-type": "application/x-tar" };
    const { pipeline } = process.getBuiltinModule("node:stream/promises");
    const answer = this.#send({ method: "PUT", path, headers }, async (request) => {
      await pipeline(archive, request);
    });
    await readAll(await answer);
  }

  #request(method: Method, path: string, body?: unknown): Promise<IncomingMessage> {
    const payload = body === undefined ? "" : JSON.stringify(body);
    const headers = {
      host: "docker",
      "content-type": "application/json",
      "content-length": Buffer.byteLength(payload),
    };
    return this.#send({ method, path, headers }, (request) => void request.end(payload));
  }

  /** @param write Writes the body, and ends the request */
  async #send(
    options: Pick<RequestOptions, "path" | "headers"> & { readonly method: Method },
    write: (request: ClientRequest) => Promise<void> | void,
  ): Promise<IncomingMessage> {
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      const { request: open } = process.getBuiltinModule("node:http");
      const signal = this.#signal;
      const request = open({ ...this.address, ...options, signal, agent: false }, resolve);
      request.on("error", (cause) => {
        const { message } = signal?.reason instanceof Error ? signal.reason : cause;
        reject(new EngineError(0, `no Docker engine answers at ${this.host} (${message})`, { cause }));
      });
      // An engine that refuses may do so before it has read everything; what it says comes first then.
      Promise.resolve(write(request)).catch(reject);
    });
    const { statusCode = 0 } = response;
    if (statusCode < 400) return response;
    throw new EngineError(statusCode, messageOf(await readAll(response)));
  }
}

function addressOf(host: string): RequestOptions {
  const [, scheme, rest = ""] = /^(unix|npipe|tcp|http):\/\/(.+)$/.exec(host) ?? [];
  if (scheme === "unix" || scheme === "npipe") return { socketPath: rest };
  if (scheme === undefined || !URL.canParse(`http://${rest}`)) {
    throw new EngineError(0, `DOCKER_HOST must begin with unix://, npipe:// or tcp://, not ${JSON.stringify(host)}`);
  }
  const { hostname, port } = new URL(`http://${rest}`);
  return { host: hostname.replace(/^\[|\]$/g, ""), port: port === "" ? 2375 : Number(port) };
}

/** The whole of a text that arrives. */
export async function readAll(stream: Readable): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString();
}

function messageOf(text: string): string {
  try {
    return textOf(JSON.parse(text), "message") || text;
  } catch {
    return text;
  }
}
