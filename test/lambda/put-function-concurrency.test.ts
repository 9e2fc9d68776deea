import {
  DeleteFunctionCommand,
  GetAccountSettingsCommand,
  GetFunctionCommand,
  PutFunctionConcurrencyCommand,
} from "@aws-sdk/client-lambda";
import { beforeAll, describe, expect, test } from "vitest";
import { addressesOf, arnOf, awsError, call, createFunction, functionNotFound, lambdaServer } from "./lambda-api.ts";
import { functionsOnly } from "./versions-api.ts";

const server = lambdaServer();
const put = (FunctionName: string, ReservedConcurrentExecutions: number) =>
  server.current.lambda.send(new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions }));
const unreserved = async () =>
  (await server.current.lambda.send(new GetAccountSettingsCommand({}))).AccountLimit?.UnreservedConcurrentExecutions;

beforeAll(async () => {
  for (const name of ["orders", "other"]) await createFunction(server.current.lambda, name, { Publish: true });
});

test("the reservation is told, stands in GetFunction, and is taken from the account's", async () => {
  const { emu, lambda } = server.current;
  const path = "/2017-10-31/functions/orders/concurrency";
  const reply = await call(emu, "PUT", path, { ReservedConcurrentExecutions: 0 });
  expect(reply.status).toBe(200);
  expect(JSON.parse(reply.text)).toEqual({ ReservedConcurrentExecutions: 0 });
  expect(await unreserved()).toBe(1000);
  for (const address of addressesOf("orders")) {
    expect(await put(address, 20)).toMatchObject({ ReservedConcurrentExecutions: 20 });
  }
  expect(await unreserved()).toBe(980);
  for (const Qualifier of [undefined, "1"]) {
    expect(await lambda.send(new GetFunctionCommand({ FunctionName: "orders", Qualifier }))).toMatchObject({
      Concurrency: { ReservedConcurrentExecutions: 20 },
    });
  }
  expect(await lambda.send(new GetFunctionCommand({ FunctionName: "other" }))).not.toHaveProperty("Concurrency");
});

test("100 stay for functions that reserve nothing", async () => {
  const tooMany = awsError(
    "InvalidParameterValueException",
    "Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its minimum value of [100].",
  );
  await put("orders", 20);
  await expect(put("other", 881)).rejects.toMatchObject(tooMany);
  expect(await put("other", 880)).toMatchObject({ ReservedConcurrentExecutions: 880 });
  await expect(put("orders", 21)).rejects.toMatchObject(tooMany);
  expect(await put("orders", 19)).toMatchObject({ ReservedConcurrentExecutions: 19 });
  expect(await unreserved()).toBe(101);
  await server.current.lambda.send(new DeleteFunctionCommand({ FunctionName: "other" }));
  expect(await unreserved()).toBe(981);
});

describe("refused", () => {
  test.each<[string, string, number, object]>([
    ["a function that does not exist", "nobody", 1, functionNotFound(`${arnOf("nobody")}:$LATEST`)],
    ["one, and a number that is too high", "nobody", 10_000, functionNotFound(`${arnOf("nobody")}:$LATEST`)],
    ["a version", `${arnOf("orders")}:1`, 1, awsError("InvalidParameterValueException", functionsOnly)],
    ["$LATEST", "orders:$LATEST", 1, awsError("InvalidParameterValueException", functionsOnly)],
    [
      "less than nothing",
      "orders",
      -1,
      awsError(
        "ValidationException",
        "1 validation error detected: Value '-1' at 'reservedConcurrentExecutions' failed to satisfy constraint: Member must have value greater than or equal to 0",
      ),
    ],
  ])("%s", async (_, FunctionName, count, error) => {
    await expect(put(FunctionName, count)).rejects.toMatchObject(error);
  });
});
