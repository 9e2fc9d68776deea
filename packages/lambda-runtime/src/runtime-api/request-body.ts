import type { IncomingMessage } from "node:http";
import type { ResponseSink } from "../contract.ts";

/** Collects a body in memory. */
export class BodyCollector implements ResponseSink {
  readonly #chunks: Uint8Array[] = [];

  write(chunk: Uint8Array): undefined {
    this.#chunks.push(chunk);
  }

  bytes(): Uint8Array {
    const [only] = this.#chunks;
    return this.#chunks.length === 1 && only !== undefined ? only : Buffer.concat(this.#chunks);
  }
}

export type BodyEnd = "bodyRead" | "bodyTooLarge" | "bodyTruncated";

/** Reads a request body into a sink with back-pressure; what exceeds the limit is read and dropped. Calls `done` once. */
export function readBody(
  request: IncomingMessage,
  sink: ResponseSink,
  limit: number,
  done: (end: BodyEnd, bytes: number) => void,
): void {
  let size = 0;
  let dropping = false;
  let ended = false;
  const end = (how: BodyEnd): void => {
    if (!ended) {
      ended = true;
      done(how, size);
    }
  };
  const proceed = (): void => {
    request.resume();
  };
  const dropAndProceed = (): void => {
    dropping = true;
    request.resume();
  };
  request.on("data", (chunk: Buffer) => {
    size += chunk.byteLength;
    if (dropping || size > limit) {
      return;
    }
    const accepted = sink.write(chunk);
    if (accepted !== undefined) {
      request.pause();
      // AWS: a function runs on when its caller has gone away.
      accepted.then(proceed, dropAndProceed);
    }
  });
  request.on("end", () => end(size > limit ? "bodyTooLarge" : "bodyRead"));
  // A broken connection is reported by "close".
  request.on("error", () => undefined);
  request.on("close", () => end("bodyTruncated"));
}
