import type { HostTime } from "../../../core/host-time.ts";
import type { ResponseSink } from "./ports.ts";

/** What AWS takes of a streamed response, and how fast. */
export interface StreamLimits {
  /** A longer response is cut off there. */
  readonly maxBytes: number;
  /** How fast a response goes on after its first 6 MiB; 0 for as fast as it can. */
  readonly bytesPerSecond: number;
}

/** So much may wait for the reader before the writer is held back. */
const highWaterBytes = 64 * 1024;

// AWS: so much of a response is not slowed down (AWS docs).
const burstBytes = 6 * 1024 * 1024;

/**
 * Hands a response from the function that sends it to the one caller who reads it. Each is held back while the other is slow:
 * what is in between never grows. A caller that goes away leaves the function running: what it sends is dropped then.
 */
export class ResponseChannel implements ResponseSink {
  readonly maxBytes: number;
  readonly #bytesPerSecond: number;
  readonly #host: HostTime;
  readonly #chunks: Uint8Array[] = [];
  #waiting = 0;
  #total = 0;
  #startedAt: number | undefined;
  #cancelPause: (() => void) | undefined;
  #ended = false;
  #left = false;
  #wakeReader: () => void = () => {};
  #releaseWriter: () => void = () => {};

  constructor(host: HostTime, { maxBytes, bytesPerSecond }: StreamLimits) {
    this.#host = host;
    this.maxBytes = maxBytes;
    this.#bytesPerSecond = bytesPerSecond;
  }

  write(chunk: Uint8Array): Promise<void> | undefined {
    if (this.#left || this.#ended) return undefined;
    this.#startedAt ??= this.#host.monotonic();
    this.#chunks.push(chunk);
    this.#waiting += chunk.byteLength;
    this.#total += chunk.byteLength;
    this.#pause(this.#startedAt);
    this.#wakeReader();
    if (this.#isOpen()) return undefined;
    return new Promise((resolve) => (this.#releaseWriter = resolve));
  }

  /** Nothing comes after what was written. */
  end(): void {
    this.#ended = true;
    this.#releaseWriterNow();
    this.#wakeReader();
  }

  /** The reader takes no more. */
  leave(): void {
    this.#left = true;
    this.#chunks.length = 0;
    this.#waiting = 0;
    this.#releaseWriterNow();
    this.#wakeReader();
  }

  /** The next chunk; undefined after the last one, and when the reader has left. To be called by one reader, once at a time. */
  async read(): Promise<Uint8Array | undefined> {
    while (this.#chunks.length === 0 && !this.#ended && !this.#left) {
      await new Promise<void>((resolve) => (this.#wakeReader = resolve));
    }
    const chunk = this.#chunks.shift();
    this.#waiting -= chunk?.byteLength ?? 0;
    this.#releaseIfOpen();
    return chunk;
  }

  #releaseWriterNow(): void {
    this.#cancelPause?.();
    this.#cancelPause = undefined;
    this.#releaseWriter();
  }

  #isOpen(): boolean {
    return this.#waiting < highWaterBytes && this.#cancelPause === undefined;
  }

  #releaseIfOpen(): void {
    if (this.#isOpen()) this.#releaseWriter();
  }

  #pause(startedAt: number): void {
    if (this.#bytesPerSecond === 0 || this.#total <= burstBytes) return;
    const due = startedAt + ((this.#total - burstBytes) / this.#bytesPerSecond) * 1000;
    const delay = due - this.#host.monotonic();
    if (delay <= 0) return;
    this.#cancelPause?.();
    this.#cancelPause = this.#host.setTimeout(() => {
      this.#cancelPause = undefined;
      this.#releaseIfOpen();
    }, delay);
  }
}
