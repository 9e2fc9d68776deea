import type { IncomingMessage } from "node:http";
import { formatError, runtimeError } from "./errors.ts";
import type { RuntimeApiClient } from "./runtime-api-client.ts";
import type { Rules } from "./rules.ts";
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
  /** Ends the response with the error in its trailers. */
  fail(error: unknown): Promise<void>;
}

export function openResponse(client: RuntimeApiClient, requestId: string, rules: Rules): OpenResponse {
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
    stream: responseStream(outgoing, rules),
    acknowledged,
    fail: async (error) => {
      if (!outgoing.writableEnded) {
        const formatted = formatError(rules, error);
        outgoing.addTrailers({
          [ERROR_TYPE]: (formatted.errorType ?? "").replaceAll(/[^\x20-\x7e]/g, "?"),
          [ERROR_BODY]: Buffer.from(JSON.stringify(formatted)).toString("base64"),
        });
        outgoing.end();
      }
      await acknowledged;
    },
  };
}

function responseStream(outgoing: OutgoingRequest, rules: Rules): object {
  let written = false;
  let beforeFirstWrite: unknown;
  const write = (...args: readonly unknown[]): boolean =>
    Boolean(Reflect.apply(Reflect.get(outgoing, "write"), outgoing, args));
  const stream = {
    setContentType: (contentType: string): void => {
      if (written) {
        throw runtimeError(rules, "InvalidStreamingOperation", "Cannot set content-type, too late.");
      }
      outgoing.setHeader("Content-Type", contentType);
    },
    write: (chunk: unknown, ...rest: readonly unknown[]): boolean => {
      const data = bytesOf(chunk, rules);
      if (!written && typeof beforeFirstWrite === "function") {
        beforeFirstWrite((bytes: unknown) => write(bytes));
      }
      const ready = write(data, ...rest);
      written = true;
      return ready;
    },
  };
  for (const method of METHODS) {
    Object.defineProperty(stream, method, { value: outgoing[method].bind(outgoing), enumerable: true, writable: true });
  }
  if (rules === "ric3") {
    // AWS: `end` has one parameter in aws-lambda-ric 3.
    Object.defineProperty(stream, "end", { value: (chunk: unknown) => void outgoing.end(chunk), enumerable: true });
    Object.defineProperty(stream, "writableBuffer", { get: (): unknown => Reflect.get(outgoing, "writableBuffer") });
  }
  for (const name of READ_ONLY) {
    Object.defineProperty(stream, name, { get: () => outgoing[name] });
  }
  return Object.defineProperties(stream, {
    destroyed: {
      get: () => outgoing.destroyed,
      set: (value: boolean) => {
        outgoing.destroyed = value;
      },
    },
    // The name that aws-lambda-ric gave it.
    _onBeforeFirstWrite: {
      get: () => beforeFirstWrite,
      set: (before: unknown) => {
        beforeFirstWrite = before;
      },
    },
  });
}

function bytesOf(chunk: unknown, rules: Rules): unknown {
  if (chunk === undefined || chunk === null) {
    // AWS: in these words, which are those of V8 (aws-lambda-ric).
    throw new TypeError(`Cannot read properties of ${chunk} (reading 'length')`);
  }
  const { constructor } = chunk;
  const isPlain = Buffer.isBuffer(chunk) || constructor === Uint8Array;
  const isBytes = rules === "ric3" ? isPlain : chunk instanceof Uint8Array;
  return typeof chunk === "string" || isBytes ? chunk : JSON.stringify(chunk);
}

/** `awslambda.HttpResponseStream`: puts status and headers in front of the body. */
// oxlint-disable-next-line typescript/no-extraneous-class -- AWS: `awslambda.HttpResponseStream` is a class.
export class HttpResponseStream {
  // AWS: the prelude is written before the first `write`; `end(text)` alone sends none (aws-lambda-ric).
  static from<Stream extends PreludeTarget>(stream: Stream, prelude: unknown): Stream {
    stream.setContentType(HTTP_INTEGRATION);
    const json = JSON.stringify(prelude);
    stream._onBeforeFirstWrite = (write) => {
      write(json);
      write(new Uint8Array(DELIMITER_BYTES));
    };
    return stream;
  }
}
