const { hash } = process.getBuiltinModule("node:crypto");

/** Both ends are included. */
export interface HashKeyRange {
  readonly start: bigint;
  readonly end: bigint;
}

const hashKeys = 1n << 128n;

/** AWS: `count` ranges of `floor(2^128 / count)` hash keys each; the last one has the remainder as well (kinesalite's suite). */
export function evenRanges(count: number): HashKeyRange[] {
  const step = hashKeys / BigInt(count);
  return Array.from({ length: count }, (_, index) => ({
    start: step * BigInt(index),
    end: index === count - 1 ? hashKeys - 1n : step * BigInt(index + 1) - 1n,
  }));
}

/** Hash keys travel as 32 hex digits: those sort as text like they sort as numbers, without big numbers on the way. */
function toHex(hashKey: bigint): string {
  return hashKey.toString(16).padStart(32, "0");
}

/** The MD5 of the key's UTF-8 bytes, as 32 hex digits. */
export function hashOfPartitionKey(partitionKey: string): string {
  return hash("md5", partitionKey, "hex");
}

/** An ExplicitHashKey as 32 hex digits; undefined when it is 2^128 or more. */
export function hashOfExplicitKey(decimal: string): string | undefined {
  const hashKey = BigInt(decimal);
  return hashKey < hashKeys ? toHex(hashKey) : undefined;
}

/** Finds which of `targets`, whose ranges tile the key space, a hash belongs to. */
export function createRouter<Target extends { readonly range: HashKeyRange }>(
  targets: readonly Target[],
): (hashHex: string) => Target {
  const sorted = targets.toSorted((a, b) => (a.range.start < b.range.start ? -1 : 1));
  const starts = sorted.map((target) => toHex(target.range.start));
  return (hashHex) => {
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if ((starts[middle] ?? "") <= hashHex) low = middle;
      else high = middle - 1;
    }
    const target = sorted[low];
    if (target === undefined) throw new Error("a stream without open shards cannot take records");
    return target;
  };
}
