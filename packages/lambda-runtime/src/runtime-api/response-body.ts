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
