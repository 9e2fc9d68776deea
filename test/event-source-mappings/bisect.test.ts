import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestEmulator } from "../emulator/emulator.ts";
import type { TestEmulator } from "../emulator/emulator.ts";
import { mappedStream, orders, toQueue } from "./mapped-stream.ts";
import type { MappedStream, Order } from "./mapped-stream.ts";

let server: TestEmulator;

beforeAll(async () => {
  server = await startTestEmulator();
});

afterAll(() => server[Symbol.asyncDispose]());

const bisecting = { BisectBatchOnFunctionError: true, DestinationConfig: toQueue, BatchSize: 16 } as const;

/** Orders 1 to 16, of which some fail. */
const sixteen = (...poison: readonly Order[]): readonly Order[] =>
  orders(1, 16).map((order) => poison.find(({ id }) => id === order.id) ?? order);

/** The records of each report, by their place among those that were put. */
async function reported(world: MappedStream, sequenceNumbers: readonly string[]) {
  const reports = await world.reports();
  return reports.map((body) => {
    const { KinesisBatchInfo: batch, requestContext } = JSON.parse(body);
    const from = sequenceNumbers.indexOf(batch.startSequenceNumber) + 1;
    const to = sequenceNumbers.indexOf(batch.endSequenceNumber) + 1;
    return { from, to, size: batch.batchSize, invokes: requestContext.approximateInvokeCount };
  });
}

/** The ids of the batches that were not failed by a poison record. */
function succeeded(batches: readonly (readonly number[])[], poison: readonly number[]): readonly number[] {
  return batches.filter((batch) => !batch.some((id) => poison.includes(id))).flat();
}

test.each([1, 6, 11, 16])("poison record %i of 16 ends up alone, and the others are processed in order", async (id) => {
  await using world = await mappedStream(server);
  await world.map({ ...bisecting, MaximumRetryAttempts: 1 });
  const sequenceNumbers = await world.put(...sixteen({ id, fail: "throw" }));
  await world.emu.idle();
  const batches = await world.batches();
  const others = sixteen().flatMap((order) => (order.id === id ? [] : [order.id]));
  expect(succeeded(batches, [id])).toEqual(others);
  expect(await reported(world, sequenceNumbers)).toMatchObject([{ from: id, to: id, size: 1 }]);
  // The record alone: tried once and once again.
  expect(batches.filter((batch) => batch.length === 1 && batch[0] === id)).toHaveLength(2);
});

test("halves are tried in the stream's order, the first to its end before the second", async () => {
  await using world = await mappedStream(server);
  await world.map({ ...bisecting, BatchSize: 4, MaximumRetryAttempts: 0 });
  await world.put({ id: 1 }, { id: 2, fail: "throw" }, { id: 3 }, { id: 4 });
  await world.emu.idle();
  expect(await world.batches()).toEqual([[1, 2, 3, 4], [1, 2], [1], [2], [3, 4]]);
  expect(await world.events("mapping.bisected")).toMatchObject([
    { records: 4, left: 2, right: 2 },
    { records: 2, left: 1, right: 1 },
  ]);
});

test("splitting does not consume the retries, and a record alone has them", async () => {
  await using world = await mappedStream(server);
  await world.map({ ...bisecting, BatchSize: 8, MaximumRetryAttempts: 2 });
  await world.put(...orders(1, 7), { id: 8, fail: "throw", times: 5 });
  await world.emu.idle();
  // Three splits make four failures (8, 4, 2 and 1 records); the record alone fails once more, and then does not.
  const withEight = (await world.batches()).filter((batch) => batch.includes(8));
  expect(withEight.map((batch) => batch.length)).toEqual([8, 4, 2, 1, 1, 1]);
  expect(await world.reports()).toEqual([]);
});

test("several poison records are each found", async () => {
  await using world = await mappedStream(server);
  await world.map({ ...bisecting, MaximumRetryAttempts: 0 });
  const poison = [2, 3, 14];
  const sequenceNumbers = await world.put(...sixteen(...poison.map((id) => ({ id, fail: "throw" }) as const)));
  await world.emu.idle();
  expect(succeeded(await world.batches(), poison)).toEqual([1, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 15, 16]);
  expect((await reported(world, sequenceNumbers)).map(({ from, to }) => [from, to])).toEqual([
    [2, 2],
    [3, 3],
    [14, 14],
  ]);
});

test("a batch of which all is poison is discarded record by record", async () => {
  await using world = await mappedStream(server);
  await world.map({ ...bisecting, BatchSize: 4, MaximumRetryAttempts: 0 });
  const sequenceNumbers = await world.put(...orders(1, 4, { fail: "throw" }), { id: 5 });
  await world.emu.idle();
  expect((await reported(world, sequenceNumbers)).map(({ from }) => from)).toEqual([1, 2, 3, 4]);
  expect((await world.batches()).at(-1)).toEqual([5]);
});

test("a crash and a time-out split a batch like an error that was thrown", async () => {
  await using world = await mappedStream(server);
  await world.createFunction({ FunctionName: "short", Timeout: 1 });
  await world.map({ ...bisecting, FunctionName: "short", BatchSize: 2, MaximumRetryAttempts: 0 });
  const sequenceNumbers = await world.put({ id: 1 }, { id: 2, fail: "exit" }, { id: 3, fail: "hang" }, { id: 4 });
  await world.emu.idle();
  expect(await world.batches("short")).toEqual([[1, 2], [1], [2], [3, 4], [3], [4]]);
  expect((await reported(world, sequenceNumbers)).map(({ from }) => from)).toEqual([2, 3]);
});

test("with ReportBatchItemFailures an error still splits, and a report cuts where it says", async () => {
  await using world = await mappedStream(server);
  await world.map({
    ...bisecting,
    BatchSize: 8,
    MaximumRetryAttempts: 1,
    FunctionResponseTypes: ["ReportBatchItemFailures"],
  });
  await world.put(
    ...orders(1, 8).map((order) => (order.id === 4 ? ({ ...order, fail: "report", times: 1 } as const) : order)),
  );
  await world.put(
    ...orders(9, 16).map((order) => (order.id === 16 ? ({ ...order, fail: "throw", times: 1 } as const) : order)),
  );
  await world.emu.idle();
  expect(await world.batches()).toEqual([
    [1, 2, 3, 4, 5, 6, 7, 8],
    [4, 5, 6, 7, 8],
    [9, 10, 11, 12, 13, 14, 15, 16],
    [9, 10, 11, 12],
    [13, 14, 15, 16],
  ]);
});
