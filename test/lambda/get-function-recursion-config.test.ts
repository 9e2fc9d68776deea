import { GetFunctionRecursionConfigCommand } from "@aws-sdk/client-lambda";
import { expect, test } from "vitest";
import { addressesOf, arnOf, createFunction, functionNotFound, lambdaServer } from "./lambda-api.ts";

const server = lambdaServer();
const get = (FunctionName: string) =>
  server.current.lambda.send(new GetFunctionRecursionConfigCommand({ FunctionName }));

test("loops are stopped unless they are allowed", async () => {
  await createFunction(server.current.lambda, "orders");
  for (const address of addressesOf("orders")) {
    expect(await get(address)).toMatchObject({ RecursiveLoop: "Terminate" });
  }
});

test("a function that does not exist", async () => {
  await expect(get("nobody")).rejects.toMatchObject(functionNotFound(arnOf("nobody")));
});
