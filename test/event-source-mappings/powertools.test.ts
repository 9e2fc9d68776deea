import type { CreateEventSourceMappingCommandInput } from "@aws-sdk/client-lambda";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestEmulator } from "../emulator/emulator.ts";
import type { TestEmulator } from "../emulator/emulator.ts";
import { bundledFunction } from "./bundled-function.ts";
import { jobs, MappedQueue, reportsFailures } from "./mapped-queue.ts";
import { mappedStream, orders, toQueue } from "./mapped-stream.ts";
import type { MappedStream, Order } from "./mapped-stream.ts";

let server: TestEmulator;

beforeAll(async () => {
  server = await startTestEmulator();
});

afterAll(() => server[Symbol.asyncDispose]());

/** The ids that `functionName` processed, in the order in which it did. */
async function processed(world: MappedStream, functionName: string): Promise<readonly number[]> {
  const lines = await world.logged(functionName, "done");
  return lines.map(({ json }): number => JSON.parse(json).done);
}

describe.each(["esm", "cjs"] as const)("BatchProcessor for Kinesis, bundled as %s", (format) => {
  const FunctionName = "powertools-kinesis";

  const deployed = async (): Promise<MappedStream> => {
    const world = await mappedStream(server);
    await world.createFunction(await bundledFunction(FunctionName, format));
    return world;
  };

  const mapping = {
    FunctionName,
    FunctionResponseTypes: ["ReportBatchItemFailures"],
    DestinationConfig: toQueue,
  } satisfies Partial<CreateEventSourceMappingCommandInput>;

  test("a batch that succeeds is reported as one", async () => {
    await using world = await deployed();
    await world.map(mapping);
    await world.put(...orders(1, 20));
    await world.emu.idle();
    expect(await world.events("mapping.batchSucceeded")).toMatchObject([{ records: 20 }]);
    expect(await processed(world, FunctionName)).toEqual(orders(1, 20).map(({ id }) => id));
  });

  test("from the first failure on, records come again until none fails", async () => {
    await using world = await deployed();
    await world.map(mapping);
    await world.put(...orders(1, 3), { id: 4, fail: "throw", times: 1 }, { id: 5 }, { id: 6, fail: "throw", times: 2 });
    await world.emu.idle();
    expect(await world.batches(FunctionName)).toEqual([[1, 2, 3, 4, 5, 6], [4, 5, 6], [6]]);
    expect(await world.reports()).toEqual([]);
  });

  test("a poison record ends up in the dead-letter queue, alone", async () => {
    await using world = await deployed();
    await world.map({ ...mapping, BisectBatchOnFunctionError: true, MaximumRetryAttempts: 2 });
    const poison: Order = { id: 7, fail: "throw" };
    const sequenceNumbers = await world.put(...orders(1, 6), poison, ...orders(8, 12));
    await world.emu.idle();

    const [report, ...others] = (await world.reports()).map((body) => JSON.parse(body));
    expect(others).toEqual([]);
    expect(report).toMatchObject({
      requestContext: { condition: "RetryAttemptsExhausted", functionArn: expect.stringContaining(FunctionName) },
      KinesisBatchInfo: {
        batchSize: 1,
        startSequenceNumber: sequenceNumbers[6],
        endSequenceNumber: sequenceNumbers[6],
      },
    });
    const done = new Set(await processed(world, FunctionName));
    expect([...done]).toEqual([1, 2, 3, 4, 5, 6, 8, 9, 10, 11, 12]);
  });

  test("a batch of which everything fails is an error of the function", async () => {
    await using world = await deployed();
    await world.map({ ...mapping, MaximumRetryAttempts: 0 });
    await world.put(...orders(1, 3, { fail: "throw" }));
    await world.emu.idle();
    expect(await world.events("mapping.batchFailed")).toMatchObject([
      {
        records: 3,
        kind: "unhandled",
        error: "FullBatchFailureError: All records failed processing. See individual errors below.",
      },
    ]);
    expect(await world.reports()).toEqual([expect.stringContaining('"functionError":"Unhandled"')]);
  });
});

describe("for queues", () => {
  test("BatchProcessor: a poison message goes to the dead-letter queue alone, and the others are done once", async () => {
    const FunctionName = "powertools-sqs";
    await using queue = await MappedQueue.in(server, { frozen: false, maxReceiveCount: 3 });
    await queue.emu.clock.auto();
    await queue.world.createFunction(await bundledFunction(FunctionName, "esm"));
    await queue.map({ ...reportsFailures, FunctionName });
    await queue.send(...jobs(1, 6), { id: 7, fail: "throw" }, { id: 8, fail: "throw", times: 1 }, ...jobs(9, 10));
    expect(await queue.emu.idle()).toEqual({ state: "idle" });

    const done = (await processed(queue.world, FunctionName)).toSorted((a, b) => a - b);
    expect(done).toEqual([1, 2, 3, 4, 5, 6, 8, 9, 10]);
    const batches = await queue.world.batches(FunctionName);
    expect(batches.filter((batch) => batch.includes(7))).toHaveLength(3);
    expect(batches.filter((batch) => batch.includes(8))).toHaveLength(2);
    expect(await queue.messages()).toEqual([]);
    expect(await queue.deadLetters()).toMatchObject([{ body: '{"id":7,"fail":"throw"}' }]);
  });

  test("SqsFifoPartialProcessorAsync: a group that fails comes again from there, in order, and does not hold up others", async () => {
    const FunctionName = "powertools-sqs-fifo";
    await using queue = await MappedQueue.in(server, { fifo: true });
    await queue.world.createFunction(await bundledFunction(FunctionName, "cjs"));
    await queue.map({ ...reportsFailures, FunctionName, BatchSize: 10, Enabled: false });
    await queue.emu.idle();
    await queue.send(
      { id: 1, group: "a" },
      { id: 2, group: "a", fail: "throw", times: 2 },
      { id: 3, group: "a" },
      { id: 4, group: "b" },
      { id: 5, group: "a" },
      { id: 6, group: "b" },
    );
    const [mapping] = await queue.emu.mappings();
    await queue.update(mapping?.uuid ?? "", { Enabled: true });
    await queue.emu.idle();
    const group = async (name: string): Promise<readonly number[]> =>
      (await queue.world.logged(FunctionName, "done"))
        .map(({ json }): { readonly done: number; readonly group: string } => JSON.parse(json))
        .flatMap((line) => (line.group === name ? [line.done] : []));
    expect([await group("a"), await group("b")]).toEqual([[1], [4, 6]]);
    await queue.emu.clock.auto();
    expect(await queue.emu.idle()).toEqual({ state: "idle" });
    expect([await group("a"), await group("b")]).toEqual([
      [1, 2, 3, 5],
      [4, 6],
    ]);
    expect(await queue.messages()).toEqual([]);
  });
});
