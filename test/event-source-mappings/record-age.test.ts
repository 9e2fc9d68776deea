import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestEmulator } from "../emulator/emulator.ts";
import type { TestEmulator } from "../emulator/emulator.ts";
import { functionArn, mappedStream, orders, streamArn, toQueue } from "./mapped-stream.ts";

let server: TestEmulator;

beforeAll(async () => {
  server = await startTestEmulator({ clock: "frozen", retryBaseDelayMs: 500 });
});

afterAll(() => server[Symbol.asyncDispose]());

const start = Date.UTC(2030, 0, 1);
const limited = { MaximumRecordAgeInSeconds: 60, DestinationConfig: toQueue } as const;

test("of one old record and five fresh ones the old one alone is discarded, without an invocation", async () => {
  await using world = await mappedStream(server);
  await world.emu.clock.set(start);
  const [sequenceNumber] = await world.put({ id: 1 });
  await world.emu.clock.advance(60_000);
  await world.put(...orders(2, 6));
  await world.map({ ...limited, BatchSize: 10, MaximumRetryAttempts: 0 });
  await world.emu.idle();
  expect(await world.batches()).toEqual([[2, 3, 4, 5, 6]]);
  const [report = "", ...more] = await world.reports();
  expect(more).toEqual([]);
  const { requestId } = JSON.parse(report).requestContext;
  expect(requestId).toMatch(/^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
  // AWS: the count is 1 though nothing was invoked, and there is no responseContext (recorded on AWS).
  expect(report).toBe(
    `{"requestContext":{"requestId":"${requestId}","functionArn":"${functionArn}",` +
      `"condition":"RecordAgeExceeded","approximateInvokeCount":1},"version":"1.0","timestamp":"2030-01-01T00:01:00.000Z",` +
      `"KinesisBatchInfo":{"shardId":"shardId-000000000000","startSequenceNumber":"${sequenceNumber}",` +
      `"endSequenceNumber":"${sequenceNumber}","approximateArrivalOfFirstRecord":"2030-01-01T00:00:00.000Z",` +
      `"approximateArrivalOfLastRecord":"2030-01-01T00:00:00.000Z","batchSize":1,"streamArn":"${streamArn}"}}`,
  );
});

test("a record that is not yet too old is delivered", async () => {
  await using world = await mappedStream(server);
  await world.put({ id: 1 });
  await world.emu.clock.advance(59_999);
  await world.map(limited);
  await world.emu.idle();
  expect(await world.batches()).toEqual([[1]]);
});

test("a record that fails is tried until it is too old", async () => {
  await using world = await mappedStream(server);
  await world.map({ ...limited, BatchSize: 1 });
  await world.put({ id: 1, fail: "throw" });
  await world.emu.clock.advance(70_000);
  expect(await world.emu.idle()).toEqual({ state: "idle" });
  // AWS: seven tries within 60 s, and the pass that gave it up is counted as well (recorded on AWS).
  expect(await world.batches()).toHaveLength(7);
  const [report = ""] = await world.reports();
  expect(report).toContain(`"condition":"RecordAgeExceeded","approximateInvokeCount":8},"version":"1.0"`);
  const [last] = (await world.events("mapping.batchFailed")).slice(-1);
  expect(JSON.parse(report).requestContext.requestId).toBe(last?.requestId);
});

test("without an age a record is given up when it leaves the stream", async () => {
  await using world = await mappedStream(server);
  await world.map({ DestinationConfig: toQueue });
  await world.put({ id: 1, fail: "throw" });
  await world.emu.clock.advance(24 * 3_600_000 + 60_000);
  await world.put({ id: 2 });
  await world.emu.idle();
  expect((await world.batches()).at(-1)).toEqual([2]);
  expect(await world.reports()).toMatchObject([expect.stringContaining(`"condition":"RecordAgeExceeded"`)]);
});

test("without a destination old records are dropped, and the timeline says so", async () => {
  await using world = await mappedStream(server);
  await world.put(...orders(1, 3));
  await world.emu.clock.advance(60_000);
  await world.map({ MaximumRecordAgeInSeconds: 60 });
  await world.put({ id: 4 });
  await world.emu.idle();
  expect(await world.batches()).toEqual([[4]]);
  expect(await world.events("mapping.recordsDiscarded")).toMatchObject([
    { records: 3, condition: "RecordAgeExceeded", invokeCount: 1 },
  ]);
});
