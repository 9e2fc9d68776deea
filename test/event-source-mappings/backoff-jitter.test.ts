import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestEmulator } from "../emulator/emulator.ts";
import type { TestEmulator } from "../emulator/emulator.ts";
import { MappedQueue } from "./mapped-queue.ts";
import { mappedStream } from "./mapped-stream.ts";

let server: TestEmulator;

beforeAll(async () => {
  server = await startTestEmulator({ clock: "frozen" });
});

afterAll(() => server[Symbol.asyncDispose]());

const error = "InternalFailure";

test("mappings of a stream wait differently, and alike in every world with the same seed", async () => {
  const waits = async (): Promise<readonly (readonly number[])[]> => {
    await using world = await mappedStream(server);
    await world.createFunction({ FunctionName: "audit-fn" });
    await world.emu.faults.add({ operation: "kinesis:GetRecords", caller: "mapping", error });
    await world.map();
    await world.map({ FunctionName: "audit-fn" });
    await world.put({ id: 1 });
    await world.emu.clock.advance(2000);
    const failures = await world.events("mapping.readFailed");
    return ["orders-fn", "audit-fn"].map((name) =>
      failures.filter(({ functionName }) => functionName === name).map(({ delayMs }) => delayMs),
    );
  };
  const [orders, audit] = await waits();
  expect(orders?.length).toBeGreaterThan(5);
  expect(audit).not.toEqual(orders);
  expect(await waits()).toEqual([orders, audit]);
});

test("mappings of a queue leave out a part of their waits too", async () => {
  const jobs = await MappedQueue.in(server);
  await using world = jobs.world;
  await world.emu.faults.add({ operation: "sqs:ReceiveMessage", caller: "mapping", error });
  await jobs.map();
  await jobs.send({ id: 1 });
  await world.emu.clock.advance(2000);
  const waits = (await world.events("mapping.readFailed")).map(({ delayMs }) => delayMs);
  expect(waits.length).toBeGreaterThan(5);
  for (const [number, delayMs] of waits.entries()) {
    expect(delayMs).toBeLessThanOrEqual(25 * 2 ** number);
    expect(delayMs).toBeGreaterThanOrEqual(12 * 2 ** number);
  }
  expect(waits.some((delayMs, number) => delayMs < 25 * 2 ** number)).toBe(true);
});
