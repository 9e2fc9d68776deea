import type { ListShardsInput, ListShardsOutput, ShardFilter } from "@aws-sdk/client-kinesis";
import type { CallContext } from "../../../protocols/operations.ts";
import { describeShard, shownShards } from "../descriptions.ts";
import { invalidArgument, shardUnreadable, streamNotFound } from "../errors.ts";
import { readNextToken, writeNextToken } from "../next-token.ts";
import { shardTest } from "../shard-filter.ts";
import { parseShardId } from "../shard-id.ts";
import type { KinesisState } from "../state/kinesis-state.ts";
import type { Stream } from "../state/stream.ts";
import { addressOf, streamOf } from "../stream-address.ts";

/** AWS: harlow/kinesis-consumer#109. */
const defaultPage = 1000;
const tokenPurpose = "ListShards";

/** A listing under way: what the first call asked for, and how far the pages have come. */
interface Listing {
  readonly stream: Stream;
  readonly filter: ShardFilter | undefined;
  /** Index of the last shard that was listed. */
  readonly after: number;
}

export function listShards(state: KinesisState, input: ListShardsInput, call: CallContext): ListShardsOutput {
  const now = state.now();
  const { stream, filter, after } =
    input.NextToken === undefined ? begin(state, input, call) : resume(state, input, input.NextToken, call, now);
  const passes = shardTest(filter, stream, now);
  const shards = shownShards(stream, now).filter((shard) => shard.index > after && passes(shard));
  const page = shards.slice(0, input.MaxResults ?? defaultPage);
  const last = page.at(-1);
  return {
    Shards: page.map(describeShard),
    ...(last !== undefined &&
      page.length < shards.length && { NextToken: writeToken(state, { stream, filter, after: last.index }, now) }),
  };
}

function begin(state: KinesisState, input: ListShardsInput, call: CallContext): Listing {
  if (input.StreamName === undefined && input.StreamARN === undefined)
    throw invalidArgument("Either NextToken or StreamName should be provided.");
  const { StreamCreationTimestamp: created, ExclusiveStartShardId: startId, ShardFilter: filter } = input;
  const after = startId === undefined ? -1 : parseShardId(startId);
  if (after === undefined) {
    // AWS: told before a stream that does not exist (kinesalite's suite).
    const { name, account } = addressOf(input, call);
    throw shardUnreadable(startId ?? "", name, account);
  }
  const stream = streamOf(state, input, call);
  if (created !== undefined && created.getTime() !== stream.createdAt)
    throw streamNotFound(stream.name, call.accountId);
  return { stream, filter, after };
}

function resume(state: KinesisState, input: ListShardsInput, token: string, call: CallContext, now: number): Listing {
  const withToken = (
    ["StreamName", "StreamARN", "ExclusiveStartShardId", "ShardFilter", "StreamCreationTimestamp"] as const
  ).find((member) => input[member] !== undefined);
  if (withToken !== undefined) throw invalidArgument(`NextToken and ${withToken} cannot be provided together.`);
  const [region = "", name = "", created, last, type = "", shardId = "", time = ""] = readNextToken(
    state.seal,
    tokenPurpose,
    token,
    now,
  );
  const stream = state.find(region, name);
  if (stream === undefined || stream.createdAt !== Number(created)) throw streamNotFound(name, call.accountId);
  return { stream, filter: filterOf(type, shardId, time), after: Number(last) };
}

function writeToken(state: KinesisState, { stream, filter, after }: Listing, now: number): string {
  const filterFields = [filter?.Type ?? "", filter?.ShardId ?? "", String(filter?.Timestamp?.getTime() ?? "")];
  const fields = [stream.region, stream.name, String(stream.createdAt), String(after), ...filterFields];
  return writeNextToken(state.seal, tokenPurpose, fields, now);
}

function filterOf(type: string, shardId: string, time: string): ShardFilter | undefined {
  const known = filterTypes.find((candidate) => candidate === type);
  if (known === undefined) return undefined;
  return { Type: known, ShardId: shardId || undefined, Timestamp: time === "" ? undefined : new Date(Number(time)) };
}

const filterTypes = [
  "AFTER_SHARD_ID",
  "AT_LATEST",
  "AT_TIMESTAMP",
  "AT_TRIM_HORIZON",
  "FROM_TIMESTAMP",
  "FROM_TRIM_HORIZON",
] as const;
