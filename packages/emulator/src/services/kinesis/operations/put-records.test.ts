import { describe, expect, test } from "vitest";
import { call, failureOf, kinesisWithStream } from "../kinesis-under-test.ts";
import { peekStream } from "../peek.ts";
import { parseSequenceNumber } from "../sequence-number.ts";
import { putRecords } from "./put-records.ts";

const data = Buffer.from("hello");

function records(...keys: readonly string[]) {
  return keys.map((PartitionKey) => ({ PartitionKey, Data: data }));
}

function counterOf(number: string | undefined): number | undefined {
  const sequence = parseSequenceNumber(number ?? "0");
  return sequence.version === "unreadable" ? undefined : sequence.counter;
}

describe("PutRecords", () => {
  test("stores the records and answers in the order of the request", () => {
    const { state, clock, events, stream } = kinesisWithStream(3);
    const input = { StreamName: "orders", Records: records("a", "b", "e", "f", "a") };
    const output = putRecords(state, input, call);
    expect(Object.keys(output)).toEqual(["FailedRecordCount", "Records"]);
    expect(output.FailedRecordCount).toBe(0);
    expect(output.Records?.map(({ ShardId: id }) => id?.slice(-1))).toEqual(["0", "1", "2", "1", "0"]);
    expect(Object.keys(output.Records?.[0] ?? {}).toSorted()).toEqual(["SequenceNumber", "ShardId"]);
    const stored = peekStream(stream, clock.now()).shards.map((shard) => shard.records.map((r) => r.partitionKey));
    expect(stored).toEqual([["a", "a"], ["b", "f"], ["e"]]);
    expect(events.at(-1)).toEqual({ type: "stream.recordsPut", stream: "orders", region: "us-east-1", records: 5 });
  });

  test("counts the records of each shard without gaps", () => {
    const { state } = kinesisWithStream(3);
    const output = putRecords(state, { StreamName: "orders", Records: records("a", "b", "a", "b", "a") }, call);
    const counters = (shard: string) =>
      output.Records?.filter(({ ShardId: id }) => id?.endsWith(shard)).map(({ SequenceNumber: n }) => counterOf(n));
    expect([counters("0"), counters("1")]).toEqual([
      [1, 2, 3],
      [4, 5],
    ]);
  });

  test("names the shard on the timeline where there is one", () => {
    const { state, events } = kinesisWithStream(3);
    putRecords(state, { StreamName: "orders", Records: records("a", "a") }, call);
    expect(events.at(-1)).toMatchObject({ records: 2, shardId: "shardId-000000000000" });
  });

  test("wakes a shard's listener once, after all of its records", () => {
    const { state, stream, events, clock } = kinesisWithStream(3);
    const seen: unknown[] = [];
    stream.shards[1]?.onAppend(() => {
      seen.push([events.at(-1)?.type, peekStream(stream, clock.now()).shards[1]?.records.length]);
    });
    putRecords(state, { StreamName: "orders", Records: records("a", "b", "f") }, call);
    putRecords(state, { StreamName: "orders", Records: records("a") }, call);
    expect(seen).toEqual([["stream.recordsPut", 2]]);
  });

  test("stores nothing when one explicit hash key is out of range, or on a dry run", () => {
    const { state, stream, clock } = kinesisWithStream(1);
    const ExplicitHashKey = (2n ** 128n).toString();
    const Records = [...records("a"), { PartitionKey: "b", Data: data, ExplicitHashKey }];
    expect(failureOf(() => putRecords(state, { StreamName: "orders", Records }, call))).toBe(
      "InvalidArgumentException: Invalid ExplicitHashKey. ExplicitHashKey must be in the range: [0, 2^128-1]. " +
        `Specified value was ${ExplicitHashKey}`,
    );
    const dryRun = { StreamName: "orders", Records: records("a"), DryRun: true };
    expect(failureOf(() => putRecords(state, dryRun, call))).toContain("DryRunOperationException: ");
    expect(peekStream(stream, clock.now()).shards[0]?.records).toEqual([]);
  });

  test("tells each record that is too large, or lacks something", () => {
    const { state } = kinesisWithStream(1);
    const large = { PartitionKey: "a", Data: Buffer.alloc(1_048_577) };
    const Records = [large, ...records("b"), { Data: data }, large];
    expect(failureOf(() => putRecords(state, { StreamName: "orders", Records }, call))).toBe(
      "ValidationException: 3 validation errors detected: " +
        "Value at 'records.1.member.data' failed to satisfy constraint: Member must have length less than or equal to 1048576; " +
        "Value null at 'records.3.member.partitionKey' failed to satisfy constraint: Member must not be null; " +
        "Value at 'records.4.member.data' failed to satisfy constraint: Member must have length less than or equal to 1048576",
    );
  });

  test("takes 10 MiB, keys included", () => {
    const { state } = kinesisWithStream(1);
    const Records = Array.from({ length: 10 }, () => ({ PartitionKey: "a", Data: Buffer.alloc(1_048_575) }));
    expect(failureOf(() => putRecords(state, { StreamName: "orders", Records }, call))).toBe("no failure");
    Records.push(...records("b"));
    expect(failureOf(() => putRecords(state, { StreamName: "orders", Records }, call))).toBe(
      "InvalidArgumentException: Records size exceeds 10 MB limit",
    );
  });

  test("does not find a stream that does not exist", () => {
    const { state } = kinesisWithStream(1);
    expect(failureOf(() => putRecords(state, { StreamName: "none", Records: records("a") }, call))).toBe(
      "ResourceNotFoundException: Stream none under account 000000000000 not found.",
    );
  });
});
