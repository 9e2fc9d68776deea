import { RollingWindow } from "./rolling-window.ts";

/** AWS: what one shard takes and gives in a second (AWS docs). */
const recordsIn = 1000;
const bytesIn = 1024 * 1024;
const callsOut = 5;
const bytesOut = 2 * 1024 * 1024;
const second = 1000;

/**
 * How much a shard may still take and give, by world time. Times are milliseconds. Assumed: a second is any one, wherever it
 * begins; AWS documents the numbers alone.
 */
export class ShardThroughput {
  readonly #recordsIn = new RollingWindow(recordsIn, second);
  readonly #bytesIn = new RollingWindow(bytesIn, second);
  readonly #callsOut = new RollingWindow(callsOut, second);
  readonly #bytesOut = new RollingWindow(bytesOut, second);

  /**
   * Whether a record of so many bytes, its key included, is taken now. AWS: one that is larger than what a second takes may
   * come in a burst, and the average stays (AWS docs). Assumed: after a second without any.
   */
  takesRecord(bytes: number, now: number): boolean {
    if (!this.#recordsIn.holds(1, now) || !this.#bytesIn.holds(bytes, now)) return false;
    this.#recordsIn.take(1, now);
    this.#bytesIn.take(bytes, now);
    return true;
  }

  /** Whether a read is answered now; then it has been counted. What it gives is not known yet: something must be left. */
  takesRead(now: number): boolean {
    if (!this.#callsOut.holds(1, now) || !this.#bytesOut.holds(1, now)) return false;
    this.#callsOut.take(1, now);
    return true;
  }

  /**
   * AWS: an answer may be larger than what a second gives; the shard then gives nothing for as long as that takes, five seconds
   * for 10 MiB (AWS docs).
   */
  gave(bytes: number, now: number): void {
    this.#bytesOut.take(bytes, now);
  }
}

/** How much a shard may still push to one consumer, which has that for itself (AWS docs). Times are milliseconds. */
export class PushThroughput {
  readonly #bytesOut = new RollingWindow(bytesOut, second);

  /** How long it is until so much may be pushed; 0: now. */
  waitMs(bytes: number, now: number): number {
    return this.#bytesOut.msUntil(bytes, now);
  }

  gave(bytes: number, now: number): void {
    this.#bytesOut.take(bytes, now);
  }
}
