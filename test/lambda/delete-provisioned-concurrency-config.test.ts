import {
  DeleteAliasCommand,
  DeleteProvisionedConcurrencyConfigCommand,
  ListProvisionedConcurrencyConfigsCommand,
} from "@aws-sdk/client-lambda";
import { beforeAll, expect, test } from "vitest";
import { arnOf, functionNotFound, lambdaServer } from "./lambda-api.ts";
import { createWithAlias, provision } from "./provisioned-api.ts";

const server = lambdaServer();
const remove = (FunctionName: string, Qualifier: string) =>
  server.current.lambda.send(new DeleteProvisionedConcurrencyConfigCommand({ FunctionName, Qualifier }));
const list = async () =>
  (await server.current.lambda.send(new ListProvisionedConcurrencyConfigsCommand({ FunctionName: "orders" })))
    .ProvisionedConcurrencyConfigs;

beforeAll(() => createWithAlias(server.current.lambda, "orders"));

test("it is gone, also a second time", async () => {
  await provision(server.current.lambda, "orders", "live");
  expect((await remove("orders", "live")).$metadata.httpStatusCode).toBe(204);
  expect((await remove("orders", "live")).$metadata.httpStatusCode).toBe(204);
  expect(await list()).toEqual([]);
});

test("it goes with its alias", async () => {
  await provision(server.current.lambda, "orders", "live");
  await server.current.lambda.send(new DeleteAliasCommand({ FunctionName: "orders", Name: "live" }));
  expect(await list()).toEqual([]);
});

test("refused", async () => {
  await expect(remove("nobody", "1")).rejects.toMatchObject(functionNotFound(arnOf("nobody")));
  await expect(remove("orders", "$LATEST")).rejects.toMatchObject({ name: "InvalidParameterValueException" });
});
