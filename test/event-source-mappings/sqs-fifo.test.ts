import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestEmulator } from "../emulator/emulator.ts";
import type { TestEmulator } from "../emulator/emulator.ts";
import { jobs, MappedQueue, reportsFailures } from "./mapped-queue.ts";

let server: TestEmulator;

beforeAll(async () => {
  server = await startTestEmulator();
});

afterAll(() => server[Symbol.asyncDispose]());

// AWS: five messages of one group, one a batch, need no second environment (recorded on AWS).
test("a group has one batch in flight, and keeps its order", async () => {
  await using queue = await MappedQueue.in(server, { fifo: true });
  await queue.send(...jobs(1, 5, { group: "a", takesMs: 20 }));
  await queue.map({ BatchSize: 1 });
  await queue.emu.idle();
  expect(await queue.mostAtOnce()).toBe(1);
  expect(await queue.batches()).toEqual([[1], [2], [3], [4], [5]]);
  expect(await queue.events("function.environmentStarted")).toHaveLength(1);
});

test("groups are processed side by side", async () => {
  await using queue = await MappedQueue.in(server, { fifo: true });
  const groups = ["a", "b", "c", "a", "b", "c"];
  await queue.send(...groups.map((group, index) => ({ id: index + 1, group, takesMs: 100 })));
  await queue.map({ BatchSize: 1 });
  await queue.emu.idle();
  expect(await queue.mostAtOnce()).toBe(3);
  const order = (await queue.batches()).flat();
  for (const first of [1, 2, 3]) expect(order.indexOf(first)).toBeLessThan(order.indexOf(first + 3));
});

// AWS: a batch may have messages of several groups (AWS docs).
test("a batch has messages of several groups, ten at most", async () => {
  await using queue = await MappedQueue.in(server, { fifo: true });
  await queue.send(...jobs(1, 4, { group: "a" }), ...jobs(5, 12, { group: "b" }));
  await queue.map();
  await queue.emu.idle();
  expect(await queue.batches()).toEqual([
    [1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
    [11, 12],
  ]);
});

test("a group waits for its messages that failed, others do not", async () => {
  await using queue = await MappedQueue.in(server, { fifo: true, attributes: { VisibilityTimeout: "20" } });
  await queue.map({ BatchSize: 1 });
  await queue.send({ id: 1, group: "a", fail: "throw", times: 1 }, { id: 2, group: "a" }, { id: 3, group: "b" });
  await queue.emu.clock.advance(19_999);
  expect((await queue.batches()).flat().toSorted((a, b) => a - b)).toEqual([1, 3]);
  await queue.emu.clock.advance(1);
  expect((await queue.batches()).slice(2)).toEqual([[1], [2]]);
  expect(await queue.emu.idle()).toEqual({ state: "idle" });
});

test("what a batch left comes again in its order", async () => {
  await using queue = await MappedQueue.in(server, { fifo: true, attributes: { VisibilityTimeout: "20" } });
  await queue.map(reportsFailures);
  // AWS: a function stops at the first failure and names all that follow it (AWS docs).
  await queue.send(
    { id: 1, group: "a" },
    { id: 2, group: "a", fail: "report", times: 1 },
    { id: 3, group: "a", fail: "report", times: 1 },
    { id: 4, group: "a", fail: "report", times: 1 },
  );
  await queue.emu.idle();
  await queue.send({ id: 5, group: "a" });
  await queue.emu.clock.advance(20_000);
  expect(await queue.batches()).toEqual([
    [1, 2, 3, 4],
    [2, 3, 4, 5],
  ]);
});

test("a group goes on once its failing message is a dead letter", async () => {
  await using queue = await MappedQueue.in(server, {
    fifo: true,
    attributes: { VisibilityTimeout: "20" },
    maxReceiveCount: 2,
  });
  await queue.map({ BatchSize: 1 });
  await queue.send({ id: 1, group: "a", fail: "throw" }, { id: 2, group: "a" });
  await queue.emu.clock.advance(40_000);
  expect(await queue.batches()).toEqual([[1], [1], [2]]);
  expect(await queue.deadLetters()).toMatchObject([{ body: '{"id":1,"fail":"throw"}' }]);
});
