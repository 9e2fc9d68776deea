import type { GetRecordsInput, GetRecordsOutput } from "@aws-sdk/client-kinesis";
import type { CallContext } from "../../../protocols/operations.ts";
import { dryRun, rateExceeded, required } from "../errors.ts";
import { pageSize, readPage } from "../record-page.ts";
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
  const throughput = state.throughputOf(shard);
  if (throughput?.takesRead(now) === false) throw rateExceeded(shard.id, stream.name, call.accountId);
  // AWS: an iterator of a stream that was deleted and created anew goes on in the new one (kinesalite's suite): its
  // position lies before all of the new stream's sequence numbers.
  const from = iterator.createdSeconds === shard.createdSeconds ? iterator.position : trimHorizon;
  const limits = { records: input.Limit ?? largestPage, bytes: largestBytes };
  const { records, next, millisBehindLatest, childShards } = readPage(stream, shard, from, limits, now);
  throughput?.gave(pageSize(records), now);
  if (childShards !== undefined) {
    return { Records: records, MillisBehindLatest: millisBehindLatest, ChildShards: childShards };
  }
  const nextIterator = { ...iterator, createdSeconds: shard.createdSeconds, position: next };
  return {
    Records: records,
    NextShardIterator: writeShardIterator(state.seal, nextIterator, now),
    MillisBehindLatest: millisBehindLatest,
  };
}
