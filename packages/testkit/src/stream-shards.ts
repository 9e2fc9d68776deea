import type { PeekedStream } from "@localemu/control";
import { decodeBytes } from "./decode.ts";

/** A record as it is kept in a stream. */
export interface StreamRecord {
  readonly shardId: string;
  readonly sequenceNumber: string;
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
    records: records.map(({ data, ...record }) => {
      const bytes = Buffer.from(data, "base64");
      return { shardId, ...record, data: decodeBytes(bytes), bytes };
    }),
  }));
}
