import { createHash } from "node:crypto";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { lambdaWorld } from "./lambda-world.ts";
import type { LambdaWorld } from "./lambda-world.ts";
import { scriptedRuntime } from "./scripted-runtime.ts";
import type { ScriptedRuntime } from "./scripted-runtime.ts";
import { zipOf } from "./zips.ts";

const arn = "arn:aws:lambda:eu-west-1:000000000000:function:orders";
const request = { region: "eu-west-1", functionName: "orders", payload: Buffer.from("{}"), source: "test" };
const zip = (text: string) => zipOf({ "index.js": text });

let runtime: ScriptedRuntime;
let world: LambdaWorld;
let fraction = 0;
let letRead: () => void;

beforeEach(async () => {
  runtime = scriptedRuntime();
  const read = new Promise<void>((resolve) => (letRead = resolve));
  world = await lambdaWorld({ runtime, ids: { fraction: () => fraction }, beforeRead: () => read });
  await world.create("orders", zip("1"), { Publish: true, Timeout: 7 });
});

afterEach(() => world[Symbol.asyncDispose]());

const operations = () => world.lambda.operations;
const update = (ZipFile: Uint8Array, change: object = {}) =>
  operations().UpdateFunctionCode({ FunctionName: "orders", ZipFile, ...change }, world.call());
const pools = () =>
  runtime.pools.map(({ spec: { version, timeoutMs, taskRoot }, closed }) => ({ version, timeoutMs, taskRoot, closed }));

test("each version has environments of its own; those of one code share its directory", async () => {
  const [latest, first] = pools();
  expect(latest).toMatchObject({ version: "$LATEST", timeoutMs: 7000 });
  expect(first).toMatchObject({ version: "1", timeoutMs: 7000, taskRoot: latest?.taskRoot });
  await operations().UpdateFunctionConfiguration({ FunctionName: "orders", Timeout: 8 }, world.call());
  await world.settled();
  await operations().PublishVersion({ FunctionName: "orders" }, world.call());
  expect(pools()).toMatchObject([
    { version: "$LATEST", timeoutMs: 7000, closed: true },
    { version: "1", timeoutMs: 7000, closed: false },
    { version: "$LATEST", timeoutMs: 8000, closed: false },
    { version: "2", timeoutMs: 8000, closed: false },
  ]);
  expect(new Set(pools().map(({ taskRoot }) => taskRoot)).size).toBe(1);
  expect(await readdir(join(world.workDirectory, "code"))).toHaveLength(2);
});

test("old code stays as long as a version has it", async () => {
  const { CodeSha256 = "" } = await operations().GetFunctionConfiguration({ FunctionName: "orders" }, world.call());
  await update(zip("2"));
  await world.settled();
  expect(pools().map(({ closed }) => closed)).toEqual([true, false, false]);
  expect(await world.lambda.readCode(CodeSha256)).toEqual(Buffer.from(zip("1")));
  await operations().DeleteFunction({ FunctionName: "orders", Qualifier: "1" }, world.call());
  await new Promise(setImmediate);
  expect(pools().map(({ closed }) => closed)).toEqual([true, true, false]);
  expect(await world.lambda.readCode(CodeSha256)).toBeUndefined();
});

test("the environments of all versions end with the function, each when what it runs has ended", async () => {
  const running = world.lambda.invokeFunction({ ...request, qualifier: "1" });
  await operations().DeleteFunction({ FunctionName: "orders" }, world.call());
  await new Promise(setImmediate);
  expect(pools().map(({ closed }) => closed)).toEqual([true, false]);
  runtime.pools[1]?.answer();
  expect(await running).toMatchObject({ kind: "success", executedVersion: "1" });
  await new Promise(setImmediate);
  expect(pools().map(({ closed }) => closed)).toEqual([true, true]);
});

test("a version that is published with its code can be invoked at once, $LATEST runs the code before until it is in force", async () => {
  expect(await update(zip("2"), { Publish: true })).toMatchObject({ Version: "2", State: "Pending" });
  expect(pools().map(({ version }) => version)).toEqual(["$LATEST", "1", "2"]);
  await world.settled();
  expect(pools().map(({ version, closed }) => [version, closed])).toEqual([
    ["$LATEST", true],
    ["1", false],
    ["2", false],
    ["$LATEST", false],
  ]);
});

test("nothing is published from a function that is being changed", async () => {
  await update(zip("2"));
  expect(() => operations().PublishVersion({ FunctionName: "orders" }, world.call())).toThrow(
    `The operation cannot be performed at this time. An update is in progress for resource: ${arn}`,
  );
});

test("an alias gives its additional version the part of invocations that chance says", async () => {
  await update(zip("2"), { Publish: true });
  await world.settled();
  const RoutingConfig = { AdditionalVersionWeights: { 2: 0.25 } };
  const alias = { FunctionName: "orders", Name: "live", FunctionVersion: "1", RoutingConfig };
  await operations().CreateAlias(alias, world.call());
  const executed: unknown[] = [];
  for (fraction of [0, 0.2499, 0.25, 0.9999]) {
    const answer = world.lambda.invokeFunction({ ...request, functionName: `${arn}:live` });
    for (const pool of runtime.pools) pool.answer();
    const result = await answer;
    executed.push(result.kind === "success" ? result.executedVersion : result);
  }
  expect(executed).toEqual(["2", "2", "1", "1"]);
  const arns = runtime.pools.flatMap(({ invocations }) =>
    invocations.map(({ invokedFunctionArn }) => invokedFunctionArn),
  );
  expect(new Set(arns)).toEqual(new Set([`${arn}:live`]));
});

describe("while an update reads its code", () => {
  const source = { ZipFile: undefined, S3Bucket: "b", S3Key: "k" };
  const remove = () => operations().DeleteFunction({ FunctionName: "orders" }, world.call());

  beforeEach(() => world.objects.set("b/k", { kind: "found", body: zip("late") }));

  test("a function that is made anew is the one that is updated", async () => {
    const updating = update(zip(""), source);
    await remove();
    await world.create("orders", zip("new"), { Handler: "index.other" });
    letRead();
    const updated = await updating;
    await world.settled();
    const now = await operations().GetFunctionConfiguration({ FunctionName: "orders" }, world.call());
    expect(now).toMatchObject({
      CodeSha256: updated.CodeSha256,
      Handler: "index.other",
      LastUpdateStatus: "Successful",
    });
    expect(runtime.pools.at(-1)).toMatchObject({ spec: { handler: "index.other" }, closed: false });
  });

  test("a function that is made anew is not the one whose revision was asked for", async () => {
    const { RevisionId } = await operations().GetFunctionConfiguration({ FunctionName: "orders" }, world.call());
    const updating = update(zip(""), { ...source, RevisionId });
    await remove();
    await world.create("orders", zip("new"));
    letRead();
    await expect(updating).rejects.toMatchObject({ code: "PreconditionFailedException" });
  });

  test("a function that is deleted is gone, and the code with it", async () => {
    const updating = update(zip(""), source);
    await remove();
    letRead();
    await expect(updating).rejects.toThrow(`Function not found: ${arn}`);
    const sha256 = createHash("sha256").update(zip("late")).digest("base64");
    expect(await world.lambda.readCode(sha256)).toBeUndefined();
  });
});
