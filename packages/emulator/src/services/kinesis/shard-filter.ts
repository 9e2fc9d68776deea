import type { ShardFilter } from "@aws-sdk/client-kinesis";
import { invalidArgument } from "./errors.ts";
import { parseShardId } from "./shard-id.ts";
import type { Shard } from "./state/shard.ts";
import type { Stream } from "./state/stream.ts";

type ShardTest = (shard: Shard) => boolean;

/** Tells which of a stream's visible shards a filter of ListShards lets through. */
export function shardTest(filter: ShardFilter | undefined, stream: Stream, now: number): ShardTest {
  switch (filter?.Type) {
    case "AT_LATEST":
      return isOpen;
    case "AT_TRIM_HORIZON":
      return openAt(trimHorizon(stream, now));
    case "AT_TIMESTAMP":
      return openAt(Math.max(timestampOf(filter), trimHorizon(stream, now)));
    case "FROM_TIMESTAMP":
      return openSince(Math.max(timestampOf(filter), trimHorizon(stream, now)));
    case "AFTER_SHARD_ID":
      return after(filter.ShardId);
    default:
      return () => true;
  }
}

/** AWS: the trim horizon of a young stream is its creation (documented). */
function trimHorizon(stream: Stream, now: number): number {
  return Math.max(stream.createdAt, stream.horizon(now));
}

const isOpen: ShardTest = (shard) => shard.isOpen;

function openSince(time: number): ShardTest {
  return ({ ends }) => ends >= time;
}

function openAt(time: number): ShardTest {
  return ({ begins, ends }) => begins <= time && time < ends;
}

function after(shardId: string | undefined): ShardTest {
  const start = shardId === undefined ? undefined : parseShardId(shardId);
  // Assumed: the text.
  if (start === undefined)
    throw invalidArgument("Must specify a valid ShardId for a ShardFilter of type AFTER_SHARD_ID.");
  return (shard) => shard.index > start;
}

function timestampOf({ Type: type, Timestamp: timestamp }: ShardFilter): number {
  // Assumed: the text.
  if (timestamp === undefined) throw invalidArgument(`Must specify a Timestamp for a ShardFilter of type ${type}.`);
  return timestamp.getTime();
}
