import { existsSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { lambdaWorld, textOf } from "./lambda-world.ts";
import type { LambdaWorld } from "./lambda-world.ts";
import { scriptedRuntime } from "./scripted-runtime.ts";
import type { ScriptedRuntime } from "./scripted-runtime.ts";
import { zipOf } from "./zips.ts";

const arn = "arn:aws:lambda:eu-west-1:000000000000:function:orders";
const zip = zipOf({ "index.js": "exports.handler = 1" });

let runtime: ScriptedRuntime;
let world: LambdaWorld;

beforeEach(async () => {
  runtime = scriptedRuntime();
  world = await lambdaWorld({ runtime });
});

afterEach(() => world[Symbol.asyncDispose]());

const get = () => world.lambda.operations.GetFunctionConfiguration({ FunctionName: "orders" }, world.call());

describe("a new function", () => {
  test("is Pending in the answer, has AWS's defaults, and is Active then", async () => {
    const created = await world.create("orders", zip);
    expect(created).toEqual({
      Architectures: ["x86_64"],
      CodeSha256: expect.stringMatching(/^[\w+/]{43}=$/),
      CodeSize: zip.byteLength,
      DeadLetterConfig: undefined,
      Description: "",
      Environment: undefined,
      EphemeralStorage: { Size: 512 },
      FunctionArn: arn,
      FunctionName: "orders",
      Handler: "index.handler",
      KMSKeyArn: undefined,
      LastModified: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+0000$/),
      LoggingConfig: { LogFormat: "Text", LogGroup: "/aws/lambda/orders" },
      MemorySize: 128,
      PackageType: "Zip",
      RevisionId: expect.stringMatching(/^[\da-f-]{36}$/),
      Role: "arn:aws:iam::000000000000:role/lambda",
      Runtime: "nodejs24.x",
      RuntimeVersionConfig: {
        RuntimeVersionArn: expect.stringMatching(/^arn:aws:lambda:eu-west-1::runtime:[\da-f]{64}$/),
      },
      SnapStart: { ApplyOn: "None", OptimizationStatus: "Off" },
      State: "Pending",
      StateReason: "The function is being created.",
      StateReasonCode: "Creating",
      Timeout: 3,
      TracingConfig: { Mode: "PassThrough" },
      Version: "$LATEST",
      VpcConfig: undefined,
    });
    const active = await get();
    expect(active).toMatchObject({ State: "Active", LastUpdateStatus: "Successful", FunctionArn: arn });
    expect(active.StateReason).toBeUndefined();
    expect(active.RevisionId).not.toBe(created.RevisionId);
    const { Configuration, Code } = await world.lambda.operations.GetFunction(
      { FunctionName: arn, Qualifier: "$LATEST" },
      world.call(),
    );
    expect(Configuration).toEqual({ ...active, FunctionArn: `${arn}:$LATEST` });
    expect(Code).toEqual({ RepositoryType: "S3", Location: expect.stringContaining("/code/") });
  });

  test("cannot have the name of another, however both came", async () => {
    const message = "Function already exist: orders";
    const attempts = await Promise.allSettled([world.create("orders", zip), world.create("orders", zip)]);
    expect(attempts.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
    await expect(world.create(arn, zip)).rejects.toMatchObject({ code: "ResourceConflictException", message });
    expect(runtime.pools).toHaveLength(1);
  });

  test.each([
    [
      "no zip",
      { Code: { ZipFile: Buffer.from("no zip") } },
      "Could not unzip uploaded file. Please check your file, then try to upload again.",
    ],
    ["an empty upload", { Code: { ZipFile: Buffer.alloc(0) } }, "Uploaded file must be a non-empty zip"],
    ["a zip without files", { Code: { ZipFile: zipOf({}) } }, "Uploaded file must be a non-empty zip"],
    ["no code", { Code: {} }, "Please provide a source for function code."],
    [
      "two codes",
      { Code: { ZipFile: zip, S3Bucket: "b" } },
      "Please do not provide other FunctionCode parameters when providing a ZipFile.",
    ],
    [
      "a missing object",
      { Code: { S3Bucket: "b", S3Key: "k" } },
      "Error occurred while GetObject. S3 Error Code: NoSuchKey. S3 Error Message: The specified key does not exist.",
    ],
    [
      "no handler",
      { Handler: undefined },
      "Runtime and Handler are mandatory parameters for functions created with deployment packages.",
    ],
    [
      "a long name",
      { FunctionName: "x".repeat(65) },
      `1 validation error detected: Value '${"x".repeat(65)}' at 'functionName' failed to satisfy constraint: Member must have length less than or equal to 64`,
    ],
    [
      "an image and a handler",
      { PackageType: "Image" },
      "Please don't provide Handler or Runtime or Layer when the intended function PackageType is Image.",
    ],
    [
      "an image, where nothing runs it",
      { PackageType: "Image", Runtime: undefined, Handler: undefined, Code: { ImageUri: "orders:1" } },
      "LocalEmu runs container images by a Docker engine, which it uses with the option docker (LOCALEMU_DOCKER=1); this one was started without.",
    ],
    [
      "a zip and what is for images",
      { ImageConfig: {} },
      "Please don't provide ImageConfig when the packageType is Zip.",
    ],
    [
      "a place to publish to",
      { PublishTo: "LATEST_PUBLISHED" },
      "LocalEmu does not offer capacity providers, whose $LATEST.PUBLISHED this is for (PublishTo).",
    ],
  ] as const)("is refused with %s", async (_, change, message) => {
    await expect(world.create("orders", zip, change)).rejects.toMatchObject({
      code: "InvalidParameterValueException",
      message,
    });
    expect(() => get()).toThrow(`Function not found: ${arn}`);
  });

  test("of more than 50 MB is refused with a status that the model does not have", async () => {
    await expect(world.create("orders", new Uint8Array(52_428_801))).rejects.toMatchObject({
      code: "RequestEntityTooLargeException",
      statusCode: 413,
      message: "Zipped size must be smaller than 52428800 bytes",
    });
  });

  test("may come from a bucket", async () => {
    world.objects.set("b/k/v1", { kind: "found", body: zip });
    const source = { S3Bucket: "b", S3Key: "k", S3ObjectVersion: "v1" };
    expect(await world.create("orders", zip, { Code: source })).toMatchObject({ CodeSize: zip.byteLength });
  });
});

describe("a change", () => {
  test("of settings keeps what it does not name and is in force at Successful", async () => {
    await world.create("orders", zip, { Timeout: 9, Environment: { Variables: { A: "1" } } });
    const change = { FunctionName: "orders", MemorySize: 256, KMSKeyArn: "" };
    const answer = await world.lambda.operations.UpdateFunctionConfiguration(
      change,
      world.call({ origin: "http://localhost:1/_world/a" }),
    );
    expect(answer).toMatchObject({
      Timeout: 9,
      MemorySize: 256,
      Environment: { Variables: { A: "1" } },
      State: "Active",
      LastUpdateStatus: "InProgress",
      LastUpdateStatusReason: "The function is being created.",
    });
    await expect(world.lambda.operations.UpdateFunctionConfiguration(change, world.call())).rejects.toThrow(
      `The operation cannot be performed at this time. An update is in progress for resource: ${arn}`,
    );
    await world.settled();
    const after = await get();
    expect(after).toMatchObject({ LastUpdateStatus: "Successful", MemorySize: 256 });
    expect(after.RevisionId).not.toBe(answer.RevisionId);
    expect(runtime.pools.map(({ closed }) => closed)).toEqual([true, false]);
    const spec = runtime.pools[1]?.spec;
    expect(spec).toMatchObject({ memorySizeMb: 256, timeoutMs: 9000, environment: { A: "1" } });
    expect(spec?.defaultEnvironment).toEqual({ AWS_ENDPOINT_URL: "http://localhost:1/_world/a" });
    expect(existsSync(spec?.taskRoot ?? "")).toBe(true);
  });

  test("of code takes the old code away once nothing runs on it", async () => {
    await world.create("orders", zip);
    const [old] = runtime.pools;
    const running = world.lambda.operations.Invoke({ FunctionName: "orders" }, world.call());
    const next = zipOf({ "index.js": "exports.handler = 2" });
    const answer = await world.lambda.operations.UpdateFunctionCode(
      { FunctionName: "orders", ZipFile: next },
      world.call(),
    );
    expect(answer.CodeSize).toBe(next.byteLength);
    await new Promise(setImmediate);
    expect(old?.closed).toBe(false);
    expect(existsSync(old?.spec.taskRoot ?? "")).toBe(true);
    old?.answer();
    expect(textOf((await running).Payload)).toBe("1");
    await world.lambda.close();
    expect(old?.closed).toBe(true);
  });

  test("that is only tried changes nothing", async () => {
    await world.create("orders", zip);
    const before = await get();
    const next = zipOf({ "index.js": "exports.handler = 2" });
    const answer = await world.lambda.operations.UpdateFunctionCode(
      { FunctionName: "orders", ZipFile: next, DryRun: true },
      world.call(),
    );
    expect(answer.CodeSha256).not.toBe(before.CodeSha256);
    expect(await get()).toEqual(before);
  });

  test("of another revision is refused", async () => {
    await world.create("orders", zip);
    const error = {
      code: "PreconditionFailedException",
      message:
        "The Revision Id provided does not match the latest Revision Id. Call the GetFunction/GetAlias API to retrieve the latest Revision Id",
    };
    const RevisionId = "00000000-0000-4000-8000-000000000000";
    await expect(
      world.lambda.operations.UpdateFunctionCode({ FunctionName: "orders", ZipFile: zip, RevisionId }, world.call()),
    ).rejects.toMatchObject(error);
  });
});

test("deleting forgets the function, and $LATEST alone cannot be deleted", async () => {
  await world.create("orders", zip);
  const { DeleteFunction } = world.lambda.operations;
  expect(() => DeleteFunction({ FunctionName: "orders", Qualifier: "$LATEST" }, world.call())).toThrow(
    "$LATEST version cannot be deleted without deleting the function.",
  );
  expect(await DeleteFunction({ FunctionName: "orders" }, world.call())).toEqual({ StatusCode: 204 });
  expect(() => get()).toThrow(`Function not found: ${arn}`);
  expect(world.events().map(({ type }) => type)).toEqual(["function.created", "function.deleted"]);
});

test("lists are in order, in pages, of one region, and without states", async () => {
  for (const name of ["c", "a", "b"]) await world.create(name, zip);
  const list = (input: object) => world.lambda.operations.ListFunctions(input, world.call());
  const first = await list({ MaxItems: 2, FunctionVersion: "ALL" });
  expect(first.Functions?.map(({ FunctionArn }) => FunctionArn)).toEqual([
    "arn:aws:lambda:eu-west-1:000000000000:function:a:$LATEST",
    "arn:aws:lambda:eu-west-1:000000000000:function:b:$LATEST",
  ]);
  expect(first.Functions?.[0]).not.toHaveProperty("State");
  const second = await list({ Marker: first.NextMarker });
  expect(second.Functions?.map(({ FunctionName }) => FunctionName)).toEqual(["c"]);
  expect(second.NextMarker).toBeUndefined();
  const elsewhere = await world.lambda.operations.ListFunctions({}, world.call({ region: "us-east-1" }));
  expect(elsewhere.Functions).toEqual([]);
  expect(await world.lambda.operations.GetAccountSettings({}, world.call())).toMatchObject({
    AccountUsage: { FunctionCount: 3, TotalCodeSize: 3 * zip.byteLength },
  });
});
