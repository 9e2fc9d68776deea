import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestEmulator } from "../emulator/emulator.ts";
import type { TestEmulator } from "../emulator/emulator.ts";
import { bundledFunction } from "./bundled-function.ts";
import { toQueue } from "./mapped-stream.ts";
import { mappedTable } from "./mapped-table.ts";
import type { MappedTable } from "./mapped-table.ts";

let server: TestEmulator;

beforeAll(async () => {
  server = await startTestEmulator();
});

afterAll(() => server[Symbol.asyncDispose]());

describe.each(["esm", "cjs"] as const)("BatchProcessor for DynamoDB Streams, bundled as %s", (format) => {
  const FunctionName = "powertools-dynamodb";
  const settings = {
    FunctionName,
    FunctionResponseTypes: ["ReportBatchItemFailures" as const],
    DestinationConfig: toQueue,
  };

  const deployed = async (): Promise<MappedTable> => {
    const table = await mappedTable(server);
    await table.world.createFunction(await bundledFunction(FunctionName, format));
    return table;
  };

  test("from the first failure on, records come again until none fails", async () => {
    await using table = await deployed();
    await table.put({ id: 1 }, { id: 2 }, { id: 3, fail: "throw", times: 1 }, { id: 4 });
    await table.map(settings);
    await table.world.emu.idle();
    expect(await table.world.batches(FunctionName)).toEqual([
      [1, 2, 3, 4],
      [3, 4],
    ]);
    expect(await table.world.reports()).toEqual([]);
  });

  test("a poison record ends up in the dead-letter queue, alone", async () => {
    await using table = await deployed();
    await table.put({ id: 1 }, { id: 2, fail: "throw" }, { id: 3 });
    await table.map({ ...settings, BisectBatchOnFunctionError: true, MaximumRetryAttempts: 2 });
    await table.world.emu.idle();
    const [report = "", ...others] = await table.world.reports();
    expect(others).toEqual([]);
    const poison = (await table.sequenceNumbers())[1];
    expect(JSON.parse(report).DDBStreamBatchInfo).toMatchObject({ batchSize: 1, startSequenceNumber: poison });
    const done = (await table.world.logged(FunctionName, "done")).map(({ json }) => JSON.parse(json).done);
    expect(new Set(done)).toEqual(new Set([1, 3]));
  });
});
