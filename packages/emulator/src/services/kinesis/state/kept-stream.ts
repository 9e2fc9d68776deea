import type { HashKeyRange } from "../hash-key.ts";
import type { KeptWindow } from "./rolling-window.ts";
import type { EncryptionChange } from "./shard.ts";
import type { ConsumerStatus } from "./stream-consumer.ts";
import type { DistributionStrategy, ShardLevelMetric, StreamMode, StreamStatus } from "./stream.ts";
import type { StreamChange } from "./stream-change.ts";

/** A stream without its records, as a document. */
export type KeptStream = {
  readonly id: string;
  readonly name: string;
  readonly region: string;
  readonly arn: string;
  readonly createdAt: number;
  readonly status: StreamStatus;
  readonly mode: StreamMode;
  readonly maxRecordSizeInKiB: number;
  readonly distribution: DistributionStrategy;
  readonly retentionHours: number;
  readonly tags: readonly (readonly [string, string])[];
  readonly metrics: readonly ShardLevelMetric[];
  readonly shards: readonly KeptShard[];
  readonly consumers: readonly KeptConsumer[];
  readonly changes: readonly (readonly [string, KeptWindow])[];
  readonly warmThroughputMiBps?: number | undefined;
  readonly policy?: string | undefined;
  readonly encryptionKey?: string | undefined;
  /** The change that it is UPDATING for. */
  readonly pending?: StreamChange | undefined;
};

export type KeptShard = {
  readonly range: KeptRange;
  readonly createdSeconds: number;
  readonly begins: number;
  readonly parents: readonly number[];
  readonly closed?: ShardEnd | undefined;
  readonly expired: boolean;
  readonly encryptionChanges: readonly EncryptionChange[];
};

export type ShardEnd = {
  /** The last second that its sequence numbers may have. */
  readonly seconds: number;
  /** World time from which on its children take the records, milliseconds. */
  readonly at: number;
};

export type KeptConsumer = {
  readonly name: string;
  readonly createdSeconds: number;
  readonly tags: readonly (readonly [string, string])[];
  readonly status: ConsumerStatus;
  readonly policy?: string | undefined;
};

/** Both ends, in hex. */
export type KeptRange = readonly [start: string, end: string];

export function keepRange({ start, end }: HashKeyRange): KeptRange {
  return [start.toString(16), end.toString(16)];
}

export function rangeOf([start, end]: KeptRange): HashKeyRange {
  return { start: BigInt(`0x${start}`), end: BigInt(`0x${end}`) };
}
