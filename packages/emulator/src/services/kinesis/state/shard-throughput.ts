/** AWS: what one shard takes and gives in a second (AWS docs). */
const recordsIn = 1000;
const bytesIn = 1024 * 1024;
const callsOut = 5;
const bytesOut = 2 * 1024 * 1024;

/** How much a shard may still take and give, by world time. Times are milliseconds. */
export class ShardThroughput {
  readonly #recordsIn = new Bucket(recordsIn);
  readonly #bytesIn = new Bucket(bytesIn);
  readonly #callsOut = new Bucket(callsOut);
  readonly #bytesOut = new Bucket(bytesOut);

  /** Whether a record of so many bytes, its key included, is taken now. */
  takesRecord(bytes: number, now: number): boolean {
    if (!this.#recordsIn.holds(1, now) || !this.#bytesIn.holds(bytes, now)) return false;
    this.#recordsIn.take(1);
    this.#bytesIn.take(bytes);
    return true;
  }

  /** Whether a read is answered now; then it has been counted. */
  takesRead(now: number): boolean {
    if (!this.#callsOut.holds(1, now) || !this.#bytesOut.holds(0, now)) return false;
    this.#callsOut.take(1);
    return true;
  }

  /**
   * AWS: an answer may be larger than what a second gives; the shard then gives nothing for as long as that takes, five seconds
   * for 10 MiB (AWS docs).
   */
  gave(bytes: number): void {
    if (bytes > bytesOut) this.#bytesOut.empty();
    this.#bytesOut.take(bytes);
  }
}

/** How much a shard may still push to one consumer, which has that for itself (AWS docs). Times are milliseconds. */
export class PushThroughput {
  readonly #bytesOut = new Bucket(bytesOut);

  /** How long it is until something may be pushed; 0: now. */
  waitMs(now: number): number {
    return this.#bytesOut.msUntil(0, now);
  }

  gave(bytes: number): void {
    if (bytes > bytesOut) this.#bytesOut.empty();
    this.#bytesOut.take(bytes);
  }
}

/** Holds what there is for a second, and fills up within one. Its level is counted in thousandths, which are whole at any millisecond. */
class Bucket {
  readonly #capacity: number;
  #level: number;
  #filledAt = -Infinity;

  constructor(capacity: number) {
    this.#capacity = capacity;
    this.#level = capacity * 1000;
  }

  /** What is larger than the whole bucket is let through when it is full, and owed afterwards. */
  holds(amount: number, now: number): boolean {
    const passed = now - this.#filledAt;
    if (passed > 0) {
      this.#level = Math.min(this.#capacity * 1000, this.#level + passed * this.#capacity);
      this.#filledAt = now;
    }
    return this.#level >= Math.min(amount, this.#capacity) * 1000;
  }

  /** How long it is until it holds so much, whole milliseconds. */
  msUntil(amount: number, now: number): number {
    return this.holds(amount, now) ? 0 : Math.ceil((amount * 1000 - this.#level) / this.#capacity);
  }

  empty(): void {
    this.#level = Math.min(this.#level, 0);
  }

  take(amount: number): void {
    this.#level -= amount * 1000;
  }
}
