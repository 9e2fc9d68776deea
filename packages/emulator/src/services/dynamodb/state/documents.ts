/** The keys that a reading of documents is about; without a bound it has none on that side. */
export interface KeyRange {
  readonly gt?: string;
  readonly gte?: string;
  readonly lt?: string;
  readonly lte?: string;
  readonly reverse?: boolean;
  /** How many at most; -1 for all. */
  readonly limit?: number;
}

/** Documents in the order of their keys. They are kept as text: what is read is nobody else's. */
export class Documents {
  readonly #texts = new Map<string, string>();
  /** In order. */
  readonly #keys: string[] = [];

  get size(): number {
    return this.#keys.length;
  }

  get(key: string): string | undefined {
    return this.#texts.get(key);
  }

  put(key: string, text: string): void {
    if (!this.#texts.has(key)) this.#keys.splice(this.#firstFrom(key), 0, key);
    this.#texts.set(key, text);
  }

  delete(key: string): void {
    if (this.#texts.delete(key)) this.#keys.splice(this.#firstFrom(key), 1);
  }

  clear(): void {
    this.#texts.clear();
    this.#keys.length = 0;
  }

  /** The keys of a range, as it is now. */
  keys({ gt, gte, lt, lte, reverse = false, limit = -1 }: KeyRange = {}): readonly string[] {
    const start = gte === undefined ? (gt === undefined ? 0 : this.#firstAfter(gt)) : this.#firstFrom(gte);
    const end =
      lte === undefined ? (lt === undefined ? this.#keys.length : this.#firstFrom(lt)) : this.#firstAfter(lte);
    const keys = this.#keys.slice(start, end);
    if (reverse) keys.reverse();
    return limit === -1 ? keys : keys.slice(0, limit);
  }

  /** Index of the first key that is not below `key`. */
  #firstFrom(key: string): number {
    let low = 0;
    let high = this.#keys.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#keys[middle] ?? "") < key) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #firstAfter(key: string): number {
    const index = this.#firstFrom(key);
    return this.#keys[index] === key ? index + 1 : index;
  }
}
