import { halves, neighbours } from "../shard-count.ts";
import { rangeOf } from "./kept-stream.ts";
import type { KeptRange } from "./kept-stream.ts";
import type { KinesisState } from "./kinesis-state.ts";
import type { Shard } from "./shard.ts";
import type { ShardLevelMetric, Stream, StreamMode } from "./stream.ts";

/** What a stream is UPDATING for: told as it is, not as a function, so that the next emulator can go on with it. */
export type StreamChange =
  /** Puts shards in the place of others, which are given by their indexes. */
  | { readonly kind: "replaceShards"; readonly parents: readonly number[]; readonly ranges: readonly KeptRange[] }
  | { readonly kind: "shardCount"; readonly target: number }
  | { readonly kind: "retention"; readonly hours: number }
  /** Without a key: no longer. */
  | { readonly kind: "encryption"; readonly key?: string | undefined }
  | { readonly kind: "metrics"; readonly metrics: readonly ShardLevelMetric[] }
  | { readonly kind: "maxRecordSize"; readonly kib: number }
  | { readonly kind: "warmThroughput"; readonly mibPerSecond: number }
  | { readonly kind: "mode"; readonly mode: StreamMode; readonly warmThroughput?: number | undefined };

/** Answers the shards that it has closed. */
export function makeChange(state: KinesisState, stream: Stream, change: StreamChange): readonly Shard[] {
  switch (change.kind) {
    case "replaceShards": {
      const parents = stream.shards.filter(({ index }) => change.parents.includes(index));
      return state.reshard(stream, [{ parents, ranges: change.ranges.map(rangeOf) }]);
    }
    case "shardCount":
      return scale(state, stream, change.target);
    case "retention":
      stream.setRetention(change.hours, state.now());
      return [];
    case "encryption":
      stream.encryptWith(change.key);
      return [];
    case "metrics":
      stream.metrics = change.metrics;
      return [];
    case "maxRecordSize":
      stream.maxRecordSizeInKiB = change.kib;
      return [];
    case "warmThroughput":
      stream.warmThroughputMiBps = change.mibPerSecond;
      return [];
    case "mode":
      switchMode(stream, change.mode, change.warmThroughput);
      return [];
  }
}

/** AWS: to grow, every shard is split, and then pairs are merged until the number is right (moto's suite, checked against AWS). */
function scale(state: KinesisState, stream: Stream, target: number): readonly Shard[] {
  const closed: Shard[] = [];
  if (target > stream.openShards.length) {
    const splits = stream.openShards.map((shard) => ({ parents: [shard], ranges: halves(shard.range) }));
    closed.push(...state.reshard(stream, splits));
  }
  const merges = neighbours(stream.openShards, stream.openShards.length - target);
  if (merges.length > 0) closed.push(...state.reshard(stream, merges));
  return closed;
}

/** AWS: the shards stay (AWS docs). Assumed: what only an on-demand stream has goes. */
function switchMode(stream: Stream, mode: StreamMode, warmThroughput: number | undefined): void {
  stream.mode = mode;
  stream.warmThroughputMiBps = warmThroughput;
  if (mode === "PROVISIONED") stream.distribution = "USER_PARTITION_KEY";
}
