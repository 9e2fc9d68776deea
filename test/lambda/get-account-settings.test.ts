import { DeleteFunctionCommand, GetAccountSettingsCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { expect, test } from "vitest";
import { call, createFunction, lambdaServer, zip } from "./lambda-api.ts";
import { publish } from "./versions-api.ts";

const server = lambdaServer();

test("the limits are a new account's, and nothing is used", async () => {
  const reply = await call(server.current.emu, "GET", "/2016-08-19/account-settings");
  expect(reply.status).toBe(200);
  expect(JSON.parse(reply.text)).toEqual({
    AccountLimit: {
      CodeSizeUnzipped: 262_144_000,
      CodeSizeZipped: 52_428_800,
      ConcurrentExecutions: 1000,
      TotalCodeSize: 80_530_636_800,
      UnreservedConcurrentExecutions: 1000,
    },
    AccountUsage: { FunctionCount: 0, TotalCodeSize: 0 },
  });
});

test("functions and their code are counted, region by region", async () => {
  const { emu, lambda } = server.current;
  const usage = async (client: LambdaClient) => (await client.send(new GetAccountSettingsCommand({}))).AccountUsage;
  for (const name of ["a", "b"]) await createFunction(lambda, name);
  expect(await usage(lambda)).toEqual({ FunctionCount: 2, TotalCodeSize: 2 * zip.byteLength });
  expect(await usage(new LambdaClient({ ...emu.getClientConfig(), region: "eu-west-1" }))).toEqual({
    FunctionCount: 0,
    TotalCodeSize: 0,
  });
  await publish(lambda, "b");
  expect(await usage(lambda)).toEqual({ FunctionCount: 2, TotalCodeSize: 3 * zip.byteLength });
  await lambda.send(new DeleteFunctionCommand({ FunctionName: "b", Qualifier: "1" }));
  await lambda.send(new DeleteFunctionCommand({ FunctionName: "a" }));
  expect(await usage(lambda)).toEqual({ FunctionCount: 1, TotalCodeSize: zip.byteLength });
});
