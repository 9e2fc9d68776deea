import { describe, expect, test } from "vitest";
import type { ReadAfter } from "../shard-reader.ts";
import { createKinesis } from "./index.ts";
import type { Kinesis } from "./index.ts";
import { call, kinesisUnderTest } from "./kinesis-under-test.ts";

const arn = "arn:aws:kinesis:us-east-1:000000000000:stream/orders";
const shardId = "shardId-000000000000";
const max = { records: 100, bytes: 1_000_000 };
const hour = 3_600_000;

function setUp(shardCount = 1) {
  const { ports, clock, pass } = kinesisUnderTest();
  const kinesis = createKinesis(ports);
  void kinesis.operations.CreateStream({ StreamName: "orders", ShardCount: shardCount }, call);
  const reader = kinesis.openStream(arn);
  if (reader === undefined) throw new Error("the stream was not found");
  const keys = (after: ReadAfter) => reader.read(shardId, after, max)?.records.map(({ partitionKey }) => partitionKey);
  return { kinesis, reader, clock, pass, keys };
}

async function put(kinesis: Kinesis, ...keys: readonly string[]): Promise<string[]> {
  const Records = keys.map((PartitionKey) => ({ PartitionKey, Data: Buffer.from(PartitionKey) }));
  const { Records: results } = await kinesis.operations.PutRecords({ StreamName: "orders", Records }, call);
  return (results ?? []).map(({ SequenceNumber: number = "" }) => number);
}

describe("a stream's reader", () => {
  test("tells the shards", () => {
    const { reader } = setUp(2);
    expect(reader).toMatchObject({ arn, name: "orders", region: "us-east-1" });
    expect(reader.shards()).toMatchObject([
      { shardId, parents: [], open: true },
      { shardId: "shardId-000000000001", parents: [], open: true },
    ]);
  });

  test("reads by position", async () => {
    const { kinesis, reader, clock, pass, keys } = setUp();
    const beforeAll = reader.latest(shardId) ?? "";
    const [first = ""] = await put(kinesis, "a", "b");
    pass(1000);
    const later = clock.now();
    const [third = ""] = await put(kinesis, "c");
    expect(keys({ at: "trimHorizon" })).toEqual(["a", "b", "c"]);
    expect(keys({ at: "sequence", sequence: beforeAll })).toEqual(["a", "b", "c"]);
    expect(keys({ at: "sequence", sequence: first })).toEqual(["b", "c"]);
    expect(keys({ at: "timestamp", timestamp: later })).toEqual(["c"]);
    expect(keys({ at: "sequence", sequence: third })).toEqual([]);
    const pinned = reader.latest(shardId) ?? "";
    await put(kinesis, "d");
    expect(keys({ at: "sequence", sequence: pinned })).toEqual(["d"]);
    expect(reader.read(shardId, { at: "trimHorizon" }, { records: 1, bytes: 1 })).toEqual({
      records: [
        {
          sequenceNumber: first,
          partitionKey: "a",
          data: Buffer.from("a"),
          approximateArrival: later - 1000,
        },
      ],
      closed: false,
    });
  });

  test("is woken inside of the put, once per call, until it unsubscribes", async () => {
    const { kinesis, reader, keys } = setUp();
    const seen: unknown[] = [];
    const unsubscribe = reader.onAppend(shardId, () => seen.push(keys({ at: "trimHorizon" })));
    const putting = put(kinesis, "a", "b");
    expect(seen).toEqual([["a", "b"]]);
    await putting;
    unsubscribe();
    await put(kinesis, "c");
    expect(seen).toHaveLength(1);
  });

  test("tells what was lost to the retention period", async () => {
    const { kinesis, reader, pass } = setUp();
    const before = reader.latest(shardId) ?? "";
    const [first = "", second = ""] = await put(kinesis, "a", "b");
    pass(hour);
    await put(kinesis, "c");
    pass(23 * hour + 1);
    const read = (sequence: string) => reader.read(shardId, { at: "sequence", sequence }, max);
    expect(read(before)).toMatchObject({ records: [{ partitionKey: "c" }], trimmedTo: second });
    expect(read(first)).toMatchObject({ records: [{ partitionKey: "c" }], trimmedTo: second });
    expect(read(second)).not.toHaveProperty("trimmedTo");
    expect(reader.read(shardId, { at: "trimHorizon" }, max)).not.toHaveProperty("trimmedTo");
  });

  test("learns that its stream is deleted, also when another takes its name", async () => {
    const { kinesis, reader } = setUp();
    const told: string[] = [];
    reader.onGone(() => told.push("deleted"));
    reader.onGone(() => told.push("not told"))();
    await put(kinesis, "a");
    void kinesis.operations.DeleteStream({ StreamName: "orders" }, call);
    expect(told).toEqual(["deleted"]);
    void kinesis.operations.CreateStream({ StreamName: "orders", ShardCount: 1 }, call);
    expect(reader.shards()).toEqual([]);
    expect(reader.read(shardId, { at: "trimHorizon" }, max)).toBeUndefined();
    expect(reader.latest(shardId)).toBeUndefined();
    expect(kinesis.openStream(arn)?.shards()).toHaveLength(1);
  });
});

describe("Kinesis", () => {
  test("knows no stream by another ARN", () => {
    const { kinesis } = setUp();
    expect(kinesis.openStream("arn:aws:kinesis:eu-west-1:000000000000:stream/orders")).toBeUndefined();
    expect(kinesis.openStream("arn:aws:kinesis:us-east-1:000000000000:stream/none")).toBeUndefined();
    expect(kinesis.openStream("orders")).toBeUndefined();
  });

  test("has nothing any more when it is closed", async () => {
    const { kinesis, reader } = setUp();
    const told: string[] = [];
    reader.onGone(() => told.push("deleted"));
    await put(kinesis, "a");
    expect(kinesis.peek("us-east-1", "orders")?.shards[0]?.records).toHaveLength(1);
    kinesis.close();
    expect(told).toEqual(["deleted"]);
    expect(kinesis.peek("us-east-1", "orders")).toBeUndefined();
  });

  test("declines the operations that it does not have, and no other", () => {
    const { kinesis } = setUp();
    const names = [...Object.keys(kinesis.operations), ...Object.keys(kinesis.notImplemented)];
    expect(new Set(names).size).toBe(45);
  });
});
