import type { CreateEventSourceMappingCommandInput } from "@aws-sdk/client-lambda";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestEmulator } from "../emulator/emulator.ts";
import type { TestEmulator } from "../emulator/emulator.ts";
import { bundledFunction } from "./bundled-function.ts";
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
