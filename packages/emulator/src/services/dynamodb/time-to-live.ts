import type { Clock } from "../../core/clock.ts";
import type { Item } from "./attribute-value.ts";

interface Watch {
  readonly attribute: string;
  /** When each item expires that does, world time in milliseconds, by its key. */
  readonly expiries: Map<string, number>;
  dueAt: number;
  cancel: () => void;
}

/** AWS: items that expired longer ago are kept (AWS docs). */
const longestExpiredMs = 5 * 365 * 24 * 3_600_000;

/**
 * When items expire, by the world's clock. AWS deletes them within days; here they go at once. Nobody waits for that: idle does
 * not, and an automatic clock does not jump to it.
 */
export class TimeToLive {
  readonly #clock: Clock;
  /** Deletes expired items of a table. */
  readonly #expire: (table: string, keys: readonly string[]) => void;
  readonly #watches = new Map<string, Watch>();

  constructor(clock: Clock, expire: (table: string, keys: readonly string[]) => void) {
    this.#clock = clock;
    this.#expire = expire;
  }

  attributeOf(table: string): string | undefined {
    return this.#watches.get(table)?.attribute;
  }

  enable(table: string, attribute: string, items: Iterable<readonly [key: string, item: Item]>): void {
    this.disable(table);
    const watch: Watch = { attribute, expiries: new Map(), dueAt: Infinity, cancel: () => {} };
    this.#watches.set(table, watch);
    for (const [key, item] of items) this.#note(watch, key, item);
    this.#schedule(table, watch);
  }

  disable(table: string): void {
    this.#watches.get(table)?.cancel();
    this.#watches.delete(table);
  }

  written(table: string, key: string, item: Item | undefined): void {
    const watch = this.#watches.get(table);
    if (watch === undefined) return;
    const before = watch.expiries.get(key);
    this.#note(watch, key, item);
    const expiry = watch.expiries.get(key) ?? Infinity;
    if (before === watch.dueAt || expiry < watch.dueAt) this.#schedule(table, watch);
  }

  close(): void {
    for (const { cancel } of this.#watches.values()) cancel();
    this.#watches.clear();
  }

  #note({ attribute, expiries }: Watch, key: string, item: Item | undefined): void {
    // AWS: an attribute that is no number means nothing (AWS docs).
    const seconds = Number(item?.[attribute]?.N ?? Number.NaN);
    if (Number.isNaN(seconds) || seconds * 1000 < this.#clock.now() - longestExpiredMs) expiries.delete(key);
    else expiries.set(key, seconds * 1000);
  }

  #schedule(table: string, watch: Watch): void {
    watch.cancel();
    watch.cancel = () => {};
    watch.dueAt = Infinity;
    for (const expiry of watch.expiries.values()) watch.dueAt = Math.min(watch.dueAt, expiry);
    if (watch.dueAt === Infinity) return;
    const label = `expiry of items of ${table}`;
    watch.cancel = this.#clock.schedule(
      Math.max(0, watch.dueAt - this.#clock.now()),
      { kind: "housekeeping", label },
      () => {
        const due = this.#clock.now();
        const keys = [...watch.expiries].filter(([, expiry]) => expiry <= due).map(([key]) => key);
        for (const key of keys) watch.expiries.delete(key);
        watch.dueAt = Infinity;
        this.#expire(table, keys);
        if (this.#watches.get(table) === watch) this.#schedule(table, watch);
      },
    );
  }
}
