import type { CreateEventSourceMappingCommandInput } from "@aws-sdk/client-lambda";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestEmulator } from "../emulator/emulator.ts";
import type { TestEmulator } from "../emulator/emulator.ts";
import { bundledFunction } from "./bundled-function.ts";
import { jobs, MappedQueue, reportsFailures } from "./mapped-queue.ts";
import { mappedStream, orders, toQueue } from "./mapped-stream.ts";
import type { MappedStream } from "./mapped-stream.ts";

let server: TestEmulator;

beforeAll(async () => {
  server = await startTestEmulator();
});

afterAll(() => server[Symbol.asyncDispose]());

describe("a handler with middleware for Kinesis", () => {
  const FunctionName = "middy-kinesis";

  const deployed = async (): Promise<MappedStream> => {
    const world = await mappedStream(server);
    await world.createFunction({ ...(await bundledFunction(FunctionName, "esm")), Timeout: 1 });
    return world;
  };

  const mapping = {
    FunctionName,
    FunctionResponseTypes: ["ReportBatchItemFailures"],
    DestinationConfig: toQueue,
  } satisfies Partial<CreateEventSourceMappingCommandInput>;

  test("sees decoded records, and those that it reports come again", async () => {
    await using world = await deployed();
    await world.map({ ...mapping, MaximumRetryAttempts: 1, BisectBatchOnFunctionError: true });
    await world.put(...orders(1, 3), { id: 4, fail: "throw" }, { id: 5 });
    await world.emu.idle();
    const [first, ...again] = await world.batches(FunctionName);
    expect(first).toEqual([1, 2, 3, 4, 5]);
    expect(again[0]).toEqual([4, 5]);
    const done = await world.logged(FunctionName, "done");
    expect([...new Set(done.map(({ json }) => json))]).toEqual([1, 2, 3, 5].map((id) => `{"done":${id}}`));
    expect(await world.reports()).toEqual([expect.stringContaining('"batchSize":1,')]);
  });

  test("stops by the time that its context says is left, before the function's time is over", async () => {
    await using world = await deployed();
    await world.map({ ...mapping, MaximumRetryAttempts: 0 });
    await world.put({ id: 1, fail: "hang" });
    await world.emu.idle();
    expect(await world.events("mapping.batchFailed")).toMatchObject([
      { kind: "unhandled", error: "Error: out of time" },
    ]);
  });
});

test("a handler with middleware for SQS: what it reports goes to the dead-letter queue, the rest is done once", async () => {
  const FunctionName = "middy-sqs";
  await using queue = await MappedQueue.in(server, { frozen: false, maxReceiveCount: 2 });
  await queue.emu.clock.auto();
  await queue.world.createFunction(await bundledFunction(FunctionName, "esm"));
  await queue.map({ ...reportsFailures, FunctionName });
  await queue.send(...jobs(1, 4), { id: 5, fail: "throw" });
  expect(await queue.emu.idle()).toEqual({ state: "idle" });
  const done = await queue.world.logged(FunctionName, "done");
  expect(done.map(({ json }) => json).toSorted()).toEqual([1, 2, 3, 4].map((id) => `{"done":${id}}`));
  expect(await queue.deadLetters()).toMatchObject([{ body: '{"id":5,"fail":"throw"}' }]);
  expect(await queue.messages()).toEqual([]);
});
