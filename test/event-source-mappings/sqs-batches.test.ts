import { DeleteFunctionCommand } from "@aws-sdk/client-lambda";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestEmulator } from "../emulator/emulator.ts";
import type { TestEmulator } from "../emulator/emulator.ts";
import { jobs, MappedQueue } from "./mapped-queue.ts";

let server: TestEmulator;

beforeAll(async () => {
  server = await startTestEmulator();
});

afterAll(() => server[Symbol.asyncDispose]());

const sizes = (batches: readonly (readonly number[])[]): readonly number[] => batches.map(({ length }) => length);

test("without a window there are ten messages in a batch at most", async () => {
  await using queue = await MappedQueue.in(server);
  await queue.send(...jobs(1, 23));
  await queue.map();
  await queue.emu.idle();
  expect(sizes(await queue.batches())).toEqual([10, 10, 3]);
});

describe("with a window", () => {
  test("several receives fill a batch, and what is left waits for the window's end", async () => {
    await using queue = await MappedQueue.in(server);
    await queue.send(...jobs(1, 60));
    await queue.map({ BatchSize: 25, MaximumBatchingWindowInSeconds: 5 });
    expect(await queue.emu.idle()).toMatchObject({
      state: "sleeping",
      nextTimer: { label: "batching window of queue jobs for jobs-fn", inMs: 5000 },
    });
    expect(sizes(await queue.batches())).toEqual([25, 25]);
    await queue.emu.clock.advance(5000);
    expect(sizes(await queue.batches())).toEqual([25, 25, 10]);
    expect(await queue.messages()).toEqual([]);
  });

  test("a batch is sent when the window ends, with what came meanwhile", async () => {
    await using queue = await MappedQueue.in(server);
    await queue.map({ BatchSize: 100, MaximumBatchingWindowInSeconds: 10 });
    await queue.send({ id: 1 });
    await queue.emu.clock.advance(6000);
    await queue.send({ id: 2 });
    await queue.emu.clock.advance(3999);
    expect(await queue.batches()).toEqual([]);
    await queue.emu.clock.advance(1);
    expect(await queue.batches()).toEqual([[1, 2]]);
  });

  // AWS: the next window begins when an invoke completes (AWS docs).
  test("the next window begins with the end of the last batch", async () => {
    await using queue = await MappedQueue.in(server);
    await queue.map({ BatchSize: 2, MaximumBatchingWindowInSeconds: 10 });
    await queue.send(...jobs(1, 2));
    await queue.emu.clock.advance(4000);
    await queue.send({ id: 3 });
    expect(await queue.emu.idle()).toMatchObject({ state: "sleeping", nextTimer: { inMs: 6000 } });
  });

  // AWS: all are delivered, whatever the batch size (recorded on AWS).
  test.each([[15], [100], [1000], [10_000]])("15 messages and a batch size of %d", async (BatchSize) => {
    await using queue = await MappedQueue.in(server);
    await queue.send(...jobs(1, 15));
    await queue.map({ BatchSize, MaximumBatchingWindowInSeconds: 10 });
    await queue.emu.clock.advance(10_000);
    expect((await queue.batches()).flat()).toEqual(jobs(1, 15).map(({ id }) => id));
  });
});

describe("the payload", () => {
  test("bounds a batch: the rest of it follows", async () => {
    await using queue = await MappedQueue.in(server);
    // A quotation mark of the text is two bytes in the body and four in the event.
    const say = '"'.repeat(250_000);
    for (const job of jobs(1, 10, { say })) await queue.send(job);
    await queue.map();
    await queue.emu.idle();
    expect(await queue.batches()).toEqual([
      [1, 2, 3, 4, 5, 6],
      [7, 8, 9, 10],
    ]);
    expect(await queue.messages()).toEqual([]);
  });
});

describe("side by side", () => {
  // AWS: a mapping of a standard queue begins with five batches at a time (AWS docs).
  test("there are five batches at first", async () => {
    await using queue = await MappedQueue.in(server);
    await queue.send(...jobs(1, 8, { takesMs: 50 }));
    await queue.map({ BatchSize: 1 });
    await queue.emu.idle();
    expect(await queue.mostAtOnce()).toBe(5);
    expect((await queue.batches()).flat().toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });

  test("there are no more than MaximumConcurrency", async () => {
    await using queue = await MappedQueue.in(server);
    await queue.send(...jobs(1, 6, { takesMs: 50 }));
    await queue.map({ BatchSize: 1, ScalingConfig: { MaximumConcurrency: 2 } });
    await queue.emu.idle();
    expect(await queue.mostAtOnce()).toBe(2);
    expect(await queue.messages()).toEqual([]);
  });

  test("messages that find no place are not received", async () => {
    await using queue = await MappedQueue.in(server);
    await queue.send(...jobs(1, 6, { takesMs: 50 }));
    await queue.map({ BatchSize: 1, ScalingConfig: { MaximumConcurrency: 2 } });
    await queue.emu.idle();
    const attempts = (await queue.events("mapping.batchStarted")).map(({ attempt }) => attempt);
    expect(attempts).toEqual([1, 1, 1, 1, 1, 1]);
  });
});

// AWS: what does not reach the function is tried until the messages are visible again (AWS docs, of throttles).
test("a function that is missing is tried for until the messages are visible again, and none of that counts", async () => {
  await using queue = await MappedQueue.in(server, { attributes: { VisibilityTimeout: "5" }, maxReceiveCount: 2 });
  await queue.map();
  await queue.world.clients.lambda.send(new DeleteFunctionCommand({ FunctionName: "jobs-fn" }));
  await queue.send({ id: 1 });
  await queue.emu.clock.advance(4999);
  const waits = (await queue.events("mapping.retryScheduled")).map(({ delayMs }) => delayMs);
  expect(waits).toEqual([25, 50, 100, 200, 400, 800, 1600]);
  const tries = await queue.events("mapping.notInvoked");
  expect(tries.map(({ reason }) => reason)).toEqual(Array.from({ length: 8 }, () => "functionMissing"));
  expect(await queue.messages()).toMatchObject([{ state: "inFlight", receiveCount: 1 }]);
  await queue.createFunction();
  await queue.emu.clock.advance(1);
  expect(await queue.batches()).toEqual([[1]]);
  expect(await queue.messages()).toEqual([]);
});
