import type { _Record, ChildShard } from "@aws-sdk/client-kinesis";
import type { ReadLimits } from "../../storage/log-store.ts";
import { describeChild } from "./descriptions.ts";
import { recordSize } from "./placement.ts";
import type { Position, Shard } from "./state/shard.ts";
import type { Stream } from "./state/stream.ts";

/** What a consumer is given of a shard at once. */
export interface RecordPage {
  readonly records: _Record[];
  /** Where the next page begins. */
  readonly next: Position;
  /** How old the first record is that was left unread, milliseconds; 0 where none was. */
  readonly millisBehindLatest: number;
  /** The shards that took the place of this one, where nothing can follow. */
  readonly childShards: ChildShard[] | undefined;
}

export function readPage(stream: Stream, shard: Shard, from: Position, limits: ReadLimits, now: number): RecordPage {
  const records: _Record[] = [];
  const { next, unreadSince } = shard.read(from, limits, stream.horizon(now), (sequence, arrival, key, data) => {
    const SequenceNumber = shard.sequenceNumber(sequence, arrival);
    const ApproximateArrivalTimestamp = new Date(arrival);
    const record: _Record = { SequenceNumber, ApproximateArrivalTimestamp, Data: data };
    // Without a key it came into an AUTO stream, which does not return one.
    if (key !== "") record.PartitionKey = key;
    if (shard.isEncrypted(sequence)) record.EncryptionType = "KMS";
    records.push(record);
  });
  const millisBehindLatest = unreadSince === undefined ? 0 : Math.max(0, now - unreadSince);
  const ended = !shard.isOpen && unreadSince === undefined;
  return {
    records,
    next,
    millisBehindLatest,
    childShards: ended ? stream.childrenOf(shard).map(describeChild) : undefined,
  };
}

/** What records count for where throughput is limited, bytes. */
export function pageSize(records: readonly _Record[]): number {
  return records.reduce((sum, { Data, PartitionKey }) => sum + recordSize({ Data, PartitionKey }), 0);
}
