import { randomUUID } from "node:crypto";
import {
  CreateFunctionUrlConfigCommand,
  DeleteFunctionCommand,
  GetProvisionedConcurrencyConfigCommand,
  GetFunctionCommand,
  InvokeCommand,
  PublishVersionCommand,
  PutProvisionedConcurrencyConfigCommand,
  UpdateFunctionCodeCommand,
  UpdateFunctionConfigurationCommand,
  waitUntilFunctionActiveV2,
} from "@aws-sdk/client-lambda";
import type { CreateFunctionCommandInput, FunctionConfiguration, LambdaClient } from "@aws-sdk/client-lambda";
import type { LocalEmu } from "@localemu/testkit";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { clientsOf, startTestEmulator } from "../emulator/emulator.ts";
import type { TestEmulator } from "../emulator/emulator.ts";
import { newDataDirectory } from "../persistence/data-directory.ts";
import { idOf, ImageEngine } from "./image-engine.ts";
import { awsError, createFunction, imagePackage, zip } from "./lambda-api.ts";

const day = 86_400_000;
const FunctionName = "vpc-fn";
const VpcConfig = { SubnetIds: ["subnet-1"], SecurityGroupIds: ["sg-1"] };

const idle = {
  State: "Inactive",
  StateReason: "The function is currently idle.",
  StateReasonCode: "Idle",
  LastUpdateStatus: "Successful",
};
const active = { State: "Active", LastUpdateStatus: "Successful" };
const notReady = awsError(
  "ResourceNotReadyException",
  "The function is inactive and its VPC connection is no longer available. Wait for the VPC connection to reestablish and try again.",
  502,
);

const engine = new ImageEngine();
let emulator: TestEmulator;
let emu: LocalEmu;
let lambda: LambdaClient;

beforeAll(async () => {
  emulator = await startTestEmulator({ clock: "frozen", docker: true, dockerHost: await engine.listen() });
});
beforeEach(async () => {
  await emulator.emu.reset();
  ({ emu } = emulator);
  // It would be called again after a status of 502.
  ({ lambda } = clientsOf(emu, { maxAttempts: 1 }));
});
afterAll(async () => {
  await emulator[Symbol.asyncDispose]();
  await engine[Symbol.asyncDispose]();
});

const make = (change: Partial<CreateFunctionCommandInput> = { VpcConfig }) =>
  createFunction(lambda, FunctionName, change);
const makeImaged = (ImageUri: string) => make(imagePackage(ImageUri));

async function stateOf(name = FunctionName, client = lambda): Promise<Partial<FunctionConfiguration>> {
  const { Configuration = {} } = await client.send(new GetFunctionCommand({ FunctionName: name }));
  const { State, StateReason, StateReasonCode, LastUpdateStatus } = Configuration;
  return JSON.parse(JSON.stringify({ State, StateReason, StateReasonCode, LastUpdateStatus }));
}

async function invoke(name = FunctionName): Promise<unknown> {
  const { Payload } = await lambda.send(new InvokeCommand({ FunctionName: name, Payload: '{"n":1}' }));
  return JSON.parse(Payload?.transformToString() ?? "");
}

describe("a function in a network that nobody invokes", () => {
  test("is Inactive after 14 days; the next invocation fails, and has it Active again", async () => {
    await make();
    await emu.clock.advance(14 * day - 1);
    expect(await stateOf()).toEqual(active);
    await emu.clock.advance(1);
    expect(await stateOf()).toEqual(idle);
    expect((await emu.timeline()).filter(({ type }) => type === "function.inactive")).toMatchObject([
      { functionName: FunctionName, region: "us-east-1", version: "$LATEST" },
    ]);
    await expect(invoke()).rejects.toMatchObject(notReady);
    await waitUntilFunctionActiveV2({ client: lambda, maxWaitTime: 20, minDelay: 1 }, { FunctionName });
    expect(await stateOf()).toEqual(active);
    expect(await invoke()).toEqual({ n: 1 });
  });

  test("is Active for 14 days after each invocation, however it comes", async () => {
    await make();
    await emu.clock.advance(10 * day);
    await invoke();
    await emu.clock.advance(10 * day);
    await lambda.send(new InvokeCommand({ FunctionName, InvocationType: "Event" }));
    await emu.idle();
    await emu.clock.advance(14 * day - 1);
    expect(await stateOf()).toEqual(active);
    await emu.clock.advance(1);
    expect(await stateOf()).toEqual(idle);
  });

  test("refuses events as well, and answers 502 through its URL, once", async () => {
    await make();
    const { FunctionUrl = "" } = await lambda.send(
      new CreateFunctionUrlConfigCommand({ FunctionName, AuthType: "NONE" }),
    );
    await emu.clock.advance(14 * day);
    const event = () => lambda.send(new InvokeCommand({ FunctionName, InvocationType: "Event" }));
    await expect(event()).rejects.toMatchObject(notReady);
    await emu.idle();
    expect(await event()).toMatchObject({ StatusCode: 202 });
    await emu.idle();
    await emu.clock.advance(14 * day);
    expect((await fetch(FunctionUrl)).status).toBe(502);
    await emu.idle();
    expect((await fetch(FunctionUrl)).status).toBe(200);
  });

  test("gets the records of its stream after a retry", async () => {
    const stream = await emu.createStream("orders");
    await make();
    const fn = emu.function(FunctionName);
    await fn.listen(stream, { startingPosition: "TRIM_HORIZON" });
    await emu.clock.advance(20 * day);
    expect(await stateOf()).toEqual(idle);
    await stream.putRecords([{ data: "1", partitionKey: "a" }]);
    await emu.clock.advance(60_000);
    expect(await fn.invocations()).toHaveLength(1);
    expect(await stateOf()).toEqual(active);
  });

  test("can be updated, which has it Active, and published as it is", async () => {
    await make();
    for (const update of [
      () => lambda.send(new UpdateFunctionCodeCommand({ FunctionName, ZipFile: zip })),
      () => lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, Timeout: 9 })),
    ]) {
      await emu.clock.advance(14 * day);
      expect(await update()).toMatchObject({ State: "Inactive", LastUpdateStatus: "InProgress" });
      await emu.idle();
      expect(await stateOf()).toEqual(active);
      expect(await invoke()).toEqual({ n: 1 });
    }
    await emu.clock.advance(14 * day);
    expect(await lambda.send(new PublishVersionCommand({ FunctionName }))).toMatchObject({ Version: "1", ...idle });
    await expect(invoke(`${FunctionName}:1`)).rejects.toMatchObject(notReady);
    expect(await invoke(`${FunctionName}:1`)).toEqual({ n: 1 });
    await emu.clock.advance(20 * day);
    expect((await emu.timeline()).filter(({ type }) => type === "function.inactive")).toHaveLength(4);
    await lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, VpcConfig: { SubnetIds: [] } }));
    await emu.idle();
    await emu.clock.advance(60 * day);
    expect(await stateOf()).toEqual(active);
  });

  test("has each version Inactive by itself, but not one whose environments are kept ready", async () => {
    await make();
    for (const Timeout of [4, 5, 6]) {
      await emu.idle();
      await lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, Timeout }));
      await emu.idle();
      await lambda.send(new PublishVersionCommand({ FunctionName }));
    }
    const keepReady = (Qualifier: string) =>
      lambda.send(
        new PutProvisionedConcurrencyConfigCommand({ FunctionName, Qualifier, ProvisionedConcurrentExecutions: 1 }),
      );
    const states = () => Promise.all([1, 2, 3].map((version) => stateOf(`${FunctionName}:${version}`)));
    await keepReady("3");
    await emu.clock.advance(7 * day);
    await invoke(`${FunctionName}:1`);
    await emu.clock.advance(7 * day);
    expect(await states()).toEqual([active, idle, active]);
    await keepReady("2");
    await emu.idle();
    expect(await states()).toEqual([active, active, active]);
  });

  test("is Inactive for the next emulator too", async () => {
    await using directory = await newDataDirectory();
    {
      await using first = await startTestEmulator({ ...directory, clock: "frozen" });
      await createFunction(first.lambda, FunctionName, { VpcConfig });
      await first.emu.clock.advance(14 * day);
    }
    await using second = await startTestEmulator({ ...directory, clock: "frozen" });
    expect(await stateOf(FunctionName, second.lambda)).toEqual(idle);
    // A client tries again after a status of 502.
    const { Payload } = await second.lambda.send(new InvokeCommand({ FunctionName, Payload: "1" }));
    expect(Payload?.transformToString()).toBe("1");
  });
});

test("a function that has nothing beside its code stays Active", async () => {
  await make({});
  await emu.clock.advance(100 * day);
  expect(await stateOf()).toEqual(active);
  expect(await invoke()).toEqual({ n: 1 });
});

describe("a function that is an image", () => {
  const image = "registry/orders:1";
  const pending = awsError(
    "CodeArtifactUserPendingException",
    "Lambda is initializing your function. It will be ready to invoke shortly.",
    409,
  );

  test("is Active again when its image is found to be there still", async () => {
    engine.images.add(image);
    await makeImaged(image);
    await emu.clock.advance(14 * day);
    expect(await stateOf()).toEqual(idle);
    await expect(invoke()).rejects.toMatchObject(pending);
    await emu.idle();
    expect(await stateOf()).toEqual(active);
  });

  test("is Pending while the very image is pulled again, and Inactive if it cannot be had", async () => {
    const byDigest = await reclaimed();
    await expect(invoke()).rejects.toMatchObject(pending);
    await engine.pulled(byDigest).promise;
    expect(await stateOf()).toMatchObject({ State: "Pending", StateReasonCode: "Restoring" });
    await expect(invoke()).rejects.toMatchObject(pending);
    await expect(
      lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, Timeout: 9 })),
    ).rejects.toMatchObject(
      awsError(
        "ResourceConflictException",
        "The operation cannot be performed at this time. The function is currently in the following state: Pending",
        409,
      ),
    );
    await engine.endPull(byDigest, "manifest unknown");
    await emu.idle();
    expect(await stateOf()).toEqual({
      State: "Inactive",
      StateReason: `Source image ${byDigest} does not exist. Provide a valid source image. (manifest unknown)`,
      StateReasonCode: "ImageDeleted",
      LastUpdateStatus: "Successful",
    });
  });

  test("has no environment made in advance before it is there again", async () => {
    const name = await reclaimed();
    await lambda.send(new PublishVersionCommand({ FunctionName }));
    const provisioned = { FunctionName, Qualifier: "1" };
    await lambda.send(
      new PutProvisionedConcurrencyConfigCommand({ ...provisioned, ProvisionedConcurrentExecutions: 1 }),
    );
    await engine.pulled(name).promise;
    const status = () => lambda.send(new GetProvisionedConcurrencyConfigCommand(provisioned));
    expect(await status()).toMatchObject({ Status: "IN_PROGRESS" });
    await engine.endPull(name);
    await emu.idle();
    expect(await stateOf(`${FunctionName}:1`)).toEqual(active);
  });

  test("ends that when it is deleted", async () => {
    const byDigest = await reclaimed();
    await expect(invoke()).rejects.toMatchObject(pending);
    await engine.pulled(byDigest).promise;
    const givenUp = engine.pullIsGivenUp(byDigest);
    await lambda.send(new DeleteFunctionCommand({ FunctionName }));
    await givenUp;
    await emu.idle();
    await emu.clock.advance(30 * day);
    expect((await emu.timeline()).filter(({ type }) => type === "function.inactive")).toHaveLength(1);
  });

  test("that is invoked while its update is pulled is restored, and updated then", async () => {
    engine.images.add(image);
    await makeImaged(image);
    await emu.clock.advance(14 * day);
    const next = "registry/orders:next";
    await lambda.send(new UpdateFunctionCodeCommand({ FunctionName, ImageUri: next }));
    await expect(invoke()).rejects.toMatchObject(pending);
    await engine.pulled(next).promise;
    await expect.poll(() => stateOf()).toMatchObject({ State: "Active", LastUpdateStatus: "InProgress" });
    await engine.endPull(next);
    await emu.idle();
    expect(await stateOf()).toEqual(active);
    const { Code } = await lambda.send(new GetFunctionCommand({ FunctionName }));
    expect(Code?.ImageUri).toBe(next);
  });

  /** Has an Inactive function whose image the engine has no more; resolves to the image's name by digest. */
  async function reclaimed(): Promise<string> {
    const name = `registry/orders:${randomUUID()}`;
    engine.images.add(name);
    await makeImaged(name);
    await emu.clock.advance(14 * day);
    engine.images.delete(name);
    return `registry/orders@${idOf(name)}`;
  }
});
