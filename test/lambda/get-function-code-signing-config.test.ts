import { GetFunctionCodeSigningConfigCommand } from "@aws-sdk/client-lambda";
import { expect, test } from "vitest";
import { arnOf, call, createFunction, functionNotFound, lambdaServer } from "./lambda-api.ts";

const server = lambdaServer();

test("a function has none", async () => {
  await createFunction(server.current.lambda, "orders");
  const reply = await call(server.current.emu, "GET", "/2020-06-30/functions/orders/code-signing-config");
  expect(reply).toMatchObject({ status: 200, text: "{}" });
});

test("a function that does not exist", async () => {
  const get = new GetFunctionCodeSigningConfigCommand({ FunctionName: "nobody" });
  await expect(server.current.lambda.send(get)).rejects.toMatchObject(functionNotFound(arnOf("nobody")));
});
