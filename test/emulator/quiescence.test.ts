import { CreateStreamCommand, DeleteStreamCommand } from "@aws-sdk/client-kinesis";
import {
  CreateEventSourceMappingCommand,
  DeleteEventSourceMappingCommand,
  InvokeCommand,
  UpdateEventSourceMappingCommand,
} from "@aws-sdk/client-lambda";
import { CreateQueueCommand, ReceiveMessageCommand, SendMessageCommand } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { mappedStream, orders, streamArn, toQueue } from "../event-source-mappings/mapped-stream.ts";
import type { MappedStream } from "../event-source-mappings/mapped-stream.ts";
import { startTestEmulator } from "./emulator.ts";
import type { TestEmulator } from "./emulator.ts";
import { createFunction, processFunction } from "./functions.ts";

let server: TestEmulator;

beforeAll(async () => {
  server = await startTestEmulator({ retryBaseDelayMs: 1 });
});

afterAll(() => server[Symbol.asyncDispose]());

const idle = { state: "idle" } as const;
const shard = "shardId-000000000000 of orders for orders-fn";

/** Hands each record's data on to the stream that `NEXT` names, or to the queue, as the service's own caller. */
const handOn = `
  const call = (operation, input) => fetch(process.env.AWS_ENDPOINT_URL + "/_localemu/aws/" + operation, {
    method: "POST",
    body: JSON.stringify(input),
  });
  export const handler = async ({ Records }) => {
    for (const { kinesis: { data } } of Records) {
      const { NEXT, QUEUE_URL } = process.env;
      const answer = NEXT
        ? await call("kinesis/PutRecord", { StreamName: NEXT, PartitionKey: "a", Data: data })
        : await call("sqs/SendMessage", { QueueUrl: QUEUE_URL, MessageBody: data });
      if (!answer.ok) throw new Error(await answer.text());
    }
  };`;

describe("a world is not idle before everything has happened", () => {
  test("every record of every lane was processed", async () => {
    await using world = await mappedStream(server, { shards: 4 });
    await world.map({ BatchSize: 7, ParallelizationFactor: 2 });
    const put: number[] = [];
    for (let round = 0; round < 10; round++) {
      const first = round * 40 + 1;
      const batch = orders(first, first + 39).map((order) => ({ ...order, customer: `customer-${order.id % 20}` }));
      await world.put(...batch);
      put.push(...batch.map(({ id }) => id));
      expect(await world.emu.idle()).toEqual(idle);
      const shards = (await world.emu.mappings()).flatMap((mapping) => mapping.shards);
      expect(shards.map(({ unfinished }) => unfinished)).toEqual([0, 0, 0, 0]);
      const succeeded = (await world.events("mapping.batchSucceeded")).reduce((sum, { records }) => sum + records, 0);
      expect(succeeded).toBe(put.length);
      expect((await world.batches()).flat().toSorted((a, b) => a - b)).toEqual(put);
    }
  });

  test("a record went all the way through functions and streams into a queue", async () => {
    await using world = await mappedStream(server);
    const { lambda, kinesis, sqs } = world.clients;
    const { QueueUrl = "" } = await sqs.send(new CreateQueueCommand({ QueueName: "end" }));
    const streams = ["one", "two", "three"];
    for (const [index, StreamName] of streams.entries()) {
      await kinesis.send(new CreateStreamCommand({ StreamName, ShardCount: 1 }));
      const Variables = { NEXT: streams[index + 1] ?? "", QUEUE_URL: QueueUrl };
      await createFunction(lambda, `after-${StreamName}`, handOn, { Environment: { Variables } });
      await lambda.send(
        new CreateEventSourceMappingCommand({
          EventSourceArn: streamArn.replace("orders", StreamName),
          FunctionName: `after-${StreamName}`,
          StartingPosition: "TRIM_HORIZON",
        }),
      );
    }
    for (let count = 1; count <= 5; count++) {
      await world.emu.stream("one").put(`record ${count}`, { partitionKey: "a" });
      expect(await world.emu.idle()).toEqual(idle);
      expect(await world.emu.queue("end").messages()).toHaveLength(count);
    }
  });

  test("poison was bisected, tried again and reported", async () => {
    await using world = await mappedStream(server);
    await world.map({ BisectBatchOnFunctionError: true, MaximumRetryAttempts: 3, DestinationConfig: toQueue });
    for (let count = 1; count <= 5; count++) {
      await world.put(...orders(1, 7), { id: 8, fail: "throw" }, ...orders(9, 16));
      expect(await world.emu.idle()).toEqual(idle);
      expect(await world.reports()).toHaveLength(count);
    }
  });

  test("what was invoked asynchronously returned, and its log is there to the last line", async () => {
    await using world = await mappedStream(server);
    const { lambda } = world.clients;
    const lines = 500;
    const talkative = `export const handler = async ({ id }) => {
      for (let line = 0; line < ${lines}; line++) console.log(JSON.stringify({ said: id }));
    };`;
    await createFunction(lambda, "talkative", talkative);
    const ids = [1, 2, 3, 4];
    await Promise.all(
      ids.map((id) =>
        lambda.send(
          new InvokeCommand({ FunctionName: "talkative", InvocationType: "Event", Payload: JSON.stringify({ id }) }),
        ),
      ),
    );
    expect(await world.emu.idle()).toEqual(idle);
    expect(await world.events("function.returned")).toHaveLength(ids.length);
    expect(await world.logged("talkative", "said")).toHaveLength(ids.length * lines);
  });

  test("an environment that was started for an event is ready, though another one took the event", async () => {
    await using world = await mappedStream(server);
    const { lambda } = world.clients;
    const slowStart = `
      await new Promise((resolve) => setTimeout(resolve, 200));
      export const handler = () => new Promise((resolve) => setTimeout(resolve, 50));`;
    await createFunction(lambda, "slow-start", slowStart);
    const event = new InvokeCommand({ FunctionName: "slow-start", InvocationType: "Event" });
    await lambda.send(event);
    await world.emu.idle();
    await Promise.all([lambda.send(event), lambda.send(event)]);
    expect(await world.emu.idle()).toEqual(idle);
    expect(await world.events("function.returned")).toHaveLength(3);
    const started = await world.events("function.environmentStarted");
    expect(started).toHaveLength(2);
    expect(await world.events("function.environmentReady")).toHaveLength(started.length);
  });

  test("a mapping took its new state", async () => {
    await using world = await mappedStream(server);
    const UUID = await world.map();
    for (const Enabled of [false, true, false]) {
      await world.emu.idle();
      await world.clients.lambda.send(new UpdateEventSourceMappingCommand({ UUID, Enabled }));
      expect(await world.emu.idle()).toEqual(idle);
      expect((await world.mapping(UUID)).State).toBe(Enabled ? "Enabled" : "Disabled");
    }
    await world.clients.lambda.send(new DeleteEventSourceMappingCommand({ UUID }));
    expect(await world.emu.idle()).toEqual(idle);
    expect(await world.emu.mappings()).toEqual([]);
  });

  test("whoever else waits is told at the same end", async () => {
    await using world = await mappedStream(server);
    await world.map({ BatchSize: 1 });
    await world.put(...orders(1, 30));
    const seen = await Promise.all(
      Array.from({ length: 5 }, async () => {
        expect(await world.emu.idle()).toEqual(idle);
        return (await world.events("mapping.batchSucceeded")).length;
      }),
    );
    expect(seen).toEqual([30, 30, 30, 30, 30]);
  });
});

describe("a world is idle at once", () => {
  const settings: readonly (readonly [what: string, setUp: (world: MappedStream) => Promise<unknown>])[] = [
    ["with nothing in it but what is asked for", async () => {}],
    ["when a mapping waits for records", (world) => world.map()],
    ["when a mapping's window is not open", (world) => world.map({ MaximumBatchingWindowInSeconds: 300 })],
    [
      "when records wait behind a mapping that is disabled",
      async (world) => {
        await world.map({ Enabled: false });
        await world.put(...orders(1, 5));
      },
    ],
    [
      "when the stream of a mapping is gone",
      async (world) => {
        await world.map();
        await world.put({ id: 1 });
        await world.clients.kinesis.send(new DeleteStreamCommand({ StreamName: "orders" }));
      },
    ],
    [
      "when a function's environment waits for its next event",
      async (world) => {
        await createFunction(world.clients.lambda, "f", processFunction);
        await world.clients.lambda.send(new InvokeCommand({ FunctionName: "f" }));
      },
    ],
    [
      "when messages wait for somebody who receives them",
      async ({ clients: { sqs } }) => {
        const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: "q" }));
        await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: "hello" }));
      },
    ],
    [
      "when a message that was received is visible again, after its time",
      async ({ emu, clients: { sqs } }) => {
        await emu.clock.freeze();
        const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: "q" }));
        await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: "hello" }));
        await sqs.send(new ReceiveMessageCommand({ QueueUrl, VisibilityTimeout: 30 }));
        await emu.clock.advance(30_000);
      },
    ],
  ];

  test.each(settings)("%s", async (_, setUp) => {
    await using world = await mappedStream(server);
    await setUp(world);
    // No time-out: what is still under way may end, and then nothing is waited for.
    expect(await world.emu.idle({ timeoutMs: 15_000 })).toEqual(idle);
    expect(await world.emu.idle({ timeoutMs: 0 })).toEqual(idle);
  });
});

describe("when the time-out passes first", () => {
  /** Begins `work` in a world, and waits until a function was invoked by it. */
  async function untilInvoked(world: MappedStream, work: () => Promise<unknown>): Promise<void> {
    const entries = world.emu.control.followTimeline();
    await work();
    for await (const { type } of entries) if (type === "function.invoked") return;
  }

  test("idle names the shard and the function that are busy", async () => {
    await using world = await mappedStream(server);
    await world.createFunction({ FunctionName: "slow-fn", Timeout: 60 });
    await world.map({ FunctionName: "slow-fn" });
    await untilInvoked(world, () => world.put({ id: 1, fail: "hang" }));
    const { state, ...report } = await world.emu.control.idle({ timeoutMs: 1 });
    expect({ state, ...report }).toEqual({
      state: "busy",
      busy: expect.arrayContaining([
        { label: "invoking for shardId-000000000000 of orders for slow-fn", count: 1 },
        { label: expect.stringMatching(/^invocation of slow-fn by /), count: 1 },
      ]),
    });
    await expect(world.emu.idle({ timeoutMs: 1 })).rejects.toThrow(
      /^The world had not settled after 1 ms: busy with .*shardId-000000000000 of orders for slow-fn/,
    );
  });

  test("idle counts what is busy more than once", async () => {
    await using world = await mappedStream(server);
    await world.createFunction({ FunctionName: "slow-fn", Timeout: 60 });
    const invoke = (): Promise<unknown> =>
      world.clients.lambda.send(
        new InvokeCommand({
          FunctionName: "slow-fn",
          InvocationType: "Event",
          Payload: JSON.stringify({
            Records: [{ kinesis: { data: btoa('{"id":1,"fail":"hang"}'), sequenceNumber: "1" } }],
          }),
        }),
      );
    await untilInvoked(world, invoke);
    await invoke();
    expect(await world.emu.control.idle({ timeoutMs: 1 })).toMatchObject({
      busy: expect.arrayContaining([{ label: "event of slow-fn", count: 2 }]),
    });
  });

  test("idle says until when a clock that runs would be waited for", async () => {
    await using world = await mappedStream(server);
    const before = await world.emu.clock.read();
    await world.map({ MaximumBatchingWindowInSeconds: 300 });
    await world.put({ id: 1 });
    const report = await world.emu.control.idle({ timeoutMs: 100 });
    if (report.state !== "sleeping") throw new Error(`it is ${report.state}`);
    const { label, at, inMs } = report.nextTimer;
    expect(label).toBe(`next try of ${shard}`);
    expect(at).toBeGreaterThanOrEqual(before.now + 300_000);
    expect(inMs).toBeGreaterThan(200_000);
    expect(inMs).toBeLessThanOrEqual(300_000);
    await expect(world.emu.idle({ timeoutMs: 1 })).rejects.toThrow(
      /^The world had not settled after 1 ms: next try of shardId-000000000000 of orders for orders-fn is due in /,
    );
  });
});
