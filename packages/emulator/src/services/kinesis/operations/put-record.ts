import type { PutRecordInput, PutRecordOutput } from "@aws-sdk/client-kinesis";
import { internalFailure } from "../../../protocols/errors.ts";
import type { CallContext } from "../../../protocols/operations.ts";
import { dryRun, invalidArgument, rateExceeded, required, validationFailed } from "../errors.ts";
import { placeRecord, recordProblem, recordSize, writableStream } from "../placement.ts";
import { parseSequenceNumber } from "../sequence-number.ts";
import type { KinesisState } from "../state/kinesis-state.ts";
import type { Stream } from "../state/stream.ts";

export function putRecord(state: KinesisState, input: PutRecordInput, call: CallContext): PutRecordOutput {
  const stream = writableStream(state, input, call);
  const problem = recordProblem(stream, input, "");
  if (problem !== undefined) throw validationFailed([problem]);
  const now = state.now();
  const shard = placeRecord(stream, input);
  if (input.SequenceNumberForOrdering !== undefined)
    checkOrdering(input.SequenceNumberForOrdering, stream, call.accountId, now);
  if (input.DryRun) throw dryRun();
  if (state.throughputOf(shard)?.takesRecord(recordSize(input), now) === false)
    throw rateExceeded(shard.id, stream.name, call.accountId);
  const sequenceNumber = shard.append(input.PartitionKey ?? "", required(input.Data, "data"), now, stream.horizon(now));
  state.ports.record({
    type: "stream.recordsPut",
    stream: stream.name,
    region: stream.region,
    records: 1,
    shardId: shard.id,
  });
  state.wake([shard]);
  if (stream.encryptionKey === undefined) return { ShardId: shard.id, SequenceNumber: sequenceNumber };
  return { ShardId: shard.id, SequenceNumber: sequenceNumber, EncryptionType: "KMS" };
}

/** A stream's sequence numbers always grow, so that a number which could be one of it is all that is asked for. */
function checkOrdering(given: string, stream: Stream, account: string, now: number): void {
  const sequence = parseSequenceNumber(given);
  // AWS: version 3 makes it fail (kinesalite's suite).
  if (sequence.version === "unreadable" && sequence.claimed === 3) throw internalFailure(undefined);
  if (sequence.version !== "unreadable") {
    // The numbers of a shard that has just come from another begin a second ahead.
    const isOfNewShard = stream.shards[sequence.shardIndex]?.createdSeconds === sequence.seconds;
    if (sequence.seconds * 1000 <= now || isOfNewShard) return;
  }
  throw invalidArgument(
    `ExclusiveMinimumSequenceNumber ${given} used in PutRecord on stream ${stream.name} under account ${account} is invalid.`,
  );
}
