import { CreateAliasCommand, CreateFunctionUrlConfigCommand } from "@aws-sdk/client-lambda";
import type { CreateFunctionUrlConfigCommandInput } from "@aws-sdk/client-lambda";
import { beforeAll, describe, expect, test } from "vitest";
import { arnOf, awsError, call, createFunction, lambdaServer } from "./lambda-api.ts";

const server = lambdaServer();
const create = (input: Partial<CreateFunctionUrlConfigCommandInput>) =>
  server.current.lambda.send(
    new CreateFunctionUrlConfigCommand({ FunctionName: "orders", AuthType: "NONE", ...input }),
  );

beforeAll(async () => {
  const { lambda } = server.current;
  await createFunction(lambda, "orders", { Publish: true });
  await createFunction(lambda, "others", { Publish: true });
  await lambda.send(new CreateAliasCommand({ FunctionName: "orders", Name: "live", FunctionVersion: "1" }));
});

test("the answer has the URL under the caller's origin, and the mode only if it was given", async () => {
  const { emu } = server.current;
  const reply = await call(emu, "POST", "/2021-10-31/functions/orders/url", { AuthType: "NONE" });
  expect(reply.status).toBe(201);
  expect(JSON.parse(reply.text)).toEqual({
    FunctionUrl: expect.stringMatching(new RegExp(`^${emu.endpoint}/_localemu/url/[a-z0-9]{32}/$`)),
    FunctionArn: arnOf("orders"),
    AuthType: "NONE",
    CreationTime: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
  });
});

test("an alias has a URL of its own, with all settings", async () => {
  const Cors = {
    AllowCredentials: true,
    AllowHeaders: ["x-a"],
    AllowMethods: ["GET"],
    AllowOrigins: ["https://app.example"],
    ExposeHeaders: ["x-b"],
    MaxAge: 86_400,
  };
  const answer = await create({ Qualifier: "live", AuthType: "AWS_IAM", InvokeMode: "RESPONSE_STREAM", Cors });
  expect(answer).toMatchObject({
    FunctionArn: `${arnOf("orders")}:live`,
    AuthType: "AWS_IAM",
    InvokeMode: "RESPONSE_STREAM",
    Cors,
  });
});

describe("refused", () => {
  const invalid = (value: string, member: string, constraint: string) =>
    awsError(
      "ValidationException",
      `1 validation error detected: Value '${value}' at '${member}' failed to satisfy constraint: ${constraint}`,
    );
  const pattern = "Member must satisfy regular expression pattern: ((?!^\\d+$)^[0-9a-zA-Z-_]+$)";
  const exists = (arn: string) =>
    awsError(
      "ResourceConflictException",
      `Failed to create function url config for [functionArn = ${arn}]. Error message:  FunctionUrlConfig exists for this Lambda function`,
      409,
    );
  const missing = awsError("ResourceNotFoundException", "Function does not exist", 404);

  test.each<[string, Partial<CreateFunctionUrlConfigCommandInput>, object]>([
    ["a second one", { FunctionName: "twice" }, exists(arnOf("twice"))],
    ["a second one of an alias", { FunctionName: "twice", Qualifier: "live" }, exists(`${arnOf("twice")}:live`)],
    ["a function that does not exist", { FunctionName: "nobody" }, missing],
    ["an alias that does not exist", { Qualifier: "nobody" }, missing],
    ["a version", { Qualifier: "1" }, invalid("1", "qualifier", pattern)],
    ["$LATEST", { Qualifier: "$LATEST" }, invalid("$LATEST", "qualifier", pattern)],
    ["a version in the name", { FunctionName: "others:1" }, invalid("1", "qualifier", pattern)],
    [
      "a page that may remember for more than a day",
      { Cors: { MaxAge: 86_401 } },
      invalid("86401", "cors.maxAge", "Member must have value less than or equal to 86400"),
    ],
  ])("%s", async (_, input, error) => {
    const { lambda } = server.current;
    if (input.FunctionName === "twice") {
      await createFunction(lambda, "twice", { Publish: true }).catch(() => "there already");
      await lambda
        .send(new CreateAliasCommand({ FunctionName: "twice", Name: "live", FunctionVersion: "1" }))
        .catch(() => "there already");
      await create(input);
    }
    await expect(create({ FunctionName: "others", ...input })).rejects.toMatchObject(error);
  });

  test("a mode that there is not", async () => {
    const body = { AuthType: "NONE", InvokeMode: "OTHER" };
    const reply = await call(server.current.emu, "POST", "/2021-10-31/functions/others/url", body);
    expect(reply.status).toBe(400);
    expect(JSON.parse(reply.text)).toEqual({
      message:
        "1 validation error detected: Value 'OTHER' at 'invokeMode' failed to satisfy constraint: Member must satisfy enum value set: [RESPONSE_STREAM, BUFFERED]",
    });
  });
});
