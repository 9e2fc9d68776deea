import "@localemu/vitest/extend";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestEmulator } from "../emulator/emulator.ts";
import type { TestEmulator } from "../emulator/emulator.ts";
import { mappedStream, orders, toQueue } from "../event-source-mappings/mapped-stream.ts";

const idle = "The world is idle: nothing more can happen.";
const retry = "next try of shardId-000000000000 of orders for orders-fn";

let server: TestEmulator;

beforeAll(async () => {
  server = await startTestEmulator();
});

afterAll(() => server[Symbol.asyncDispose]());

/** A world whose function has failed for good on the second of three orders. */
async function processed() {
  const world = await mappedStream(server);
  await world.map({ MaximumRetryAttempts: 1, BisectBatchOnFunctionError: true, DestinationConfig: toQueue });
  await world.put({ id: 1 }, { id: 2, fail: "throw" }, { id: 3 });
  return {
    orders: world.emu.stream("orders"),
    dlq: world.emu.queue("orders-dlq"),
    [Symbol.asyncDispose]: () => world[Symbol.asyncDispose](),
  };
}

/** What a failed assertion says. */
async function failureOf(assertion: Promise<void>): Promise<string> {
  const failure = await assertion.then(
    () => undefined,
    (error: unknown) => error,
  );
  return failure instanceof Error ? failure.message : "it did not fail";
}

describe("what becomes true", () => {
  test("a failed record is waited for, without idle() before", async () => {
    await using world = await processed();
    await expect(world.dlq).toHaveFailedRecord({ id: 2 });
    await expect(world.dlq).toHaveFailedBatch({
      records: [{ id: 2 }],
      condition: "RetryAttemptsExhausted",
      approximateInvokeCount: 2,
      shardId: "shardId-000000000000",
    });
    await expect(world.dlq).not.toBeEmpty();
  });

  test("absence is what is left when the world is idle", async () => {
    await using world = await processed();
    await expect(world.dlq).not.toHaveFailedRecord({ id: 1 });
    await expect(world.dlq).not.toHaveFailedBatch({ condition: "RecordAgeExceeded" });
    await expect(world.orders).not.toHaveRecord({ id: 4 });
    await expect(world.dlq).toHaveFailedRecord({ id: 2 });
  });

  test("records are counted, and found by a part or a predicate", async () => {
    await using world = await processed();
    await expect(world.orders).toHaveRecordTimes(3);
    await expect(world.orders).toHaveRecordTimes(1, { fail: "throw" });
    await expect(world.orders).toHaveRecord((order: { readonly id: number }) => order.id === 3);
    await expect(world.orders).not.toHaveRecordTimes(2);
  });

  test("a record that is put later is seen when it comes", async () => {
    await using world = await mappedStream(server);
    // A batching window keeps the world from being idle.
    await world.map({ BatchSize: 100, MaximumBatchingWindowInSeconds: 300 });
    await world.put(...orders(1, 2));
    const found = expect(world.emu.stream("orders")).toHaveRecord({ id: 3 });
    await world.put({ id: 3 });
    await found;
  });
});

describe("what cannot become true fails when the world is idle, and says why", () => {
  test("a record that is not there: the nearest, the shards and the timeline", async () => {
    await using world = await processed();
    const text = await failureOf(expect(world.orders).toHaveRecord({ id: 4 }));
    expect(text).toContain('expect(stream "orders").toHaveRecord(match)\n\nExpected a record that matches { id: 4 }.');
    expect(text).toContain(idle);
    expect(text).toMatch(/Nearest of 3 records \(- expected, \+ found\): shard 0, key "customer"/);
    expect(text).toContain("Records by shard:\n  shard 0: 3\n");
    expect(text).toContain("gave up on 1 record (RetryAttemptsExhausted after 2 invokes)");
  });

  test("a failure of another kind: what failed instead", async () => {
    await using world = await processed();
    const text = await failureOf(expect(world.dlq).toHaveFailedBatch({ condition: "RecordAgeExceeded" }));
    expect(text).toContain(idle);
    expect(text).toContain('-   condition: "RecordAgeExceeded"\n  +   condition: "RetryAttemptsExhausted"');
    expect(text).toContain("1 record of orders shard 0, RetryAttemptsExhausted after 2 invokes:");
  });

  test("a number of records: how many there are", async () => {
    await using world = await processed();
    const text = await failureOf(expect(world.orders).toHaveRecordTimes(4));
    expect(text).toContain(`Expected exactly 4 records; found 3.\n${idle}`);
  });

  test("an empty queue that is not", async () => {
    await using world = await processed();
    const text = await failureOf(expect(world.dlq).toBeEmpty());
    expect(text).toContain(`Expected no messages; found 1.\n${idle}\n\nMessages:\n  visible: { requestContext:`);
  });

  test("something that should be absent", async () => {
    await using world = await processed();
    await expect(world.dlq).toHaveFailedRecord({ id: 2 });
    const text = await failureOf(expect(world.dlq).not.toHaveFailedRecord({ id: 2 }));
    expect(text).toContain('expect(queue "orders-dlq").not.toHaveFailedRecord(match)');
    expect(text).toContain("Expected no failed record that matches { id: 2 }, but there is one: 1 record of orders");
  });
});

test("on a frozen clock a pending retry fails the assertion with the time to advance by, and that is enough", async () => {
  await using world = await mappedStream(server, { frozen: true });
  const dlq = world.emu.queue("orders-dlq");
  await world.map({ MaximumRetryAttempts: 1, DestinationConfig: toQueue });
  await world.put({ id: 1, fail: "throw" });

  const text = await failureOf(expect(dlq).toHaveFailedRecord({ id: 1 }));
  expect(text).toContain(`The clock is frozen and the next timer is ${retry}: advance by 25 ms.`);
  expect(text).toContain("The queue has no messages.");
  await expect(dlq).toBeEmpty();

  await world.emu.clock.advance(25);
  await expect(dlq).toHaveFailedRecord({ id: 1 });
});

describe("what is asked of the wrong thing", () => {
  test("a stream or a queue that does not exist is an error, with .not too", async () => {
    const stream = server.emu.stream("nowhere");
    const queue = server.emu.queue("nowhere");
    const noStream = "there is no stream nowhere in us-east-1";
    const noQueue = "there is no queue nowhere in us-east-1";
    await expect(expect(stream).toHaveRecord({ id: 1 })).rejects.toThrow(noStream);
    await expect(expect(stream).not.toHaveRecord({ id: 1 })).rejects.toThrow(noStream);
    await expect(expect(stream).toHaveRecordTimes(0)).rejects.toThrow(noStream);
    await expect(expect(queue).toBeEmpty()).rejects.toThrow(noQueue);
    await expect(expect(queue).not.toHaveFailedBatch()).rejects.toThrow(noQueue);
  });

  test("a queue has no records, and a stream no failed ones", async () => {
    const text =
      "toHaveRecord takes a stream of LocalEmu, as emu.stream(name) gives, or a table of LocalEmu with a stream, as emu.table(name) gives, not the queue";
    await expect(expect(server.emu.queue("orders-dlq")).toHaveRecord({ id: 1 })).rejects.toThrow(text);
    await expect(expect(server.emu.stream("orders")).toHaveFailedRecord({ id: 1 })).rejects.toThrow(TypeError);
  });
});
