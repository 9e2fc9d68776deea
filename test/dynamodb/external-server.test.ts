import { CreateTableCommand, DeleteTableCommand, PutItemCommand, ScanCommand } from "@aws-sdk/client-dynamodb";
import { startLocalEmu } from "@localemu/testkit";
import type { DynamoDbEvent, LocalEmu } from "@localemu/testkit";
import { describe, expect, test } from "vitest";
import { failureOf } from "../emulator/failure-of.ts";
import { changesOf, createTable, recordsOf, tableClients } from "./tables.ts";

/** A LocalEmu that has the tables, and one that uses them. */
async function twoServers() {
  const tables = await startLocalEmu();
  const emu = await startLocalEmu({ dynamodbEndpoint: tables.endpoint });
  return {
    tables,
    emu,
    async [Symbol.asyncDispose]() {
      await emu.close();
      await tables.close();
    },
  };
}

/** A function that keeps the ids of its batches, and lets wait for a number of ids. */
async function collector(emu: LocalEmu) {
  const ids: string[] = [];
  const waits: { readonly count: number; readonly resolve: () => void }[] = [];
  const attached = await emu.attachHandler("orders-fn", async (event: DynamoDbEvent) => {
    for (const { dynamodb } of event.Records) ids.push(JSON.stringify(dynamodb.Keys["id"]));
    for (const { count, resolve } of waits) if (ids.length >= count) resolve();
  });
  const received = (count: number): Promise<void> => {
    const { promise, resolve } = Promise.withResolvers<void>();
    if (ids.length >= count) resolve();
    waits.push({ count, resolve });
    return promise;
  };
  return { ids, received, [Symbol.asyncDispose]: () => attached[Symbol.asyncDispose]() };
}

const item = (id: string) => ({ id: { S: id } });
const asText = (...ids: readonly string[]) => ids.map((id) => JSON.stringify({ S: id }));

describe("a server of tables elsewhere", () => {
  test("answers the calls of tables and of streams", async () => {
    await using servers = await twoServers();
    const [here, there] = [tableClients(servers.emu), tableClients(servers.tables)];
    const arn = await createTable(here, "orders");
    await here.dynamodb.send(new PutItemCommand({ TableName: "orders", Item: item("a") }));
    expect((await there.dynamodb.send(new ScanCommand({ TableName: "orders" }))).Items).toEqual([item("a")]);
    expect(await recordsOf(here, arn)).toEqual(await recordsOf(there, arn));
    expect(await changesOf(here, arn)).toEqual([["INSERT", undefined, item("a")]]);
    const again = here.dynamodb.send(
      new CreateTableCommand({
        TableName: "orders",
        AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
        KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
        BillingMode: "PAY_PER_REQUEST",
      }),
    );
    expect(await failureOf(again)).toContain("400 ResourceInUseException");
  });

  test("feeds mappings with what is written through LocalEmu, and idle waits for that", async () => {
    await using servers = await twoServers();
    const clients = tableClients(servers.emu);
    const arn = await createTable(clients, "orders");
    await clients.dynamodb.send(new PutItemCommand({ TableName: "orders", Item: item("a") }));
    await using orders = await collector(servers.emu);
    const mapping = await servers.emu.function("orders-fn").listen(arn);
    for (const id of ["b", "c"])
      await clients.dynamodb.send(new PutItemCommand({ TableName: "orders", Item: item(id) }));
    await servers.emu.idle();
    expect(orders.ids).toEqual(asText("a", "b", "c"));
    expect((await mapping.peek()).shards).toMatchObject([
      { checkpoint: (await recordsOf(clients, arn)).at(-1)?.dynamodb?.SequenceNumber },
    ]);
  });

  test("feeds mappings with what others write to it", async () => {
    await using servers = await twoServers();
    const there = tableClients(servers.tables);
    const arn = await createTable(there, "orders");
    await there.dynamodb.send(new PutItemCommand({ TableName: "orders", Item: item("before") }));
    await using orders = await collector(servers.emu);
    await servers.emu.function("orders-fn").listen(arn, { startingPosition: "LATEST" });
    await there.dynamodb.send(new PutItemCommand({ TableName: "orders", Item: item("a") }));
    await orders.received(1);
    await there.dynamodb.send(new PutItemCommand({ TableName: "orders", Item: item("b") }));
    await there.dynamodb.send(new DeleteTableCommand({ TableName: "orders" }));
    await orders.received(2);
    expect(orders.ids).toEqual(asText("a", "b"));
  });

  test("is told to be gone, and so is its stream where another one has come", async () => {
    const tables = await startLocalEmu();
    const { port } = new URL(tables.endpoint);
    await using emu = await startLocalEmu({ dynamodbEndpoint: tables.endpoint });
    const arn = await createTable(tableClients(tables), "orders");
    await using orders = await collector(emu);
    const mapping = await emu.function("orders-fn").listen(arn);
    await tables.close();
    for await (const entry of emu.control.followTimeline()) if (entry.type === "mapping.readFailed") break;
    const put = tableClients(emu).dynamodb.send(new PutItemCommand({ TableName: "orders", Item: item("a") }));
    expect(await failureOf(put)).toContain(
      `503 ServiceUnavailable: the table server at ${tables.endpoint} cannot be reached`,
    );
    await using back = await startLocalEmu({ port: Number(port) });
    expect(await createTable(tableClients(back), "orders")).not.toBe(arn);
    // That stream does not come back: it is another one.
    for await (const entry of emu.control.followTimeline()) if (entry.type === "mapping.shardGone") break;
    expect((await mapping.peek()).lastProcessingResult).toBe("PROBLEM: Stream not found");
    expect(orders.ids).toEqual([]);
  });

  test("is read again when it can be", async () => {
    await using servers = await twoServers();
    const there = tableClients(servers.tables);
    const arn = await createTable(there, "orders");
    await using orders = await collector(servers.emu);
    const mapping = await servers.emu.function("orders-fn").listen(arn);
    await servers.tables.faults.add({
      operation: "dynamodbstreams:GetRecords",
      error: "InternalServerError",
      times: 3,
    });
    await there.dynamodb.send(new PutItemCommand({ TableName: "orders", Item: item("a") }));
    await orders.received(1);
    expect(orders.ids).toEqual(asText("a"));
    const failures = (await servers.emu.timeline()).filter(({ type }) => type === "mapping.readFailed");
    expect(failures.length).toBeGreaterThan(0);
    await servers.emu.idle();
    expect((await mapping.peek()).lastProcessingResult).toBe("OK");
  });

  test("refuses a mapping of a stream that it does not have", async () => {
    await using servers = await twoServers();
    await using orders = await collector(servers.emu);
    const arn = "arn:aws:dynamodb:us-east-1:000000000000:table/orders/stream/2026-01-01T00:00:00.000";
    await expect(servers.emu.function("orders-fn").listen(arn)).rejects.toThrow(`Stream not found: ${arn}`);
    expect(orders.ids).toEqual([]);
  });
});
