import { CreateStreamCommand, DeleteStreamCommand } from "@aws-sdk/client-kinesis";
import {
  DeleteEventSourceMappingCommand,
  DeleteFunctionCommand,
  UpdateEventSourceMappingCommand,
} from "@aws-sdk/client-lambda";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestEmulator } from "../emulator/emulator.ts";
import type { TestEmulator } from "../emulator/emulator.ts";
import { mappedStream } from "./mapped-stream.ts";
import type { MappedStream } from "./mapped-stream.ts";

let server: TestEmulator;

beforeAll(async () => {
  server = await startTestEmulator();
});

afterAll(() => server[Symbol.asyncDispose]());

/** A function that changes its own mapping by the calls it is given, and logs what they are answered. */
const meddler = `
  export const handler = async ({ Records }) => {
    const home = process.env.AWS_ENDPOINT_URL;
    const { mappings: [{ uuid }] } = await (await fetch(home + "/_localemu/peek/mappings")).json();
    const url = home + "/2015-03-31/event-source-mappings/" + uuid;
    const { calls, hang } = JSON.parse(Buffer.from(Records[0].kinesis.data, "base64"));
    const replies = [];
    for (const { method, body } of calls) {
      const response = await fetch(url, { method, body: body && JSON.stringify(body) });
      const { State, Message } = await response.json();
      replies.push({ status: response.status, error: response.headers.get("x-amzn-errortype"), State, Message });
    }
    console.log(JSON.stringify({ replies }));
    if (hang) await new Promise(() => setInterval(() => {}, 1e6));
  };`;

async function meddle(world: MappedStream, calls: readonly object[], { hang = false } = {}) {
  await world.createFunction({ FunctionName: "meddler", Timeout: hang ? 1 : 60 }, meddler);
  const UUID = await world.map({ FunctionName: "meddler" });
  await world.emu.stream("orders").put(JSON.stringify({ calls, hang }), { partitionKey: "k" });
  await world.emu.idle();
  const [line] = await world.logged("meddler", "replies");
  return { UUID, replies: JSON.parse(line?.json ?? "{}").replies };
}

const inUse = (change: string) => ({
  status: 400,
  error: "ResourceInUseException",
  Message: `Cannot ${change} the event source mapping because it is in use.`,
});

const states = async (world: MappedStream) => (await world.events("mapping.stateChanged")).map(({ state }) => state);

test("a mapping is disabled only once its invocation has ended, and cannot be changed until then", async () => {
  await using world = await mappedStream(server);
  const disable = { method: "PUT", body: { Enabled: false } };
  const { UUID, replies } = await meddle(world, [disable, disable, { method: "DELETE" }, { method: "GET" }]);
  expect(replies).toMatchObject([
    { status: 202, State: "Disabling" },
    inUse("update"),
    inUse("delete"),
    { status: 200, State: "Disabling" },
  ]);
  expect(await states(world)).toEqual(["Creating", "Enabled", "Disabling", "Disabled"]);
  expect(await world.mapping(UUID)).toMatchObject({ State: "Disabled", LastProcessingResult: "OK" });
});

test("a mapping is updated only once its invocation has ended, and cannot be changed until then", async () => {
  await using world = await mappedStream(server);
  const update = { method: "PUT", body: { BatchSize: 1 } };
  const { UUID, replies } = await meddle(world, [update, update, { method: "DELETE" }, { method: "GET" }]);
  expect(replies).toMatchObject([
    { status: 202, State: "Updating" },
    inUse("update"),
    inUse("delete"),
    { status: 200, State: "Updating" },
  ]);
  expect(await states(world)).toEqual(["Creating", "Enabled", "Updating", "Enabled"]);
  expect(await world.mapping(UUID)).toMatchObject({ State: "Enabled", BatchSize: 1, LastProcessingResult: "OK" });
});

test("a function that hangs keeps its mapping Disabling until its time is over; its record comes again", async () => {
  await using world = await mappedStream(server);
  const disable = { method: "PUT", body: { Enabled: false } };
  const { UUID, replies } = await meddle(world, [disable, disable], { hang: true });
  expect(replies).toMatchObject([{ status: 202, State: "Disabling" }, inUse("update")]);
  expect(await states(world)).toEqual(["Creating", "Enabled", "Disabling", "Disabled"]);
  expect(await world.mapping(UUID)).toMatchObject({ LastProcessingResult: "PROBLEM: Function call failed" });
  const { lambda } = world.clients;
  const enabling = await lambda.send(
    new UpdateEventSourceMappingCommand({ UUID, Enabled: true, FunctionName: "orders-fn", MaximumRetryAttempts: 0 }),
  );
  expect(enabling.State).toBe("Enabling");
  await world.emu.idle();
  const started = await world.events("mapping.batchStarted");
  expect(started.map(({ functionName, records }) => [functionName, records])).toEqual([
    ["meddler", 1],
    ["orders-fn", 1],
  ]);
});

test("a mapping is gone only once its invocation has ended", async () => {
  await using world = await mappedStream(server);
  const { UUID, replies } = await meddle(world, [{ method: "DELETE" }, { method: "DELETE" }, { method: "GET" }]);
  expect(replies).toMatchObject([
    { status: 202, State: "Deleting" },
    inUse("delete"),
    { status: 200, State: "Deleting" },
  ]);
  expect(await states(world)).toEqual(["Creating", "Enabled", "Deleting", "Deleted"]);
  await expect(world.mapping(UUID)).rejects.toMatchObject({ name: "ResourceNotFoundException" });
  expect(await world.events("mapping.batchSucceeded")).toHaveLength(1);
});

test("what a mapping says of its last batch", async () => {
  await using world = await mappedStream(server, { frozen: true });
  const UUID = await world.map({ MaximumRetryAttempts: 0 });
  const result = async () => (await world.mapping(UUID)).LastProcessingResult;
  await world.emu.idle();
  expect(await result()).toBe("No records processed");
  await world.put({ id: 1 });
  await world.emu.idle();
  expect(await result()).toBe("OK");
  await world.put({ id: 2, fail: "throw" });
  await world.emu.idle();
  expect(await result()).toBe("PROBLEM: Function call failed");
  await world.put({ id: 3 });
  await world.emu.idle();
  expect(await result()).toBe("OK");
  await world.clients.lambda.send(new UpdateEventSourceMappingCommand({ UUID, Enabled: false }));
  await world.emu.idle();
  expect(await world.mapping(UUID)).toMatchObject({ State: "Disabled", LastProcessingResult: "OK" });
});

test("what a mapping says of a function that is gone, and of its successor", async () => {
  await using world = await mappedStream(server, { frozen: true });
  const UUID = await world.map();
  const { lambda } = world.clients;
  const told = async () => {
    const { State, LastProcessingResult } = await world.mapping(UUID);
    return [State, LastProcessingResult];
  };
  await lambda.send(new DeleteFunctionCommand({ FunctionName: "orders-fn" }));
  await world.put({ id: 1 });
  expect(await world.emu.idle()).toMatchObject({ state: "sleeping" });
  expect(await told()).toEqual(["Enabled", expect.stringMatching(/^PROBLEM: Function not found: /)]);
  await world.createFunction();
  await world.emu.clock.advance(25);
  expect(await told()).toEqual(["Enabled", "OK"]);
  expect(await world.batches()).toEqual([[1]]);
});

test("what a mapping says of a stream that is gone, and of its successor", async () => {
  await using world = await mappedStream(server, { frozen: true });
  const UUID = await world.map();
  const { kinesis, lambda } = world.clients;
  const told = async () => (await world.mapping(UUID)).LastProcessingResult;
  await world.put({ id: 1 });
  await world.emu.idle();
  expect(await told()).toBe("OK");
  await kinesis.send(new DeleteStreamCommand({ StreamName: "orders" }));
  await world.emu.idle();
  expect(await told()).toBe("PROBLEM: Stream not found");
  await kinesis.send(new CreateStreamCommand({ StreamName: "orders", ShardCount: 1 }));
  await lambda.send(new UpdateEventSourceMappingCommand({ UUID, BatchSize: 1 }));
  await world.emu.idle();
  expect(await told()).toBe("No records processed");
  await world.put({ id: 2 });
  await world.emu.idle();
  expect(await told()).toBe("OK");
  expect(await world.batches()).toEqual([[1], [2]]);
});

test("a mapping that is deleted while it waits says so at once", async () => {
  await using world = await mappedStream(server, { frozen: true });
  const UUID = await world.map({ MaximumBatchingWindowInSeconds: 60 });
  await world.put({ id: 1 });
  expect(await world.emu.idle()).toMatchObject({ state: "sleeping" });
  await world.clients.lambda.send(new DeleteEventSourceMappingCommand({ UUID }));
  expect(await world.emu.idle()).toEqual({ state: "idle" });
  expect(await states(world)).toEqual(["Creating", "Enabled", "Deleting", "Deleted"]);
  expect(await world.batches()).toEqual([]);
});

test("ending a world ends its mappings, whatever they do", async () => {
  const world = await mappedStream(server);
  await world.map();
  await world.put({ id: 1, fail: "hang" });
  await world[Symbol.asyncDispose]();
  await using next = await mappedStream(server);
  await next.map();
  await next.put({ id: 2 });
  await next.emu.idle();
  expect(await next.batches()).toEqual([[2]]);
});

test("resetting a world ends its mappings and leaves no trace of them", async () => {
  await using world = await mappedStream(server);
  await world.map();
  await world.put({ id: 1, fail: "throw" });
  await world.emu.reset();
  expect(await world.emu.idle()).toEqual({ state: "idle" });
  expect(await world.emu.mappings()).toEqual([]);
  expect(await world.events("internalError")).toEqual([]);
});
