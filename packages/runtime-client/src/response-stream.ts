import type { IncomingMessage } from "node:http";
import { formatError, RuntimeError } from "./errors.ts";
import type { RuntimeApiClient } from "./runtime-api-client.ts";
import type { OutgoingRequest } from "./runtime-connection.ts";

const ERROR_TYPE = "Lambda-Runtime-Function-Error-Type";
const ERROR_BODY = "Lambda-Runtime-Function-Error-Body";
const HTTP_INTEGRATION = "application/vnd.awslambda.http-integration-response";
const DELIMITER_BYTES = 8;

// AWS: a streaming handler gets a plain object with just these members of the request (aws-lambda-ric).
const METHODS = [
  "cork",
  "destroy",
  "end",
  "uncork",
  "addListener",
  "on",
  "once",
  "prependListener",
  "prependOnceListener",
  "off",
  "removeListener",
  "removeAllListeners",
  "setMaxListeners",
  "getMaxListeners",
  "listeners",
  "rawListeners",
  "listenerCount",
  "eventNames",
  "emit",
] as const;
const READ_ONLY = [
  "destroyed",
  "writableFinished",
  "writableObjectMode",
  "writableEnded",
  "writableNeedDrain",
  "writableHighWaterMark",
  "writableCorked",
  "writableLength",
  "writable",
] as const;

type WriteBytes = (chunk: string | Uint8Array) => void;

/** The part of a response stream that `HttpResponseStream.from` needs. */
export interface PreludeTarget {
  setContentType(contentType: string): void;
  /** The name that aws-lambda-ric gave it. */
  _onBeforeFirstWrite?: ((write: WriteBytes) => void) | undefined;
}

export interface OpenResponse {
  /** The second argument of a streaming handler. */
  readonly stream: object;
  /** Settles when the platform has acknowledged the whole response; rejects when the connection broke. */
  readonly acknowledged: Promise<void>;
  isFinished(): boolean;
  /** Ends the response with the error in its trailers. */
  fail(error: unknown): Promise<void>;
}

export function openResponse(client: RuntimeApiClient, requestId: string): OpenResponse {
  const outgoing = client.openResponse(requestId, {
    "Lambda-Runtime-Function-Response-Mode": "streaming",
    Trailer: [ERROR_TYPE, ERROR_BODY],
    "Content-Type": "application/octet-stream",
    "Transfer-Encoding": "chunked",
  });
  const acknowledged = new Promise<void>((resolve, reject) => {
    outgoing.on("error", reject);
    outgoing.on("response", (incoming: IncomingMessage) => incoming.on("error", reject).on("end", resolve).resume());
  });
  return {
    stream: responseStream(outgoing),
    acknowledged,
    isFinished: () => outgoing.writableFinished,
    fail: async (error) => {
      if (!outgoing.writableEnded) {
        const formatted = formatError(error);
        outgoing.addTrailers({
          [ERROR_TYPE]: formatted.errorType.replaceAll(/[^\x20-\x7e]/g, "?"),
          [ERROR_BODY]: Buffer.from(JSON.stringify(formatted)).toString("base64"),
        });
        outgoing.end();
      }
      await acknowledged;
    },
  };
}

function responseStream(outgoing: OutgoingRequest): object {
  let written = false;
  const write = (...args: readonly unknown[]): boolean =>
    Boolean(Reflect.apply(Reflect.get(outgoing, "write"), outgoing, args));
  const stream: PreludeTarget & { write(...args: readonly unknown[]): boolean } = {
    setContentType: (contentType) => {
      if (written) {
        throw new RuntimeError("Runtime.InvalidStreamingOperation", "Cannot set content-type, too late.");
      }
      outgoing.setHeader("Content-Type", contentType);
    },
    write: (chunk, ...rest) => {
      const data = typeof chunk === "string" || chunk instanceof Uint8Array ? chunk : JSON.stringify(chunk);
      if (!written) {
        stream._onBeforeFirstWrite?.((bytes) => outgoing.write(bytes));
        written = true;
      }
      return write(data, ...rest);
    },
  };
  for (const method of METHODS) {
    Object.defineProperty(stream, method, { value: outgoing[method].bind(outgoing), enumerable: true, writable: true });
  }
  for (const name of READ_ONLY) {
    Object.defineProperty(stream, name, { get: () => outgoing[name], enumerable: true, configurable: true });
  }
  return stream;
}

/** `awslambda.HttpResponseStream`: puts status and headers in front of the body. */
export const HttpResponseStream = {
  // AWS: the prelude is written before the first `write`; `end(text)` alone sends none (aws-lambda-ric).
  from<Stream extends PreludeTarget>(stream: Stream, prelude: unknown): Stream {
    stream.setContentType(HTTP_INTEGRATION);
    const json = JSON.stringify(prelude);
    stream._onBeforeFirstWrite = (write) => {
      write(json);
      write(new Uint8Array(DELIMITER_BYTES));
    };
    return stream;
  },
};
