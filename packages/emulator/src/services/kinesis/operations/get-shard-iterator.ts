import type { GetShardIteratorInput, GetShardIteratorOutput } from "@aws-sdk/client-kinesis";
import type { CallContext } from "../../../protocols/operations.ts";
import { dryRun } from "../errors.ts";
import { writeShardIterator } from "../shard-iterator.ts";
import { startingPosition } from "../starting-position.ts";
import type { KinesisState } from "../state/kinesis-state.ts";
import { shardOf } from "../stream-address.ts";

export function getShardIterator(
  state: KinesisState,
  input: GetShardIteratorInput,
  call: CallContext,
): GetShardIteratorOutput {
  const { stream, shard } = shardOf(state, input, call);
  const now = state.now();
  const { ShardIteratorType: type, StartingSequenceNumber: sequenceNumber, Timestamp: timestamp } = input;
  const position = startingPosition({ type, sequenceNumber, timestamp }, stream, shard, now, call.accountId);
  if (input.DryRun) throw dryRun();
  const { createdSeconds, index: shardIndex } = shard;
  const iterator = { region: stream.region, streamName: stream.name, shardIndex, createdSeconds, position };
  return { ShardIterator: writeShardIterator(state.seal, iterator, now) };
}
