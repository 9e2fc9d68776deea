import "@localemu/vitest/extend";
import { type DynamoDbEvent, dynamoDbEvent, evaluateBatchResult } from "@localemu/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestEmulator } from "../emulator/emulator.ts";
import type { TestEmulator } from "../emulator/emulator.ts";

let server: TestEmulator;

beforeAll(async () => {
  server = await startTestEmulator();
});

afterAll(() => server[Symbol.asyncDispose]());

/** Reports the items that say so, and throws for those that are poison. */
const handler = async (event: DynamoDbEvent) => {
  const images = event.Records.map(({ dynamodb }) => JSON.stringify(dynamodb.NewImage));
  if (images.some((image) => image?.includes("poison"))) throw new Error("poison");
  const failed = event.Records.filter((_, index) => images[index]?.includes("later"));
  return { batchItemFailures: failed.map(({ dynamodb }) => ({ itemIdentifier: dynamodb.SequenceNumber })) };
};

describe("a table", () => {
  test("takes and gives plain values", async () => {
    await using emu = await server.emu.createWorld();
    const table = await emu.createTable("orders", { partitionKey: "customer", sortKey: { name: "at", type: "N" } });
    const item = {
      customer: "a",
      at: 1,
      tags: new Set(["x"]),
      bytes: new Uint8Array([1]),
      lines: [{ sku: "s", n: 2.5 }],
    };
    await table.put(item, { customer: "a", at: 2 });
    expect(await table.get({ customer: "a", at: 1 })).toEqual(item);
    await table.delete({ customer: "a", at: 1 });
    expect(await table.get({ customer: "a", at: 1 })).toBeUndefined();
    expect(await table.items()).toEqual([{ customer: "a", at: 2 }]);
    expect(await table.changes()).toEqual([
      { eventName: "INSERT", keys: { customer: "a", at: 1 }, newImage: item },
      { eventName: "INSERT", keys: { customer: "a", at: 2 }, newImage: { customer: "a", at: 2 } },
      { eventName: "REMOVE", keys: { customer: "a", at: 1 }, oldImage: item },
    ]);
    expect(emu.table("orders").arn).toBe("arn:aws:dynamodb:us-east-1:000000000000:table/orders");
  });

  test("may have no stream", async () => {
    await using emu = await server.emu.createWorld();
    const table = await emu.createTable("orders", { stream: false });
    await expect(table.streamArn()).rejects.toThrow("The table orders has no stream");
    await expect(table).toBeEmpty();
  });

  test("is seen by the matchers of streams", async () => {
    await using emu = await server.emu.createWorld();
    const table = await emu.createTable("orders");
    await expect(table).toBeEmpty();
    const waiting = expect(table).toHaveRecord({ eventName: "REMOVE", oldImage: { total: 1 } });
    await table.put({ id: "1", total: 1 });
    await table.delete({ id: "1" });
    await waiting;
    await expect(table).toHaveRecords([{ eventName: "INSERT" }, { eventName: "REMOVE" }]);
    await expect(table).toHaveRecordTimes(2);
    await expect(table).not.toHaveRecord({ eventName: "MODIFY" });
    await expect(expect(table).toHaveRecordTimes(3)).rejects.toThrow('expect(table "orders").toHaveRecordTimes(3)');
  });

  test("feeds a function, whose batches and failures are its changes", async () => {
    await using emu = await server.emu.createWorld();
    const table = await emu.createTable("orders");
    const dlq = await emu.createQueue("dlq");
    await using orders = await emu.attachHandler("orders-fn", handler);
    const mapping = await emu
      .function("orders-fn")
      .listen(table, { bisectOnError: true, maxRetries: 0, onFailure: dlq });
    await table.put({ id: "1" });
    await expect(mapping).toHaveCaughtUp();
    await table.put({ id: "2", kind: "poison" }, { id: "3" });
    await expect(mapping).toHaveCaughtUp();
    await expect(dlq).toHaveFailedRecord({ newImage: { kind: "poison" } });
    await expect(dlq).toHaveFailedBatch({ condition: "RetryAttemptsExhausted", records: [{ keys: { id: "2" } }] });
    await expect(dlq).not.toHaveFailedRecord({ keys: { id: "3" } });
    const [batch] = await emu.function("orders-fn").batches();
    expect(batch).toMatchObject({
      source: await table.streamArn(),
      items: [{ eventName: "INSERT", keys: { id: "1" } }],
    });
    expect(orders).toBeDefined();
  });

  test("feeds a bucket of failures with its changes", async () => {
    await using emu = await server.emu.createWorld();
    const table = await emu.createTable("orders");
    const failures = await emu.createBucket("failures");
    await using orders = await emu.attachHandler("orders-fn", handler);
    await emu.function("orders-fn").listen(table, { maxRetries: 0, onFailure: failures });
    await table.put({ id: "2", kind: "poison" });
    await expect(failures).toHaveFailedRecord({ newImage: { kind: "poison" } });
    expect(orders).toBeDefined();
  });
});

describe("dynamoDbEvent", () => {
  test("makes the event of changes, for a handler without an emulator", async () => {
    const event = dynamoDbEvent(
      [{ new: { id: "1" } }, { old: { id: "2" }, new: { id: "2", kind: "later" } }, { old: { id: "3", n: 1 } }],
      { table: "orders" },
    );
    expect(event.Records.map(({ eventName }) => eventName)).toEqual(["INSERT", "MODIFY", "REMOVE"]);
    expect(event.Records[2]).toMatchObject({
      eventSource: "aws:dynamodb",
      dynamodb: { Keys: { id: { S: "3" } }, OldImage: { id: { S: "3" }, n: { N: "1" } } },
      eventSourceARN: "arn:aws:dynamodb:us-east-1:000000000000:table/orders/stream/2026-01-01T00:00:00.000",
    });
    const { succeeded, retried } = evaluateBatchResult(event, await handler(event));
    expect([succeeded, retried]).toEqual([event.Records.slice(0, 1), event.Records.slice(1)]);
  });
});
