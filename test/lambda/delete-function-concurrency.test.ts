import {
  DeleteFunctionConcurrencyCommand,
  GetFunctionConcurrencyCommand,
  InvokeCommand,
  PutFunctionConcurrencyCommand,
} from "@aws-sdk/client-lambda";
import { expect, test } from "vitest";
import { arnOf, awsError, call, createFunction, functionNotFound, lambdaServer } from "./lambda-api.ts";
import { functionsOnly } from "./versions-api.ts";

const server = lambdaServer();

test("the reply is an empty 204, also where nothing is reserved, and the function takes of the account's again", async () => {
  const { emu, lambda } = server.current;
  await createFunction(lambda, "orders");
  const reserve = { FunctionName: "orders", ReservedConcurrentExecutions: 0 };
  await lambda.send(new PutFunctionConcurrencyCommand(reserve));
  for (let count = 0; count < 2; count++) {
    const reply = await call(emu, "DELETE", "/2017-10-31/functions/orders/concurrency");
    expect(reply).toMatchObject({ status: 204, text: "" });
  }
  const answer = await lambda.send(new GetFunctionConcurrencyCommand({ FunctionName: "orders" }));
  expect(answer).not.toHaveProperty("ReservedConcurrentExecutions");
  expect(await lambda.send(new InvokeCommand({ FunctionName: "orders" }))).toMatchObject({ StatusCode: 200 });
});

test("refused: a function that does not exist, and an alias", async () => {
  const remove = (FunctionName: string) =>
    server.current.lambda.send(new DeleteFunctionConcurrencyCommand({ FunctionName }));
  await expect(remove("nobody")).rejects.toMatchObject(functionNotFound(arnOf("nobody")));
  await expect(remove("orders:live")).rejects.toMatchObject(awsError("InvalidParameterValueException", functionsOnly));
});
