import { afterEach, beforeEach, expect, test } from "vitest";
import { lambdaWorld } from "./lambda-world.ts";
import type { LambdaWorld } from "./lambda-world.ts";
import { scriptedRuntime } from "./scripted-runtime.ts";
import type { ScriptedRuntime } from "./scripted-runtime.ts";
import { zipOf } from "./zips.ts";

const zip = zipOf({ "index.js": "exports.handler = 1" });
const request = { region: "eu-west-1", functionName: "orders", payload: Buffer.from("{}"), source: "test" };

let runtime: ScriptedRuntime;
let world: LambdaWorld;

beforeEach(async () => {
  runtime = scriptedRuntime();
  world = await lambdaWorld({ runtime });
  await world.create("orders", zip);
});

afterEach(() => world[Symbol.asyncDispose]());

test("the payload goes back as it came, and the world is busy until then", async () => {
  const payload = Buffer.from('{ "a" : 1.0 }\n');
  const answer = world.lambda.operations.Invoke({ FunctionName: "orders", Payload: payload }, world.call());
  const [pool] = runtime.pools;
  expect(pool?.invocations[0]?.payload).toBe(payload);
  let quiet = false;
  const settled = world.settled().then(() => (quiet = true));
  await new Promise(setImmediate);
  await new Promise(setImmediate);
  expect(quiet).toBe(false);
  pool?.answer({ kind: "success", payload, contentType: "application/json", logTail: "", durationMs: 1 });
  expect((await answer).Payload).toBe(payload);
  await settled;
});

test("an invocation that finds the account's 1000 running is throttled", async () => {
  const running = Array.from({ length: 1000 }, () => world.lambda.invokeFunction(request));
  expect(await world.lambda.invokeFunction(request)).toEqual({
    kind: "notInvoked",
    reason: "throttled",
    message: "Rate Exceeded.",
    limit: "ConcurrentInvocationLimitExceeded",
  });
  await expect(world.lambda.operations.Invoke({ FunctionName: "orders" }, world.call())).rejects.toMatchObject({
    code: "TooManyRequestsException",
    message: "Rate Exceeded.",
    fields: { Reason: "ConcurrentInvocationLimitExceeded" },
  });
  runtime.pools[0]?.answer();
  expect(await running[0]).toMatchObject({ kind: "success" });
  const next = world.lambda.invokeFunction(request);
  for (let count = 0; count < 1000; count++) runtime.pools[0]?.answer();
  expect(await next).toMatchObject({ kind: "success", executedVersion: "$LATEST" });
});

test.each([
  ["nobody", "functionMissing", "Function not found: arn:aws:lambda:eu-west-1:000000000000:function:nobody:$LATEST"],
  ["orders:7", "functionMissing", "Function not found: arn:aws:lambda:eu-west-1:000000000000:function:orders:7"],
  ["arn:aws:lambda:eu-west-1:111122223333:function:orders", "denied", expect.stringContaining("not authorized")],
])("%s is not invoked: %s", async (functionName, reason, message) => {
  expect(await world.lambda.invokeFunction({ ...request, functionName })).toEqual({
    kind: "notInvoked",
    reason,
    message,
  });
});

test("whoever goes away no longer waits, and the function runs on", async () => {
  const caller = new AbortController();
  const invocation = world.lambda.invokeFunction({ ...request, signal: caller.signal });
  caller.abort();
  expect(await invocation).toMatchObject({ kind: "notInvoked", reason: "serviceError" });
  expect(await world.lambda.invokeFunction({ ...request, signal: caller.signal })).toMatchObject({
    reason: "serviceError",
  });
  expect(runtime.pools[0]?.invocations).toHaveLength(1);
  runtime.pools[0]?.answer();
  await world.settled();
  expect(world.events().at(-1)).toMatchObject({ type: "function.returned" });
});

test("a dry run invokes nothing", async () => {
  const dryRun = { FunctionName: "orders", InvocationType: "DryRun" } as const;
  expect(await world.lambda.operations.Invoke(dryRun, world.call())).toEqual({ StatusCode: 204 });
  expect(runtime.pools[0]?.invocations).toEqual([]);
});

test("an event of a missing function fails at once, and one of a function that cannot run comes back later", async () => {
  world.clock.setMode("frozen");
  const event = { FunctionName: "nobody", InvocationType: "Event" } as const;
  await expect(world.lambda.operations.Invoke(event, world.call())).rejects.toMatchObject({
    code: "ResourceNotFoundException",
  });
  await world.lambda.operations.Invoke({ ...event, FunctionName: "orders" }, world.call());
  runtime.pools[0]?.answer({ kind: "failed", message: "no process" });
  await world.settled();
  expect(world.events().at(-1)).toMatchObject({
    type: "function.eventRetryScheduled",
    reason: "serviceError",
    delayMs: 1000,
    error: "no process",
  });
});

test("an event that finds its function busy comes back after one, two and four seconds", async () => {
  world.clock.setMode("frozen");
  const call = { FunctionName: "orders", ReservedConcurrentExecutions: 1 };
  await world.lambda.operations.PutFunctionConcurrency(call, world.call());
  const running = world.lambda.invokeFunction(request);
  await world.lambda.operations.Invoke({ FunctionName: "orders", InvocationType: "Event" }, world.call());
  for (const delayMs of [1000, 2000, 4000]) {
    // What the invoker answers is taken up in a later turn.
    await new Promise(setImmediate);
    expect(world.events().at(-1)).toMatchObject({ type: "function.eventRetryScheduled", reason: "throttled", delayMs });
    world.clock.moveTo(world.clock.now() + delayMs);
    expect(world.clock.fireDue()).toBe(true);
  }
  await new Promise(setImmediate);
  runtime.pools[0]?.answer();
  await running;
  world.clock.moveTo(world.clock.now() + 8000);
  expect(world.clock.fireDue()).toBe(true);
  runtime.pools[0]?.answer();
  await world.settled();
  expect(world.events().at(-1)).toMatchObject({ type: "function.returned" });
  expect(world.clock.hasWorkTimers).toBe(false);
});

test("a request of 7 MB is refused", async () => {
  const Payload = Buffer.from(JSON.stringify("x".repeat(7_000_000)));
  await expect(world.lambda.operations.Invoke({ FunctionName: "orders", Payload }, world.call())).rejects.toMatchObject(
    {
      code: "RequestTooLargeException",
      message: "Request must be smaller than 6291456 bytes for the InvokeFunction operation",
    },
  );
});
