import { LambdaClient, ListFunctionsCommand, paginateListFunctions } from "@aws-sdk/client-lambda";
import { beforeAll, expect, test } from "vitest";
import { arnOf, awsError, call, createFunction, lambdaServer } from "./lambda-api.ts";

const server = lambdaServer();
const names = Array.from({ length: 53 }, (_, index) => `fn-${String(index).padStart(2, "0")}`);

beforeAll(async () => {
  await Promise.all(names.map((name) => createFunction(server.current.lambda, name)));
});

test("functions are listed without their states and their runtimes' versions", async () => {
  const reply = await call(server.current.emu, "GET", "/2015-03-31/functions?MaxItems=1");
  expect(reply.status).toBe(200);
  const { Functions, NextMarker } = JSON.parse(reply.text);
  expect(NextMarker).toEqual(expect.any(String));
  expect(Object.keys(Functions[0]).toSorted()).toEqual([
    "Architectures",
    "CodeSha256",
    "CodeSize",
    "Description",
    "EphemeralStorage",
    "FunctionArn",
    "FunctionName",
    "Handler",
    "LastModified",
    "LoggingConfig",
    "MemorySize",
    "PackageType",
    "RevisionId",
    "Role",
    "Runtime",
    "SnapStart",
    "Timeout",
    "TracingConfig",
    "Version",
  ]);
});

test("a page has 50 at most, and pages make the whole list", async () => {
  const { lambda } = server.current;
  const first = await lambda.send(new ListFunctionsCommand({ MaxItems: 10_000 }));
  expect(first.Functions).toHaveLength(50);
  const second = await lambda.send(new ListFunctionsCommand({ Marker: first.NextMarker }));
  expect(second.Functions?.map(({ FunctionName }) => FunctionName)).toEqual(names.slice(50));
  expect(second).not.toHaveProperty("NextMarker");
  const listed: (string | undefined)[] = [];
  for await (const page of paginateListFunctions({ client: lambda, pageSize: 20 }, {})) {
    listed.push(...(page.Functions ?? []).map(({ FunctionName }) => FunctionName));
  }
  expect(listed).toEqual(names);
});

test("with FunctionVersion ALL the ARNs are qualified", async () => {
  const { lambda } = server.current;
  const { Functions } = await lambda.send(new ListFunctionsCommand({ FunctionVersion: "ALL", MaxItems: 1 }));
  expect(Functions).toMatchObject([{ FunctionArn: `${arnOf("fn-00")}:$LATEST`, Version: "$LATEST" }]);
  const plain = await lambda.send(new ListFunctionsCommand({ MaxItems: 1 }));
  expect(plain.Functions).toMatchObject([{ FunctionArn: arnOf("fn-00") }]);
});

test("another region has none", async () => {
  const elsewhere = new LambdaClient({ ...server.current.emu.getClientConfig(), region: "eu-west-1" });
  expect((await elsewhere.send(new ListFunctionsCommand({}))).Functions).toEqual([]);
});

test.each([
  [0, "greater than or equal to 1"],
  [10_001, "less than or equal to 10000"],
])("MaxItems %i is refused", async (MaxItems, rule) => {
  await expect(server.current.lambda.send(new ListFunctionsCommand({ MaxItems }))).rejects.toMatchObject(
    awsError(
      "ValidationException",
      `1 validation error detected: Value '${MaxItems}' at 'maxItems' failed to satisfy constraint: Member must have value ${rule}`,
    ),
  );
});
