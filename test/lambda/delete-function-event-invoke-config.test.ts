import {
  DeleteFunctionCommand,
  DeleteFunctionEventInvokeConfigCommand,
  GetFunctionEventInvokeConfigCommand,
  PutFunctionEventInvokeConfigCommand,
} from "@aws-sdk/client-lambda";
import { beforeEach, expect, test } from "vitest";
import { arnOf, awsError, createFunction, lambdaServer } from "./lambda-api.ts";

const server = lambdaServer();
const remove = (FunctionName: string) =>
  server.current.lambda.send(new DeleteFunctionEventInvokeConfigCommand({ FunctionName }));
const missing = (name: string) =>
  awsError("ResourceNotFoundException", `The function ${arnOf(name)}:$LATEST doesn't have an EventInvokeConfig`, 404);

const create = async (name: string) => {
  await createFunction(server.current.lambda, name);
  const config = { FunctionName: name, MaximumRetryAttempts: 1 };
  await server.current.lambda.send(new PutFunctionEventInvokeConfigCommand(config));
};

beforeEach(() => create("orders"));

test("it is gone, and then there is none", async () => {
  expect((await remove("orders")).$metadata.httpStatusCode).toBe(204);
  await expect(remove("orders")).rejects.toMatchObject(missing("orders"));
  await expect(remove("nobody")).rejects.toMatchObject(missing("nobody"));
  await server.current.lambda.send(new DeleteFunctionCommand({ FunctionName: "orders" }));
});

test("it goes with its function", async () => {
  await server.current.lambda.send(new DeleteFunctionCommand({ FunctionName: "orders" }));
  await createFunction(server.current.lambda, "orders");
  const get = server.current.lambda.send(new GetFunctionEventInvokeConfigCommand({ FunctionName: "orders" }));
  await expect(get).rejects.toMatchObject(missing("orders"));
  await server.current.lambda.send(new DeleteFunctionCommand({ FunctionName: "orders" }));
});
