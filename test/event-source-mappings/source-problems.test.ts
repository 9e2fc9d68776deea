import { CreateStreamCommand, DeleteStreamCommand } from "@aws-sdk/client-kinesis";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestEmulator } from "../emulator/emulator.ts";
import type { TestEmulator } from "../emulator/emulator.ts";
import { mappedStream, orders, toQueue } from "./mapped-stream.ts";
import type { MappedStream } from "./mapped-stream.ts";

let server: TestEmulator;

beforeAll(async () => {
  server = await startTestEmulator({ clock: "frozen" });
});

afterAll(() => server[Symbol.asyncDispose]());

const minute = 60_000;
const read = { operation: "kinesis:GetRecords", caller: "mapping" } as const;
const throughput = "ProvisionedThroughputExceededException";
const delivered = async (world: MappedStream) => (await world.batches()).flat();

async function started(world: MappedStream): Promise<void> {
  for await (const entry of world.emu.control.followTimeline()) if (entry.type === "function.invoked") return;
}

describe("a mapping whose reads fail", () => {
  test.each([throughput, "InternalFailure", "ServiceUnavailable"])(
    "with %s reads again, later and later, and loses nothing",
    async (error) => {
      await using world = await mappedStream(server);
      const UUID = await world.map();
      await world.put({ id: 1 });
      await world.emu.idle();
      await world.emu.faults.add({ ...read, error, message: "m", times: 4 });
      await world.put(...orders(2, 4));
      expect(await world.emu.idle()).toMatchObject({ state: "sleeping", nextTimer: { label: /^reading again of/ } });
      expect((await world.mapping(UUID)).LastProcessingResult).toBe("OK");
      await world.emu.clock.advance(minute);
      expect(await delivered(world)).toEqual([1, 2, 3, 4]);
      const failures = await world.events("mapping.readFailed");
      expect(failures).toMatchObject(
        [1, 2, 3, 4].map((attempt) => ({ reason: "transient", attempt, error: `${error}: m` })),
      );
      // Twice as long each time, but up to half of it left out.
      for (const [index, { delayMs }] of failures.entries()) {
        expect(delayMs).toBeLessThanOrEqual(25 * 2 ** index);
        expect(delayMs).toBeGreaterThanOrEqual(12 * 2 ** index);
      }
      expect(await world.emu.idle()).toEqual({ state: "idle" });
    },
  );

  test("for want of permission says so, stays, and recovers by itself", async () => {
    await using world = await mappedStream(server);
    const UUID = await world.map();
    const { id } = await world.emu.faults.add({ ...read, error: "AccessDeniedException", message: "not you" });
    await world.put({ id: 1 });
    await world.emu.idle();
    expect(await world.mapping(UUID)).toMatchObject({
      State: "Enabled",
      LastProcessingResult: "PROBLEM: AccessDeniedException: not you",
    });
    await world.emu.clock.advance(minute);
    expect(await delivered(world)).toEqual([]);
    expect((await world.events("mapping.readFailed")).length).toBeGreaterThan(5);
    await world.emu.faults.remove(id);
    await world.emu.clock.advance(minute);
    expect(await delivered(world)).toEqual([1]);
    expect((await world.mapping(UUID)).LastProcessingResult).toBe("OK");
  });

  test("says again what it said before it was denied, when it may read but finds nothing", async () => {
    await using world = await mappedStream(server);
    await world.emu.faults.add({ ...read, error: "AccessDeniedException", times: 1 });
    const UUID = await world.map();
    await world.emu.idle();
    expect((await world.mapping(UUID)).LastProcessingResult).toContain("PROBLEM: AccessDeniedException");
    await world.emu.clock.advance(minute);
    expect((await world.mapping(UUID)).LastProcessingResult).toBe("No records processed");
  });

  test("is delayed by a latency, in world time", async () => {
    await using world = await mappedStream(server);
    await world.map();
    await world.emu.idle();
    await world.emu.faults.add({ ...read, latencyMs: 5000, times: 1 });
    await world.put({ id: 1 });
    expect(await world.emu.idle()).toMatchObject({
      state: "sleeping",
      nextTimer: { label: "delayed read of shardId-000000000000 of orders for orders-fn", inMs: 5000 },
    });
    await world.emu.clock.advance(5000);
    expect(await delivered(world)).toEqual([1]);
  });
});

test("a mapping reads no faster than a shard with limits gives", async () => {
  await using limited = await startTestEmulator({ clock: "frozen", kinesisThroughputLimits: true });
  await using world = await mappedStream(limited);
  await world.map();
  await world.emu.idle();
  for (let id = 1; id <= 8; id++) {
    await world.put({ id });
    await world.emu.idle();
  }
  expect(await delivered(world)).toEqual([1, 2, 3, 4, 5]);
  expect(await world.events("mapping.readFailed")).toMatchObject([{ error: expect.stringContaining(throughput) }]);
  await world.emu.clock.advance(minute);
  expect(await delivered(world)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
});

test("a stream that comes again is read without anybody's doing", async () => {
  await using world = await mappedStream(server);
  const UUID = await world.map();
  await world.put({ id: 1 });
  await world.emu.idle();
  await world.clients.kinesis.send(new DeleteStreamCommand({ StreamName: "orders" }));
  await world.emu.idle();
  expect((await world.mapping(UUID)).LastProcessingResult).toMatch(/^PROBLEM: /);
  await world.clients.kinesis.send(new CreateStreamCommand({ StreamName: "orders", ShardCount: 2 }));
  await world.put({ id: 2 });
  await world.emu.idle();
  expect(await delivered(world)).toEqual([1, 2]);
  expect(await world.mapping(UUID)).toMatchObject({ State: "Enabled", LastProcessingResult: "OK" });
});

test("a stream that comes again twice during an invocation is read when that has ended", async () => {
  await using world = await mappedStream(server);
  await world.map({ MaximumRetryAttempts: 0 });
  await world.put({ id: 1, fail: "hang" });
  await started(world);
  for (const id of [2, 3]) {
    await world.clients.kinesis.send(new DeleteStreamCommand({ StreamName: "orders" }));
    await world.clients.kinesis.send(new CreateStreamCommand({ StreamName: "orders", ShardCount: 1 }));
    await world.put({ id });
  }
  await world.emu.clock.advance(3000);
  const steps = ["mapping.batchStarted", "mapping.batchFailed", "mapping.batchSucceeded"];
  expect((await world.emu.timeline()).map(({ type }) => type).filter((type) => steps.includes(type))).toEqual([
    "mapping.batchStarted",
    "mapping.batchFailed",
    "mapping.batchStarted",
    "mapping.batchSucceeded",
  ]);
  expect(await delivered(world)).toEqual([1, 3]);
});

describe("a mapping whose invocations fail before the function", () => {
  test.each([
    ["TooManyRequestsException", "throttled"],
    ["AccessDeniedException", "denied"],
    ["ServiceException", "serviceError"],
  ])("with %s counts none of them", async (error, reason) => {
    await using world = await mappedStream(server);
    const UUID = await world.map({ MaximumRetryAttempts: 0, DestinationConfig: toQueue });
    await world.emu.faults.add({ operation: "lambda:Invoke", caller: "mapping", error, message: "m", times: 5 });
    await world.put({ id: 1 });
    await world.emu.idle();
    expect((await world.mapping(UUID)).LastProcessingResult).toBe(`PROBLEM: ${error}: m`);
    await world.emu.clock.advance(minute);
    expect(await delivered(world)).toEqual([1]);
    expect(await world.reports()).toEqual([]);
    expect(await world.events("mapping.notInvoked")).toMatchObject([1, 2, 3, 4, 5].map(() => ({ reason })));
    expect((await world.mapping(UUID)).LastProcessingResult).toBe("OK");
  });
});

test("a report that its destination refuses is told, and the batch is skipped", async () => {
  await using world = await mappedStream(server);
  await world.map({ MaximumRetryAttempts: 0, DestinationConfig: toQueue });
  await world.emu.faults.add({
    operation: "sqs:SendMessage",
    caller: "mapping",
    error: "OverLimit",
    message: "full",
    times: 1,
  });
  await world.put({ id: 1, fail: "throw" });
  await world.emu.idle();
  await world.put({ id: 2, fail: "throw" });
  await world.emu.idle();
  expect(await world.events("mapping.failureReportFailed")).toMatchObject([{ error: "full" }]);
  expect(await world.reports()).toHaveLength(1);
});

describe("independence", () => {
  test("a function that hangs does not keep another mapping waiting", async () => {
    await using world = await mappedStream(server);
    await world.createFunction({ FunctionName: "other-fn" });
    await world.createFunction(
      { FunctionName: "slow-fn", Timeout: 900 },
      "export const handler = () => new Promise(() => {});",
    );
    await world.map({ FunctionName: "slow-fn" });
    await world.map({ FunctionName: "other-fn" });
    await world.map();
    await world.put({ id: 1 });
    const succeeded: string[] = [];
    for await (const entry of world.emu.control.followTimeline()) {
      if (entry.type === "mapping.batchSucceeded") succeeded.push(entry.functionName);
      if (succeeded.length === 2) break;
    }
    expect(succeeded.toSorted()).toEqual(["orders-fn", "other-fn"]);
  });

  test("a shard that is blocked does not keep another one waiting", async () => {
    await using world = await mappedStream(server, { shards: 2 });
    await world.map();
    // MD5 has "a" in the lower half, "e" in the upper one.
    await world.put({ id: 1, customer: "a", fail: "throw" }, ...orders(2, 4, { customer: "e" }));
    expect(await world.emu.idle()).toMatchObject({ state: "sleeping" });
    expect((await delivered(world)).filter((id) => id !== 1)).toEqual([2, 3, 4]);
  });
});
