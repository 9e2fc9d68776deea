import type { GetShardIteratorInput } from "@aws-sdk/client-kinesis";
import { describe, expect, test } from "vitest";
import { call, failureOf, kinesisUnderTest, kinesisWithStream } from "../kinesis-under-test.ts";
import { endingSequenceNumber } from "../sequence-number.ts";
import { createStream } from "./create-stream.ts";
import { deleteStream } from "./delete-stream.ts";
import { getRecords } from "./get-records.ts";
import { getShardIterator } from "./get-shard-iterator.ts";
import { putRecord } from "./put-record.ts";

const shard = { StreamName: "orders", ShardId: "shardId-000000000000" };

/** Ten records of one shard, a second apart. */
function withRecords() {
  const kinesis = kinesisWithStream(1);
  const { state, stream, clock, pass } = kinesis;
  const numbers: string[] = [];
  const times: number[] = [];
  for (let index = 0; index < 10; index++) {
    times.push(clock.now());
    const input = { StreamName: "orders", PartitionKey: `${index}`, Data: Buffer.from(`${index}`) };
    numbers.push(putRecord(state, input, call).SequenceNumber ?? "");
    pass(1000);
  }
  const iterator = (input: Omit<GetShardIteratorInput, "ShardId">) =>
    getShardIterator(state, { ...shard, ...input }, call).ShardIterator;
  const readFrom = (input: Omit<GetShardIteratorInput, "ShardId">) =>
    getRecords(state, { ShardIterator: iterator(input) }, call)
      .Records?.map(({ PartitionKey: key }) => key)
      .join("");
  const put = () => putRecord(state, { StreamName: "orders", PartitionKey: "new", Data: Buffer.from("new") }, call);
  return { ...kinesis, first: stream.shards[0], numbers, times, iterator, readFrom, put };
}

const notFound = (id: string, stream = "orders") =>
  `ResourceNotFoundException: Shard ${id} in stream ${stream} under account 000000000000 does not exist`;
const unreadable = (id: string, stream = "orders") =>
  `ResourceNotFoundException: Could not find shard ${id} in stream ${stream} under account 000000000000.`;
const combination = (specified: string) =>
  "InvalidArgumentException: Must either specify (1) AT_SEQUENCE_NUMBER or AFTER_SEQUENCE_NUMBER and " +
  "StartingSequenceNumber or (2) TRIM_HORIZON or LATEST and no StartingSequenceNumber. " +
  `Request specified ${specified}`;

const invalid = (number: string, why = "") =>
  `InvalidArgumentException: StartingSequenceNumber ${number} used in GetShardIterator on shard shardId-000000000000 ` +
  `in stream orders under account 000000000000 is invalid${why}.`;
const encodes = (id: string) =>
  `InvalidArgumentException: Invalid StartingSequenceNumber. It encodes ${id}, while it was used in a call to a ` +
  "shard with shardId-000000000000";
const decimalOf = (hex: string) => BigInt(`0x${hex}`).toString();

describe("GetShardIterator", () => {
  test("positions at the horizon and at the tip", () => {
    const { state, readFrom, iterator, put } = withRecords();
    expect(readFrom({ ShardIteratorType: "TRIM_HORIZON" })).toBe("0123456789");
    expect(readFrom({ ShardIteratorType: "LATEST" })).toBe("");
    const latest = iterator({ ShardIteratorType: "LATEST" });
    put();
    expect(getRecords(state, { ShardIterator: latest }, call).Records).toMatchObject([{ PartitionKey: "new" }]);
  });

  test("positions at and after a record", () => {
    const { readFrom, numbers } = withRecords();
    const StartingSequenceNumber = numbers[4];
    expect(readFrom({ ShardIteratorType: "AT_SEQUENCE_NUMBER", StartingSequenceNumber })).toBe("456789");
    expect(readFrom({ ShardIteratorType: "AFTER_SEQUENCE_NUMBER", StartingSequenceNumber })).toBe("56789");
  });

  test("positions at and after numbers that are no record's", () => {
    const { readFrom, first, times } = withRecords();
    if (first === undefined) throw new Error("no shard");
    const second = Math.floor((times[4] ?? 0) / 1000);
    const from = (StartingSequenceNumber: string) =>
      (["AT_SEQUENCE_NUMBER", "AFTER_SEQUENCE_NUMBER"] as const).map((ShardIteratorType) =>
        readFrom({ ShardIteratorType, StartingSequenceNumber }),
      );
    expect(from(first.startingSequenceNumber)).toEqual(["0123456789", "0123456789"]);
    expect(from(first.sequenceNumber(5, (second - 1) * 1000))).toEqual(["456789", "456789"]);
    expect(from(first.sequenceNumber(5, (second + 1) * 1000))).toEqual(["56789", "56789"]);
    expect(from(endingSequenceNumber(first.createdSeconds, 0, second))).toEqual(["", ""]);
  });

  test("positions at a time", () => {
    const { state, readFrom, iterator, times, clock, put } = withRecords();
    const from = (time: number) => readFrom({ ShardIteratorType: "AT_TIMESTAMP", Timestamp: new Date(time) });
    expect(from(times[4] ?? 0)).toBe("456789");
    expect(from((times[4] ?? 0) + 1)).toBe("56789");
    expect(from(0)).toBe("0123456789");
    expect(from(clock.now())).toBe("");
    const tip = iterator({ ShardIteratorType: "AT_TIMESTAMP", Timestamp: new Date(clock.now()) });
    put();
    expect(getRecords(state, { ShardIterator: tip }, call).Records).toMatchObject([{ PartitionKey: "new" }]);
  });

  test.each(["0", "shardId-0", "anything-0", "-000", "shardId-000000000000"])(
    "takes %s for the first shard",
    (ShardId) => {
      const { state } = kinesisWithStream(1);
      const input = { StreamName: "orders", ShardId, ShardIteratorType: "LATEST" } as const;
      expect(failureOf(() => getShardIterator(state, input, call))).toBe("no failure");
    },
  );

  test.each([
    [{ ShardId: "5" }, notFound("shardId-000000000005")],
    [{ StreamName: "none", ShardId: "-00002147483647" }, notFound("shardId-002147483647", "none")],
    [{ StreamName: "none", ShardId: "2147483648" }, unreadable("2147483648", "none")],
    [{ StreamName: "none", ShardId: "ABKLFD8" }, unreadable("ABKLFD8", "none")],
    [{ ShardId: "2.14E4" }, unreadable("2.14E4")],
    [{ ShardIteratorType: "AT_SEQUENCE_NUMBER" }, combination("AT_SEQUENCE_NUMBER and no StartingSequenceNumber.")],
    [
      { ShardIteratorType: "AFTER_SEQUENCE_NUMBER" },
      combination("AFTER_SEQUENCE_NUMBER and no StartingSequenceNumber."),
    ],
    [{ StartingSequenceNumber: "5" }, combination("LATEST and also a StartingSequenceNumber.")],
    [
      { ShardIteratorType: "TRIM_HORIZON", StartingSequenceNumber: "5" },
      combination("TRIM_HORIZON and also a StartingSequenceNumber."),
    ],
    [
      { ShardIteratorType: "AT_TIMESTAMP" },
      "InvalidArgumentException: Must specify timestampInMillis parameter for iterator of type AT_TIMESTAMP. Current request has no timestamp parameter.",
    ],
    [
      { ShardIteratorType: "AT_TIMESTAMP", Timestamp: new Date(1_700_000_000_001) },
      "InvalidArgumentException: The timestampInMillis parameter cannot be greater than the currentTimestampInMillis. " +
        "timestampInMillis: 1700000000001, currentTimestampInMillis: 1700000000000",
    ],
    [
      { DryRun: true },
      "DryRunOperationException: The request was rejected because the DryRun parameter was specified.",
    ],
    [{ DryRun: true, ShardId: "5" }, notFound("shardId-000000000005")],
  ] as const)("answers %j with its error", (input, failure) => {
    const { state } = kinesisWithStream(1);
    const given = { ...shard, ShardIteratorType: "LATEST", ...input } as const;
    expect(failureOf(() => getShardIterator(state, given, call))).toBe(failure);
  });

  test.each<readonly [string, string]>([
    ["0", "InternalFailure: "],
    ["5", encodes("shardId-000000000005")],
    [decimalOf("20000000000000000000000000000000000000800000002"), encodes("shardId--02147483648")],
    ...["20000000000800000000000000000000000000000000002", "13bb2cc3d80000000000000000000000"].map(
      (hex) => [decimalOf(hex), invalid(decimalOf(hex))] as const,
    ),
    ...["20000000000000000000000000000000000000000000002", "20000000000000000000000000000000000000000000001"].map(
      (hex) => [decimalOf(hex), invalid(decimalOf(hex), " because it did not come from this stream")] as const,
    ),
  ])("refuses the sequence number %s", (StartingSequenceNumber, failure) => {
    const { state } = kinesisWithStream(1);
    const input = { ...shard, ShardIteratorType: "AT_SEQUENCE_NUMBER", StartingSequenceNumber } as const;
    expect(failureOf(() => getShardIterator(state, input, call))).toBe(failure);
  });

  test("refuses a sequence number of a stream that was created anew", () => {
    const { state, numbers, pass } = withRecords();
    deleteStream(state, { StreamName: "orders" }, call);
    pass(1000);
    createStream(state, { StreamName: "orders", ShardCount: 1 }, call);
    const StartingSequenceNumber = numbers[0];
    const input = { ...shard, ShardIteratorType: "AFTER_SEQUENCE_NUMBER", StartingSequenceNumber } as const;
    expect(failureOf(() => getShardIterator(state, input, call))).toBe(
      invalid(StartingSequenceNumber ?? "", " because it did not come from this stream"),
    );
  });

  test("does not find a shard of a stream that is CREATING", () => {
    const { state } = kinesisUnderTest({ latencyMs: 500 });
    createStream(state, { StreamName: "orders", ShardCount: 1 }, call);
    const input = { ...shard, ShardIteratorType: "LATEST" } as const;
    expect(failureOf(() => getShardIterator(state, input, call))).toBe(notFound("shardId-000000000000"));
  });
});
