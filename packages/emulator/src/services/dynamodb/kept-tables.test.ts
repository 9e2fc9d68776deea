import type { GetRecordsOutput } from "@aws-sdk/client-dynamodb-streams";
import { expect, onTestFinished, test } from "vitest";
import { Activity } from "../../activity.ts";
import { fakeHostTime } from "../../core/fake-host-time.ts";
import { randomIds } from "../../core/ids.ts";
import { WorldClock } from "../../core/world-clock.ts";
import type { LogStore } from "../../storage/log-store.ts";
import { memoryDocuments } from "../../storage/memory-documents.ts";
import { MemoryLog } from "../../storage/memory-log.ts";
import type { JsonObject } from "./attribute-value.ts";
import { createDynamoDb } from "./index.ts";
import type { DynamoDb } from "./index.ts";

const region = "eu-central-1";
const retentionMs = 24 * 3_600_000;

/** A service whose state outlives it, and a clock that goes on. */
async function startKept() {
  const host = fakeHostTime();
  const errors: unknown[] = [];
  const clock = new WorldClock(host, (error) => errors.push(error));
  const documents = memoryDocuments();
  const logs = new Map<string, LogStore>();
  const start = (): Promise<DynamoDb> =>
    createDynamoDb({
      clock,
      host,
      ids: randomIds(),
      activity: new Activity(host),
      documents,
      openLog(name) {
        const log = logs.get(name) ?? new MemoryLog();
        logs.set(name, log);
        return log;
      },
      record: () => {},
      reportInternalError: (_where, error) => errors.push(error),
    });
  let service = await start();
  onTestFinished(() => {
    service.close();
    clock.close();
    expect(errors).toEqual([]);
  });
  const call = {
    region,
    accountId: "000000000000",
    accessKeyId: "test",
    requestId: "test",
    origin: "http://localhost",
    signal: new AbortController().signal,
  };
  return {
    documents,
    logs,
    pass: (ms: number) => host.pass(ms),
    /** @param stoppedMs How long nothing runs, milliseconds. */
    async restart(stoppedMs = 0) {
      service.close();
      host.pass(stoppedMs);
      service = await start();
    },
    peek: (table: string) => service.peek(region, table),
    /** An operation of tables. */
    do: async (operation: string, input: JsonObject): Promise<JsonObject> =>
      (await service.operations[operation]?.(input, call)) ?? {},
    streams: {
      describe: async (StreamArn: string) => service.streamOperations.DescribeStream({ StreamArn }, call),
      list: async (TableName: string) => service.streamOperations.ListStreams({ TableName }, call),
      iterator: async (StreamArn: string, ShardId: string) => {
        const ShardIteratorType = "TRIM_HORIZON" as const;
        const got = await service.streamOperations.GetShardIterator({ StreamArn, ShardId, ShardIteratorType }, call);
        return got.ShardIterator ?? "";
      },
      records: async (ShardIterator: string): Promise<GetRecordsOutput> =>
        service.streamOperations.GetRecords({ ShardIterator }, call),
    },
  };
}

type Kept = Awaited<ReturnType<typeof startKept>>;

const orders = {
  TableName: "orders",
  AttributeDefinitions: [
    { AttributeName: "id", AttributeType: "S" },
    { AttributeName: "customer", AttributeType: "S" },
  ],
  KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
  BillingMode: "PAY_PER_REQUEST",
  GlobalSecondaryIndexes: [
    {
      IndexName: "by-customer",
      KeySchema: [{ AttributeName: "customer", KeyType: "HASH" }],
      Projection: { ProjectionType: "KEYS_ONLY" },
    },
  ],
};
const withStream = { ...orders, StreamSpecification: { StreamEnabled: true, StreamViewType: "NEW_IMAGE" } };

function put({ do: perform }: Kept, id: string, more: JsonObject = {}): Promise<JsonObject> {
  return perform("PutItem", { TableName: "orders", Item: { id: { S: id }, ...more } });
}

async function tableOf({ do: perform }: Kept): Promise<JsonObject> {
  const { Table } = await perform("DescribeTable", { TableName: "orders" });
  return typeof Table === "object" && Table !== null ? { ...Table } : {};
}

async function idsOf({ do: perform }: Kept, operation: string, input: JsonObject): Promise<unknown> {
  const { Items } = await perform(operation, { TableName: "orders", ...input });
  return Array.isArray(Items) ? Items.map((item) => String(item.id.S)).toSorted() : undefined;
}

const ofCustomer = (customer: string) => ({
  IndexName: "by-customer",
  KeyConditionExpression: "customer = :customer",
  ExpressionAttributeValues: { ":customer": { S: customer } },
});

test("tables are there again as they were, with items, indexes and tags", async () => {
  const kept = await startKept();
  await kept.do("CreateTable", orders);
  const before = await tableOf(kept);
  const tags = (...keys: string[]) => ({ ResourceArn: before["TableArn"], ...(keys.length > 0 && { TagKeys: keys }) });
  await kept.do("TagResource", { ...tags(), Tags: ["team", "old"].map((Key) => ({ Key, Value: "x" })) });
  await kept.do("UntagResource", tags("old"));
  await put(kept, "1", { customer: { S: "ada" }, data: { M: { list: { L: [{ N: "1.50" }, { B: "AP8=" }] } } } });
  await put(kept, "2", { customer: { S: "bob" } });
  await put(kept, "2", { customer: { S: "ada" } });
  await put(kept, "3", { customer: { S: "ada" } });
  await kept.do("DeleteItem", { TableName: "orders", Key: { id: { S: "3" } } });
  await kept.do("TransactWriteItems", {
    TransactItems: [
      { Put: { TableName: "orders", Item: { id: { S: "4" }, customer: { S: "bob" } } } },
      { Delete: { TableName: "orders", Key: { id: { S: "none" } } } },
    ],
  });
  const items = kept.peek("orders")?.items;

  await kept.restart();
  // Without a call.
  expect(kept.peek("orders")?.items).toEqual(items);
  expect(await tableOf(kept)).toMatchObject({
    ...before,
    ItemCount: expect.anything(),
    TableSizeBytes: expect.anything(),
  });
  expect((await kept.do("ListTagsOfResource", tags()))["Tags"]).toEqual([{ Key: "team", Value: "x" }]);
  expect(await idsOf(kept, "Scan", {})).toEqual(["1", "2", "4"]);
  expect(await idsOf(kept, "Query", ofCustomer("ada"))).toEqual(["1", "2"]);
  expect(await idsOf(kept, "Query", ofCustomer("bob"))).toEqual(["4"]);
  // Indexes follow what is written after that.
  await kept.do("DeleteItem", { TableName: "orders", Key: { id: { S: "1" } } });
  expect(await idsOf(kept, "Query", ofCustomer("ada"))).toEqual(["2"]);
});

test("a table that was deleted does not come back, and another one of its name has none of its items", async () => {
  const kept = await startKept();
  await kept.do("CreateTable", orders);
  await put(kept, "1");
  await kept.do("DeleteTable", { TableName: "orders" });
  await kept.restart();
  expect(await kept.do("ListTables", {})).toEqual({ TableNames: [] });
  await kept.do("CreateTable", orders);
  await kept.restart();
  expect(await idsOf(kept, "Scan", {})).toEqual([]);
});

test("a stream goes on under its ARN: its records, its shard and its sequence numbers", async () => {
  const kept = await startKept();
  await kept.do("CreateTable", withStream);
  const { LatestStreamArn } = await tableOf(kept);
  const arn = String(LatestStreamArn);
  for (const id of ["1", "2"]) await put(kept, id);
  const { StreamDescription: before } = await kept.streams.describe(arn);
  const shardId = before?.Shards?.[0]?.ShardId ?? "";
  const iterator = await kept.streams.iterator(arn, shardId);
  const { Records: first = [] } = await kept.streams.records(iterator);
  expect(first).toHaveLength(2);

  await kept.restart();
  expect((await tableOf(kept))["LatestStreamArn"]).toBe(arn);
  expect((await kept.streams.describe(arn)).StreamDescription).toEqual(before);
  await put(kept, "3");
  const { Records: all = [] } = await kept.streams.records(iterator);
  expect(all.slice(0, 2)).toEqual(first);
  expect(all).toHaveLength(3);
  const numbers = all.map(({ dynamodb }) => BigInt(dynamodb?.SequenceNumber ?? 0));
  expect(numbers).toEqual(numbers.toSorted((a, b) => (a < b ? -1 : 1)));
  expect(new Set(numbers).size).toBe(3);
});

test("sequence numbers never come again, also when all records have expired", async () => {
  const kept = await startKept();
  await kept.do("CreateTable", withStream);
  const arn = String((await tableOf(kept))["LatestStreamArn"]);
  await put(kept, "1");
  const shardId = (await kept.streams.describe(arn)).StreamDescription?.Shards?.[0]?.ShardId ?? "";
  const { Records: [old] = [] } = await kept.streams.records(await kept.streams.iterator(arn, shardId));
  kept.pass(retentionMs + 1);
  expect(kept.peek("orders")?.shards[0]?.records).toEqual([]);

  await kept.restart();
  await put(kept, "2");
  const { Records: [next] = [] } = await kept.streams.records(await kept.streams.iterator(arn, shardId));
  expect(BigInt(next?.dynamodb?.SequenceNumber ?? 0)).toBe(BigInt(old?.dynamodb?.SequenceNumber ?? 0) + 1n);
});

test("a stream that was switched off is there for a day, and nothing is kept of it after that", async () => {
  const kept = await startKept();
  await kept.do("CreateTable", withStream);
  const arn = String((await tableOf(kept))["LatestStreamArn"]);
  await put(kept, "1");
  await kept.do("UpdateTable", { TableName: "orders", StreamSpecification: { StreamEnabled: false } });
  kept.pass(1000);

  await kept.restart();
  expect((await kept.streams.describe(arn)).StreamDescription?.StreamStatus).toBe("DISABLED");
  expect(kept.peek("orders")?.shards[0]?.records).toHaveLength(1);
  kept.pass(retentionMs);
  await kept.restart();
  await expect(kept.streams.describe(arn)).rejects.toThrow("Requested resource not found");
  expect(kept.documents.read("dynamodb.streams")).toEqual([]);
  expect([...kept.logs.values()].map(({ newest }) => newest)).toEqual([undefined]);
});

test("items expire after a restart, also those whose time came while nothing ran", async () => {
  const kept = await startKept();
  await kept.do("CreateTable", withStream);
  const TimeToLiveSpecification = { Enabled: true, AttributeName: "until" };
  await kept.do("UpdateTimeToLive", { TableName: "orders", TimeToLiveSpecification });
  const now = fakeHostTime().epoch() / 1000;
  for (const seconds of [10, 20, 60]) await put(kept, `after ${seconds}`, { until: { N: String(now + seconds) } });
  await put(kept, "stays");

  await kept.restart();
  expect(await kept.do("DescribeTimeToLive", { TableName: "orders" })).toEqual({
    TimeToLiveDescription: { TimeToLiveStatus: "ENABLED", AttributeName: "until" },
  });
  kept.pass(10_000);
  expect(await idsOf(kept, "Scan", {})).toEqual(["after 20", "after 60", "stays"]);
  await kept.restart(10_000);
  kept.pass(0);
  expect(await idsOf(kept, "Scan", {})).toEqual(["after 60", "stays"]);
  kept.pass(60_000);
  expect(await idsOf(kept, "Scan", {})).toEqual(["stays"]);
  expect(kept.peek("orders")?.shards[0]?.records).toHaveLength(7);
});
