import { readdirSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CreateStreamCommand, ListStreamsCommand } from "@aws-sdk/client-kinesis";
import { CreateQueueCommand } from "@aws-sdk/client-sqs";
import { ControlClient } from "@localemu/control";
import { afterAll, beforeAll, expect, test } from "vitest";
import { clientsAt, startTestEmulator } from "./emulator.ts";
import type { TestEmulator } from "./emulator.ts";
import { Http2Calls } from "./http2-calls.ts";
import { createFunction, invoke, isAlive, processFunction } from "./functions.ts";

let emulator: TestEmulator;
let control: ControlClient;
let workDirectory: string;

beforeAll(async () => {
  workDirectory = await mkdtemp(join(tmpdir(), "world-life-"));
  emulator = await startTestEmulator({ workDirectory });
  ({ control } = emulator.emu);
});

afterAll(async () => {
  await emulator[Symbol.asyncDispose]();
  await rm(workDirectory, { recursive: true });
});

/** A world in which a function's process waits for its next event. */
async function worldWithProcess(lease = false) {
  const world = await control.createWorld({ lease });
  const clients = clientsAt(world);
  await createFunction(clients.lambda, "f", processFunction);
  const pid = await invoke(clients.lambda, "f");
  expect(isAlive(pid)).toBe(true);
  return { ...world, ...clients, pid, control: new ControlClient(world.endpoint) };
}

test("a world that is deleted ends its functions' processes and removes their files", async () => {
  const { name, pid, credentials } = await worldWithProcess();
  const directories = () => readdirSync(workDirectory, { recursive: true, encoding: "utf8" });
  expect(directories().join()).toContain(name);
  await control.deleteWorld(name);
  expect(isAlive(pid)).toBe(false);
  const { kinesis } = clientsAt({ endpoint: emulator.emu.endpoint, credentials });
  await expect(kinesis.send(new ListStreamsCommand())).rejects.toThrow(/belongs to no world/);
  expect(directories().join()).not.toContain(name);
});

test("a world that is deleted ends an invocation, a long poll and what follows its timeline", async () => {
  const world = await worldWithProcess();
  const { QueueUrl } = await world.sqs.send(new CreateQueueCommand({ QueueName: "q" }));
  const invoked = Promise.withResolvers<void>();
  const ended = (async () => {
    let invocations = 0;
    for await (const { type } of world.control.followTimeline()) {
      if (type === "function.invoked" && ++invocations === 2) invoked.resolve();
    }
  })();
  const invocation = invoke(world.lambda, "f", { hang: true });
  using session = new Http2Calls(emulator.emu.endpoint);
  const caller = { path: new URL(world.endpoint).pathname, accessKeyId: "test" };
  const poll = session.call(caller, "sqs", "AmazonSQS.ReceiveMessage", { QueueUrl, WaitTimeSeconds: 20 });
  await session.arrived();
  await invoked.promise;
  const parked = Promise.allSettled([invocation, poll]);
  await control.deleteWorld(world.name);
  expect(await parked).toMatchObject([
    // The SDK tries again what a server in trouble did not do.
    { status: "rejected", reason: { name: "UnknownWorldException", $metadata: { attempts: 2 } } },
    { status: "fulfilled", value: "{}" },
  ]);
  await ended;
  expect(isAlive(world.pid)).toBe(false);
});

test("a lease keeps its world, and is over when the world is deleted", async () => {
  const { name } = await control.createWorld({ lease: true });
  const response = await fetch(`${emulator.emu.endpoint}/_localemu/worlds/${name}/lease`);
  expect(response.headers.get("content-type")).toBe("text/event-stream");
  expect((await control.worlds()).map((world) => world.name)).toContain(name);
  await control.deleteWorld(name);
  expect(await response.text()).toBe(": open\n\n");
});

test("only worlds that were made with a lease have one", async () => {
  const { name } = await control.createWorld();
  await expect(control.holdLease(name)).rejects.toMatchObject({ code: "NotLeased", status: 409 });
  await expect(control.holdLease("gone")).rejects.toMatchObject({ code: "UnknownWorld", status: 404 });
});

test("a reset world is as new, but keeps its name, its credentials and its followers", async () => {
  const world = await worldWithProcess();
  await world.control.clock.freeze();
  const stop = new AbortController();
  const seen: string[] = [];
  const reset = Promise.withResolvers<void>();
  const following = (async () => {
    for await (const { type } of world.control.followTimeline({ signal: stop.signal })) {
      seen.push(type);
      if (type === "world.reset") reset.resolve();
    }
  })();
  await world.control.reset();
  await reset.promise;
  expect(seen).toContain("function.created");
  expect(isAlive(world.pid)).toBe(false);
  expect(await world.control.clock.read()).toMatchObject({ mode: "running" });
  expect((await world.control.timeline()).map(({ type }) => type)).toEqual(["world.reset"]);
  expect((await world.control.info()).credentials.accessKeyId).toBe(world.credentials.accessKeyId);

  await world.kinesis.send(new CreateStreamCommand({ StreamName: "again", ShardCount: 1 }));
  await createFunction(world.lambda, "f", processFunction);
  expect(isAlive(await invoke(world.lambda, "f"))).toBe(true);
  stop.abort();
  await following;
});

test("200 worlds leave nothing behind", async () => {
  const before = resources();
  const worlds = await Promise.all(Array.from({ length: 200 }, () => control.createWorld({ lease: true })));
  for (const { name } of worlds) {
    const input = { StreamName: "orders", ShardCount: 2 };
    const inWorld = new ControlClient(`${emulator.emu.endpoint}/_world/${name}`);
    await inWorld.call("kinesis", "CreateStream", input);
    await inWorld.call("sqs", "CreateQueue", { QueueName: "orders" });
    inWorld.close();
  }
  const running = await Promise.all([worldWithProcess(true), worldWithProcess(true)]);
  await Promise.all([...worlds, ...running].map(({ name }) => control.deleteWorld(name)));
  for (const { pid, kinesis, lambda, sqs, control: inWorld } of running) {
    expect(isAlive(pid)).toBe(false);
    for (const client of [kinesis, lambda, sqs]) client.destroy();
    inWorld.close();
  }
  expect(await control.idle()).toEqual({ state: "idle" });
  expect(Object.entries(resources()).filter(([kind, count]) => count > (before[kind] ?? 0))).toEqual([]);
});

/** What keeps this process alive, emulator and clients together, by kind; connections that are kept for later excepted. */
function resources(): Record<string, number> {
  const counted: Record<string, number> = { ChildProcess: 0, ProcessWrap: 0, Timeout: 0, PipeWrap: 0 };
  for (const kind of process.getActiveResourcesInfo()) if (kind in counted) counted[kind] = (counted[kind] ?? 0) + 1;
  return counted;
}
