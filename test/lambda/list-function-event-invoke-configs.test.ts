import {
  CreateAliasCommand,
  ListFunctionEventInvokeConfigsCommand,
  PutFunctionEventInvokeConfigCommand,
  paginateListFunctionEventInvokeConfigs,
} from "@aws-sdk/client-lambda";
import { beforeAll, expect, test } from "vitest";
import { arnOf, awsError, createFunction, lambdaServer } from "./lambda-api.ts";

const server = lambdaServer();
const qualifiers = ["$LATEST", "1", "live"];

beforeAll(async () => {
  const { lambda } = server.current;
  await createFunction(lambda, "orders", { Publish: true });
  await createFunction(lambda, "plain");
  await lambda.send(new CreateAliasCommand({ FunctionName: "orders", Name: "live", FunctionVersion: "1" }));
  for (const Qualifier of qualifiers) {
    const config = { FunctionName: "orders", Qualifier, MaximumRetryAttempts: 1 };
    await lambda.send(new PutFunctionEventInvokeConfigCommand(config));
  }
});

test("those of every qualifier, page by page", async () => {
  const pages: (string | undefined)[][] = [];
  const paginator = paginateListFunctionEventInvokeConfigs(
    { client: server.current.lambda, pageSize: 2 },
    { FunctionName: "orders" },
  );
  for await (const { FunctionEventInvokeConfigs = [] } of paginator)
    pages.push(FunctionEventInvokeConfigs.map(({ FunctionArn }) => FunctionArn));
  expect(pages.map(({ length }) => length)).toEqual([2, 1]);
  expect(pages.flat()).toEqual(qualifiers.map((qualifier) => `${arnOf("orders")}:${qualifier}`));
});

test("none, and none of a function that does not exist", async () => {
  const list = (FunctionName: string) =>
    server.current.lambda.send(new ListFunctionEventInvokeConfigsCommand({ FunctionName }));
  expect((await list("plain")).FunctionEventInvokeConfigs).toEqual([]);
  await expect(list("nobody")).rejects.toMatchObject(
    awsError("ResourceNotFoundException", "The function doesn't exist.", 404),
  );
});
