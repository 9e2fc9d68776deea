import { DeleteFunctionCommand, GetFunctionCommand } from "@aws-sdk/client-lambda";
import { describe, expect, test } from "vitest";
import { addressesOf, arnOf, awsError, call, createFunction, functionNotFound, lambdaServer } from "./lambda-api.ts";

const server = lambdaServer();

test("the reply is an empty 204, and the function is gone", async () => {
  const { emu, lambda } = server.current;
  await createFunction(lambda, "orders");
  const reply = await call(emu, "DELETE", "/2015-03-31/functions/orders");
  expect(reply).toMatchObject({ status: 204, text: "" });
  await expect(lambda.send(new GetFunctionCommand({ FunctionName: "orders" }))).rejects.toMatchObject(
    functionNotFound(arnOf("orders")),
  );
  expect(await createFunction(lambda, "orders")).toMatchObject({ State: "Pending" });
});

test("a function is addressed by name and ARN", async () => {
  const { lambda } = server.current;
  for (const FunctionName of addressesOf("addressed")) {
    await createFunction(lambda, "addressed");
    const { $metadata } = await lambda.send(new DeleteFunctionCommand({ FunctionName }));
    expect($metadata.httpStatusCode).toBe(204);
  }
});

describe("refused", () => {
  test("a function that does not exist", async () => {
    const { lambda } = server.current;
    await expect(lambda.send(new DeleteFunctionCommand({ FunctionName: "nobody" }))).rejects.toMatchObject(
      functionNotFound(arnOf("nobody")),
    );
  });

  test.each([{ FunctionName: "kept", Qualifier: "$LATEST" }, { FunctionName: "kept:$LATEST" }])("%j", async (input) => {
    const { lambda } = server.current;
    await createFunction(lambda, "kept").catch(() => {});
    await expect(lambda.send(new DeleteFunctionCommand(input))).rejects.toMatchObject(
      awsError("InvalidParameterValueException", "$LATEST version cannot be deleted without deleting the function."),
    );
    await expect(lambda.send(new GetFunctionCommand({ FunctionName: "kept" }))).resolves.toBeDefined();
  });
});
