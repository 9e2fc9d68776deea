import {
  GetFunctionConfigurationCommand,
  InvokeCommand,
  UpdateFunctionConfigurationCommand,
} from "@aws-sdk/client-lambda";
import type { UpdateFunctionConfigurationCommandInput } from "@aws-sdk/client-lambda";
import { describe, expect, test } from "vitest";
import { addressesOf, arnOf, awsError, createFunction, functionNotFound, lambdaServer } from "./lambda-api.ts";
import { zipOf } from "./zips.ts";

const server = lambdaServer();
const update = (input: UpdateFunctionConfigurationCommandInput) =>
  server.current.lambda.send(new UpdateFunctionConfigurationCommand(input));
const get = (FunctionName: string) => server.current.lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));

test("what is named changes, all else stays", async () => {
  await createFunction(server.current.lambda, "orders", { Timeout: 7, Description: "takes orders" });
  const before = await get("orders");
  const updated = await update({ FunctionName: "orders", MemorySize: 256, Environment: { Variables: { TABLE: "1" } } });
  expect(updated).toMatchObject({
    FunctionArn: arnOf("orders"),
    MemorySize: 256,
    Environment: { Variables: { TABLE: "1" } },
    Timeout: 7,
    Description: "takes orders",
    CodeSha256: before.CodeSha256,
    State: "Active",
    LastUpdateStatus: "InProgress",
    LastUpdateStatusReason: "The function is being created.",
    LastUpdateStatusReasonCode: "Creating",
  });
  const after = await get("orders");
  expect(after).toMatchObject({ LastUpdateStatus: "Successful", MemorySize: 256 });
  expect(after).not.toHaveProperty("LastUpdateStatusReason");
  expect(new Set([before.RevisionId, updated.RevisionId, after.RevisionId]).size).toBe(3);
});

test("the next invocation has the new environment, time limit and handler", async () => {
  const { lambda } = server.current;
  const code = `exports.handler = async () => "old"; exports.other = async (_, context) => [process.env.TABLE, context.memoryLimitInMB, context.getRemainingTimeInMillis() > 3000];`;
  await createFunction(lambda, "invoked", { Code: { ZipFile: zipOf({ "index.js": code }) } });
  const invoke = async () =>
    (await lambda.send(new InvokeCommand({ FunctionName: "invoked" }))).Payload?.transformToString();
  expect(await invoke()).toBe('"old"');
  await update({
    FunctionName: "invoked",
    Handler: "index.other",
    Timeout: 60,
    MemorySize: 512,
    Environment: { Variables: { TABLE: "1" } },
  });
  expect(await invoke()).toBe('["1","512",true]');
});

test("the environment is replaced as a whole", async () => {
  await createFunction(server.current.lambda, "variables", { Environment: { Variables: { TABLE: "1", QUEUE: "2" } } });
  expect(await update({ FunctionName: "variables", Environment: { Variables: { TOPIC: "3" } } })).toMatchObject({
    Environment: { Variables: { TOPIC: "3" } },
  });
  expect((await get("variables")).Environment).toEqual({ Variables: { TOPIC: "3" } });
});

test("a function is addressed by name and ARN", async () => {
  await createFunction(server.current.lambda, "addressed");
  for (const FunctionName of addressesOf("addressed")) {
    expect(await update({ FunctionName, Timeout: 5 })).toMatchObject({ FunctionArn: arnOf("addressed") });
  }
});

describe("refused", () => {
  test("a function that does not exist", async () => {
    await expect(update({ FunctionName: "nobody" })).rejects.toMatchObject(functionNotFound(arnOf("nobody")));
  });

  test("another revision", async () => {
    await createFunction(server.current.lambda, "revised");
    const RevisionId = "00000000-0000-4000-8000-000000000000";
    await expect(update({ FunctionName: "revised", Timeout: 5, RevisionId })).rejects.toMatchObject(
      awsError("PreconditionFailedException", expect.stringContaining("The Revision Id provided does not match"), 412),
    );
    expect((await get("revised")).Timeout).toBe(3);
  });

  test.each<[string, Partial<UpdateFunctionConfigurationCommandInput>, object]>([
    [
      "a Timeout of 901",
      { Timeout: 901 },
      awsError(
        "ValidationException",
        "1 validation error detected: Value '901' at 'timeout' failed to satisfy constraint: Member must have value less than or equal to 900",
      ),
    ],
    [
      "a retired runtime",
      { Runtime: "nodejs14.x" },
      awsError("InvalidParameterValueException", expect.stringContaining("is no longer supported")),
    ],
    [
      "reserved variables",
      { Environment: { Variables: { LAMBDA_TASK_ROOT: "x" } } },
      awsError(
        "InvalidParameterValueException",
        expect.stringContaining("Reserved keys used in this request: LAMBDA_TASK_ROOT"),
      ),
    ],
    [
      "layers",
      { Layers: ["arn:aws:lambda:us-east-1:000000000000:layer:l:1"] },
      awsError(
        "InvalidParameterValueException",
        "Layer version arn:aws:lambda:us-east-1:000000000000:layer:l:1 does not exist.",
      ),
    ],
  ])("%s", async (what, change, error) => {
    const FunctionName = `refused-${what.replaceAll(" ", "-")}`;
    await createFunction(server.current.lambda, FunctionName);
    const before = await get(FunctionName);
    await expect(update({ FunctionName, ...change })).rejects.toMatchObject(error);
    expect((await get(FunctionName)).RevisionId).toBe(before.RevisionId);
  });
});
