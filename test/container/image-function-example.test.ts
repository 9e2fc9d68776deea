// #region image
import { CreateFunctionCommand, InvokeCommand, LambdaClient, waitUntilFunctionActiveV2 } from "@aws-sdk/client-lambda";
import { LocalEmuContainer } from "@localemu/testcontainers";

// #endregion
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { hasDocker } from "./container.ts";
import { buildClientRuntime } from "./function-image.ts";

let built: ReturnType<typeof buildClientRuntime> | undefined;

beforeAll(() => {
  if (!hasDocker) return;
  process.env["LOCALEMU_IMAGE"] = inject("image");
  built = buildClientRuntime();
}, 120_000);

afterAll(() => {
  delete process.env["LOCALEMU_IMAGE"];
  built?.remove();
});

test.runIf(hasDocker)("a function that is a container image", async () => {
  const image = built?.image;
  // #region image
  await using emu = await new LocalEmuContainer().withDockerLambdaExecutor().start();
  const lambda = new LambdaClient(emu.getClientConfig());

  await lambda.send(
    new CreateFunctionCommand({
      FunctionName: "orders",
      PackageType: "Image",
      Code: { ImageUri: image }, // any name that the Docker engine knows or can pull
      Role: "arn:aws:iam::000000000000:role/any",
    }),
  );
  await waitUntilFunctionActiveV2({ client: lambda, maxWaitTime: 60 }, { FunctionName: "orders" });
  const { Payload } = await lambda.send(
    new InvokeCommand({ FunctionName: "orders", Payload: JSON.stringify({ id: 1 }) }),
  );
  // #endregion
  expect(JSON.parse(Buffer.from(Payload ?? []).toString())).toEqual({ event: { id: 1 }, name: "orders" });
});
