import { describe, expect, test } from "vitest";
import { call, failureOf, kinesisUnderTest, kinesisWithStream } from "../kinesis-under-test.ts";
import { createStream } from "./create-stream.ts";
import { deleteStream } from "./delete-stream.ts";
import { getRecords } from "./get-records.ts";
import { getShardIterator } from "./get-shard-iterator.ts";
import { putRecord } from "./put-record.ts";

const hour = 3_600_000;

function withReader() {
  const kinesis = kinesisWithStream(1);
  const { state } = kinesis;
  const put = (key: string, size = 1) =>
    putRecord(state, { StreamName: "orders", PartitionKey: key, Data: Buffer.alloc(size, key) }, call);
  const iterator = (ShardIteratorType: "TRIM_HORIZON" | "LATEST" = "TRIM_HORIZON") =>
    getShardIterator(state, { StreamName: "orders", ShardId: "0", ShardIteratorType }, call).ShardIterator;
  const read = (ShardIterator: string | undefined, Limit?: number) => getRecords(state, { ShardIterator, Limit }, call);
  return { ...kinesis, put, iterator, read };
}

function keysOf({ Records: records = [] }: ReturnType<typeof getRecords>): string {
  return records.map(({ PartitionKey: key }) => key).join("");
}

describe("GetRecords", () => {
  test("gives the records with AWS's members", () => {
    const { put, iterator, read, clock } = withReader();
    const { SequenceNumber } = put("a");
    const output = read(iterator());
    expect(output).toStrictEqual({
      Records: [
        {
          SequenceNumber,
          ApproximateArrivalTimestamp: new Date(clock.now()),
          Data: Buffer.from("a"),
          PartitionKey: "a",
        },
      ],
      NextShardIterator: expect.any(String),
      MillisBehindLatest: 0,
    });
  });

  test("goes on where it stopped, and an iterator may be used again", () => {
    const { put, iterator, read } = withReader();
    const start = iterator();
    for (const key of "abc") put(key);
    const first = read(start, 2);
    expect(keysOf(first)).toBe("ab");
    const second = read(first.NextShardIterator, 2);
    expect(keysOf(second)).toBe("c");
    expect(keysOf(read(second.NextShardIterator))).toBe("");
    put("d");
    expect(keysOf(read(second.NextShardIterator))).toBe("d");
    expect(keysOf(read(start))).toBe("abcd");
  });

  test("gives a new iterator each time, also at the tip", () => {
    const { iterator, read } = withReader();
    const first = read(iterator("LATEST")).NextShardIterator;
    expect(read(first).NextShardIterator).not.toBe(first);
  });

  test("tells how far behind the first unread record is", () => {
    const { put, iterator, read, pass } = withReader();
    put("a");
    pass(1000);
    put("b");
    pass(500);
    const first = read(iterator(), 1);
    expect(first.MillisBehindLatest).toBe(500);
    expect(read(first.NextShardIterator).MillisBehindLatest).toBe(0);
  });

  test("gives at most 10 000 records and 10 MiB", () => {
    const { put, iterator, read } = withReader();
    for (let index = 0; index < 10_001; index++) put("a", 10);
    expect(read(iterator()).Records).toHaveLength(10_000);
    const tip = iterator("LATEST");
    for (let index = 0; index < 11; index++) put("b", 1_048_575);
    const first = read(tip);
    expect(first.Records).toHaveLength(10);
    expect(read(first.NextShardIterator).Records).toHaveLength(1);
  });

  test("leaves out what is older than the retention period", () => {
    const { put, iterator, read, pass } = withReader();
    const start = iterator();
    put("a");
    pass(hour);
    put("b");
    pass(23 * hour);
    expect(keysOf(read(iterator()))).toBe("ab");
    pass(1);
    expect(keysOf(read(iterator()))).toBe("b");
    expect(failureOf(() => read(start))).toContain("ExpiredIteratorException: ");
  });

  test("ends a closed shard with its children and without an iterator", () => {
    const { put, iterator, read, stream, clock } = withReader();
    put("a");
    put("b");
    const [parent] = stream.shards;
    if (parent === undefined) throw new Error("no shard");
    const middle = 2n ** 127n;
    const ranges = [
      { start: 0n, end: middle - 1n },
      { start: middle, end: parent.range.end },
    ];
    stream.replaceShards([{ parents: [parent], ranges }], clock.now());
    const first = read(iterator(), 1);
    expect(first).not.toHaveProperty("ChildShards");
    expect(read(first.NextShardIterator)).toStrictEqual({
      Records: [expect.objectContaining({ PartitionKey: "b" })],
      MillisBehindLatest: 0,
      ChildShards: [
        {
          ShardId: "shardId-000000000001",
          ParentShards: ["shardId-000000000000"],
          HashKeyRange: { StartingHashKey: "0", EndingHashKey: (middle - 1n).toString() },
        },
        {
          ShardId: "shardId-000000000002",
          ParentShards: ["shardId-000000000000"],
          HashKeyRange: { StartingHashKey: middle.toString(), EndingHashKey: parent.range.end.toString() },
        },
      ],
    });
  });

  test("gives no key where an AUTO stream's producer gave none", () => {
    const { state } = kinesisUnderTest();
    createStream(state, { StreamName: "orders", RecordDistributionStrategy: "AUTO" }, call);
    putRecord(state, { StreamName: "orders", Data: Buffer.from("x") }, call);
    const input = { StreamName: "orders", ShardId: "0", ShardIteratorType: "TRIM_HORIZON" } as const;
    const { ShardIterator } = getShardIterator(state, input, call);
    expect(getRecords(state, { ShardIterator }, call).Records?.[0]).not.toHaveProperty("PartitionKey");
  });

  test("does not find a stream that was deleted; in one created anew it goes on at the start", () => {
    const { state, put, iterator, read, pass } = withReader();
    put("a");
    const latest = iterator("LATEST");
    deleteStream(state, { StreamName: "orders" }, call);
    expect(failureOf(() => read(latest))).toBe(
      "ResourceNotFoundException: Shard shardId-000000000000 in stream orders under account 000000000000 does not exist",
    );
    pass(1000);
    createStream(state, { StreamName: "orders", ShardCount: 1 }, call);
    put("b");
    expect(keysOf(read(latest))).toBe("b");
  });

  test("refuses a malformed iterator, and a dry run", () => {
    const { state, iterator, read } = withReader();
    expect(failureOf(() => read("malformed"))).toBe("InvalidArgumentException: Invalid ShardIterator.");
    const dryRun = { ShardIterator: iterator(), DryRun: true };
    expect(failureOf(() => getRecords(state, dryRun, call))).toContain("DryRunOperationException: ");
  });
});
