import type { _Record, GetRecordsInput, GetRecordsOutput } from "@aws-sdk/client-kinesis";
import type { CallContext } from "../../../protocols/operations.ts";
import { describeChild } from "../descriptions.ts";
import { dryRun, required } from "../errors.ts";
import { readShardIterator, writeShardIterator } from "../shard-iterator.ts";
import type { KinesisState } from "../state/kinesis-state.ts";
import { trimHorizon } from "../state/shard.ts";
import { readableShard } from "../stream-address.ts";

const largestPage = 10_000;
const largestBytes = 10 * 1024 * 1024;

export function getRecords(state: KinesisState, input: GetRecordsInput, call: CallContext): GetRecordsOutput {
  const now = state.now();
  const iterator = readShardIterator(state.seal, required(input.ShardIterator, "shardIterator"), now);
  const address = { region: iterator.region, account: call.accountId, name: iterator.streamName };
  const { stream, shard } = readableShard(state, address, iterator.shardIndex);
  if (input.DryRun) throw dryRun();
  // AWS: an iterator of a stream that was deleted and created anew goes on in the new one (kinesalite's suite): its
  // position lies before all of the new stream's sequence numbers.
  const from = iterator.createdSeconds === shard.createdSeconds ? iterator.position : trimHorizon;
  const records: _Record[] = [];
  const limits = { records: input.Limit ?? largestPage, bytes: largestBytes };
  const { next, unreadSince } = shard.read(from, limits, stream.horizon(now), (sequence, arrival, key, data) => {
    const SequenceNumber = shard.sequenceNumber(sequence, arrival);
    const ApproximateArrivalTimestamp = new Date(arrival);
    const record: _Record = { SequenceNumber, ApproximateArrivalTimestamp, Data: data };
    // Without a key it came into an AUTO stream, which does not return one.
    if (key !== "") record.PartitionKey = key;
    if (shard.isEncrypted(sequence)) record.EncryptionType = "KMS";
    records.push(record);
  });
  const millisBehindLatest = unreadSince === undefined ? 0 : Math.max(0, now - unreadSince);
  if (!shard.isOpen && unreadSince === undefined) {
    const childShards = stream.childrenOf(shard).map(describeChild);
    return { Records: records, MillisBehindLatest: millisBehindLatest, ChildShards: childShards };
  }
  const nextIterator = { ...iterator, createdSeconds: shard.createdSeconds, position: next };
  return {
    Records: records,
    NextShardIterator: writeShardIterator(state.seal, nextIterator, now),
    MillisBehindLatest: millisBehindLatest,
  };
}
