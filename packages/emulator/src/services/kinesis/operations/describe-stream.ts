import type { DescribeStreamInput, DescribeStreamOutput } from "@aws-sdk/client-kinesis";
import type { CallContext } from "../../../protocols/operations.ts";
import { describeShard, describeStream as describe, shownShards } from "../descriptions.ts";
import { shardUnreadable } from "../errors.ts";
import { parseShardId } from "../shard-id.ts";
import type { KinesisState } from "../state/kinesis-state.ts";
import { addressOf, streamOf } from "../stream-address.ts";

/** AWS: documented as default and as the most that is returned, whatever Limit says. */
const largestPage = 100;

export function describeStream(
  state: KinesisState,
  input: DescribeStreamInput,
  call: CallContext,
): DescribeStreamOutput {
  const start = exclusiveStart(input, call);
  const stream = streamOf(state, input, call);
  const shards = shownShards(stream, state.now()).filter((shard) => shard.index > start);
  const page = shards.slice(0, Math.min(input.Limit ?? largestPage, largestPage));
  return {
    StreamDescription: {
      ...describe(stream),
      Shards: page.map(describeShard),
      HasMoreShards: page.length < shards.length,
    },
  };
}

function exclusiveStart(input: DescribeStreamInput, call: CallContext): number {
  const { ExclusiveStartShardId: shardId } = input;
  if (shardId === undefined) return -1;
  const index = parseShardId(shardId);
  if (index !== undefined) return index;
  const { name, account } = addressOf(input, call);
  throw shardUnreadable(shardId, name, account);
}
