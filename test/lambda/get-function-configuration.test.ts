import { GetFunctionConfigurationCommand } from "@aws-sdk/client-lambda";
import type { GetFunctionConfigurationCommandInput } from "@aws-sdk/client-lambda";
import { beforeAll, expect, test } from "vitest";
import { addressesOf, arnOf, awsError, call, createFunction, functionNotFound, lambdaServer } from "./lambda-api.ts";

const server = lambdaServer();
const get = (input: GetFunctionConfigurationCommandInput) =>
  server.current.lambda.send(new GetFunctionConfigurationCommand(input));

beforeAll(() => createFunction(server.current.lambda, "orders"));

test("the reply is the configuration that GetFunction has", async () => {
  const { emu } = server.current;
  const reply = await call(emu, "GET", "/2015-03-31/functions/orders/configuration");
  expect(reply.status).toBe(200);
  const whole = await call(emu, "GET", "/2015-03-31/functions/orders");
  expect(JSON.parse(reply.text)).toEqual(JSON.parse(whole.text).Configuration);
});

test("the ARN has a qualifier where one is asked for", async () => {
  for (const FunctionName of addressesOf("orders")) {
    expect((await get({ FunctionName })).FunctionArn).toBe(arnOf("orders"));
    expect((await get({ FunctionName, Qualifier: "$LATEST" })).FunctionArn).toBe(`${arnOf("orders")}:$LATEST`);
    expect((await get({ FunctionName: `${FunctionName}:$LATEST` })).FunctionArn).toBe(`${arnOf("orders")}:$LATEST`);
  }
});

test.each<[string, GetFunctionConfigurationCommandInput, object]>([
  ["a function", { FunctionName: "nobody" }, functionNotFound(arnOf("nobody"))],
  ["a function, by $LATEST", { FunctionName: "nobody:$LATEST" }, functionNotFound(`${arnOf("nobody")}:$LATEST`)],
  ["a version", { FunctionName: "orders", Qualifier: "7" }, functionNotFound(`${arnOf("orders")}:7`)],
])("%s that does not exist is refused", async (_, input, error) => {
  await expect(get(input)).rejects.toMatchObject(error);
});

test("a qualifier that cannot be one is refused", async () => {
  await expect(get({ FunctionName: "orders", Qualifier: "a b" })).rejects.toMatchObject(
    awsError(
      "ValidationException",
      "1 validation error detected: Value 'a b' at 'qualifier' failed to satisfy constraint: " +
        "Member must satisfy regular expression pattern: \\$(LATEST(\\.PUBLISHED)?)|[a-zA-Z0-9-_$]+",
    ),
  );
});
