import { GetRuntimeManagementConfigCommand } from "@aws-sdk/client-lambda";
import { beforeAll, expect, test } from "vitest";
import { arnOf, createFunction, functionNotFound, lambdaServer } from "./lambda-api.ts";

const server = lambdaServer();
const get = (FunctionName: string, Qualifier?: string) =>
  server.current.lambda.send(new GetRuntimeManagementConfigCommand({ FunctionName, Qualifier }));

beforeAll(() => createFunction(server.current.lambda, "orders", { Publish: true }));

test.each([
  [undefined, arnOf("orders")],
  ["1", `${arnOf("orders")}:1`],
])("of %s, updates are automatic", async (qualifier, FunctionArn) => {
  const { UpdateRuntimeOn, RuntimeVersionArn, ...rest } = await get("orders", qualifier);
  expect({ UpdateRuntimeOn, RuntimeVersionArn }).toEqual({ UpdateRuntimeOn: "Auto", RuntimeVersionArn: undefined });
  expect(rest).toMatchObject({ FunctionArn });
});

test("a function that does not exist", async () => {
  await expect(get("nobody")).rejects.toMatchObject(functionNotFound(arnOf("nobody")));
});
