import { GetFunctionConcurrencyCommand, PutFunctionConcurrencyCommand } from "@aws-sdk/client-lambda";
import { beforeAll, expect, test } from "vitest";
import { addressesOf, arnOf, awsError, call, createFunction, functionNotFound, lambdaServer } from "./lambda-api.ts";
import { functionsOnly } from "./versions-api.ts";

const server = lambdaServer();
const get = (FunctionName: string) => server.current.lambda.send(new GetFunctionConcurrencyCommand({ FunctionName }));

beforeAll(() => createFunction(server.current.lambda, "orders"));

test("the answer is empty until something is reserved", async () => {
  const { emu, lambda } = server.current;
  const path = "/2019-09-30/functions/orders/concurrency";
  expect(await call(emu, "GET", path)).toMatchObject({ status: 200, text: "{}" });
  const reserve = { FunctionName: "orders", ReservedConcurrentExecutions: 3 };
  await lambda.send(new PutFunctionConcurrencyCommand(reserve));
  for (const address of addressesOf("orders")) {
    expect(await get(address)).toMatchObject({ ReservedConcurrentExecutions: 3 });
  }
});

test("refused: a function that does not exist, and a version", async () => {
  await expect(get("nobody")).rejects.toMatchObject(functionNotFound(arnOf("nobody")));
  await expect(get("orders:1")).rejects.toMatchObject(awsError("InvalidParameterValueException", functionsOnly));
});
