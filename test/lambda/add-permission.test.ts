import {
  AddPermissionCommand,
  CreateAliasCommand,
  GetAliasCommand,
  GetFunctionCommand,
  GetPolicyCommand,
} from "@aws-sdk/client-lambda";
import type { AddPermissionCommandInput } from "@aws-sdk/client-lambda";
import { beforeAll, describe, expect, test } from "vitest";
import { arnOf, awsError, call, createFunction, functionNotFound, lambdaServer } from "./lambda-api.ts";

const server = lambdaServer();
const invoke = { Action: "lambda:InvokeFunction", Principal: "s3.amazonaws.com" };
const add = (StatementId: string, change: Partial<AddPermissionCommandInput> = {}) =>
  server.current.lambda.send(new AddPermissionCommand({ FunctionName: "orders", StatementId, ...invoke, ...change }));

beforeAll(async () => {
  const { lambda } = server.current;
  await createFunction(lambda, "orders", { Publish: true });
  await lambda.send(new CreateAliasCommand({ FunctionName: "orders", Name: "live", FunctionVersion: "1" }));
});

test("the statement is told as a text, with the status of something new", async () => {
  const body = { StatementId: "s3", ...invoke, SourceArn: "arn:aws:s3:::uploads", SourceAccount: "000000000000" };
  const reply = await call(server.current.emu, "POST", "/2015-03-31/functions/orders/policy", body);
  expect(reply.status).toBe(201);
  expect(JSON.parse(reply.text)).toEqual({
    Statement: JSON.stringify({
      Sid: "s3",
      Effect: "Allow",
      Principal: { Service: "s3.amazonaws.com" },
      Action: "lambda:InvokeFunction",
      Resource: arnOf("orders"),
      Condition: {
        StringEquals: { "AWS:SourceAccount": "000000000000" },
        ArnLike: { "AWS:SourceArn": "arn:aws:s3:::uploads" },
      },
    }),
  });
});

test.each<[string, Partial<AddPermissionCommandInput>, object]>([
  ["everybody", { Principal: "*" }, { Principal: "*" }],
  ["an account", { Principal: "111122223333" }, { Principal: { AWS: "arn:aws:iam::111122223333:root" } }],
  [
    "a role",
    { Principal: "arn:aws:iam::111122223333:role/r" },
    { Principal: { AWS: "arn:aws:iam::111122223333:role/r" } },
  ],
  [
    "a URL's callers",
    { Principal: "*", Action: "lambda:InvokeFunctionUrl", FunctionUrlAuthType: "NONE" },
    {
      Action: "lambda:InvokeFunctionUrl",
      Condition: { StringEquals: { "lambda:FunctionUrlAuthType": "NONE" } },
    },
  ],
  ["an alias", { Qualifier: "live" }, { Resource: `${arnOf("orders")}:live` }],
  ["a version", { FunctionName: "orders:1" }, { Resource: `${arnOf("orders")}:1` }],
])("for %s", async (name, change, statement) => {
  const { Statement = "" } = await add(name.replaceAll(/\W/g, "-"), change);
  expect(JSON.parse(Statement)).toMatchObject(statement);
});

test("the revision of what it belongs to changes, and can be asked for", async () => {
  const { lambda } = server.current;
  const latest = async () => (await lambda.send(new GetFunctionCommand({ FunctionName: "orders" }))).Configuration;
  const before = (await latest())?.RevisionId;
  await add("first", { RevisionId: before });
  const after = (await latest())?.RevisionId;
  expect(after).not.toBe(before);
  expect(await lambda.send(new GetPolicyCommand({ FunctionName: "orders" }))).toMatchObject({ RevisionId: after });
  await expect(add("second", { RevisionId: before })).rejects.toMatchObject(
    awsError(
      "PreconditionFailedException",
      "The Revision Id provided does not match the latest Revision Id. Call the GetPolicy API to retrieve the latest Revision Id",
      412,
    ),
  );
  const alias = new GetAliasCommand({ FunctionName: "orders", Name: "live" });
  const { RevisionId } = await lambda.send(alias);
  await add("of-live", { Qualifier: "live", RevisionId });
  expect((await lambda.send(alias)).RevisionId).not.toBe(RevisionId);
});

describe("refused", () => {
  test.each<[string, Partial<AddPermissionCommandInput>, object]>([
    ["a function that does not exist", { FunctionName: "nobody" }, functionNotFound(arnOf("nobody"))],
    ["a version that does not exist", { Qualifier: "7" }, functionNotFound(`${arnOf("orders")}:7`)],
    [
      "$LATEST",
      { Qualifier: "$LATEST" },
      awsError("InvalidParameterValueException", "We currently do not support adding policies for $LATEST."),
    ],
    [
      "a principal of no kind",
      { Principal: "me" },
      awsError(
        "InvalidParameterValueException",
        "The provided principal was invalid. Please check the principal and try again.",
      ),
    ],
  ])("%s", async (_, change, error) => {
    await expect(add("refused", change)).rejects.toMatchObject(error);
  });

  test("a statement's id twice", async () => {
    await add("twice");
    await expect(add("twice")).rejects.toMatchObject(
      awsError(
        "ResourceConflictException",
        "The statement id (twice) provided already exists. Please provide a new statement id, or remove the existing statement.",
        409,
      ),
    );
    await add("twice", { Qualifier: "1" });
  });
});
