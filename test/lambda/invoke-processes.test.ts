import { existsSync, watch, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { lambdaWorld, textOf } from "./lambda-world.ts";
import type { LambdaWorld } from "./lambda-world.ts";
import { hostTime } from "../../packages/emulator/src/core/host-time.ts";
import { randomIds } from "../../packages/emulator/src/core/ids.ts";
import { WorldClock } from "../../packages/emulator/src/core/world-clock.ts";
import { createProcessRuntime } from "../../packages/emulator/src/services/lambda/invoke/process-runtime.ts";
import { zipOf } from "./zips.ts";

let world: LambdaWorld;

beforeAll(async () => {
  world = await lambdaWorld();
});

afterAll(() => world[Symbol.asyncDispose]());

const invoke = (name: string, payload: unknown = {}, change: object = {}) =>
  world.lambda.operations.Invoke(
    { FunctionName: name, Payload: Buffer.from(JSON.stringify(payload)), ...change },
    world.call(),
  );

describe("a function that answers", () => {
  const source = `
    exports.handler = async (event, context) => {
      console.log("got", JSON.stringify(event));
      const { AWS_ENDPOINT_URL, AWS_ACCESS_KEY_ID, AWS_REGION, TABLE } = process.env;
      return { event, id: context.awsRequestId, arn: context.invokedFunctionArn,
               client: context.clientContext, env: { AWS_ENDPOINT_URL, AWS_ACCESS_KEY_ID, AWS_REGION, TABLE } };
    };`;

  test("gets its event, its environment and the way home", async () => {
    const { FunctionArn } = await world.create("echo", source, { Environment: { Variables: { TABLE: "t" } } });
    const call = world.call();
    const answer = await world.lambda.operations.Invoke(
      {
        FunctionName: "echo:$LATEST",
        Payload: Buffer.from('{"a":"ä"}'),
        ClientContext: Buffer.from('{"custom":1}').toString("base64"),
      },
      call,
    );
    expect(answer).toMatchObject({ StatusCode: 200, ExecutedVersion: "$LATEST" });
    expect(answer.FunctionError).toBeUndefined();
    expect(answer.LogResult).toBeUndefined();
    expect(JSON.parse(textOf(answer.Payload))).toEqual({
      event: { a: "ä" },
      id: call.requestId,
      arn: `${FunctionArn}:$LATEST`,
      client: { custom: 1 },
      env: {
        AWS_ENDPOINT_URL: "http://127.0.0.1:4566",
        AWS_ACCESS_KEY_ID: "LEMUFUNCTION",
        AWS_REGION: "eu-west-1",
        TABLE: "t",
      },
    });
  });

  test("gets an empty object where the body is empty, and its log's tail goes with the answer", async () => {
    const call = world.call();
    const answer = await world.lambda.operations.Invoke({ FunctionName: "echo", LogType: "Tail" }, call);
    expect(JSON.parse(textOf(answer.Payload))).toMatchObject({ event: {} });
    const tail = Buffer.from(answer.LogResult ?? "", "base64").toString();
    expect(tail).toContain(`START RequestId: ${call.requestId} Version: $LATEST\n`);
    expect(tail).toContain("INFO\tgot {}");
    expect(tail).toContain(`END RequestId: ${call.requestId}\n`);
    expect(tail).toMatch(new RegExp(String.raw`REPORT RequestId: ${call.requestId}\tDuration: [\d.]+ ms\t`));
    expect(await world.logLines("/aws/lambda/echo")).toEqual(expect.arrayContaining(tail.match(/[^\n]*\n/g) ?? [""]));
  });

  test("is on the timeline", () => {
    const types = world.events().map(({ type }) => type);
    expect(types.slice(0, 5)).toEqual([
      "function.created",
      "function.invoked",
      "function.environmentStarted",
      "function.environmentReady",
      "function.returned",
    ]);
  });
});

describe("a function with JSON log lines", () => {
  test("has them, and the platform's events as well", async () => {
    const code = `exports.handler = async () => { console.log("seen"); console.debug("not seen"); };`;
    await world.create("json-lines", code, { LoggingConfig: { LogFormat: "JSON" } });
    await invoke("json-lines");
    const lines = (await world.logLines("/aws/lambda/json-lines")).map((line): object => JSON.parse(line));
    expect(lines).toMatchObject([
      { type: "platform.initStart" },
      { type: "platform.start" },
      { level: "INFO", message: "seen" },
      { type: "platform.report", record: { status: "success" } },
    ]);
  });
});

describe("a function that fails", () => {
  test.each([
    [
      "throws",
      `exports.handler = async () => { throw new TypeError("no") };`,
      { errorType: "TypeError", errorMessage: "no" },
    ],
    [
      "exits",
      `exports.handler = async () => process.exit(3);`,
      { errorType: "Runtime.ExitError", errorMessage: expect.stringContaining("exit status 3") },
    ],
    [
      "takes-long",
      `exports.handler = () => new Promise(() => setInterval(() => {}, 1e6));`,
      { errorType: "Sandbox.Timedout", errorMessage: expect.stringContaining("Task timed out after 1.00 seconds") },
    ],
    ["throws-at-load", `throw new Error("at load");`, { errorType: "Error", errorMessage: "at load" }],
    [
      "lacks-its-handler",
      `exports.other = 1;`,
      { errorType: "Runtime.HandlerNotFound", errorMessage: "index.handler is undefined or not exported" },
    ],
    [
      "answers-too-much",
      `exports.handler = async () => "x".repeat(6291557);`,
      {
        errorType: "Function.ResponseSizeTooLarge",
        errorMessage: "Response payload size exceeded maximum allowed payload size (6291556 bytes).",
      },
    ],
  ])("%s", async (name, source, error) => {
    await world.create(name, source, { Timeout: 1 });
    const answer = await invoke(name);
    expect(answer).toMatchObject({ StatusCode: 200, FunctionError: "Unhandled", ExecutedVersion: "$LATEST" });
    expect(JSON.parse(textOf(answer.Payload))).toMatchObject(error);
  });

  test.each([
    ["throws", "unhandled"],
    ["exits", "exit"],
    ["takes-long", "timeout"],
    ["lacks-its-handler", "init"],
    ["answers-too-much", "responseTooLarge"],
  ])("%s is told apart as %s", async (functionName, error) => {
    const request = { region: "eu-west-1", functionName, payload: Buffer.from("{}"), source: "test" };
    expect(await world.lambda.invokeFunction(request)).toMatchObject({ kind: "functionError", error });
  });

  test("to initialize is on the timeline, with what it wrote until then", () => {
    const failed = world.events().filter(({ type }) => type === "function.environmentInitFailed");
    expect(failed).toContainEqual(
      expect.objectContaining({
        functionName: "throws-at-load",
        error: "Runtime.Unknown",
        output: expect.arrayContaining([expect.stringMatching(/^\[lambda [0-9a-f-]{36}\] .*at load/)]),
      }),
    );
  });

  test("drops its event when nobody waits", async () => {
    const once = { FunctionName: "throws", MaximumRetryAttempts: 0 };
    await world.lambda.operations.PutFunctionEventInvokeConfig(once, world.call());
    const call = world.call();
    const answer = await world.lambda.operations.Invoke({ FunctionName: "throws", InvocationType: "Event" }, call);
    expect(answer).toEqual({ StatusCode: 202 });
    await world.settled();
    // Other functions' environments may still be ending.
    const dropped = world.events().filter(({ type }) => type === "function.eventDropped");
    expect(dropped).toEqual([
      expect.objectContaining({ functionName: "throws", requestId: call.requestId, error: "TypeError: no" }),
    ]);
  });
});

/** A handler that says by a file that it runs, and answers once another file is there. */
const waiting = (answer: string) => `
  const { existsSync, writeFileSync } = require("node:fs");
  exports.handler = async ({ started, gate }) => {
    if (started) writeFileSync(started, "");
    while (gate && !existsSync(gate)) await new Promise((resolve) => setTimeout(resolve, 5));
    return ${JSON.stringify(answer)};
  };`;

/** Invokes, and resolves once the function runs. */
async function begin(name: string) {
  const started = join(world.workDirectory, `${name}-started`);
  const gate = join(world.workDirectory, `${name}-gate`);
  const seen = new Promise<void>((resolve) => {
    const watcher = watch(world.workDirectory, (_, file) => {
      if (file !== `${name}-started`) return;
      watcher.close();
      resolve();
    });
  });
  const answer = invoke(name, { started, gate });
  await seen;
  return { answer, open: () => writeFileSync(gate, "") };
}

describe("a function that changes while it runs", () => {
  test("answers from the old code, and the next invocation from the new", async () => {
    await world.create("swapped", waiting("old"));
    const running = await begin("swapped");
    const update = await world.lambda.operations.UpdateFunctionCode(
      { FunctionName: "swapped", ZipFile: zipOf({ "index.js": waiting("new") }) },
      world.call(),
    );
    expect(update).toMatchObject({ State: "Active", LastUpdateStatus: "InProgress" });
    const configuration = await world.lambda.operations.GetFunctionConfiguration(
      { FunctionName: "swapped" },
      world.call(),
    );
    expect(configuration.LastUpdateStatus).toBe("InProgress");
    await new Promise(setImmediate);
    expect(textOf((await invoke("swapped")).Payload)).toBe('"new"');
    running.open();
    expect(textOf((await running.answer).Payload)).toBe('"old"');
  });

  test("answers though it was deleted meanwhile", async () => {
    await world.create("deleted", waiting("still here"));
    const running = await begin("deleted");
    const deletion = world.lambda.operations.DeleteFunction({ FunctionName: "deleted" }, world.call());
    expect(await deletion).toEqual({ StatusCode: 204 });
    await expect(invoke("deleted")).rejects.toThrow(
      "Function not found: arn:aws:lambda:eu-west-1:000000000000:function:deleted:$LATEST",
    );
    running.open();
    expect(textOf((await running.answer).Payload)).toBe('"still here"');
  });
});

test("closing ends what runs, and it counts as not invoked", async () => {
  await using other = await lambdaWorld();
  await other.create("endless", `exports.handler = () => new Promise(() => setInterval(() => {}, 1e6));`, {
    Timeout: 900,
  });
  const running = other.lambda.invokeFunction({
    region: "eu-west-1",
    functionName: "endless",
    payload: Buffer.from("{}"),
    source: "test",
  });
  await other.lambda.close();
  expect(existsSync(join(other.workDirectory, "code"))).toBe(false);
  expect(await running).toMatchObject({ kind: "notInvoked", reason: "serviceError" });
});

test("a function whose environment cannot be made was not invoked, and the timeline says why", async () => {
  const noDirectory = createProcessRuntime({
    clock: new WorldClock(hostTime, () => {}),
    host: hostTime,
    ids: randomIds(),
    workDirectory: join(import.meta.filename, "work"),
  });
  await using other = await lambdaWorld({ runtime: noDirectory });
  await other.create("homeless", "exports.handler = async () => 1;");
  const answer = other.lambda.operations.Invoke({ FunctionName: "homeless" }, other.call());
  const reason = /^No environment could be made for function homeless: ENOTDIR: not a directory, mkdir/;
  await expect(answer).rejects.toMatchObject({
    code: "ServiceException",
    message: expect.stringMatching(reason),
  });
  expect(other.events()).toContainEqual(
    expect.objectContaining({ type: "function.returned", error: expect.stringMatching(reason) }),
  );
});
