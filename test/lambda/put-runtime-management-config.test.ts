import { GetRuntimeManagementConfigCommand, PutRuntimeManagementConfigCommand } from "@aws-sdk/client-lambda";
import type { PutRuntimeManagementConfigCommandInput } from "@aws-sdk/client-lambda";
import { beforeAll, expect, test } from "vitest";
import { arnOf, awsError, createFunction, functionNotFound, lambdaServer } from "./lambda-api.ts";

const server = lambdaServer();
const put = (change: Partial<PutRuntimeManagementConfigCommandInput>) =>
  server.current.lambda.send(
    new PutRuntimeManagementConfigCommand({ FunctionName: "orders", UpdateRuntimeOn: "FunctionUpdate", ...change }),
  );
const RuntimeVersionArn = `arn:aws:lambda:us-east-1::runtime:${"0a".repeat(32)}`;

beforeAll(() => createFunction(server.current.lambda, "orders"));

test("what is put is told", async () => {
  const config = { UpdateRuntimeOn: "Manual", RuntimeVersionArn, FunctionArn: arnOf("orders") } as const;
  expect(await put({ UpdateRuntimeOn: "Manual", RuntimeVersionArn })).toMatchObject(config);
  const get = new GetRuntimeManagementConfigCommand({ FunctionName: "orders" });
  expect(await server.current.lambda.send(get)).toMatchObject(config);
  expect(await put({})).toMatchObject({ UpdateRuntimeOn: "FunctionUpdate" });
});

test.each<[string, Partial<PutRuntimeManagementConfigCommandInput>, object]>([
  ["a function that does not exist", { FunctionName: "nobody" }, functionNotFound(arnOf("nobody"))],
  [
    "Manual without a version",
    { UpdateRuntimeOn: "Manual" },
    awsError("InvalidParameterValueException", "RuntimeVersionArn is required when UpdateRuntimeOn is set to Manual."),
  ],
  [
    "a version without Manual",
    { RuntimeVersionArn },
    awsError(
      "InvalidParameterValueException",
      "RuntimeVersionArn can be set only when UpdateRuntimeOn is set to Manual.",
    ),
  ],
])("%s is refused", async (_, change, error) => {
  await expect(put(change)).rejects.toMatchObject(error);
});
