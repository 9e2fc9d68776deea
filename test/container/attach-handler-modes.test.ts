import "@localemu/testkit/awslambda";
import type { Writable } from "node:stream";
import { InvokeWithResponseStreamCommand } from "@aws-sdk/client-lambda";
import type { StartedLocalEmuContainer } from "@localemu/testcontainers";
import type { AttachableHandler, LocalEmu } from "@localemu/testkit";
import "@localemu/vitest/extend";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { clientsOf } from "../emulator/emulator.ts";
import { debugProcess } from "../testkit/debugger/debugged-process.ts";
import { hasDocker, testContainer } from "./container.ts";

declare const awslambda: {
  streamifyResponse(handler: (event: unknown, stream: Writable) => Promise<void>): AttachableHandler;
};

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const script = new URL("../testkit/debugger/stopped-handler.ts", import.meta.url);

const behaviours = {
  "that streams is read chunk by chunk": streams,
  "has as many invocations at a time as it is told": runsTwice,
  "that takes too long times out, and works on": timesOutAndGoesOn,
  "is out of reach of fake timers and of mocks of fetch": isOutOfReachOfMocks,
  "does not time out while a debugger stops its process": isHeldByADebugger,
};

describe.runIf(hasDocker)("a handler of the test process, with a container", () => {
  let container: StartedLocalEmuContainer;

  beforeAll(async () => {
    container = await testContainer().start();
  });

  afterAll(() => container.stop());

  test.for(Object.entries(behaviours))("%s", async ([, behaves]) => {
    await using world = await container.createWorld();
    expect.hasAssertions();
    await behaves(world);
  });
});

async function streams(world: LocalEmu): Promise<void> {
  const handler = awslambda.streamifyResponse(async (_event, stream) => {
    for (const text of ["one ", "two"]) await new Promise((resolve) => stream.write(text, resolve));
    stream.end();
  });
  await using fn = await world.attachHandler("streaming", handler);
  const { lambda } = clientsOf(world);
  await expect(await lambda.send(new InvokeWithResponseStreamCommand({ FunctionName: fn.name }))).toHaveStreamed(
    "one two",
  );
  lambda.destroy();
}

async function runsTwice(world: LocalEmu): Promise<void> {
  const { promise: both, resolve } = Promise.withResolvers<void>();
  let running = 0;
  const handler = async () => {
    if (++running === 2) resolve();
    await both;
    return running;
  };
  await using fn = await world.attachHandler("twice", handler, { concurrency: 2 });
  const answers = await Promise.all([fn.invoke(), fn.invoke()]);
  expect(answers.map(({ payload }) => payload)).toEqual([2, 2]);
}

async function timesOutAndGoesOn(world: LocalEmu): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<string>();
  await using fn = await world.attachHandler("slow", () => promise, { timeout: 1 });
  expect(await fn.invoke()).toMatchObject({ functionError: "Unhandled", payload: { errorType: "Sandbox.Timedout" } });
  resolve("late");
  expect(await fn.invoke()).toMatchObject({ payload: "late" });
}

async function isOutOfReachOfMocks(world: LocalEmu): Promise<void> {
  vi.useFakeTimers({ now: 0 });
  vi.stubGlobal("fetch", () => Promise.reject(new Error("no network in tests")));
  await using fn = await world.attachHandler("mocked", async () => Date.now());
  const stream = await world.createStream("mocked");
  await fn.listen(stream);
  await stream.putJson([{ id: 1 }], { partitionKey: "k" });
  await world.idle();
  expect(await fn.batches()).toHaveLength(1);
  expect(await fn.invoke()).toMatchObject({ payload: 0 });
  vi.useRealTimers();
}

async function isHeldByADebugger(world: LocalEmu): Promise<void> {
  await using other = await world.attachHandler("other", () => new Promise(() => {}), { timeout: 1 });
  await using debugged = await debugProcess(script, world.endpoint);
  const invoked = world.function("stopped").invoke({ stop: true });
  await debugged.stopped;
  await expect.poll(async () => (await world.clock.read()).mode, { timeout: 10_000 }).toBe("frozen");
  expect(await other.invoke()).toMatchObject({ functionError: "Unhandled" });
  debugged.resume();
  expect(await invoked).toMatchObject({ payload: "went on" });
}
