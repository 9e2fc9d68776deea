import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import {
  DeleteFunctionCommand,
  GetFunctionCommand,
  InvokeCommand,
  InvokeWithResponseStreamCommand,
  PublishVersionCommand,
  UpdateFunctionCodeCommand,
  UpdateFunctionConfigurationCommand,
  waitUntilFunctionActiveV2,
} from "@aws-sdk/client-lambda";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestEmulator } from "../emulator/emulator.ts";
import type { TestEmulator } from "../emulator/emulator.ts";
import { awsError, createFunction, zip } from "./lambda-api.ts";

/** A Docker engine that has one image, and is as long at pulling others as the test wants; one takes for ever. */
const pull = Promise.withResolvers<string>();
const endlessPull = Promise.withResolvers<void>();
const engine = createServer((request, response) => {
  const { method, url = "" } = request;
  if (method === "GET" && url.includes("present")) response.end(JSON.stringify({ Id: `sha256:${"a".repeat(64)}` }));
  else if (url.includes("endless") && method === "POST") response.on("close", endlessPull.resolve);
  else if (method === "POST") void pull.promise.then((error) => response.end(JSON.stringify({ error })));
  else response.writeHead(404).end(JSON.stringify({ message: "no such image" }));
});
let emulator: TestEmulator;

beforeAll(async () => {
  await once(engine.listen(0, "127.0.0.1"), "listening");
  const { port }: Pick<AddressInfo, "port"> = Object(engine.address());
  emulator = await startTestEmulator({ docker: true, dockerHost: `tcp://127.0.0.1:${port}` });
});

afterAll(async () => {
  pull.resolve("stopped");
  await emulator[Symbol.asyncDispose]();
  engine.closeAllConnections();
  engine.close();
});

const FunctionName = "imaged";
const uses: readonly (() => Promise<unknown>)[] = [
  () => emulator.lambda.send(new InvokeCommand({ FunctionName })),
  () => emulator.lambda.send(new InvokeCommand({ FunctionName, InvocationType: "Event" })),
  () => emulator.lambda.send(new InvokeWithResponseStreamCommand({ FunctionName })),
  () => emulator.lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, Timeout: 9 })),
  () => emulator.lambda.send(new PublishVersionCommand({ FunctionName })),
];

const imaged = (name: string, ImageUri: string) =>
  createFunction(emulator.lambda, name, {
    PackageType: "Image",
    Code: { ImageUri },
    Runtime: undefined,
    Handler: undefined,
  });
const update = (name: string, code: object) =>
  emulator.lambda.send(new UpdateFunctionCodeCommand({ FunctionName: name, ...code }));
const missing = (image: string) =>
  `Source image ${image} does not exist. Provide a valid source image. (manifest unknown)`;
const invalid = (message: string) => awsError("InvalidParameterValueException", message);

const refused = (state: string) =>
  awsError(
    "ResourceConflictException",
    `The operation cannot be performed at this time. The function is currently in the following state: ${state}`,
    409,
  );

test("a function is Pending while its image is pulled, Failed if there is none, and cannot be used in either", async () => {
  const { lambda } = emulator;
  const created = await imaged(FunctionName, "registry/orders:1");
  expect(created).toMatchObject({ State: "Pending", StateReasonCode: "Creating" });
  for (const use of uses) await expect(use()).rejects.toMatchObject(refused("Pending"));

  pull.resolve("manifest unknown");
  await emulator.emu.idle();
  const { Configuration } = await lambda.send(new GetFunctionCommand({ FunctionName }));
  expect(Configuration).toMatchObject({
    State: "Failed",
    StateReasonCode: "InvalidImage",
    StateReason: missing("registry/orders:1"),
  });
  await expect(waitUntilFunctionActiveV2({ client: lambda, maxWaitTime: 20 }, { FunctionName })).rejects.toThrow(
    "Failed",
  );
  for (const use of uses) await expect(use()).rejects.toMatchObject(refused("Failed"));
  // Assumed: that what could never be comes before the state.
  await expect(update(FunctionName, { ZipFile: zip })).rejects.toMatchObject(
    invalid("Please provide ImageUri when updating a function with packageType Image."),
  );
});

test("a function stays as it is where its new image cannot be had", async () => {
  const { lambda } = emulator;
  await imaged("steady", "registry/present:1");
  await emulator.emu.idle();
  const { Configuration: before } = await lambda.send(new GetFunctionCommand({ FunctionName: "steady" }));
  expect(before).toMatchObject({ State: "Active", LastUpdateStatus: "Successful" });
  await expect(update("steady", { ImageUri: "registry/orders:2" })).rejects.toMatchObject(
    invalid(missing("registry/orders:2")),
  );
  const { Configuration: after, Code } = await lambda.send(new GetFunctionCommand({ FunctionName: "steady" }));
  expect(after).toEqual(before);
  expect(Code?.ImageUri).toBe("registry/present:1");
});

test("a function that is deleted while its image is pulled ends the pull", async () => {
  expect(await imaged("hasty", "registry/endless:1")).toMatchObject({ State: "Pending" });
  await emulator.lambda.send(new DeleteFunctionCommand({ FunctionName: "hasty" }));
  await endlessPull.promise;
  await emulator.emu.idle();
});
