import { limitExceeded } from "./errors.ts";
import type { HashKeyRange } from "./hash-key.ts";

/** AWS: the documented quota of one call. */
const largestTarget = 10_000;

/** Throws where AWS does not go from so many shards to so many at once; `shardLimit` is the account's. */
export function assertShardCountStep(current: number, target: number, shardLimit: number): void {
  const limit = Math.min(largestTarget, shardLimit);
  const counts = `Current open shard count: ${current}, Target shard count: ${target}`;
  // AWS: the three texts (AWS samples). Assumed: their order, which is that of kinesalite's suite.
  if (target > limit)
    throw limitExceeded(`Target shard count or number of open shards cannot be greater than ${limit}. ${counts}`);
  if (target > 2 * current)
    throw limitExceeded(`UpdateShardCount cannot scale up over double your current open shard count. ${counts}`);
  if (target < current / 2)
    throw limitExceeded(`UpdateShardCount cannot scale down below half your current open shard count. ${counts}`);
}

/** The two halves of a range. */
export function halves({ start, end }: HashKeyRange): readonly HashKeyRange[] {
  const middle = start + (end - start + 1n) / 2n;
  return [
    { start, end: middle - 1n },
    { start: middle, end },
  ];
}

/** `count` pairs of neighbours, from the lowest range on. Assumed: which pairs are merged; AWS tells the number alone. */
export function neighbours<Ranged extends { readonly range: HashKeyRange }>(
  tiles: readonly Ranged[],
  count: number,
): readonly { readonly parents: readonly Ranged[]; readonly ranges: readonly HashKeyRange[] }[] {
  const sorted = tiles.toSorted((a, b) => (a.range.start < b.range.start ? -1 : 1));
  return Array.from({ length: count }, (_, pair) => {
    const parents = sorted.slice(2 * pair, 2 * pair + 2);
    const [lower, upper] = parents;
    if (lower === undefined || upper === undefined) throw new Error("there are fewer pairs than that");
    return { parents, ranges: [{ start: lower.range.start, end: upper.range.end }] };
  });
}
