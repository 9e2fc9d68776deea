import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { DocumentStore } from "../../packages/emulator/src/storage/document-store.ts";
import { memoryDocuments } from "../../packages/emulator/src/storage/memory-documents.ts";
import { DataError } from "../../packages/emulator/src/core/data-error.ts";
import type { CallContext } from "../../packages/emulator/src/protocols/operations.ts";
import { lambdaWorld, textOf } from "./lambda-world.ts";
import type { LambdaWorld } from "./lambda-world.ts";
import { zipOf } from "./zips.ts";

const FunctionName = "orders";
const role = "arn:aws:iam::000000000000:role/lambda";
const answering = (answer: string) => `exports.handler = async () => ${JSON.stringify(answer)};`;
const zip = (answer: string) => zipOf({ "index.js": answering(answer) });
const layer = {
  LayerName: "texts",
  Content: { ZipFile: zipOf({ "nodejs/node_modules/texts.js": answering("a layer") }) },
};
const layerArn = "arn:aws:lambda:eu-west-1:000000000000:layer:texts:1";

type Change = (lambda: LambdaWorld["lambda"]["operations"], call: CallContext) => unknown;

/** Every operation that changes something, in an order in which each can. */
const changes: readonly (readonly [name: string, change: Change])[] = [
  ["PublishLayerVersion", (lambda, call) => lambda.PublishLayerVersion(layer, call)],
  ["PublishLayerVersion", (lambda, call) => lambda.PublishLayerVersion(layer, call)],
  [
    "AddLayerVersionPermission",
    (lambda, call) =>
      lambda.AddLayerVersionPermission(
        {
          LayerName: "texts",
          VersionNumber: 1,
          StatementId: "all",
          Action: "lambda:GetLayerVersion",
          Principal: "*",
          OrganizationId: "o-0123456789",
        },
        call,
      ),
  ],
  [
    "RemoveLayerVersionPermission",
    (lambda, call) =>
      lambda.RemoveLayerVersionPermission({ LayerName: "texts", VersionNumber: 1, StatementId: "all" }, call),
  ],
  ["DeleteLayerVersion", (lambda, call) => lambda.DeleteLayerVersion({ LayerName: "texts", VersionNumber: 2 }, call)],
  [
    "CreateFunction",
    (lambda, call) =>
      lambda.CreateFunction(
        {
          FunctionName,
          Runtime: "nodejs24.x",
          Handler: "index.handler",
          Role: role,
          Code: { ZipFile: zip("created") },
          Layers: [layerArn],
          Environment: { Variables: { STAGE: "test" } },
          VpcConfig: { SubnetIds: ["subnet-1"], SecurityGroupIds: ["sg-1"] },
          DeadLetterConfig: { TargetArn: "arn:aws:sqs:us-east-1:000000000000:dlq" },
          Tags: { team: "a" },
          Publish: true,
        },
        call,
      ),
  ],
  ["UpdateFunctionCode", (lambda, call) => lambda.UpdateFunctionCode({ FunctionName, ZipFile: zip("updated") }, call)],
  [
    "UpdateFunctionConfiguration",
    (lambda, call) => lambda.UpdateFunctionConfiguration({ FunctionName, Timeout: 7, Description: "orders" }, call),
  ],
  ["PublishVersion", (lambda, call) => lambda.PublishVersion({ FunctionName, Description: "second" }, call)],
  ["CreateAlias", (lambda, call) => lambda.CreateAlias({ FunctionName, Name: "live", FunctionVersion: "1" }, call)],
  [
    "UpdateAlias",
    (lambda, call) =>
      lambda.UpdateAlias(
        { FunctionName, Name: "live", RoutingConfig: { AdditionalVersionWeights: { "2": 0.5 } } },
        call,
      ),
  ],
  [
    "AddPermission",
    (lambda, call) =>
      lambda.AddPermission(
        {
          FunctionName,
          Qualifier: "live",
          StatementId: "s3",
          Action: "lambda:InvokeFunction",
          Principal: "s3.amazonaws.com",
          SourceAccount: "000000000000",
        },
        call,
      ),
  ],
  [
    "AddPermission",
    (lambda, call) =>
      lambda.AddPermission(
        { FunctionName, StatementId: "sns", Action: "lambda:InvokeFunction", Principal: "sns.amazonaws.com" },
        call,
      ),
  ],
  ["RemovePermission", (lambda, call) => lambda.RemovePermission({ FunctionName, StatementId: "sns" }, call)],
  [
    "PutFunctionConcurrency",
    (lambda, call) => lambda.PutFunctionConcurrency({ FunctionName, ReservedConcurrentExecutions: 5 }, call),
  ],
  [
    "PutProvisionedConcurrencyConfig",
    (lambda, call) =>
      lambda.PutProvisionedConcurrencyConfig(
        { FunctionName, Qualifier: "2", ProvisionedConcurrentExecutions: 2 },
        call,
      ),
  ],
  [
    "PutFunctionRecursionConfig",
    (lambda, call) => lambda.PutFunctionRecursionConfig({ FunctionName, RecursiveLoop: "Allow" }, call),
  ],
  [
    "PutRuntimeManagementConfig",
    (lambda, call) => lambda.PutRuntimeManagementConfig({ FunctionName, UpdateRuntimeOn: "FunctionUpdate" }, call),
  ],
  [
    "PutFunctionEventInvokeConfig",
    (lambda, call) => lambda.PutFunctionEventInvokeConfig({ FunctionName, MaximumRetryAttempts: 1 }, call),
  ],
  [
    "UpdateFunctionEventInvokeConfig",
    (lambda, call) =>
      lambda.UpdateFunctionEventInvokeConfig(
        {
          FunctionName,
          DestinationConfig: { OnFailure: { Destination: "arn:aws:sqs:us-east-1:000000000000:dlq" } },
        },
        call,
      ),
  ],
  [
    "CreateFunctionUrlConfig",
    (lambda, call) => lambda.CreateFunctionUrlConfig({ FunctionName, AuthType: "NONE" }, call),
  ],
  [
    "CreateFunctionUrlConfig",
    (lambda, call) => lambda.CreateFunctionUrlConfig({ FunctionName, Qualifier: "live", AuthType: "NONE" }, call),
  ],
  [
    "UpdateFunctionUrlConfig",
    (lambda, call) =>
      lambda.UpdateFunctionUrlConfig(
        { FunctionName, Cors: { AllowOrigins: ["*"], MaxAge: 5 }, InvokeMode: "RESPONSE_STREAM" },
        call,
      ),
  ],
];

/** Every operation that takes something away. */
const removals: typeof changes = [
  [
    "DeleteFunctionUrlConfig",
    (lambda, call) => lambda.DeleteFunctionUrlConfig({ FunctionName, Qualifier: "live" }, call),
  ],
  ["DeleteFunctionEventInvokeConfig", (lambda, call) => lambda.DeleteFunctionEventInvokeConfig({ FunctionName }, call)],
  [
    "DeleteProvisionedConcurrencyConfig",
    (lambda, call) => lambda.DeleteProvisionedConcurrencyConfig({ FunctionName, Qualifier: "2" }, call),
  ],
  ["DeleteFunctionConcurrency", (lambda, call) => lambda.DeleteFunctionConcurrency({ FunctionName }, call)],
  ["DeleteAlias", (lambda, call) => lambda.DeleteAlias({ FunctionName, Name: "live" }, call)],
  ["DeleteFunction", (lambda, call) => lambda.DeleteFunction({ FunctionName, Qualifier: "1" }, call)],
  ["DeleteFunction", (lambda, call) => lambda.DeleteFunction({ FunctionName }, call)],
];

/** Everything that can be read of a world, but for where code is downloaded. */
async function allOf(world: LambdaWorld) {
  const lambda = world.lambda.operations;
  const call = world.call();
  const orError = async (read: () => unknown) => {
    try {
      return await read();
    } catch (error) {
      return String(error);
    }
  };
  const functions = await lambda.ListFunctions({ FunctionVersion: "ALL" }, call);
  const qualifiers = [undefined, "live", ...(functions.Functions ?? []).map(({ Version }) => Version)];
  const ofQualifier = async (Qualifier: string | undefined) => {
    const of = { FunctionName, ...(Qualifier === undefined ? {} : { Qualifier }) };
    return Promise.all([
      orError(() => lambda.GetFunctionConfiguration(of, call)),
      orError(() => lambda.GetPolicy(of, call)),
      orError(() => lambda.GetFunctionUrlConfig(of, call)),
      orError(() => lambda.GetFunctionEventInvokeConfig(of, call)),
      orError(() => lambda.GetRuntimeManagementConfig(of, call)),
      orError(() => lambda.GetProvisionedConcurrencyConfig({ ...of, Qualifier: Qualifier ?? "" }, call)),
    ]);
  };
  return Promise.all([
    Promise.resolve(functions),
    orError(() => lambda.GetAccountSettings({}, call)),
    orError(() => lambda.ListLayers({}, call)),
    orError(() => lambda.ListLayerVersions({ LayerName: "texts" }, call)),
    orError(() => lambda.GetLayerVersion({ LayerName: "texts", VersionNumber: 1 }, call)),
    orError(() => lambda.GetLayerVersionPolicy({ LayerName: "texts", VersionNumber: 1 }, call)),
    orError(() => lambda.ListAliases({ FunctionName }, call)),
    orError(() => lambda.GetFunction({ FunctionName }, call)),
    orError(() => lambda.GetFunctionRecursionConfig({ FunctionName }, call)),
    Promise.all(qualifiers.map(ofQualifier)),
  ]);
}

test("whatever an operation changes is there in the next emulator as it was", async () => {
  const documents = memoryDocuments();
  await using world = await lambdaWorld({ documents });
  for (const [name, change] of [...changes, ...removals]) {
    await change(world.lambda.operations, world.call());
    await world.settled();
    await using next = await lambdaWorld({ documents });
    await next.settled();
    expect({ after: name, is: await allOf(next) }).toEqual({ after: name, is: await allOf(world) });
  }
});

test("no operation that changes something is left out here", async () => {
  await using world = await lambdaWorld();
  const changing = Object.keys(world.lambda.operations).filter((name) => !/^(Get|List|Invoke)/.test(name));
  expect([...new Set([...changes, ...removals].map(([name]) => name))].toSorted()).toEqual(changing.toSorted());
});

test("versions, layers and URLs run in the next emulator, also of code and layers that were deleted elsewhere", async () => {
  const documents = memoryDocuments();
  await using world = await lambdaWorld({ documents });
  const { operations } = world.lambda;
  const source = "exports.handler = async () => require('one')() + ' ' + require('two')();";
  const Layers = ["one", "two"].map((LayerName) => `arn:aws:lambda:eu-west-1:000000000000:layer:${LayerName}:1`);
  for (const LayerName of ["one", "two"]) {
    const ZipFile = zipOf({ [`nodejs/node_modules/${LayerName}.js`]: `module.exports = () => "${LayerName}";` });
    await operations.PublishLayerVersion({ LayerName, Content: { ZipFile } }, world.call());
  }
  await world.create(FunctionName, source, { Layers, Publish: true });
  await operations.UpdateFunctionCode({ FunctionName, ZipFile: zip("new") }, world.call());
  for (const LayerName of ["one", "two"])
    await operations.DeleteLayerVersion({ LayerName, VersionNumber: 1 }, world.call());
  await world.settled();

  await using next = await lambdaWorld({ documents });
  const answer = async (Qualifier: string) =>
    textOf((await next.lambda.operations.Invoke({ FunctionName, Qualifier }, next.call())).Payload);
  expect(await Promise.all([answer("1"), answer("$LATEST"), answer("1")])).toEqual(['"one two"', '"new"', '"one two"']);
});

test("a zip is kept once, for as long as anything has it", async () => {
  const documents = memoryDocuments();
  await using world = await lambdaWorld({ documents });
  await world.create("first", answering("the same"), { Publish: true });
  await world.create("second", answering("the same"));
  const [code, ...others] = documents.read("lambda.code");
  expect(others).toEqual([]);
  const zips = `lambda.code.${code?.key}`;
  expect(documents.read(zips)).toHaveLength(1);
  await world.lambda.operations.DeleteFunction({ FunctionName: "first" }, world.call());
  await world.settled();
  expect(documents.read(zips)).toHaveLength(1);
  await world.lambda.operations.DeleteFunction({ FunctionName: "second" }, world.call());
  await world.lambda.close();
  expect([...documents.read("lambda.code"), ...documents.read(zips)]).toEqual([]);
});

test("code whose function was not made before the kill is forgotten", async () => {
  const documents = memoryDocuments();
  documents.put("lambda.code", "a-hash", { size: 3 });
  documents.put("lambda.code.a-hash", "a-hash", null, Buffer.from("zip"));
  await using _ = await lambdaWorld({ documents });
  expect([...documents.read("lambda.code"), ...documents.read("lambda.code.a-hash")]).toEqual([]);
});

test("a directory whose changes are followed is followed by the next emulator", async () => {
  const directory = await mkdtemp(join(tmpdir(), "kept-directory-"));
  try {
    await writeFile(join(directory, "index.js"), answering("first"));
    const documents = memoryDocuments();
    await using world = await lambdaWorld({ documents });
    await world.create(FunctionName, "", { Code: { S3Bucket: "hot-reload", S3Key: directory } });
    await using next = await lambdaWorld({ documents });
    const answer = async () => textOf((await next.lambda.operations.Invoke({ FunctionName }, next.call())).Payload);
    expect(await answer()).toBe('"first"');
    await writeFile(join(directory, "index.js"), answering("the second"));
    expect(await answer()).toBe('"the second"');
  } finally {
    await rm(directory, { recursive: true });
  }
});

describe("provisioned environments of code that is still being unpacked", () => {
  const Qualifier = "1";
  const provisioned = async () => {
    const documents = memoryDocuments();
    await using world = await lambdaWorld({ documents });
    await world.create(FunctionName, answering("ready"), { Publish: true });
    await world.lambda.operations.PutProvisionedConcurrencyConfig(
      { FunctionName, Qualifier, ProvisionedConcurrentExecutions: 2 },
      world.call(),
    );
    await world.settled();
    return documents;
  };
  const started = (world: LambdaWorld) =>
    world.events().filter(({ type }) => type === "function.environmentStarted").length;

  test("are there in the next emulator, but not those that were taken away meanwhile", async () => {
    const documents = await provisioned();
    await using next = await lambdaWorld({ documents });
    await next.settled();
    expect(started(next)).toBe(2);
    await using last = await lambdaWorld({ documents });
    await last.lambda.operations.DeleteProvisionedConcurrencyConfig({ FunctionName, Qualifier }, last.call());
    await last.settled();
    expect(started(last)).toBe(0);
  });

  test("have failed where it cannot be", async () => {
    const documents = await provisioned();
    for (const { key } of documents.read("lambda.code")) {
      documents.put(`lambda.code.${key}`, key, null, Buffer.from("no zip"));
    }
    const next = await lambdaWorld({ documents });
    await next.settled();
    expect(
      await next.lambda.operations.GetProvisionedConcurrencyConfig({ FunctionName, Qualifier }, next.call()),
    ).toMatchObject({ Status: "FAILED" });
    await expect(next[Symbol.asyncDispose]()).rejects.toThrow("internal errors");
  });
});

test("when nothing can be kept any more, changes fail, and functions go on", async () => {
  const working = memoryDocuments();
  let works = true;
  const refuseOr = (write: () => void) => {
    if (!works) throw new DataError("the disk is full");
    write();
  };
  const documents: DocumentStore = {
    read: (collection) => working.read(collection),
    put: (...document) => refuseOr(() => working.put(...document)),
    delete: (...document) => refuseOr(() => working.delete(...document)),
    clear: (collection) => refuseOr(() => working.clear(collection)),
  };
  await using world = await lambdaWorld({ documents });
  await world.create(FunctionName, "let n = 0; exports.handler = async () => (console.log('line ' + ++n), n);");
  await world.lambda.operations.Invoke({ FunctionName }, world.call());
  works = false;
  await expect(world.create("another", answering("never"))).rejects.toThrow("the disk is full");
  const { Payload } = await world.lambda.operations.Invoke({ FunctionName }, world.call());
  expect(textOf(Payload)).toBe("2");
  expect((await world.logLines(`/aws/lambda/${FunctionName}`)).join("")).toContain("line 2");
});
