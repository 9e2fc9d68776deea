/** A shard of a stream, as far as the order of reading is concerned. */
export interface ShardOfSet {
  readonly shardId: string;
  /** None, the shard that was split, or the two that were merged; they may have expired. */
  readonly parents: readonly string[];
  /** It takes records. */
  readonly open: boolean;
}

/**
 * The shards that may be read now: those that are not finished, and whose parents all are or have expired.
 * So a key's records are processed in their order over any number of splits and merges.
 *
 * A shard that expires while it is read (`isRead`) has records in hand still. Its descendants cannot be told from others,
 * for those between may have expired too: so whatever has an expired parent waits until it is done with.
 * Assumed: AWS says that the order is kept, not how.
 */
export function readableShards(
  shards: readonly ShardOfSet[],
  isFinished: (shardId: string) => boolean,
  isRead: Iterable<string>,
): readonly string[] {
  const present = new Set(shards.map(({ shardId }) => shardId));
  const anyExpiredIsRead = [...isRead].some((shardId) => !present.has(shardId));
  return shards
    .filter(({ shardId, parents }) => {
      const waits = parents.some((parent) => (present.has(parent) ? !isFinished(parent) : anyExpiredIsRead));
      return !waits && !isFinished(shardId);
    })
    .map(({ shardId }) => shardId);
}

/** The shards that a mapping which begins at LATEST never reads: whatever is put goes to others. */
export function passedOverAtLatest(shards: readonly ShardOfSet[]): readonly string[] {
  return shards.filter(({ open }) => !open).map(({ shardId }) => shardId);
}
