import { describe, expect, test } from "vitest";
import { call, failureOf, kinesisUnderTest, kinesisWithStream } from "../kinesis-under-test.ts";
import { peekStream } from "../peek.ts";
import { parseSequenceNumber } from "../sequence-number.ts";
import { createStream } from "./create-stream.ts";
import { putRecord } from "./put-record.ts";

const data = Buffer.from("hello");
const record = { StreamName: "orders", PartitionKey: "a", Data: data };

function decimalOf(hex: string): string {
  return BigInt(`0x${hex}`).toString();
}

const ofSize = (size: number) => ({ ...record, Data: Buffer.alloc(size) });
const tooLong = (limit: number) =>
  "ValidationException: 1 validation error detected: Value at 'data' failed to satisfy constraint: " +
  `Member must have length less than or equal to ${limit}`;

describe("PutRecord", () => {
  test("stores the record and answers with shard and sequence number alone", () => {
    const { state, clock, events, stream } = kinesisWithStream(3);
    const output = putRecord(state, record, call);
    expect(output).toStrictEqual({
      ShardId: "shardId-000000000000",
      SequenceNumber: stream.shards[0]?.sequenceNumber(1, clock.now()),
    });
    expect(peekStream(stream, clock.now()).shards[0]).toEqual({
      shardId: "shardId-000000000000",
      records: [
        {
          sequenceNumber: output.SequenceNumber,
          partitionKey: "a",
          approximateArrival: clock.now(),
          data: data.toString("base64"),
        },
      ],
    });
    expect(events.at(-1)).toEqual({
      type: "stream.recordsPut",
      stream: "orders",
      region: "us-east-1",
      records: 1,
      shardId: "shardId-000000000000",
    });
  });

  test("gives numbers that grow while the clock stands still, counted over five shards", () => {
    const { state } = kinesisWithStream(6);
    const put = (ExplicitHashKey: string) => {
      const { SequenceNumber: number = "", ShardId: id } = putRecord(state, { ...record, ExplicitHashKey }, call);
      const sequence = parseSequenceNumber(number);
      return [id?.slice(-1), sequence.version === "unreadable" ? undefined : sequence.counter];
    };
    const last = (2n ** 128n - 1n).toString();
    expect([put("0"), put("0"), put((2n ** 126n).toString()), put(last), put("0")]).toEqual([
      ["0", 1],
      ["0", 2],
      ["1", 3],
      ["5", 1],
      ["0", 4],
    ]);
  });

  test.each([
    [((2n ** 128n / 3n) * 2n - 1n).toString(), "shardId-000000000001"],
    [((2n ** 128n / 3n) * 2n).toString(), "shardId-000000000002"],
    [(2n ** 128n - 1n).toString(), "shardId-000000000002"],
  ])("follows the explicit hash key %s to %s", (ExplicitHashKey, shardId) => {
    const { state } = kinesisWithStream(3);
    expect(putRecord(state, { ...record, ExplicitHashKey }, call).ShardId).toBe(shardId);
  });

  test("spreads the records of an AUTO stream, with or without keys", () => {
    const { state } = kinesisUnderTest();
    createStream(state, { StreamName: "orders", RecordDistributionStrategy: "AUTO" }, call);
    const shards = [{}, { PartitionKey: "a" }, { PartitionKey: "a" }, { PartitionKey: "a" }, {}].map((key) =>
      putRecord(state, { StreamName: "orders", Data: data, ...key }, call).ShardId?.slice(-1),
    );
    expect(shards).toEqual(["0", "1", "2", "3", "0"]);
  });

  test("takes records up to the stream's size, key included", () => {
    const { state } = kinesisUnderTest();
    createStream(state, { StreamName: "orders", ShardCount: 1 }, call);
    createStream(state, { StreamName: "large", ShardCount: 1, MaxRecordSizeInKiB: 10_240 }, call);
    expect(failureOf(() => putRecord(state, ofSize(1_048_575), call))).toBe("no failure");
    expect(failureOf(() => putRecord(state, ofSize(1_048_576), call))).toBe(tooLong(1_048_576));
    expect(failureOf(() => putRecord(state, { ...ofSize(10_485_759), StreamName: "large" }, call))).toBe("no failure");
    expect(failureOf(() => putRecord(state, { ...ofSize(10_485_760), StreamName: "large" }, call))).toBe(
      tooLong(10_485_760),
    );
  });

  test("stores nothing on a dry run, and tells first what else is wrong", () => {
    const { state, clock, stream } = kinesisWithStream(1);
    expect(failureOf(() => putRecord(state, { ...record, DryRun: true }, call))).toBe(
      "DryRunOperationException: The request was rejected because the DryRun parameter was specified.",
    );
    const ExplicitHashKey = (2n ** 128n).toString();
    expect(failureOf(() => putRecord(state, { ...record, ExplicitHashKey, DryRun: true }, call))).toContain(
      "InvalidArgumentException: Invalid ExplicitHashKey.",
    );
    expect(peekStream(stream, clock.now()).shards[0]?.records).toEqual([]);
  });

  test.each([
    [{ StreamName: "none" }, "ResourceNotFoundException: Stream none under account 000000000000 not found."],
    [
      { PartitionKey: undefined },
      "ValidationException: 1 validation error detected: Value null at 'partitionKey' failed to satisfy constraint: Member must not be null",
    ],
    [
      { ExplicitHashKey: (2n ** 128n).toString() },
      "InvalidArgumentException: Invalid ExplicitHashKey. ExplicitHashKey must be in the range: [0, 2^128-1]. " +
        "Specified value was 340282366920938463463374607431768211456",
    ],
  ])("refuses %j", (input, failure) => {
    const { state } = kinesisWithStream(1);
    expect(failureOf(() => putRecord(state, { ...record, ...input }, call))).toBe(failure);
  });

  test("does not find a stream that is CREATING", () => {
    const { state } = kinesisUnderTest({ latencyMs: 500 });
    createStream(state, { StreamName: "orders", ShardCount: 1 }, call);
    expect(failureOf(() => putRecord(state, record, call))).toBe(
      "ResourceNotFoundException: Stream orders under account 000000000000 not found.",
    );
  });
});

describe("SequenceNumberForOrdering", () => {
  const inTheFuture = 1_700_000_002;

  test.each([
    "20000000000000000000000000000000000000000000000",
    "20000000000000000000000000000000000000000000004",
    "30000000000000000000000000000000000000000000001",
    "1ffffffffff7fffffffffffffff000000000007fffffff2",
    "20000000000800000000000000000000000000000000002",
    `200000000000000000000000000000${inTheFuture.toString(16)}000000002`,
    "13bb2cc3d80000000000000000000000",
  ])("is refused when it is %s", (hex) => {
    const { state } = kinesisWithStream(1);
    const number = decimalOf(hex);
    expect(failureOf(() => putRecord(state, { ...record, SequenceNumberForOrdering: number }, call))).toBe(
      `InvalidArgumentException: ExclusiveMinimumSequenceNumber ${number} used in PutRecord on stream orders under ` +
        "account 000000000000 is invalid.",
    );
  });

  test.each([
    "2ffffffffff7fffffffffffffff000000000007fffffff2",
    "20000000000000000000000000000000000000000000002",
    "20000000000000000000000000000000000000000000001",
    "20000000000000000000000000000000000000800000002",
    "5",
  ])("is accepted when it is %s", (hex) => {
    const { state } = kinesisWithStream(1);
    expect(failureOf(() => putRecord(state, { ...record, SequenceNumberForOrdering: decimalOf(hex) }, call))).toBe(
      "no failure",
    );
  });

  test("of version 3 makes AWS fail", () => {
    const { state } = kinesisWithStream(1);
    const number = decimalOf("20000000000000000000000000000000000000000000003");
    expect(failureOf(() => putRecord(state, { ...record, SequenceNumberForOrdering: number }, call))).toBe(
      "InternalFailure: ",
    );
  });
});
