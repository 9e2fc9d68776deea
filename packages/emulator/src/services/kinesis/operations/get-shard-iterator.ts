import type { GetShardIteratorInput, GetShardIteratorOutput } from "@aws-sdk/client-kinesis";
import type { CallContext } from "../../../protocols/operations.ts";
import { dryRun, invalidArgument } from "../errors.ts";
import { writeShardIterator } from "../shard-iterator.ts";
import { positionOfSequenceNumber } from "../starting-sequence-number.ts";
import type { KinesisState } from "../state/kinesis-state.ts";
import { trimHorizon } from "../state/shard.ts";
import type { Position, Shard } from "../state/shard.ts";
import type { Stream } from "../state/stream.ts";
import { shardOf } from "../stream-address.ts";

export function getShardIterator(
  state: KinesisState,
  input: GetShardIteratorInput,
  call: CallContext,
): GetShardIteratorOutput {
  const { stream, shard } = shardOf(state, input, call);
  const now = state.now();
  const position = positionOf(input, stream, shard, now, call);
  if (input.DryRun) throw dryRun();
  const { createdSeconds, index: shardIndex } = shard;
  const iterator = { region: stream.region, streamName: stream.name, shardIndex, createdSeconds, position };
  return { ShardIterator: writeShardIterator(state.seal, iterator, now) };
}

function positionOf(
  input: GetShardIteratorInput,
  stream: Stream,
  shard: Shard,
  now: number,
  call: CallContext,
): Position {
  const { ShardIteratorType: type, StartingSequenceNumber: sequenceNumber } = input;
  if (type === "AT_SEQUENCE_NUMBER" || type === "AFTER_SEQUENCE_NUMBER") {
    if (sequenceNumber === undefined) throw wrongCombination(`${type} and no StartingSequenceNumber.`);
    const position = positionOfSequenceNumber(sequenceNumber, stream, shard, call.accountId);
    return type === "AT_SEQUENCE_NUMBER" ? position : { ...position, seconds: position.seconds + 1 };
  }
  if (sequenceNumber !== undefined) throw wrongCombination(`${type} and also a StartingSequenceNumber.`);
  if (type === "TRIM_HORIZON") return trimHorizon;
  if (type === "LATEST") return shard.tip();
  return shard.positionAt(Math.max(timestampOf(input, now), stream.horizon(now)));
}

function timestampOf({ Timestamp: timestamp }: GetShardIteratorInput, now: number): number {
  const millis = timestamp?.getTime();
  if (millis === undefined) {
    throw invalidArgument(
      "Must specify timestampInMillis parameter for iterator of type AT_TIMESTAMP. " +
        "Current request has no timestamp parameter.",
    );
  }
  if (millis <= now) return millis;
  throw invalidArgument(
    "The timestampInMillis parameter cannot be greater than the currentTimestampInMillis. " +
      `timestampInMillis: ${millis}, currentTimestampInMillis: ${now}`,
  );
}

function wrongCombination(specified: string): Error {
  return invalidArgument(
    "Must either specify (1) AT_SEQUENCE_NUMBER or AFTER_SEQUENCE_NUMBER and StartingSequenceNumber or " +
      `(2) TRIM_HORIZON or LATEST and no StartingSequenceNumber. Request specified ${specified}`,
  );
}
