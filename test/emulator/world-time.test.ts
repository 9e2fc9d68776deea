import {
  CreateStreamCommand,
  DescribeStreamSummaryCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  SplitShardCommand,
} from "@aws-sdk/client-kinesis";
import {
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
} from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { mappedStream, toQueue } from "../event-source-mappings/mapped-stream.ts";
import type { MappedStream } from "../event-source-mappings/mapped-stream.ts";
import { startTestEmulator } from "./emulator.ts";
import type { TestEmulator } from "./emulator.ts";
import { createFunction } from "./functions.ts";
import { failureOf } from "./failure-of.ts";

const day = 86_400_000;
const shard = "shardId-000000000000 of orders for orders-fn";

/** A queue whose messages a function takes, so that something comes of each when it is visible. */
async function createMappedQueue(world: MappedStream, QueueName: string): Promise<string> {
  const { sqs, lambda } = world.clients;
  const { QueueUrl = "" } = await sqs.send(new CreateQueueCommand({ QueueName }));
  await createFunction(lambda, `${QueueName}-fn`, "export const handler = async () => {};");
  const EventSourceArn = `arn:aws:sqs:us-east-1:000000000000:${QueueName}`;
  await world.map({ EventSourceArn, FunctionName: `${QueueName}-fn`, StartingPosition: undefined });
  return QueueUrl;
}

async function send({ clients: { sqs } }: MappedStream, QueueUrl: string, DelaySeconds: number): Promise<void> {
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: `after ${DelaySeconds} s`, DelaySeconds }));
}

async function receive({ clients: { sqs } }: MappedStream, QueueUrl: string, VisibilityTimeout: number) {
  const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, VisibilityTimeout }));
  return Messages;
}

describe("on a clock that stands still", () => {
  let server: TestEmulator;

  beforeAll(async () => {
    server = await startTestEmulator({ clock: "frozen", kinesisLatencyMs: 500 });
  });

  afterAll(() => server[Symbol.asyncDispose]());

  /** A world as the tests of mappings have it; its stream is there after the latency. */
  async function frozenWorld(): Promise<MappedStream> {
    const world = await mappedStream(server);
    await world.emu.clock.advance(500);
    return world;
  }

  type Sleeper = readonly [
    what: string,
    setUp: (world: MappedStream) => Promise<unknown>,
    label: string,
    inMs: number,
    mark: (world: MappedStream) => Promise<unknown>,
  ];

  const sleepers: readonly Sleeper[] = [
    [
      "a failed batch",
      async (world) => {
        await world.map();
        await world.put({ id: 1, fail: "throw", times: 1 });
      },
      `next try of ${shard}`,
      25,
      (world) => world.batches(),
    ],
    [
      "an open batching window",
      async (world) => {
        await world.map({ MaximumBatchingWindowInSeconds: 120 });
        await world.put({ id: 1 });
      },
      `next try of ${shard}`,
      120_000,
      (world) => world.batches(),
    ],
    [
      "a delayed message",
      async (world) => send(world, await createMappedQueue(world, "q"), 900),
      "delay of a message in q",
      900_000,
      (world) => world.emu.queue("q").messages(),
    ],
    [
      "a message that was received",
      async (world) => {
        const { sqs } = world.clients;
        const { QueueUrl = "" } = await sqs.send(new CreateQueueCommand({ QueueName: "q" }));
        await send(world, QueueUrl, 0);
        const [message] = await receive(world, QueueUrl, 30);
        const ReceiptHandle = message?.ReceiptHandle;
        await sqs.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout: 43_200 }));
        // Its queue is there already.
        await createMappedQueue(world, "q");
      },
      "visibility time-out of a message in q",
      43_200_000,
      (world) => world.emu.queue("q").messages(),
    ],
    [
      "a stream that is being created",
      ({ clients }) => clients.kinesis.send(new CreateStreamCommand({ StreamName: "later", ShardCount: 1 })),
      "creation of stream later",
      500,
      async ({ clients }) =>
        (await clients.kinesis.send(new DescribeStreamSummaryCommand({ StreamName: "later" }))).StreamDescriptionSummary
          ?.StreamStatus,
    ],
  ];

  test.each(sleepers)("%s sleeps, and wakes at its time", async (_, setUp, label, inMs, mark) => {
    await using world = await frozenWorld();
    await setUp(world);
    const { now } = await world.emu.clock.read();
    const sleeping = { state: "sleeping", nextTimer: { label: expect.stringContaining(label), inMs, at: now + inMs } };
    expect(await world.emu.idle({ timeoutMs: 60_000 })).toEqual(sleeping);
    expect(await world.emu.idle({ timeoutMs: 0 })).toEqual(sleeping);
    const before = await mark(world);
    await world.emu.clock.advance(inMs - 1);
    expect(await mark(world)).toEqual(before);
    expect(await world.emu.idle()).toMatchObject({ state: "sleeping", nextTimer: { inMs: 1 } });
    await world.emu.clock.advance(1);
    expect(await mark(world)).not.toEqual(before);
    expect(await world.emu.idle()).toEqual({ state: "idle" });
  });

  test("the earliest of what sleeps is named, whatever was begun first", async () => {
    await using world = await frozenWorld();
    const queue = await createMappedQueue(world, "q");
    await send(world, queue, 300);
    await send(world, queue, 20);
    await world.map({ MaximumBatchingWindowInSeconds: 10 });
    await world.put({ id: 1 });
    for (const inMs of [10_000, 10_000, 280_000]) {
      expect(await world.emu.idle()).toMatchObject({ state: "sleeping", nextTimer: { inMs } });
      await world.emu.clock.advance(inMs);
    }
    expect(await world.emu.idle()).toEqual({ state: "idle" });
  });

  test("one advance makes everything happen at its own time and to its end before the next", async () => {
    await using world = await frozenWorld();
    const { now } = await world.emu.clock.read();
    await world.map({ MaximumBatchingWindowInSeconds: 3, MaximumRetryAttempts: 2, DestinationConfig: toQueue });
    await world.put({ id: 1, fail: "throw" });
    await world.clients.kinesis.send(new CreateStreamCommand({ StreamName: "later", ShardCount: 1 }));
    await world.emu.clock.advance(day);
    const told = (await world.emu.timeline()).filter(({ type }) =>
      ["stream.created", "mapping.batchStarted", "mapping.batchFailed", "mapping.failureReported"].includes(type),
    );
    expect(told.slice(1).map(({ type, at }) => [at - now, type])).toEqual([
      [0, "stream.created"],
      [3000, "mapping.batchStarted"],
      [3000, "mapping.batchFailed"],
      [3025, "mapping.batchStarted"],
      [3025, "mapping.batchFailed"],
      [3075, "mapping.batchStarted"],
      [3075, "mapping.batchFailed"],
      [3075, "mapping.failureReported"],
    ]);
    expect((await world.emu.clock.read()).now).toBe(now + day);
  });

  test("what is asked for while time is moved waits for the end of the move", async () => {
    await using world = await frozenWorld();
    await world.map({ MaximumBatchingWindowInSeconds: 60 });
    await world.put({ id: 1 });
    const [, report] = await Promise.all([world.emu.clock.advance(60_000), world.emu.idle()]);
    // Whichever came first, the batch is either still to come or done; it is not under way.
    expect(await world.batches()).toEqual([[1]]);
    expect(["idle", "sleeping"]).toContain(report.state);
    expect(await world.emu.idle()).toEqual({ state: "idle" });
  });

  test("records leave a stream when its retention is over, for readers and for mappings", async () => {
    await using world = await frozenWorld();
    await world.put({ id: 1 });
    await world.emu.clock.advance(day / 2);
    await world.put({ id: 2 });
    await world.emu.clock.advance(day / 2);
    expect(await world.emu.stream("orders").records()).toHaveLength(2);
    await world.emu.clock.advance(1);
    expect((await world.emu.stream("orders").records()).map(({ data }) => data)).toEqual([{ id: 2 }]);
    await world.map({ StartingPosition: "AT_TIMESTAMP", StartingPositionTimestamp: new Date(0) });
    await world.emu.idle();
    expect(await world.batches()).toEqual([[2]]);
  });

  test("an iterator is good for five minutes", async () => {
    await using world = await frozenWorld();
    const { kinesis } = world.clients;
    const { ShardIterator } = await kinesis.send(
      new GetShardIteratorCommand({
        StreamName: "orders",
        ShardId: "shardId-000000000000",
        ShardIteratorType: "TRIM_HORIZON",
      }),
    );
    await world.emu.clock.advance(299_999);
    await kinesis.send(new GetRecordsCommand({ ShardIterator }));
    await world.emu.clock.advance(2);
    expect(await failureOf(kinesis.send(new GetRecordsCommand({ ShardIterator })))).toContain("ExpiredIterator");
  });

  test("a shard that was split is read to its end, and then its children", async () => {
    await using world = await frozenWorld();
    await world.map();
    await world.put({ id: 1 });
    await world.clients.kinesis.send(
      new SplitShardCommand({
        StreamName: "orders",
        ShardToSplit: "shardId-000000000000",
        NewStartingHashKey: String(2n ** 127n),
      }),
    );
    for (;;) {
      const report = await world.emu.idle();
      if (report.state !== "sleeping") break;
      await world.emu.clock.advance(report.nextTimer.inMs);
    }
    await world.put({ id: 2 });
    expect(await world.emu.idle()).toEqual({ state: "idle" });
    expect(await world.batches()).toEqual([[1], [2]]);
    expect(await world.events("mapping.shardEnded")).toHaveLength(1);
  });
});

describe("on a clock that jumps", () => {
  let server: TestEmulator;

  beforeAll(async () => {
    server = await startTestEmulator({ clock: "auto", retryBaseDelayMs: 60_000 });
  });

  afterAll(() => server[Symbol.asyncDispose]());

  test("nothing happens before somebody waits, however many calls are made", async () => {
    await using world = await mappedStream(server);
    const { now } = await world.emu.clock.read();
    const queue = await createMappedQueue(world, "q");
    await send(world, queue, 600);
    await world.map({ MaximumBatchingWindowInSeconds: 60 });
    await world.put({ id: 1 });
    for (let call = 0; call < 20; call++) expect(await receive(world, queue, 1)).toEqual([]);
    expect(await world.emu.clock.read()).toEqual({ mode: "auto", now });
    expect(await world.batches()).toEqual([]);

    expect(await world.emu.idle()).toEqual({ state: "idle" });
    expect((await world.emu.clock.read()).now).toBe(now + 600_000);
    expect(await world.batches()).toEqual([[1]]);
    expect(await world.emu.queue("q").messages()).toEqual([]);
  });

  test("it does not jump for somebody who has gone", async () => {
    await using world = await mappedStream(server);
    const { now } = await world.emu.clock.read();
    await world.createFunction({ FunctionName: "slow-fn", Timeout: 1 });
    await world.map({ FunctionName: "slow-fn" });
    await world.put({ id: 1, fail: "hang" });
    const caller = new AbortController();
    const gone = Promise.allSettled([world.emu.control.idle({ timeoutMs: 60_000, signal: caller.signal })]);
    const entries = world.emu.control.followTimeline();
    for await (const { type } of entries) {
      if (type === "function.invoked") caller.abort();
      // The function's time is over, long after its caller's.
      if (type === "mapping.retryScheduled") break;
    }
    expect(await gone).toMatchObject([{ status: "rejected" }]);
    for (let call = 0; call < 20; call++) expect(await world.emu.clock.read()).toEqual({ mode: "auto", now });
    expect(await world.events("mapping.batchStarted")).toHaveLength(1);
  });

  test("a record that is tried until it is 24 h old takes one invocation for each try, and no time", async () => {
    await using world = await mappedStream(server);
    const { now } = await world.emu.clock.read();
    await world.map({ MaximumRetryAttempts: -1, DestinationConfig: toQueue });
    await world.put({ id: 1, fail: "throw" });
    expect(await world.emu.idle({ timeoutMs: 90_000 })).toEqual({ state: "idle" });

    const started = await world.events("mapping.batchStarted");
    expect(started).toHaveLength(day / 60_000);
    expect(started.map(({ at }) => at - now)).toEqual(started.map((_, number) => number * 60_000));
    expect(await world.events("function.invoked")).toHaveLength(started.length);
    expect(await world.reports()).toEqual([expect.stringContaining('"condition":"RecordAgeExceeded"')]);
    expect((await world.emu.clock.read()).now).toBe(now + day);
    expect(await world.emu.mappings()).toMatchObject([{ shards: [{ unfinished: 0 }] }]);
  }, 120_000);
});
