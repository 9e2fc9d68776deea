import type { ShardReader } from "../shard-reader.ts";
import { retentionMs } from "./state/table-stream.ts";
import type { TableStreams } from "./state/table-streams.ts";

/** Undefined where there is no such stream. */
export function openTableStream(streams: TableStreams, arn: string): ShardReader | undefined {
  const stream = streams.find(arn);
  if (stream === undefined) return undefined;
  const isThere = (shardId?: string): boolean =>
    streams.find(arn) === stream && (shardId === undefined || shardId === stream.shardId);
  return {
    arn,
    name: stream.tableName,
    region: stream.region,
    streamId: arn,
    retentionMs,
    shards: () => (isThere() ? [{ shardId: stream.shardId, parents: [], open: stream.isOpen }] : []),
    read(shardId, after, max) {
      if (!isThere(shardId)) return undefined;
      const { changes, closed, lost } = stream.read(
        after.at === "sequence" ? after.sequence : undefined,
        max,
        streams.now(),
      );
      const records = changes.map(({ sequenceNumber, key, data, arrival }) => ({
        sequenceNumber,
        partitionKey: key,
        data,
        approximateArrival: arrival,
      }));
      return { records, closed, ...(lost !== undefined && { trimmedTo: lost }) };
    },
    latest: (shardId) => (isThere(shardId) ? stream.newest : undefined),
    onAppend: (shardId, listener) => (isThere(shardId) ? stream.onChange(listener) : () => {}),
    // A stream that was switched off ends its shard; when its records have expired, nobody waits for them.
    onGone: () => () => {},
  };
}
