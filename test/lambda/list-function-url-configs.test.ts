import {
  CreateAliasCommand,
  CreateFunctionUrlConfigCommand,
  ListFunctionUrlConfigsCommand,
} from "@aws-sdk/client-lambda";
import { expect, test } from "vitest";
import { arnOf, awsError, createFunction, lambdaServer } from "./lambda-api.ts";

const server = lambdaServer();

test("a function's own URL and those of its aliases, page by page", async () => {
  const { lambda } = server.current;
  await createFunction(lambda, "orders", { Publish: true });
  const create = (Qualifier?: string) =>
    lambda.send(new CreateFunctionUrlConfigCommand({ FunctionName: "orders", AuthType: "NONE", Qualifier }));
  for (const Name of ["b", "a"]) {
    await lambda.send(new CreateAliasCommand({ FunctionName: "orders", Name, FunctionVersion: "1" }));
    await create(Name);
  }
  await create();
  const list = (page: { Marker?: string | undefined; MaxItems?: number } = {}) =>
    lambda.send(new ListFunctionUrlConfigsCommand({ FunctionName: "orders", ...page }));
  const arns = async (page = {}) => (await list(page)).FunctionUrlConfigs?.map(({ FunctionArn }) => FunctionArn);
  const [own, a, b] = [arnOf("orders"), `${arnOf("orders")}:a`, `${arnOf("orders")}:b`];
  expect(await arns()).toEqual([own, a, b]);
  const first = await list({ MaxItems: 2 });
  expect(first.FunctionUrlConfigs?.[0]).toMatchObject({ FunctionArn: own, InvokeMode: "BUFFERED" });
  expect(await arns({ MaxItems: 2, Marker: first.NextMarker })).toEqual([b]);
});

test("a function without URLs has an empty list, and one that does not exist is an error", async () => {
  const { lambda } = server.current;
  await createFunction(lambda, "without");
  const list = (FunctionName: string) => lambda.send(new ListFunctionUrlConfigsCommand({ FunctionName }));
  expect(await list("without")).toMatchObject({ FunctionUrlConfigs: [] });
  await expect(list("nobody")).rejects.toMatchObject(
    awsError("ResourceNotFoundException", "Function does not exist", 404),
  );
});
