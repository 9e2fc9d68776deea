import { DeleteFunctionCommand, GetEventSourceMappingCommand, UpdateFunctionCodeCommand } from "@aws-sdk/client-lambda";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { zipSync } from "fflate";
import { startTestEmulator } from "../emulator/emulator.ts";
import type { TestEmulator } from "../emulator/emulator.ts";
import { mappedStream, orders, toQueue } from "./mapped-stream.ts";

let server: TestEmulator;

beforeAll(async () => {
  server = await startTestEmulator();
});

afterAll(() => server[Symbol.asyncDispose]());

test.each([0, 1, 2])("a batch that always fails is tried once and then %i times again", async (retries) => {
  await using world = await mappedStream(server);
  await world.map({ MaximumRetryAttempts: retries, BatchSize: 2 });
  await world.put({ id: 1 }, { id: 2, fail: "throw" });
  await world.put({ id: 3 });
  await world.emu.idle();
  const tries = Array.from({ length: retries + 1 }, () => [1, 2]);
  expect(await world.batches()).toEqual([...tries, [3]]);
  expect(await world.events("mapping.recordsDiscarded")).toMatchObject([
    { condition: "RetryAttemptsExhausted", records: 2, invokeCount: retries + 1 },
  ]);
});

test("a batch that succeeds after failures is not discarded", async () => {
  await using world = await mappedStream(server);
  const UUID = await world.map({ MaximumRetryAttempts: 3, DestinationConfig: toQueue });
  await world.put({ id: 1, fail: "throw", times: 3 });
  await world.emu.idle();
  expect(await world.batches()).toEqual([[1], [1], [1], [1]]);
  expect(await world.reports()).toEqual([]);
  expect((await world.mapping(UUID)).LastProcessingResult).toBe("OK");
});

test("a shard waits for its failing batch, and other shards don't", async () => {
  await using world = await mappedStream(server, { shards: 2, frozen: true });
  await world.map({ BatchSize: 1, MaximumRetryAttempts: 1 });
  const bothShards = orders(1, 12).map((order) => ({ ...order, customer: `customer-${order.id}` }));
  await world.put({ id: 0, customer: "customer-1", fail: "throw" }, ...bothShards);
  expect(await world.emu.idle()).toMatchObject({ state: "sleeping" });
  const { shards } = await world.emu.control.peek.stream("orders");
  const idsOf = shards.map(({ records }) => records.map(({ data }) => idOf(data)));
  const blocked = idsOf.find((ids) => ids.includes(0)) ?? [];
  const free = idsOf.find((ids) => !ids.includes(0)) ?? [];
  expect(blocked.length).toBeGreaterThan(1);
  expect(free.length).toBeGreaterThan(0);
  expect((await world.batches()).flat().toSorted((a, b) => a - b)).toEqual([0, ...free]);
  await world.emu.clock.advance(25);
  expect((await world.batches()).flat().filter((id) => blocked.includes(id))).toEqual([0, ...blocked]);
});

function idOf(base64: string): number {
  const { id }: { id: number } = JSON.parse(Buffer.from(base64, "base64").toString());
  return id;
}

describe("what fails a batch", () => {
  test.each([
    ["throw", "unhandled", "Error: order 1 cannot be processed"],
    ["exit", "exit", expect.stringContaining("Runtime exited with error: exit status 3")],
    ["hang", "timeout", expect.stringContaining("Task timed out after 1.00 seconds")],
  ] as const)("a function that %ss", async (fail, kind, error) => {
    await using world = await mappedStream(server);
    await world.createFunction({ FunctionName: "short", Timeout: 1 });
    const UUID = await world.map({ FunctionName: "short", MaximumRetryAttempts: 0, DestinationConfig: toQueue });
    await world.put({ id: 1, fail });
    await world.emu.idle();
    expect(await world.events("mapping.batchFailed")).toMatchObject([{ attempt: 1, kind, error }]);
    expect(await world.reports()).toMatchObject([
      expect.stringContaining(
        `"responseContext":{"statusCode":200,"executedVersion":"$LATEST","functionError":"Unhandled"}`,
      ),
    ]);
    expect((await world.mapping(UUID)).LastProcessingResult).toBe("PROBLEM: Function call failed");
    await world.put({ id: 2 });
    await world.emu.idle();
    expect((await world.batches("short")).at(-1)).toEqual([2]);
    expect((await world.mapping(UUID)).LastProcessingResult).toBe("OK");
  });

  test("a function that cannot be initialized, until its code is right", async () => {
    await using world = await mappedStream(server, { frozen: true });
    await world.createFunction({ FunctionName: "broken" }, `throw new Error("no configuration");`);
    await world.map({ FunctionName: "broken" });
    await world.put({ id: 1 });
    expect(await world.emu.idle()).toMatchObject({ state: "sleeping" });
    expect(await world.events("mapping.batchFailed")).toMatchObject([
      { attempt: 1, kind: "unhandled", error: "Error: no configuration" },
    ]);
    const right = zipSync({ "index.mjs": Buffer.from("export const handler = async () => {};") });
    await world.clients.lambda.send(new UpdateFunctionCodeCommand({ FunctionName: "broken", ZipFile: right }));
    await world.emu.clock.advance(25);
    expect(await world.emu.idle()).toEqual({ state: "idle" });
    expect(await world.events("mapping.batchSucceeded")).toHaveLength(1);
  });

  test("an answer of more than 6 MB", async () => {
    await using world = await mappedStream(server);
    await world.createFunction({ FunctionName: "wordy" }, `export const handler = async () => "x".repeat(6291557);`);
    await world.map({ FunctionName: "wordy", MaximumRetryAttempts: 0, DestinationConfig: toQueue });
    await world.put({ id: 1 });
    await world.emu.idle();
    expect(await world.reports()).toMatchObject([expect.stringContaining(`"functionError":"Unhandled"`)]);
  });
});

describe("a function that is deleted under its mapping", () => {
  test("is tried again without counting, and gets its records when it is there again", async () => {
    await using world = await mappedStream(server, { frozen: true });
    const { lambda } = world.clients;
    const UUID = await world.map({ MaximumRetryAttempts: 0, DestinationConfig: toQueue });
    await lambda.send(new DeleteFunctionCommand({ FunctionName: "orders-fn" }));
    await world.put({ id: 1 });
    await world.emu.clock.advance(10_000);
    const tries = await world.events("mapping.notInvoked");
    expect(tries.length).toBeGreaterThan(3);
    expect(tries.every(({ reason }) => reason === "functionMissing")).toBe(true);
    expect(await world.reports()).toEqual([]);
    expect(await lambda.send(new GetEventSourceMappingCommand({ UUID }))).toMatchObject({
      State: "Enabled",
      LastProcessingResult:
        "PROBLEM: Function not found: arn:aws:lambda:us-east-1:000000000000:function:orders-fn:$LATEST",
    });

    await world.createFunction();
    await world.emu.clock.advance(60_000);
    expect(await world.batches()).toEqual([[1]]);
    expect((await world.mapping(UUID)).LastProcessingResult).toBe("OK");
  });
});
