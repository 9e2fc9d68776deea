import {
  ListProvisionedConcurrencyConfigsCommand,
  PublishVersionCommand,
  UpdateFunctionConfigurationCommand,
} from "@aws-sdk/client-lambda";
import { beforeAll, expect, test } from "vitest";
import { arnOf, functionNotFound, lambdaServer } from "./lambda-api.ts";
import { createWithAlias, provision } from "./provisioned-api.ts";

const server = lambdaServer();
const list = (FunctionName: string, page: { MaxItems?: number; Marker?: string | undefined } = {}) =>
  server.current.lambda.send(new ListProvisionedConcurrencyConfigsCommand({ FunctionName, ...page }));

beforeAll(() => createWithAlias(server.current.lambda, "orders"));

test("those of every qualifier, page by page", async () => {
  const { emu, lambda } = server.current;
  await lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName: "orders", Timeout: 5 }));
  await emu.idle();
  await lambda.send(new PublishVersionCommand({ FunctionName: "orders" }));
  await provision(lambda, "orders", "live", 1);
  await provision(lambda, "orders", "2", 3);
  const first = await list("orders", { MaxItems: 1 });
  expect(first.ProvisionedConcurrencyConfigs).toMatchObject([
    { FunctionArn: `${arnOf("orders")}:2`, RequestedProvisionedConcurrentExecutions: 3 },
  ]);
  const second = await list("orders", { Marker: first.NextMarker });
  expect(second.ProvisionedConcurrencyConfigs).toMatchObject([{ FunctionArn: `${arnOf("orders")}:live` }]);
  expect(second.NextMarker).toBeUndefined();
});

test("a function that does not exist", async () => {
  await expect(list("nobody")).rejects.toMatchObject(functionNotFound(arnOf("nobody")));
});
