import { performance } from "node:perf_hooks";
import { CreateAliasCommand, CreateEventSourceMappingCommand, GetFunctionCommand } from "@aws-sdk/client-lambda";
import { connect } from "@localemu/testkit";
import { expect, test } from "vitest";
import { Command } from "../emulator/command-line.ts";
import { clientsOf, startTestEmulator } from "../emulator/emulator.ts";
import { newDataDirectory } from "./data-directory.ts";

const FunctionName = "takes";
const records = 20;
const streams = Array.from({ length: 10 }, (_, index) => `stream-${index}`);
/** Each has a mapping for each stream, and makes 500 mappings of one function with them. */
const aliases = Array.from({ length: 50 }, (_, index) => `alias-${index}`);

interface Delivery {
  readonly Records: readonly { readonly eventSourceARN: string }[];
}

/** Makes the mappings, and records that none of them reads. */
async function prepare(dataDir: string): Promise<void> {
  await using emulator = await startTestEmulator({ dataDir });
  const { emu, lambda } = emulator;
  await emu.faults.add({ operation: "kinesis:GetRecords", error: "ProvisionedThroughputExceededException" });
  await (await emu.attachHandler(FunctionName, () => {}))[Symbol.asyncDispose]();
  for (const Name of aliases)
    await lambda.send(new CreateAliasCommand({ FunctionName, Name, FunctionVersion: "$LATEST" }));
  for (const name of streams) {
    const stream = await emu.createStream(name);
    const mappings = aliases.map((alias) => ({
      EventSourceArn: stream.arn,
      FunctionName: `${FunctionName}:${alias}`,
      StartingPosition: "TRIM_HORIZON" as const,
      BatchSize: records,
    }));
    await Promise.all(mappings.map((mapping) => lambda.send(new CreateEventSourceMappingCommand(mapping))));
    await Promise.all(
      Array.from({ length: records }, (_, number) => stream.put(String(number), { partitionKey: "k" })),
    );
  }
}

test("500 mappings with a backlog begin one after the other, and whoever calls meanwhile is answered within a second", async () => {
  await using directory = await newDataDirectory();
  await prepare(directory.dataDir);
  await using command = new Command(["start", "--port", "0", "--data-dir", directory.dataDir]);
  const emu = await connect(await command.ready);
  const { lambda } = clientsOf(emu);
  const delivered = new Map<string, number>();
  const handler = ({ Records }: Delivery, { invokedFunctionArn }: { readonly invokedFunctionArn: string }): void => {
    for (const { eventSourceARN } of Records) {
      const mapping = `${invokedFunctionArn} ${eventSourceARN}`;
      delivered.set(mapping, (delivered.get(mapping) ?? 0) + 1);
    }
  };
  await using _ = await emu.attachHandler(FunctionName, handler, { concurrency: 4 });
  const calls: readonly (() => Promise<unknown>)[] = [
    () => emu.control.info(),
    () => emu.clock.read(),
    () => lambda.send(new GetFunctionCommand({ FunctionName })),
  ];
  const end = new AbortController();
  const idle = emu.idle({ timeoutMs: 60_000 }).finally(() => end.abort());
  let slowest = 0;
  while (!end.signal.aborted) {
    for (const call of calls) {
      const begun = performance.now();
      await call();
      slowest = Math.max(slowest, performance.now() - begun);
    }
  }
  await idle;
  expect(slowest).toBeLessThan(1000);
  expect([...delivered.values()]).toEqual(Array.from({ length: 500 }, () => records));
  const last = new Map<string, string | undefined>();
  for (const name of streams) {
    const stream = emu.stream(name);
    last.set(stream.arn, (await stream.records()).at(-1)?.sequenceNumber);
  }
  const mappings = await emu.control.peek.mappings();
  expect(mappings).toHaveLength(500);
  for (const { eventSourceArn, shards } of mappings) {
    expect(shards).toEqual([{ shardId: "shardId-000000000000", checkpoint: last.get(eventSourceArn), unfinished: 0 }]);
  }
}, 120_000);
