import {
  DeleteFunctionCommand,
  GetFunctionCommand,
  InvokeCommand,
  InvokeWithResponseStreamCommand,
  ListVersionsByFunctionCommand,
  PublishVersionCommand,
  UpdateFunctionCodeCommand,
  UpdateFunctionConfigurationCommand,
  waitUntilFunctionActiveV2,
  waitUntilFunctionUpdatedV2,
} from "@aws-sdk/client-lambda";
import type { GetFunctionCommandOutput } from "@aws-sdk/client-lambda";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestEmulator } from "../emulator/emulator.ts";
import type { TestEmulator } from "../emulator/emulator.ts";
import { newDataDirectory } from "../persistence/data-directory.ts";
import { digestOf, idOf, ImageEngine } from "./image-engine.ts";
import { awsError, createFunction, imagePackage, zip } from "./lambda-api.ts";

const engine = new ImageEngine();
let dockerHost: string;
let emulator: TestEmulator;

beforeAll(async () => {
  dockerHost = await engine.listen();
  emulator = await startTestEmulator({ docker: true, dockerHost });
});

afterAll(async () => {
  await emulator[Symbol.asyncDispose]();
  await engine[Symbol.asyncDispose]();
});

/** What works only with an Active function. */
const invocations: readonly ((FunctionName: string) => Promise<unknown>)[] = [
  (FunctionName) => emulator.lambda.send(new InvokeCommand({ FunctionName })),
  (FunctionName) => emulator.lambda.send(new InvokeCommand({ FunctionName, InvocationType: "Event" })),
  (FunctionName) => emulator.lambda.send(new InvokeWithResponseStreamCommand({ FunctionName })),
];
const changes: readonly ((FunctionName: string) => Promise<unknown>)[] = [
  (FunctionName) => emulator.lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, Timeout: 9 })),
  (FunctionName) => emulator.lambda.send(new PublishVersionCommand({ FunctionName })),
];

const imaged = (name: string, ImageUri: string, { lambda }: TestEmulator = emulator) =>
  createFunction(lambda, name, imagePackage(ImageUri));
/** One whose image is there. */
async function present(name: string, image: string, of: TestEmulator = emulator): Promise<void> {
  engine.images.add(image);
  await imaged(name, image, of);
  await of.emu.idle();
}
const update = (name: string, change: object, { lambda }: TestEmulator = emulator) =>
  lambda.send(new UpdateFunctionCodeCommand({ FunctionName: name, ...change }));
const get = (FunctionName: string, { lambda }: TestEmulator = emulator): Promise<GetFunctionCommandOutput> =>
  lambda.send(new GetFunctionCommand({ FunctionName }));
const missing = (image: string) =>
  `Source image ${image} does not exist. Provide a valid source image. (manifest unknown)`;
const invalid = (message: string) => awsError("InvalidParameterValueException", message);
const codeOf = (image: string) => ({ ImageUri: image, ResolvedImageUri: digestOf(image) });

const conflict = (message: string) => awsError("ResourceConflictException", message, 409);
const notIn = (state: string) =>
  conflict(
    `The operation cannot be performed at this time. The function is currently in the following state: ${state}`,
  );
const pending = awsError(
  "CodeArtifactUserPendingException",
  "Lambda is initializing your function. It will be ready to invoke shortly.",
  409,
);

describe("a new function whose image must be pulled", () => {
  test("is Pending meanwhile, Failed if there is none, and cannot be used in either", async () => {
    const { lambda } = emulator;
    const created = await imaged("imaged", "registry/orders:1");
    expect(created).toMatchObject({ State: "Pending", StateReasonCode: "Creating" });
    for (const invoke of invocations) await expect(invoke("imaged")).rejects.toMatchObject(pending);
    for (const change of changes) await expect(change("imaged")).rejects.toMatchObject(notIn("Pending"));

    await engine.endPull("registry/orders:1", "manifest unknown");
    await emulator.emu.idle();
    expect((await get("imaged")).Configuration).toMatchObject({
      State: "Failed",
      StateReasonCode: "InvalidImage",
      StateReason: missing("registry/orders:1"),
    });
    await expect(
      waitUntilFunctionActiveV2({ client: lambda, maxWaitTime: 20 }, { FunctionName: "imaged" }),
    ).rejects.toThrow("Failed");
    const failed = awsError("CodeArtifactUserFailedException", missing("registry/orders:1"), 409);
    for (const invoke of invocations) await expect(invoke("imaged")).rejects.toMatchObject(failed);
    for (const change of changes) await expect(change("imaged")).rejects.toMatchObject(notIn("Failed"));
    // Assumed: that what could never be comes before the state.
    await expect(update("imaged", { ZipFile: zip })).rejects.toMatchObject(
      invalid("Please provide ImageUri when updating a function with packageType Image."),
    );
  });

  test("ends the pull when it is deleted", async () => {
    expect(await imaged("hasty", "registry/endless:1")).toMatchObject({ State: "Pending" });
    await engine.pulled("registry/endless:1").promise;
    const givenUp = engine.pullIsGivenUp("registry/endless:1");
    await emulator.lambda.send(new DeleteFunctionCommand({ FunctionName: "hasty" }));
    await givenUp;
    await emulator.emu.idle();
  });
});

describe("an update to an image that must be pulled", () => {
  test("is InProgress meanwhile, with the old code in force, and then Successful", async () => {
    const { lambda } = emulator;
    await present("updated", "registry/old:1");
    const answered = await update("updated", { ImageUri: "registry/new:1" });
    expect(answered).toMatchObject({ State: "Active", LastUpdateStatus: "InProgress" });
    expect((await get("updated")).Code).toMatchObject(codeOf("registry/old:1"));
    const arn = answered.FunctionArn ?? "";
    for (const change of [...changes, (name: string) => update(name, { ImageUri: "registry/old:1" })])
      await expect(change("updated")).rejects.toMatchObject(
        conflict(`The operation cannot be performed at this time. An update is in progress for resource: ${arn}`),
      );

    await engine.endPull("registry/new:1");
    await waitUntilFunctionUpdatedV2({ client: lambda, maxWaitTime: 20, minDelay: 1 }, { FunctionName: "updated" });
    const { Configuration, Code } = await get("updated");
    expect(Code).toMatchObject(codeOf("registry/new:1"));
    expect(Configuration).toMatchObject({
      LastUpdateStatus: "Successful",
      CodeSha256: idOf("registry/new:1").slice(7),
    });
    expect(Configuration?.RevisionId).not.toBe(answered.RevisionId);
  });

  test("is Failed if there is none: the function stays as it was, and can be updated", async () => {
    const { lambda } = emulator;
    await present("steady", "registry/present:1");
    const { Configuration: before } = await get("steady");
    await update("steady", { ImageUri: "registry/orders:2" });
    await engine.endPull("registry/orders:2", "manifest unknown");
    await emulator.emu.idle();
    const { Configuration: after, Code } = await get("steady");
    expect(after).toMatchObject({
      State: "Active",
      CodeSha256: before?.CodeSha256,
      LastUpdateStatus: "Failed",
      LastUpdateStatusReason: missing("registry/orders:2"),
      LastUpdateStatusReasonCode: "InvalidImage",
    });
    expect(Code).toMatchObject(codeOf("registry/present:1"));
    await expect(
      waitUntilFunctionUpdatedV2({ client: lambda, maxWaitTime: 20 }, { FunctionName: "steady" }),
    ).rejects.toThrow("Failed");
    await update("steady", { ImageUri: "registry/present:1" });
    await emulator.emu.idle();
    expect((await get("steady")).Configuration).toMatchObject({ LastUpdateStatus: "Successful" });
  });

  test.each([
    { of: "that is there", error: undefined, state: { State: "Active", LastUpdateStatus: "Successful" } },
    { of: "that is not", error: "manifest unknown", state: { State: "Failed", StateReasonCode: "InvalidImage" } },
  ])("publishes a version that is Pending, of an image $of", async ({ of, error, state }) => {
    const [name, next] = [of.replaceAll(" ", "-"), `registry/published:${of.length}`];
    await present(name, "registry/first:1");
    const answered = await update(name, { ImageUri: next, Publish: true });
    expect(answered).toMatchObject({ Version: "1", State: "Pending" });
    await engine.endPull(next, error);
    await emulator.emu.idle();
    const version = await get(`${name}:1`);
    expect(version.Configuration).toMatchObject(state);
    expect(version.Code?.ImageUri).toBe(next);
    expect((await get(name)).Code?.ImageUri).toBe(error === undefined ? next : "registry/first:1");
  });

  test("leaves out a version that was published with it and deleted meanwhile", async () => {
    await present("unpublished", "registry/left:1");
    await update("unpublished", { ImageUri: "registry/left:2", Publish: true });
    await emulator.lambda.send(new DeleteFunctionCommand({ FunctionName: "unpublished", Qualifier: "1" }));
    await engine.endPull("registry/left:2");
    await emulator.emu.idle();
    expect((await get("unpublished")).Code).toMatchObject(codeOf("registry/left:2"));
    await expect(get("unpublished:1")).rejects.toMatchObject({ name: "ResourceNotFoundException" });
    const versions = new ListVersionsByFunctionCommand({ FunctionName: "unpublished" });
    expect((await emulator.lambda.send(versions)).Versions).toHaveLength(1);
  });

  test("waits for it with DryRun, and changes nothing", async () => {
    await present("dry", "registry/wet:1");
    const { Configuration: before } = await get("dry");
    const [tried] = await Promise.allSettled([
      update("dry", { ImageUri: "registry/none:1", DryRun: true }),
      engine.endPull("registry/none:1", "manifest unknown"),
    ]);
    expect(tried).toMatchObject({ status: "rejected", reason: invalid(missing("registry/none:1")) });
    expect((await get("dry")).Configuration).toEqual(before);
  });

  test("goes on when the emulator starts again, with the version that it publishes", async () => {
    await using directory = await newDataDirectory();
    const options = { ...directory, docker: true, dockerHost };
    const first = await startTestEmulator(options);
    await present("kept", "registry/kept:1", first);
    await update("kept", { ImageUri: "registry/kept:2", Publish: true }, first);
    await engine.pulled("registry/kept:2").promise;
    const givenUp = engine.pullIsGivenUp("registry/kept:2");
    await first[Symbol.asyncDispose]();
    await givenUp;

    engine.images.add("registry/kept:2");
    await using second = await startTestEmulator(options);
    await second.emu.idle();
    const { Versions = [] } = await second.lambda.send(new ListVersionsByFunctionCommand({ FunctionName: "kept" }));
    expect(Versions.map(({ Version }) => Version)).toEqual(["$LATEST", "1"]);
    for (const name of ["kept", "kept:1"]) {
      const { Configuration, Code } = await get(name, second);
      expect(Configuration).toMatchObject({ State: "Active", LastUpdateStatus: "Successful" });
      expect(Code).toMatchObject(codeOf("registry/kept:2"));
    }
  });
});
