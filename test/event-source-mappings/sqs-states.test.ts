import { DeleteEventSourceMappingCommand } from "@aws-sdk/client-lambda";
import { CreateQueueCommand, DeleteQueueCommand, ReceiveMessageCommand } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestEmulator } from "../emulator/emulator.ts";
import type { TestEmulator } from "../emulator/emulator.ts";
import { MappedQueue } from "./mapped-queue.ts";

let server: TestEmulator;

beforeAll(async () => {
  server = await startTestEmulator();
});

afterAll(() => server[Symbol.asyncDispose]());

/** A function that disables its own mapping. */
const meddler = `
  export const handler = async () => {
    const home = process.env.AWS_ENDPOINT_URL;
    const { mappings: [{ uuid }] } = await (await fetch(home + "/_localemu/peek/mappings")).json();
    const url = home + "/2015-03-31/event-source-mappings/" + uuid;
    const response = await fetch(url, { method: "PUT", body: JSON.stringify({ Enabled: false }) });
    const { State } = await response.json();
    console.log(JSON.stringify({ State }));
  };`;

const visible = { state: "visible", receiveCount: 0 };

describe("a mapping that is disabled", () => {
  // AWS: recorded on AWS.
  test("leaves the messages in the queue until it is enabled", async () => {
    await using queue = await MappedQueue.in(server);
    const uuid = await queue.map({ Enabled: false });
    await queue.send({ id: 1 }, { id: 2 });
    expect(await queue.emu.idle()).toEqual({ state: "idle" });
    expect(await queue.messages()).toMatchObject([visible, visible]);
    await queue.update(uuid, { Enabled: true });
    await queue.emu.idle();
    expect(await queue.batches()).toEqual([[1, 2]]);
    expect((await queue.world.mapping(uuid)).State).toBe("Enabled");
  });

  test("has returned what it had not sent", async () => {
    await using queue = await MappedQueue.in(server);
    const uuid = await queue.map({ BatchSize: 100, MaximumBatchingWindowInSeconds: 20 });
    await queue.send({ id: 1 });
    await queue.emu.idle();
    expect(await queue.messages()).toMatchObject([{ state: "inFlight" }]);
    await queue.update(uuid, { Enabled: false });
    expect(await queue.emu.idle()).toEqual({ state: "idle" });
    expect(await queue.messages()).toMatchObject([{ state: "visible" }]);
    expect(await queue.events("mapping.messagesReturned")).toMatchObject([{ queue: "jobs", records: 1 }]);
    expect((await queue.world.mapping(uuid)).State).toBe("Disabled");
  });

  test("has finished the invocation that was under way", async () => {
    await using queue = await MappedQueue.in(server, { fifo: true });
    await queue.world.createFunction({ FunctionName: "meddler" }, meddler);
    const uuid = await queue.map({ BatchSize: 1, FunctionName: "meddler" });
    await queue.send({ id: 1, group: "a" }, { id: 2, group: "a" });
    expect(await queue.emu.idle()).toEqual({ state: "idle" });
    expect(await queue.world.logged("meddler", "State")).toMatchObject([{ json: '{"State":"Disabling"}' }]);
    expect(await queue.messages()).toMatchObject([{ body: '{"id":2}', ...visible }]);
    expect((await queue.world.mapping(uuid)).State).toBe("Disabled");
  });
});

test("an update takes effect for what is received then", async () => {
  await using queue = await MappedQueue.in(server);
  const uuid = await queue.map({ BatchSize: 1 });
  await queue.update(uuid, { BatchSize: 2 });
  await queue.emu.idle();
  await queue.send({ id: 1 }, { id: 2 }, { id: 3 });
  await queue.emu.idle();
  expect(await queue.batches()).toEqual([[1, 2], [3]]);
});

test("a mapping that is deleted receives nothing more", async () => {
  await using queue = await MappedQueue.in(server);
  const UUID = await queue.map();
  await queue.emu.idle();
  await queue.world.clients.lambda.send(new DeleteEventSourceMappingCommand({ UUID }));
  await queue.emu.idle();
  await queue.send({ id: 1 });
  expect(await queue.emu.idle()).toEqual({ state: "idle" });
  expect(await queue.messages()).toMatchObject([visible]);
});

test("two functions share a queue's messages", async () => {
  await using queue = await MappedQueue.in(server);
  await queue.world.createFunction({ FunctionName: "others-fn" }, "export const handler = () => {};");
  await queue.map({ BatchSize: 1 });
  await queue.map({ BatchSize: 1, FunctionName: "others-fn" });
  await queue.send({ id: 1 }, { id: 2 }, { id: 3 }, { id: 4 });
  await queue.emu.idle();
  const invoked = await queue.events("function.invoked");
  expect(invoked).toHaveLength(4);
  expect(await queue.messages()).toEqual([]);
});

test("a queue that comes again under its name is read again", async () => {
  await using queue = await MappedQueue.in(server);
  await queue.map();
  const { sqs } = queue.world.clients;
  await sqs.send(new DeleteQueueCommand({ QueueUrl: queue.url }));
  await sqs.send(new CreateQueueCommand({ QueueName: "jobs" }));
  await queue.send({ id: 1 });
  expect(await queue.emu.idle()).toEqual({ state: "idle" });
  expect(await queue.batches()).toEqual([[1]]);
});

describe("idle", () => {
  test("waits for messages that an enabled mapping gets, not for others", async () => {
    await using queue = await MappedQueue.in(server);
    await queue.send({ id: 1, delaySeconds: 10 });
    expect(await queue.emu.idle()).toEqual({ state: "idle" });
    const uuid = await queue.map();
    expect(await queue.emu.idle()).toMatchObject({
      state: "sleeping",
      nextTimer: { label: "delay of a message in jobs", inMs: 10_000 },
    });
    await queue.update(uuid, { Enabled: false });
    expect(await queue.emu.idle()).toEqual({ state: "idle" });
    await queue.emu.clock.advance(10_000);
    expect(await queue.messages()).toMatchObject([visible]);
  });

  test("waits for a message that somebody else has received", async () => {
    await using queue = await MappedQueue.in(server, { attributes: { VisibilityTimeout: "30" } });
    await queue.send({ id: 1 });
    await queue.world.clients.sqs.send(new ReceiveMessageCommand({ QueueUrl: queue.url }));
    await queue.map();
    expect(await queue.emu.idle()).toMatchObject({ state: "sleeping", nextTimer: { inMs: 30_000 } });
    await queue.emu.clock.advance(30_000);
    expect(await queue.batches()).toEqual([[1]]);
    expect(await queue.emu.idle()).toEqual({ state: "idle" });
  });
});
