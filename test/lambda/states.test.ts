import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import {
  GetFunctionCommand,
  InvokeCommand,
  InvokeWithResponseStreamCommand,
  PublishVersionCommand,
  UpdateFunctionConfigurationCommand,
  waitUntilFunctionActiveV2,
} from "@aws-sdk/client-lambda";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestEmulator } from "../emulator/emulator.ts";
import type { TestEmulator } from "../emulator/emulator.ts";
import { awsError, createFunction } from "./lambda-api.ts";

/** A Docker engine that has no image, and is as long at pulling one as the test wants. */
const pull = Promise.withResolvers<string>();
const engine = createServer((request, response) => {
  if (request.method === "POST") void pull.promise.then((error) => response.end(JSON.stringify({ error })));
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

const refused = (state: string) =>
  awsError(
    "ResourceConflictException",
    `The operation cannot be performed at this time. The function is currently in the following state: ${state}`,
    409,
  );

test("a function is Pending while its image is pulled, Failed if there is none, and cannot be used in either", async () => {
  const { lambda } = emulator;
  const image = { PackageType: "Image", Code: { ImageUri: "registry/orders:1" } } as const;
  const created = await createFunction(lambda, FunctionName, { ...image, Runtime: undefined, Handler: undefined });
  expect(created).toMatchObject({ State: "Pending", StateReasonCode: "Creating" });
  for (const use of uses) await expect(use()).rejects.toMatchObject(refused("Pending"));

  pull.resolve("manifest unknown");
  await emulator.emu.idle();
  const { Configuration } = await lambda.send(new GetFunctionCommand({ FunctionName }));
  expect(Configuration).toMatchObject({
    State: "Failed",
    StateReasonCode: "InvalidImage",
    StateReason: "Source image registry/orders:1 does not exist. Provide a valid source image. (manifest unknown)",
  });
  await expect(waitUntilFunctionActiveV2({ client: lambda, maxWaitTime: 20 }, { FunctionName })).rejects.toThrow(
    "Failed",
  );
  for (const use of uses) await expect(use()).rejects.toMatchObject(refused("Failed"));
});
