/** A window as a document. */
export type KeptWindow = {
  readonly capacity: number;
  readonly lengthMs: number;
  readonly taken: readonly { readonly amount: number; readonly until: number }[];
};

/**
 * Says whether there is room left in the time that has just passed, so that no stretch of that length, wherever it begins, has
 * more than its capacity. Times and lengths are milliseconds.
 */
export class RollingWindow {
  readonly #capacity: number;
  readonly #lengthMs: number;
  /** What was taken and still counts, with the time from which on it does not; the oldest first. */
  readonly #taken: { amount: number; readonly until: number }[];
  #sum: number;

  constructor(capacity: number, lengthMs: number, taken: KeptWindow["taken"] = []) {
    this.#capacity = capacity;
    this.#lengthMs = lengthMs;
    this.#taken = [...taken];
    this.#sum = taken.reduce((sum, { amount }) => sum + amount, 0);
  }

  kept(): KeptWindow {
    return { capacity: this.#capacity, lengthMs: this.#lengthMs, taken: this.#taken };
  }

  /** What is larger than the capacity is let through when nothing else counts. */
  holds(amount: number, now: number): boolean {
    this.#forget(now);
    return this.#sum + Math.min(amount, this.#capacity) <= this.#capacity;
  }

  /** How long it is until it holds so much. */
  msUntil(amount: number, now: number): number {
    if (this.holds(amount, now)) return 0;
    let over = this.#sum + Math.min(amount, this.#capacity) - this.#capacity;
    const last = this.#taken.find((taken) => (over -= taken.amount) <= 0);
    return last === undefined ? 0 : last.until - now;
  }

  /** What goes beyond the capacity is counted for as much longer, so that the average stays. */
  take(amount: number, now: number): void {
    this.#forget(now);
    if (amount === 0) return;
    this.#sum += amount;
    const last = this.#taken.at(-1);
    const lasting = Math.ceil(this.#lengthMs * Math.max(1, this.#sum / this.#capacity));
    const until = Math.max(now + lasting, last?.until ?? 0);
    if (last?.until === until) last.amount += amount;
    else this.#taken.push({ amount, until });
  }

  #forget(now: number): void {
    for (let oldest = this.#taken[0]; oldest !== undefined && oldest.until <= now; oldest = this.#taken[0]) {
      this.#sum -= oldest.amount;
      this.#taken.shift();
    }
  }
}
