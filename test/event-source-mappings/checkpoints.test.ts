import {
  DeleteEventSourceMappingCommand,
  UpdateEventSourceMappingCommand,
  UpdateFunctionCodeCommand,
} from "@aws-sdk/client-lambda";
import type { UpdateEventSourceMappingCommandInput } from "@aws-sdk/client-lambda";
import { CreateStreamCommand, DeleteStreamCommand } from "@aws-sdk/client-kinesis";
import { zipSync } from "fflate";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestEmulator } from "../emulator/emulator.ts";
import type { TestEmulator } from "../emulator/emulator.ts";
import { mappedStream, orders, toQueue } from "./mapped-stream.ts";
import type { MappedStream } from "./mapped-stream.ts";

let server: TestEmulator;

beforeAll(async () => {
  server = await startTestEmulator({ clock: "frozen" });
});

afterAll(() => server[Symbol.asyncDispose]());

/** Changes a mapping and waits until the change is in force. */
async function update(world: MappedStream, change: UpdateEventSourceMappingCommandInput): Promise<void> {
  await world.clients.lambda.send(new UpdateEventSourceMappingCommand(change));
  await world.emu.idle();
}

test.each(["TRIM_HORIZON", "LATEST"] as const)(
  "a mapping that began at %s goes on where it was when it is enabled again",
  async (StartingPosition) => {
    await using world = await mappedStream(server);
    const UUID = await world.map({ StartingPosition });
    await world.put(...orders(1, 2));
    await world.emu.idle();
    await update(world, { UUID, Enabled: false });
    await world.put(...orders(3, 4));
    expect(await world.emu.idle()).toEqual({ state: "idle" });
    expect(await world.batches()).toEqual([[1, 2]]);
    await update(world, { UUID, Enabled: true });
    expect(await world.batches()).toEqual([
      [1, 2],
      [3, 4],
    ]);
  },
);

test("a mapping that was created disabled takes its starting position when it is enabled", async () => {
  await using world = await mappedStream(server);
  const UUID = await world.map({ StartingPosition: "LATEST", Enabled: false });
  await world.put({ id: 1 });
  await update(world, { UUID, Enabled: true });
  await world.put({ id: 2 });
  await world.emu.idle();
  expect(await world.batches()).toEqual([[2]]);
});

test("an update is in force from the checkpoint on", async () => {
  await using world = await mappedStream(server);
  const UUID = await world.map();
  await world.put(...orders(1, 3));
  await world.emu.idle();
  await update(world, { UUID, BatchSize: 2 });
  await world.put(...orders(4, 7));
  await world.emu.idle();
  expect(await world.batches()).toEqual([
    [1, 2, 3],
    [4, 5],
    [6, 7],
  ]);
});

test("a batch that waits for its next try begins anew with an update, and its budget too", async () => {
  await using world = await mappedStream(server);
  const UUID = await world.map({ MaximumRetryAttempts: 1, DestinationConfig: toQueue });
  await world.put(...orders(1, 2, { fail: "throw" }));
  expect(await world.emu.idle()).toMatchObject({ state: "sleeping" });
  await update(world, { UUID, BatchSize: 1 });
  await world.emu.clock.advance(1000);
  expect(await world.batches()).toEqual([[1, 2], [1], [1], [2], [2]]);
  expect(await world.reports()).toHaveLength(2);
});

test("disabling lets an invocation under way end, and its success counts", async () => {
  await using world = await mappedStream(server);
  await world.createFunction(
    { FunctionName: "slow" },
    `export const handler = async ({ Records }) => {
      console.log(JSON.stringify({ batch: Records.map(({ kinesis }) => Number(kinesis.partitionKey)) }));
      const disabling = { method: "PUT", body: JSON.stringify({ Enabled: false }) };
      const [{ uuid }] = (await (await fetch(process.env.AWS_ENDPOINT_URL + "/_localemu/peek/mappings")).json()).mappings;
      const response = await fetch(process.env.AWS_ENDPOINT_URL + "/2015-03-31/event-source-mappings/" + uuid, disabling);
      console.log(JSON.stringify({ state: (await response.json()).State }));
    };`,
  );
  const UUID = await world.map({ FunctionName: "slow", BatchSize: 2 });
  await world.put(...orders(1, 4).map((order) => ({ ...order, customer: String(order.id) })));
  await world.emu.idle();
  expect(await world.batches("slow")).toEqual([[1, 2]]);
  expect((await world.logged("slow", "state")).map(({ json }) => json)).toEqual(['{"state":"Disabling"}']);
  expect((await world.mapping(UUID)).State).toBe("Disabled");
  const kept = await world.emu.stream("orders").records();
  const [peeked] = await world.emu.mappings();
  expect(peeked?.shards).toMatchObject([{ checkpoint: kept[1]?.sequenceNumber, unfinished: 0 }]);
});

test("a new function of a mapping gets what the old one had not processed", async () => {
  await using world = await mappedStream(server);
  await world.createFunction({ FunctionName: "next" });
  const UUID = await world.map({ BatchSize: 2 });
  await world.put(...orders(1, 2), { id: 3, fail: "throw", times: 1 });
  expect(await world.emu.idle()).toMatchObject({ state: "sleeping" });
  await update(world, { UUID, FunctionName: "next" });
  await world.emu.clock.advance(25);
  expect(await world.batches()).toEqual([[1, 2], [3]]);
  expect((await world.batches("next")).flat()).toContain(3);
  expect((await world.batches("next")).flat()).not.toContain(1);
});

test("the checkpoint stays before a batch that fails and passes one that is discarded", async () => {
  await using world = await mappedStream(server);
  const UUID = await world.map({ BatchSize: 1, MaximumRetryAttempts: 1 });
  const sequenceNumbers = await world.put({ id: 1 }, { id: 2, fail: "throw" }, { id: 3 });
  await world.emu.idle();
  const checkpoint = async () => (await world.emu.control.peek.mapping(UUID)).shards[0];
  expect(await checkpoint()).toMatchObject({ checkpoint: sequenceNumbers[0], unfinished: 2 });
  await world.emu.clock.advance(25);
  expect(await checkpoint()).toMatchObject({ checkpoint: sequenceNumbers[2], unfinished: 0 });
});

test("a change of the function's code is in force with the next try", async () => {
  await using world = await mappedStream(server);
  await world.createFunction(
    { FunctionName: "fixed" },
    `export const handler = async () => { throw new Error("bug"); };`,
  );
  await world.map({ FunctionName: "fixed" });
  await world.put({ id: 1 });
  await world.emu.idle();
  const ZipFile = zipSync({ "index.mjs": Buffer.from("export const handler = async () => {};") });
  await world.clients.lambda.send(new UpdateFunctionCodeCommand({ FunctionName: "fixed", ZipFile }));
  await world.emu.clock.advance(25);
  expect(await world.events("mapping.batchSucceeded")).toMatchObject([{ records: 1 }]);
});

test("deleting while a batch fails ends the tries", async () => {
  await using world = await mappedStream(server);
  const UUID = await world.map();
  await world.put({ id: 1, fail: "throw" });
  expect(await world.emu.idle()).toMatchObject({ state: "sleeping" });
  await world.clients.lambda.send(new DeleteEventSourceMappingCommand({ UUID }));
  expect(await world.emu.idle()).toEqual({ state: "idle" });
  expect(await world.batches()).toEqual([[1]]);
  expect(await world.emu.mappings()).toEqual([]);
});

test("a stream that is deleted leaves the mapping, which says what is wrong", async () => {
  await using world = await mappedStream(server);
  const UUID = await world.map();
  await world.put({ id: 1 });
  await world.emu.idle();
  await world.clients.kinesis.send(new DeleteStreamCommand({ StreamName: "orders" }));
  expect(await world.emu.idle()).toEqual({ state: "idle" });
  expect(await world.events("mapping.shardGone")).toHaveLength(1);
  expect(await world.mapping(UUID)).toMatchObject({
    State: "Enabled",
    LastProcessingResult: "PROBLEM: Stream not found",
  });
});

test("a mapping is enabled again for a stream that is gone, and for one that came again under its name", async () => {
  await using world = await mappedStream(server);
  const UUID = await world.map();
  await world.put({ id: 1 });
  await world.emu.idle();
  await world.clients.kinesis.send(new DeleteStreamCommand({ StreamName: "orders" }));
  await update(world, { UUID, Enabled: false });
  await update(world, { UUID, Enabled: true });
  expect(await world.mapping(UUID)).toMatchObject({
    State: "Enabled",
    LastProcessingResult: "PROBLEM: Stream not found",
  });
  expect(await world.events("mapping.problem")).toHaveLength(1);
  await world.emu.clock.advance(1000);
  await world.clients.kinesis.send(new CreateStreamCommand({ StreamName: "orders", ShardCount: 1 }));
  await update(world, { UUID, BatchSize: 10 });
  await world.put({ id: 2 });
  await world.emu.idle();
  expect(await world.batches()).toEqual([[1], [2]]);
  expect(await world.events("internalError")).toEqual([]);
});
