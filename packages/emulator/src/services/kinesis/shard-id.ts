const largestIndex = 2 ** 31 - 1;

export function shardIdOf(index: number): string {
  // AWS: a sequence number that encodes a negative index is answered with `shardId--02147483648` (kinesalite's suite).
  return index < 0 ? `shardId--${String(-index).padStart(11, "0")}` : `shardId-${String(index).padStart(12, "0")}`;
}

/**
 * The index that a caller's ShardId means.
 * AWS: only what follows the first `-` counts, or all of it when there is none: `0`, `shardId-0` and `anything-0` are one (kinesalite's suite).
 */
export function parseShardId(shardId: string): number | undefined {
  const digits = shardId.split("-")[1] || shardId;
  if (!/^\d+$/.test(digits)) return undefined;
  const index = Number(digits);
  return index <= largestIndex ? index : undefined;
}
