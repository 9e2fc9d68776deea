import type { PutRecordsInput, PutRecordsOutput, PutRecordsResultEntry } from "@aws-sdk/client-kinesis";
import type { CallContext } from "../../../protocols/operations.ts";
import { dryRun, invalidArgument, rateExceeded, required, validationFailed } from "../errors.ts";
import { placeRecord, recordProblem, recordSize, writableStream } from "../placement.ts";
import type { KinesisState } from "../state/kinesis-state.ts";
import type { Shard } from "../state/shard.ts";

const largestCall = 10 * 1024 * 1024;

export function putRecords(state: KinesisState, input: PutRecordsInput, call: CallContext): PutRecordsOutput {
  const records = required(input.Records, "records");
  const stream = writableStream(state, input, call);
  const problems = records
    .map((record, index) => recordProblem(stream, record, `records.${index + 1}.member.`))
    .filter((problem) => problem !== undefined);
  if (problems.length > 0) throw validationFailed(problems);
  // AWS: `5 MB` when that was the limit (fluent-bit#21). Assumed: the number in the text grew with it.
  if (records.reduce((sum, record) => sum + recordSize(record), 0) > largestCall)
    throw invalidArgument("Records size exceeds 10 MB limit");

  const now = state.now();
  // AWS: an ExplicitHashKey out of range fails the whole call, so every record has its place before one is stored.
  const placed = new Map<Shard, number[]>();
  for (const [index, record] of records.entries()) {
    const shard = placeRecord(stream, record);
    const indexes = placed.get(shard);
    if (indexes === undefined) placed.set(shard, [index]);
    else indexes.push(index);
  }
  if (input.DryRun) throw dryRun();

  // AWS: a call's records have consecutive counters within each shard (kinesalite's suite), so shards take turns as a whole.
  const horizon = stream.horizon(now);
  const results: PutRecordsResultEntry[] = records.map(() => ({}));
  let failed = 0;
  for (const [shard, indexes] of placed) {
    const throughput = state.throughputOf(shard);
    for (const index of indexes) {
      const { PartitionKey: key = "", Data: data } = records[index] ?? {};
      // AWS: those of a call are refused one by one, and others after them may be stored (AWS docs).
      if (throughput?.takesRecord((data?.length ?? 0) + Buffer.byteLength(key), now) === false) {
        const { code, message } = rateExceeded(shard.id, stream.name, call.accountId);
        results[index] = { ErrorCode: code, ErrorMessage: message };
        failed++;
        continue;
      }
      const sequenceNumber = shard.append(key, required(data, `records.${index + 1}.member.data`), now, horizon);
      results[index] = { SequenceNumber: sequenceNumber, ShardId: shard.id };
    }
  }
  const shards = [...placed.keys()];
  const [only] = shards;
  state.ports.record({
    type: "stream.recordsPut",
    stream: stream.name,
    region: stream.region,
    records: records.length - failed,
    ...(shards.length === 1 && only !== undefined && { shardId: only.id }),
  });
  state.wake(shards);
  const encrypted = stream.encryptionKey !== undefined;
  return { FailedRecordCount: failed, Records: results, ...(encrypted && { EncryptionType: "KMS" as const }) };
}
