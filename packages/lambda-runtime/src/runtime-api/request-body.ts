import type { ResponseSink } from "../contract.ts";
import type { ApiRequest } from "./exchange.ts";

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

/**
 * Reads a request body into a sink with back-pressure. Calls `done` once: for a body that exceeds the limit as soon as it does,
 * the sink having taken as much as the limit; the rest is read and dropped.
 */
export function readBody(
  request: ApiRequest,
  sink: ResponseSink,
  limit: number,
  done: (end: BodyEnd, bytes: number) => void,
): void {
  let size = 0;
  let dropping = false;
  let ended = false;
  const room = (chunk: Buffer): Buffer => (size > limit ? chunk.subarray(0, limit - size + chunk.byteLength) : chunk);
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
    const taken = room(chunk);
    const accepted = dropping || taken.byteLength === 0 ? undefined : sink.write(taken);
    if (size > limit) {
      dropping = true;
      end("bodyTooLarge");
    } else if (accepted !== undefined) {
      request.pause();
      // AWS: a function runs on when its caller has gone away.
      accepted.then(proceed, dropAndProceed);
    }
  });
  request.on("end", () => end("bodyRead"));
  // A broken connection is reported by "close".
  request.on("error", () => undefined);
  request.on("close", () => end("bodyTruncated"));
}
