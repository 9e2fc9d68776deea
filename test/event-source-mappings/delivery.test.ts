import { UpdateFunctionConfigurationCommand } from "@aws-sdk/client-lambda";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestEmulator } from "../emulator/emulator.ts";
import type { TestEmulator } from "../emulator/emulator.ts";
import { mappedStream, orders, role, streamArn } from "./mapped-stream.ts";

let server: TestEmulator;

beforeAll(async () => {
  server = await startTestEmulator();
});

afterAll(() => server[Symbol.asyncDispose]());

const minute = 60_000;

test("the event is AWS's, key by key and byte by byte", async () => {
  await using world = await mappedStream(server, { frozen: true });
  await world.emu.clock.set(Date.UTC(2030, 0, 2, 3, 4, 5, 678));
  await world.createFunction(
    { FunctionName: "echo" },
    `export const handler = async (event) => console.log(JSON.stringify({ echo: JSON.stringify(event) }));`,
  );
  await world.map({ FunctionName: "echo" });
  const sequenceNumbers = await world.put({ id: 1, customer: 'a"ü' }, { id: 2, customer: "b" });
  await world.emu.idle();

  const record = (id: number, partitionKey: string) => {
    const sequenceNumber = sequenceNumbers[id - 1] ?? "";
    return (
      `{"kinesis":{"kinesisSchemaVersion":"1.0","partitionKey":${JSON.stringify(partitionKey)},"sequenceNumber":"${sequenceNumber}",` +
      `"data":"${Buffer.from(`{"id":${id}}`).toString("base64")}","approximateArrivalTimestamp":1893553445.678},` +
      `"eventSource":"aws:kinesis","eventVersion":"1.0","eventID":"shardId-000000000000:${sequenceNumber}",` +
      `"eventName":"aws:kinesis:record","invokeIdentityArn":"${role}","awsRegion":"us-east-1","eventSourceARN":"${streamArn}"}`
    );
  };
  const [line] = await world.logged("echo", "echo");
  const { echo }: { echo: string } = JSON.parse(line?.json ?? "");
  expect(echo).toBe(`{"Records":[${record(1, 'a"ü')},${record(2, "b")}]}`);
  expect(sequenceNumbers[0]).toMatch(/^\d{56}$/);
});

test("the event names the role that the function has when it is invoked", async () => {
  await using world = await mappedStream(server);
  const code = `export const handler = async ({ Records }) => console.log(JSON.stringify({ role: Records[0].invokeIdentityArn }));`;
  await world.createFunction({ FunctionName: "roles" }, code);
  await world.map({ FunctionName: "roles" });
  const roles = [role, `${role}-2`];
  for (const Role of roles) {
    await world.clients.lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName: "roles", Role }));
    await world.emu.idle();
    await world.put({ id: 1 });
    await world.emu.idle();
  }
  expect((await world.logged("roles", "role")).map(({ json }) => json)).toEqual(
    roles.map((it) => JSON.stringify({ role: it })),
  );
});

test("records that are not JSON arrive as the bytes that were put", async () => {
  await using world = await mappedStream(server);
  await world.createFunction(
    { FunctionName: "bytes" },
    `export const handler = async ({ Records }) => console.log(JSON.stringify({ data: Records.map(({ kinesis }) => kinesis.data) }));`,
  );
  await world.map({ FunctionName: "bytes" });
  const bytes = Buffer.from(Uint8Array.from({ length: 256 }, (_, index) => index));
  await world.emu.stream("orders").put(bytes, { partitionKey: "k" });
  await world.emu.idle();
  const [line] = await world.logged("bytes", "data");
  expect(line?.json).toBe(JSON.stringify({ data: [bytes.toString("base64")] }));
});

describe("a batch", () => {
  test("has BatchSize records at most, and the next one goes on where it ended", async () => {
    await using world = await mappedStream(server);
    await world.put(...orders(1, 10));
    await world.put(...orders(11, 25));
    await world.map({ BatchSize: 10 });
    await world.emu.idle();
    expect(await world.batches()).toEqual([
      [1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
      [11, 12, 13, 14, 15, 16, 17, 18, 19, 20],
      [21, 22, 23, 24, 25],
    ]);
  });

  test("is given at once where there is no window", async () => {
    await using world = await mappedStream(server, { frozen: true });
    await world.map();
    for (const id of [1, 2]) {
      await world.put({ id });
      expect(await world.emu.idle()).toEqual({ state: "idle" });
    }
    expect(await world.batches()).toEqual([[1], [2]]);
  });

  test("is gathered for the batching window, which begins with the last invocation's end", async () => {
    await using world = await mappedStream(server, { frozen: true });
    await world.map({ MaximumBatchingWindowInSeconds: 20, BatchSize: 4 });
    await world.put({ id: 1 });
    expect(await world.emu.idle()).toMatchObject({ state: "sleeping", nextTimer: { inMs: 20_000 } });
    await world.emu.clock.advance(15_000);
    await world.put({ id: 2 });
    await world.emu.clock.advance(4_999);
    expect(await world.batches()).toEqual([]);
    await world.emu.clock.advance(1);
    expect(await world.batches()).toEqual([[1, 2]]);
    // The window that the invocation began: 12 s of it have passed when the next record comes.
    await world.emu.clock.advance(12_000);
    await world.put({ id: 3 });
    expect(await world.emu.idle()).toMatchObject({ state: "sleeping", nextTimer: { inMs: 8_000 } });
    await world.emu.clock.advance(8_000);
    expect(await world.batches()).toEqual([[1, 2], [3]]);
  });

  test("is given before the window's end once it is full", async () => {
    await using world = await mappedStream(server, { frozen: true });
    await world.map({ MaximumBatchingWindowInSeconds: 300, BatchSize: 3 });
    await world.put(...orders(1, 4));
    await world.emu.idle();
    expect(await world.batches()).toEqual([[1, 2, 3]]);
    await world.emu.clock.advance(300_000);
    expect(await world.batches()).toEqual([[1, 2, 3], [4]]);
  });

  test("is not given where there are no records", async () => {
    await using world = await mappedStream(server, { frozen: true });
    await world.map({ MaximumBatchingWindowInSeconds: 1 });
    await world.emu.clock.advance(minute);
    expect(await world.emu.idle()).toEqual({ state: "idle" });
    expect(await world.events("function.invoked")).toEqual([]);
  });

  test("stays within the 6 MB that an invocation takes", async () => {
    await using world = await mappedStream(server);
    // Base64 makes 1.2 MB of each: four fit into 6 MB, five do not.
    const megabytes = Array.from({ length: 6 }, (_, id) => ({ id, text: "x".repeat(1_000_000) }));
    await world.emu.stream("orders").putJson(megabytes, { partitionKey: "k" });
    await world.map();
    await world.emu.idle();
    expect(await world.batches()).toEqual([
      [0, 1, 2, 3],
      [4, 5],
    ]);
  });

  test("has records of one shard, each shard in order", async () => {
    await using world = await mappedStream(server, { shards: 3 });
    await world.put(...orders(1, 60).map((order) => ({ ...order, customer: `customer-${order.id % 10}` })));
    await world.map({ BatchSize: 7 });
    await world.emu.idle();
    const { shards } = await world.emu.control.peek.stream("orders");
    const kept = shards.map(({ records }) => records.map(({ data }) => idOf(data)));
    expect(kept.every((ids) => ids.length > 0)).toBe(true);
    const batches = await world.batches();
    for (const ids of kept) {
      const ofShard = batches.filter((batch) => ids.includes(batch[0] ?? -1));
      expect(ofShard.flat()).toEqual(ids);
    }
    expect(batches.flat()).toHaveLength(60);
  });
});

function idOf(base64: string): number {
  const { id }: { id: number } = JSON.parse(Buffer.from(base64, "base64").toString());
  return id;
}

test("parallel batches of a shard keep the order of each partition key", async () => {
  await using world = await mappedStream(server);
  await world.put(...orders(1, 80).map((order) => ({ ...order, customer: `customer-${order.id % 8}` })));
  const mapping = await world.map({ ParallelizationFactor: 4, BatchSize: 5 });
  await world.emu.idle();
  const batches = await world.batches();
  for (let key = 0; key < 8; key++) {
    const expected = orders(1, 80).flatMap(({ id }) => (id % 8 === key ? [id] : []));
    const given = batches.map((batch) => batch.filter((id) => id % 8 === key));
    expect(given.flat()).toEqual(expected);
  }
  expect(batches.every((batch) => batch.length <= 5)).toBe(true);
  const started = await world.events("mapping.batchStarted");
  const running = (await world.emu.timeline()).reduce(
    ({ now, most }, { type }) => {
      const count = now + (type === "function.invoked" ? 1 : type === "function.returned" ? -1 : 0);
      return { now: count, most: Math.max(most, count) };
    },
    { now: 0, most: 0 },
  );
  expect(running.most).toBeGreaterThan(1);
  expect(running.most).toBeLessThanOrEqual(4);
  expect(started.every((event) => event.mapping === mapping)).toBe(true);
  const [peeked] = await world.emu.mappings();
  const last = (await world.emu.stream("orders").records()).at(-1)?.sequenceNumber;
  expect(peeked?.shards).toEqual([{ shardId: "shardId-000000000000", checkpoint: last, unfinished: 0 }]);
});

describe("starting positions", () => {
  test("TRIM_HORIZON begins with the oldest record", async () => {
    await using world = await mappedStream(server);
    await world.put(...orders(1, 2));
    await world.map();
    await world.put({ id: 3 });
    await world.emu.idle();
    expect((await world.batches()).flat()).toEqual([1, 2, 3]);
  });

  test("LATEST begins with what is put after the mapping was created", async () => {
    await using world = await mappedStream(server);
    await world.put(...orders(1, 2));
    await world.map({ StartingPosition: "LATEST" });
    await world.put({ id: 3 });
    await world.emu.idle();
    expect(await world.batches()).toEqual([[3]]);
  });

  test("AT_TIMESTAMP begins with the first record that arrived at that time or later", async () => {
    await using world = await mappedStream(server, { frozen: true });
    await world.emu.clock.set(Date.UTC(2030, 0, 1));
    for (const id of [1, 2, 3]) {
      await world.put({ id });
      await world.emu.clock.advance(minute);
    }
    const StartingPositionTimestamp = new Date(Date.UTC(2030, 0, 1, 0, 1));
    const mapping = await world.map({ StartingPosition: "AT_TIMESTAMP", StartingPositionTimestamp });
    await world.emu.idle();
    expect(await world.batches()).toEqual([[2, 3]]);
    expect(await world.mapping(mapping)).toMatchObject({ StartingPosition: "AT_TIMESTAMP", StartingPositionTimestamp });
  });
});

test("two functions that read one stream both get every record", async () => {
  await using world = await mappedStream(server);
  await world.createFunction({ FunctionName: "audit" });
  await world.map();
  await world.map({ FunctionName: "audit", BatchSize: 2 });
  await world.put(...orders(1, 5));
  await world.emu.idle();
  expect((await world.batches()).flat()).toEqual([1, 2, 3, 4, 5]);
  expect((await world.batches("audit")).flat()).toEqual([1, 2, 3, 4, 5]);
});
