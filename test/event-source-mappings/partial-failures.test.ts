import type { CreateEventSourceMappingCommandInput } from "@aws-sdk/client-lambda";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestEmulator } from "../emulator/emulator.ts";
import type { TestEmulator } from "../emulator/emulator.ts";
import { mappedStream, orders, toQueue } from "./mapped-stream.ts";

let server: TestEmulator;

beforeAll(async () => {
  server = await startTestEmulator();
});

afterAll(() => server[Symbol.asyncDispose]());

const reporting = {
  FunctionResponseTypes: ["ReportBatchItemFailures"],
  DestinationConfig: toQueue,
} satisfies Partial<CreateEventSourceMappingCommandInput>;

describe("a complete success", () => {
  test.each<[say: unknown]>([
    [""],
    [[]],
    [null],
    [undefined],
    [{}],
    [{ batchItemFailures: [] }],
    [{ batchItemFailures: null }],
    ["text"],
    [5],
  ])("is %j", async (say) => {
    await using world = await mappedStream(server);
    const code =
      say === undefined
        ? "export const handler = async () => {};"
        : `export const handler = async () => (${JSON.stringify(say)});`;
    await world.createFunction({ FunctionName: "says" }, code);
    const UUID = await world.map({ ...reporting, FunctionName: "says", MaximumRetryAttempts: 0 });
    await world.put(...orders(1, 2));
    await world.emu.idle();
    expect(await world.events("mapping.batchSucceeded")).toMatchObject([{ records: 2 }]);
    expect(await world.events("function.invoked")).toHaveLength(1);
    expect(await world.reports()).toEqual([]);
    expect((await world.mapping(UUID)).LastProcessingResult).toBe("OK");
  });
});

describe("a whole batch fails", () => {
  test.each<[failure: unknown]>([
    [{ itemIdentifier: "" }],
    [{ itemIdentifier: null }],
    [{ itemIdentifier: 123 }],
    [{ itemIdentifier: "123" }],
    [{ foo: 123 }],
    [{ foo: null }],
    ["text"],
  ])("for the item %j", async (failure) => {
    await using world = await mappedStream(server);
    await world.map({ ...reporting, MaximumRetryAttempts: 1 });
    await world.put({ id: 1 }, { id: 2, say: { batchItemFailures: [failure] } });
    await world.emu.idle();
    expect(await world.batches()).toEqual([
      [1, 2],
      [1, 2],
    ]);
    const [report = ""] = await world.reports();
    // AWS: the key is there, and null (recorded on AWS).
    expect(report).toContain(`"responseContext":{"statusCode":200,"executedVersion":"$LATEST","functionError":null}`);
    expect(report).toContain(`"condition":"RetryAttemptsExhausted","approximateInvokeCount":2}`);
    expect(report).toContain(`"batchSize":2,`);
  });

  test("where the function throws", async () => {
    await using world = await mappedStream(server);
    await world.map({ ...reporting, MaximumRetryAttempts: 0 });
    await world.put({ id: 1, fail: "report" }, { id: 2, fail: "throw" });
    await world.emu.idle();
    const [report = ""] = await world.reports();
    expect(report).toContain(`"functionError":"Unhandled"`);
    expect(report).toContain(`"batchSize":2,`);
  });
});

test("what lies before the reported record is done, and it and the rest come again", async () => {
  await using world = await mappedStream(server);
  await world.map(reporting);
  await world.put(...orders(1, 2), { id: 3, fail: "report", times: 1 }, ...orders(4, 5));
  await world.emu.idle();
  expect(await world.batches()).toEqual([
    [1, 2, 3, 4, 5],
    [3, 4, 5],
  ]);
});

test("of several reported records the lowest counts, wherever it stands in the report", async () => {
  await using world = await mappedStream(server, { frozen: true });
  await world.createFunction(
    { FunctionName: "backwards" },
    `let invocations = 0;
    export const handler = async ({ Records }) => {
      console.log(JSON.stringify({ batch: Records.map(({ kinesis }) => Number(kinesis.partitionKey)) }));
      if (invocations++ > 0) return;
      const last = Records.slice(2).toReversed();
      return { batchItemFailures: last.map(({ kinesis }) => ({ itemIdentifier: kinesis.sequenceNumber })) };
    };`,
  );
  await world.map({ ...reporting, FunctionName: "backwards" });
  await world.put(...orders(1, 5).map((order) => ({ ...order, customer: String(order.id) })));
  await world.emu.idle();
  expect(await world.batches("backwards")).toEqual([
    [1, 2, 3, 4, 5],
    [3, 4, 5],
  ]);
});

test("progress gives the rest a budget of its own", async () => {
  await using world = await mappedStream(server);
  await world.map({ ...reporting, BatchSize: 3, MaximumRetryAttempts: 3 });
  await world.put(...orders(0, 4), { id: 5, fail: "report" });
  await world.emu.idle();
  // AWS: record 5 is delivered five times, and its report counts the four in which it was alone (recorded on AWS).
  expect(await world.batches()).toEqual([[0, 1, 2], [3, 4, 5], [5], [5], [5], [5]]);
  const [report = "", ...more] = await world.reports();
  expect(more).toEqual([]);
  expect(report).toContain(`"condition":"RetryAttemptsExhausted","approximateInvokeCount":4}`);
  expect(report).toContain(`"batchSize":1,`);
});

test("a report of the first record is a failed try like any other", async () => {
  await using world = await mappedStream(server);
  await world.map({ ...reporting, BatchSize: 1, MaximumRetryAttempts: 2 });
  await world.put({ id: 1, fail: "report" }, { id: 2 });
  await world.emu.idle();
  expect(await world.batches()).toEqual([[1], [1], [1], [2]]);
});

test("records that came meanwhile do not join the rest", async () => {
  await using world = await mappedStream(server, { frozen: true });
  await world.map(reporting);
  await world.put({ id: 1 }, { id: 2, fail: "report", times: 2 });
  expect(await world.emu.idle()).toMatchObject({ state: "sleeping" });
  await world.put({ id: 3 });
  await world.emu.clock.advance(25);
  expect(await world.batches()).toEqual([[1, 2], [2], [2], [3]]);
});

test("without ReportBatchItemFailures a report is ignored", async () => {
  await using world = await mappedStream(server);
  await world.map({ DestinationConfig: toQueue });
  await world.put({ id: 1, fail: "report" });
  await world.emu.idle();
  expect(await world.batches()).toEqual([[1]]);
  expect(await world.reports()).toEqual([]);
});
