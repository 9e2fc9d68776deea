import type { PeekedStream } from "@localemu/control";
import { decodeBytes } from "./decode.ts";
import { deaggregate } from "./kpl.ts";

/** A record as it is kept in a stream. */
export interface StreamRecord {
  readonly shardId: string;
  readonly sequenceNumber: string;
  /** Which of the records it is that the Kinesis Producer Library put as one, from 0; undefined where it was put alone. */
  readonly subSequenceNumber?: number;
  readonly partitionKey: string;
  /** World time, milliseconds since the epoch. */
  readonly approximateArrival: number;
  /** Gzip unpacked, JSON parsed; a string where it is other UTF-8 text, else the bytes. */
  readonly data: unknown;
  /** As it was put. */
  readonly bytes: Uint8Array;
}

/** A shard and the records that it keeps, oldest first. */
export interface StreamShard {
  readonly shardId: string;
  readonly records: readonly StreamRecord[];
}

export function decodeShards({ shards }: PeekedStream): readonly StreamShard[] {
  return shards.map(({ shardId, records }) => ({
    shardId,
    records: records.flatMap(({ data, ...record }) => {
      const place = { shardId, ...record };
      return decodeRecord(data, place.partitionKey).map((decoded) => ({ ...place, ...decoded }));
    }),
  }));
}

type Decoded = Pick<StreamRecord, "subSequenceNumber" | "partitionKey" | "data" | "bytes">;

/** What is in a record's data, in base64: one record, or those that were aggregated into it. */
export function decodeRecord(data: string, partitionKey: string): readonly Decoded[] {
  const bytes = Buffer.from(data, "base64");
  const aggregated = deaggregate(bytes);
  if (aggregated === undefined) return [{ partitionKey, data: decodeBytes(bytes), bytes }];
  return aggregated.map((record, subSequenceNumber) => ({
    subSequenceNumber,
    partitionKey: record.partitionKey,
    data: decodeBytes(record.data),
    bytes: record.data,
  }));
}
