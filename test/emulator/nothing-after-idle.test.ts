import { SplitShardCommand } from "@aws-sdk/client-kinesis";
import { InvokeCommand, UpdateEventSourceMappingCommand } from "@aws-sdk/client-lambda";
import { ReceiveMessageCommand, SendMessageCommand } from "@aws-sdk/client-sqs";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { mappedStream, queueArn, toQueue } from "../event-source-mappings/mapped-stream.ts";
import type { MappedStream, Order } from "../event-source-mappings/mapped-stream.ts";
import { startTestEmulator } from "./emulator.ts";
import type { TestEmulator } from "./emulator.ts";
import { createFunction } from "./functions.ts";

let server: TestEmulator;

beforeAll(async () => {
  server = await startTestEmulator({ retryBaseDelayMs: 1 });
});

afterAll(() => server[Symbol.asyncDispose]());

/** What a test does to the world that it is given. */
type Act = (world: Scene) => Promise<unknown>;

interface Scene {
  readonly world: MappedStream;
  readonly mapping: string;
  readonly queueUrl: string;
}

const order: fc.Arbitrary<Order> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ id: fc.nat(999), customer: fc.constantFrom("a", "b", "c", "d") }) },
  {
    weight: 1,
    arbitrary: fc.record({
      id: fc.nat(999),
      customer: fc.constantFrom("a", "b", "c", "d"),
      fail: fc.constantFrom("throw", "report", "exit"),
      times: fc.integer({ min: 1, max: 4 }),
    }),
  },
);

const act: fc.Arbitrary<{ readonly what: string; readonly act: Act }> = fc.oneof(
  fc.array(order, { minLength: 1, maxLength: 30 }).map((orders) => ({
    what: `puts ${JSON.stringify(orders)}`,
    act: ({ world }: Scene) => world.put(...orders),
  })),
  fc.integer({ min: 0, max: 2 }).map((DelaySeconds) => ({
    what: `sends a message that is delayed for ${DelaySeconds} s`,
    act: ({ world, queueUrl: QueueUrl }: Scene) =>
      world.clients.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: "message", DelaySeconds })),
  })),
  fc.constant({
    what: "receives messages",
    act: ({ world, queueUrl: QueueUrl }: Scene) =>
      world.clients.sqs.send(
        new ReceiveMessageCommand({ QueueUrl, VisibilityTimeout: 1, MaxNumberOfMessages: 10, WaitTimeSeconds: 0 }),
      ),
  }),
  fc.constant({
    what: "invokes the function asynchronously",
    act: ({ world }: Scene) =>
      world.clients.lambda.send(
        new InvokeCommand({ FunctionName: "orders-fn", InvocationType: "Event", Payload: '{"Records":[]}' }),
      ),
  }),
  fc.boolean().map((Enabled) => ({
    what: `${Enabled ? "enables" : "disables"} the mapping`,
    act: async ({ world, mapping: UUID }: Scene) => {
      // A mapping that is still changing refuses, as on AWS.
      await world.clients.lambda
        .send(new UpdateEventSourceMappingCommand({ UUID, Enabled }))
        .catch((error: unknown) => expect(error).toMatchObject({ name: "ResourceInUseException" }));
    },
  })),
  fc.constant({
    what: "splits a shard",
    act: async ({ world }: Scene) => {
      const split = { StreamName: "orders", ShardToSplit: "shardId-000000000000", NewStartingHashKey: "1" };
      await world.clients.kinesis
        .send(new SplitShardCommand(split))
        // It was split before, or there is a limit of shards.
        .catch((error: unknown) => expect(error).toMatchObject({ $fault: "client" }));
    },
  }),
);

/** Takes messages of the dead-letter queue, each when it comes for the second time. */
const afterOneFailure = `export const handler = async ({ Records }) => ({
  batchItemFailures: Records.flatMap(({ messageId, attributes }) =>
    attributes.ApproximateReceiveCount === "1" ? [{ itemIdentifier: messageId }] : [],
  ),
});`;

/** Entries of what a world does by itself, later, that causes nothing. */
const ofHousekeeping = new Set(["function.environmentStopped"]);

async function lastEntry({ emu }: MappedStream): Promise<number> {
  const entries = await emu.timeline();
  return entries.findLast(({ type }) => !ofHousekeeping.has(type))?.id ?? 0;
}

/** Calls go through the event loop many times: whatever was still to come by itself would come. */
async function expectNothingMore(world: MappedStream): Promise<void> {
  const last = await lastEntry(world);
  const before = await world.emu.mappings();
  for (let call = 0; call < 10; call++) await world.emu.clock.read();
  expect(await lastEntry(world)).toBe(last);
  expect(await world.emu.mappings()).toEqual(before);
}

const mappings = fc.record({
  BatchSize: fc.integer({ min: 1, max: 20 }),
  ParallelizationFactor: fc.integer({ min: 1, max: 3 }),
  BisectBatchOnFunctionError: fc.boolean(),
  MaximumRetryAttempts: fc.integer({ min: 0, max: 3 }),
  MaximumBatchingWindowInSeconds: fc.constantFrom(0, 1),
});

/** How waiting for idle may end on a clock of that mode. */
const ends = { auto: ["idle"], frozen: ["idle", "sleeping"] } as const;

test.each(["auto", "frozen"] as const)(
  "once a world with a clock on %s has settled, nothing more happens in it by itself",
  async (mode) => {
    await fc.assert(
      fc.asyncProperty(
        mappings,
        fc.array(fc.array(act, { maxLength: 5 }), { maxLength: 4 }),
        async (settings, rounds) => {
          await using world = await mappedStream(server, { shards: 2 });
          await world.emu.clock[mode === "auto" ? "auto" : "freeze"]();
          const mapping = await world.map({
            ...settings,
            FunctionResponseTypes: ["ReportBatchItemFailures"],
            DestinationConfig: toQueue,
          });
          await createFunction(world.clients.lambda, "reports-fn", afterOneFailure);
          await world.map({
            EventSourceArn: queueArn,
            FunctionName: "reports-fn",
            StartingPosition: undefined,
            FunctionResponseTypes: ["ReportBatchItemFailures"],
          });
          const queueUrl = `${world.emu.endpoint}/000000000000/orders-dlq`;
          for (const acts of rounds) {
            await Promise.all(acts.map((one) => one.act({ world, mapping, queueUrl })));
            const report = await world.emu.idle();
            expect(ends[mode]).toContain(report.state);
            await expectNothingMore(world);
            if (report.state === "sleeping") {
              // And time moves no more than it is told to.
              await world.emu.clock.advance(report.nextTimer.inMs - 1);
              await expectNothingMore(world);
              await world.emu.clock.advance(1);
              await expectNothingMore(world);
            }
          }
          expect(await world.events("internalError")).toEqual([]);
        },
      ),
      { numRuns: 25 },
    );
  },
  120_000,
);
