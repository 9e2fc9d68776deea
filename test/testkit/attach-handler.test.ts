import "@localemu/testkit/awslambda";
import "@localemu/vitest/extend";
import type { Writable } from "node:stream";
import {
  CreateEventSourceMappingCommand,
  CreateFunctionCommand,
  InvokeCommand,
  type LambdaClient,
} from "@aws-sdk/client-lambda";
import type { InvokeContext as Context } from "@localemu/runtime-client";
import type { AttachableHandler } from "@localemu/testkit";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { startTestEmulator, type TestEmulator } from "../emulator/emulator.ts";
import { zipOf } from "../lambda/zips.ts";

declare const awslambda: {
  streamifyResponse(handler: (event: unknown, stream: Writable) => Promise<void>): AttachableHandler;
};

let emulator: TestEmulator;

beforeEach(async () => {
  emulator = await startTestEmulator();
});

afterEach(async () => {
  vi.useRealTimers();
  await emulator[Symbol.asyncDispose]();
});

async function invoke(lambda: LambdaClient, name: string, event: unknown = {}) {
  const output = await lambda.send(new InvokeCommand({ FunctionName: name, Payload: JSON.stringify(event) }));
  const payload: unknown = JSON.parse(output.Payload?.transformToString() ?? "");
  return { payload, error: output.FunctionError };
}

describe("a handler that is attached", () => {
  test("runs in this process, with Lambda's context", async () => {
    const { emu, lambda } = emulator;
    const seen: unknown[] = [];
    const handler = async (event: { id: number }, context: Context) => {
      seen.push(event, context.functionName, context.functionVersion, context.memoryLimitInMB);
      return { pid: process.pid, left: context.getRemainingTimeInMillis() };
    };
    await using orders = await emu.attachHandler("orders", handler, { timeout: 20, memorySize: 256 });
    expect(orders.arn).toBe("arn:aws:lambda:us-east-1:000000000000:function:orders");
    const { payload } = await invoke(lambda, "orders", { id: 7 });
    expect(payload).toEqual({ pid: process.pid, left: expect.closeTo(20_000, -3) });
    expect(seen).toEqual([{ id: 7 }, "orders", "$LATEST", "256"]);
  });

  test("listens to a stream, and may be asserted on", async () => {
    const { emu } = emulator;
    const orders = await emu.createStream("orders");
    await using fn = await emu.attachHandler("orders-fn", async () => "done");
    const mapping = await fn.listen(orders);
    await orders.putJson([{ id: 1 }, { id: 2 }], { partitionKey: "k" });
    await expect(fn).toHaveBatches([[{ id: 1 }, { id: 2 }]]);
    await expect(mapping).toHaveCaughtUp();
    expect(await fn.invoke({ id: 3 })).toEqual({ payload: "done", functionError: undefined });
    expect((await fn.invocations()).map(({ event }) => event)).toMatchObject([{ Records: [{}, {}] }, { id: 3 }]);
  });

  test("fails as on Lambda", async () => {
    const { emu, lambda } = emulator;
    const fail = () => Promise.reject(new TypeError("no such order"));
    await using _ = await emu.attachHandler("orders", fail);
    expect(await invoke(lambda, "orders")).toMatchObject({
      error: "Unhandled",
      payload: { errorType: "TypeError", errorMessage: "no such order" },
    });
  });

  test("that calls back answers with what it called back with", async () => {
    const { emu, lambda } = emulator;
    type Callback = (error: Error | null, result?: unknown) => void;
    await using _ = await emu.attachHandler("orders", (id: number, _context: Context, callback: Callback) => {
      if (id === 1) callback(null, "one");
      else callback(new Error(`no ${id}`));
    });
    expect(await invoke(lambda, "orders", 1)).toMatchObject({ payload: "one" });
    expect(await invoke(lambda, "orders", 2)).toMatchObject({ payload: { errorMessage: "no 2" } });
  });

  test("that streams is read to its end", async () => {
    const { emu, lambda } = emulator;
    const handler = awslambda.streamifyResponse(async (_event, stream) => {
      stream.write("one ");
      stream.write("two");
      stream.end();
    });
    await using _ = await emu.attachHandler("orders", handler);
    const output = await lambda.send(new InvokeCommand({ FunctionName: "orders" }));
    expect(output.Payload?.transformToString()).toBe("one two");
  });

  test("is out of reach of fake timers and of mocks of fetch", async () => {
    const { emu } = emulator;
    // What serves it is loaded: a module that is loaded under fake timers has these.
    await (await emu.attachHandler("loaded", async () => 1)).detach();
    vi.useFakeTimers({ now: 0, toFake: ["setTimeout", "setInterval", "setImmediate", "Date"] });
    vi.stubGlobal("fetch", () => Promise.reject(new Error("no network in tests")));
    await using _ = await emu.attachHandler("orders", async (_event: unknown, context: Context) =>
      context.getRemainingTimeInMillis(),
    );
    const { Payload } = await emu.control.call("lambda", "Invoke", { FunctionName: "orders" });
    expect(Number(Buffer.from(String(Payload), "base64").toString())).toBeGreaterThan(0);
    vi.unstubAllGlobals();
  });

  test("has as many invocations at a time as it is told", async () => {
    const { emu, lambda } = emulator;
    const { promise: both, resolve } = Promise.withResolvers<void>();
    let running = 0;
    await using _ = await emu.attachHandler(
      "orders",
      async () => {
        if (++running === 2) resolve();
        await both;
        return running;
      },
      { concurrency: 2 },
    );
    const results = await Promise.all([invoke(lambda, "orders"), invoke(lambda, "orders")]);
    expect(results.map(({ payload }) => payload)).toEqual([2, 2]);
  });

  test("that takes too long times out, and works on", async () => {
    const { emu, lambda } = emulator;
    const { promise, resolve } = Promise.withResolvers<string>();
    await using _ = await emu.attachHandler("orders", () => promise, { timeout: 1 });
    expect(await invoke(lambda, "orders")).toMatchObject({
      error: "Unhandled",
      payload: { errorType: "Sandbox.Timedout" },
    });
    resolve("late");
    expect(await invoke(lambda, "orders")).toEqual({ payload: "late", error: undefined });
  });

  test("has its variables in the environment while it is attached", async () => {
    const { emu, lambda } = emulator;
    delete process.env["TABLE_OF_THIS_TEST"];
    const handler = async () => process.env["TABLE_OF_THIS_TEST"];
    const attached = await emu.attachHandler("orders", handler, { environment: { TABLE_OF_THIS_TEST: "orders" } });
    expect(await invoke(lambda, "orders")).toMatchObject({ payload: "orders" });
    await attached.detach();
    expect(process.env["TABLE_OF_THIS_TEST"]).toBeUndefined();
  });

  test("keeps its variables while others that have them too are detached in any order", async () => {
    const { emu } = emulator;
    const name = "TABLE_OF_THIS_TEST";
    process.env[name] = "of the process";
    const attach = (value: string) =>
      emu.attachHandler(value, async () => process.env[name], { environment: { [name]: value } });
    const [first, second] = [await attach("first"), await attach("second")];
    await first.detach();
    expect(await second.invoke()).toMatchObject({ payload: "second" });
    await second.detach();
    expect(process.env[name]).toBe("of the process");
    delete process.env[name];
  });

  test("takes a function over that has code of its own, until it is detached", async () => {
    const { emu, lambda } = emulator;
    await lambda.send(
      new CreateFunctionCommand({
        FunctionName: "orders",
        Runtime: "nodejs24.x",
        Handler: "index.handler",
        Role: "arn:aws:iam::000000000000:role/orders",
        Code: { ZipFile: zipOf({ "index.js": "exports.handler = async () => 'deployed';" }) },
      }),
    );
    await using attached = await emu.attachHandler("orders", async () => "attached", { timeout: 5 });
    expect(await invoke(lambda, "orders")).toMatchObject({ payload: "attached" });
    await attached.detach();
    expect(await invoke(lambda, "orders")).toMatchObject({ payload: "deployed" });
  });

  test("survives a change of the function's configuration", async () => {
    const { emu, lambda } = emulator;
    await using _ = await emu.attachHandler(
      "orders",
      async (_event: unknown, { memoryLimitInMB }: Context) => memoryLimitInMB,
    );
    await emu.control.attachFunction("orders", { timeoutSeconds: 9 });
    expect(await invoke(lambda, "orders")).toMatchObject({ payload: "128" });
  });

  test("is let go without an error by a reset of its world, and can be attached again", async () => {
    const { emu, lambda } = emulator;
    const before = await emu.attachHandler("orders", async () => "before");
    await emu.reset();
    await before.detach();
    await using _ = await emu.attachHandler("orders", async () => "after");
    expect(await invoke(lambda, "orders")).toMatchObject({ payload: "after" });
  });

  test("stops time while a debugger holds it", async () => {
    const { emu, lambda } = emulator;
    const { promise: released, resolve: release } = Promise.withResolvers<void>();
    const { promise: entered, resolve: enter } = Promise.withResolvers<void>();
    await using held = await emu.attachHandler(
      "held",
      async () => {
        enter();
        await released;
        return "done";
      },
      { timeout: 1 },
    );
    await using _ = await emu.attachHandler("other", () => new Promise(() => {}), { timeout: 1 });
    await held.pause();
    const result = invoke(lambda, "held");
    await entered;
    expect(await emu.clock.read()).toMatchObject({ mode: "frozen" });
    // The other function is not held: it begins later and times out first.
    expect(await invoke(lambda, "other")).toMatchObject({ error: "Unhandled" });
    release();
    expect(await result).toMatchObject({ payload: "done" });
    await held.resume();
    expect(await emu.clock.read()).toMatchObject({ mode: "running" });
  });

  test("lets time go on when it is detached", async () => {
    const { emu } = emulator;
    const held = await emu.attachHandler("held", async () => 1);
    await held.pause();
    await held.detach();
    await expect.poll(async () => (await emu.clock.read()).mode).toBe("running");
  });

  test("gets the batches of a mapping: a poison record is isolated and lands in the queue for failures", async () => {
    const { emu, lambda } = emulator;
    const stream = await emu.createStream("orders");
    const failed = await emu.createQueue("failed");
    const handler = vi.fn<(event: KinesisEvent) => Promise<void>>(async ({ Records }) => {
      if (Records.some(({ kinesis }) => kinesis.partitionKey === "poison")) throw new Error("poisoned");
    });
    await using orders = await emu.attachHandler("orders", handler);
    await stream.putJson(["a", "poison", "b"], { partitionKey: (key) => key });
    await lambda.send(
      new CreateEventSourceMappingCommand({
        FunctionName: orders.arn,
        EventSourceArn: stream.arn,
        StartingPosition: "TRIM_HORIZON",
        BisectBatchOnFunctionError: true,
        MaximumRetryAttempts: 1,
        DestinationConfig: { OnFailure: { Destination: failed.arn } },
      }),
    );
    await emu.idle();
    expect(await failed.messages()).toHaveLength(1);
    const batches = handler.mock.calls.map(([{ Records }]) => Records.map(({ kinesis }) => kinesis.partitionKey));
    expect(batches[0]).toEqual(["a", "poison", "b"]);
    expect(batches).toContainEqual(["poison"]);
    expect(batches.at(-1)).toEqual(["b"]);
  });
});

interface KinesisEvent {
  readonly Records: readonly { readonly kinesis: { readonly partitionKey: string } }[];
}
