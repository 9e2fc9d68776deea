import { GetProvisionedConcurrencyConfigCommand } from "@aws-sdk/client-lambda";
import { beforeAll, expect, test } from "vitest";
import { arnOf, awsError, functionNotFound, lambdaServer } from "./lambda-api.ts";
import { createWithAlias, provision } from "./provisioned-api.ts";

const server = lambdaServer();
const get = (FunctionName: string, Qualifier: string) =>
  server.current.lambda.send(new GetProvisionedConcurrencyConfigCommand({ FunctionName, Qualifier }));

beforeAll(() => createWithAlias(server.current.lambda, "orders"));

test("it is ready when everything has settled", async () => {
  await provision(server.current.lambda, "orders", "live");
  await server.current.emu.idle();
  expect(await get("orders", "live")).toMatchObject({
    RequestedProvisionedConcurrentExecutions: 2,
    AllocatedProvisionedConcurrentExecutions: 2,
    AvailableProvisionedConcurrentExecutions: 2,
    Status: "READY",
  });
});

test.each<[string, string, object]>([
  ["nobody", "1", functionNotFound(arnOf("nobody"))],
  [
    "orders",
    "1",
    awsError(
      "ProvisionedConcurrencyConfigNotFoundException",
      "No Provisioned Concurrency Config found for this function",
      404,
    ),
  ],
  [
    "orders",
    "$LATEST",
    awsError(
      "InvalidParameterValueException",
      "The function resource provided must be an alias or a published version.",
    ),
  ],
])("there is none of %s:%s", async (name, qualifier, error) => {
  await expect(get(name, qualifier)).rejects.toMatchObject(error);
});
