import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestEmulator } from "../emulator/emulator.ts";
import type { TestEmulator } from "../emulator/emulator.ts";
import { mappedStream, toQueue } from "./mapped-stream.ts";
import type { MappedStream } from "./mapped-stream.ts";

const label = "next try of shardId-000000000000 of orders for orders-fn";

/** The waits that the timeline tells, in milliseconds. */
const waits = async (world: MappedStream) =>
  (await world.events("mapping.retryScheduled")).map(({ delayMs }) => delayMs);

describe("on a clock that stands still", () => {
  let server: TestEmulator;

  beforeAll(async () => {
    server = await startTestEmulator({ clock: "frozen" });
  });

  afterAll(() => server[Symbol.asyncDispose]());

  test("nothing is tried again before its time, and each wait is twice as long as the last", async () => {
    await using world = await mappedStream(server);
    await world.map();
    await world.put({ id: 1, fail: "throw", times: 5 });
    let tries = 1;
    for (const inMs of [25, 50, 100, 200, 400]) {
      const { now } = await world.emu.clock.read();
      expect(await world.emu.idle()).toEqual({ state: "sleeping", nextTimer: { label, inMs, at: now + inMs } });
      await world.emu.clock.advance(inMs - 1);
      expect(await world.batches()).toHaveLength(tries);
      await world.emu.clock.advance(1);
      expect(await world.batches()).toHaveLength(++tries);
    }
    expect(await world.emu.idle()).toEqual({ state: "idle" });
  });

  test("a wait is never longer than a minute", async () => {
    await using world = await mappedStream(server);
    await world.map({ MaximumRetryAttempts: 14 });
    await world.put({ id: 1, fail: "throw" });
    await world.emu.clock.advance(3_600_000);
    const expected = Array.from({ length: 14 }, (_, number) => Math.min(60_000, 25 * 2 ** number));
    expect(await waits(world)).toEqual(expected);
  });

  test("progress begins the waits anew", async () => {
    await using world = await mappedStream(server);
    await world.map({ BatchSize: 1 });
    await world.put({ id: 1, fail: "throw", times: 2 }, { id: 2, fail: "throw", times: 1 });
    await world.emu.clock.advance(1000);
    expect(await waits(world)).toEqual([25, 50, 25]);
    expect(await world.batches()).toEqual([[1], [1], [1], [2], [2]]);
  });

  test("a jump over many waits makes each try at its own time", async () => {
    await using world = await mappedStream(server);
    const { now } = await world.emu.clock.read();
    await world.map();
    await world.put({ id: 1, fail: "throw", times: 4 });
    await world.emu.clock.advance(86_000_000);
    const started = await world.events("mapping.batchStarted");
    expect(started.map(({ at, attempt }) => [at - now, attempt])).toEqual([
      [0, 1],
      [25, 2],
      [75, 3],
      [175, 4],
      [375, 5],
    ]);
  });
});

describe("with AWS's waits", () => {
  let server: TestEmulator;

  beforeAll(async () => {
    server = await startTestEmulator({ clock: "auto", retryBaseDelayMs: 500 });
  });

  afterAll(() => server[Symbol.asyncDispose]());

  test("a clock that jumps needs no time for them", async () => {
    await using world = await mappedStream(server);
    const { now } = await world.emu.clock.read();
    await world.map({ MaximumRetryAttempts: 7, DestinationConfig: toQueue });
    await world.put({ id: 1, fail: "throw" });
    expect(await world.emu.idle()).toEqual({ state: "idle" });
    expect(await waits(world)).toEqual([500, 1000, 2000, 4000, 8000, 16_000, 32_000]);
    expect(await world.batches()).toHaveLength(8);
    expect((await world.emu.clock.read()).now - now).toBe(63_500);
    expect(await world.reports()).toMatchObject([expect.stringContaining('"approximateInvokeCount":8}')]);
  });

  test("it jumps to the end of a batching window, and no further", async () => {
    await using world = await mappedStream(server);
    await world.map({ MaximumBatchingWindowInSeconds: 300 });
    const { now } = await world.emu.clock.read();
    await world.put({ id: 1 });
    await world.emu.idle();
    expect(await world.batches()).toEqual([[1]]);
    expect((await world.emu.clock.read()).now - now).toBe(300_000);
  });

  test("records too old to be tried are given up within moments", async () => {
    await using world = await mappedStream(server);
    await world.map({ MaximumRecordAgeInSeconds: 3600, DestinationConfig: toQueue });
    await world.put({ id: 1, fail: "throw" });
    await world.emu.idle();
    expect(await world.reports()).toMatchObject([expect.stringContaining('"condition":"RecordAgeExceeded"')]);
    // 0.5 s, 1 s, … 32 s, and then a minute each.
    const afterDoubling = Math.floor((3600 - 63.5) / 60);
    expect(await world.batches()).toHaveLength(1 + 7 + afterDoubling);
  });
});

describe("on a running clock", () => {
  test("idle waits for the next try", async () => {
    await using server = await startTestEmulator({ retryBaseDelayMs: 60 });
    await using world = await mappedStream(server);
    await world.map();
    await world.put({ id: 1, fail: "throw", times: 1 });
    expect(await world.emu.idle()).toEqual({ state: "idle" });
    expect(await world.batches()).toEqual([[1], [1]]);
    const [first, second] = await world.events("mapping.batchStarted");
    expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(60);
  });

  test("idle names what it waited for when its own time is over", async () => {
    await using server = await startTestEmulator({ clock: "frozen", retryBaseDelayMs: 60_000 });
    await using world = await mappedStream(server);
    await world.map();
    await world.put({ id: 1, fail: "throw" });
    expect(await world.emu.idle()).toMatchObject({ state: "sleeping" });
    await world.emu.clock.resume();
    await expect(world.emu.idle({ timeoutMs: 50 })).rejects.toThrow(label);
  });
});
