import {
  DeleteFunctionCommand,
  ListFunctionsCommand,
  ListVersionsByFunctionCommand,
  UpdateFunctionConfigurationCommand,
  paginateListFunctions,
  paginateListVersionsByFunction,
} from "@aws-sdk/client-lambda";
import { beforeAll, expect, test } from "vitest";
import { addressesOf, arnOf, call, createFunction, functionNotFound, lambdaServer } from "./lambda-api.ts";
import { publish } from "./versions-api.ts";

const server = lambdaServer();
const versions = ["$LATEST", ...Array.from({ length: 12 }, (_, index) => String(index + 1))];

beforeAll(async () => {
  const { lambda } = server.current;
  await createFunction(lambda, "orders");
  for (const Description of versions.slice(1)) {
    await lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName: "orders", Description }));
    await publish(lambda, "orders");
  }
});

const versionsOf = (list: readonly { readonly Version?: string | undefined }[] = []) =>
  list.map(({ Version }) => Version);

test("$LATEST comes first, then the versions in their order, all with qualified ARNs and without states", async () => {
  const { emu } = server.current;
  const reply = await call(emu, "GET", "/2015-03-31/functions/orders/versions");
  expect(reply.status).toBe(200);
  const { Versions, NextMarker } = JSON.parse(reply.text);
  expect(NextMarker).toBeUndefined();
  expect(versionsOf(Versions)).toEqual(versions);
  expect(Versions[0]).toMatchObject({ FunctionArn: `${arnOf("orders")}:$LATEST`, Description: "12" });
  expect(Versions[10]).toMatchObject({ FunctionArn: `${arnOf("orders")}:10`, Description: "10" });
  expect(Versions[0]).not.toHaveProperty("State");
  expect(Versions[0]).not.toHaveProperty("RuntimeVersionConfig");
});

test("pages make the whole list, also when its next version is deleted meanwhile", async () => {
  const { lambda } = server.current;
  const listed: (string | undefined)[] = [];
  for await (const page of paginateListVersionsByFunction(
    { client: lambda, pageSize: 5 },
    { FunctionName: "orders" },
  )) {
    listed.push(...versionsOf(page.Versions));
  }
  expect(listed).toEqual(versions);
  const list = new ListVersionsByFunctionCommand({ FunctionName: "orders", MaxItems: 2 });
  const { NextMarker: Marker } = await lambda.send(list);
  for (const Qualifier of ["1", "2"]) {
    await lambda.send(new DeleteFunctionCommand({ FunctionName: "orders", Qualifier }));
  }
  const rest = await lambda.send(new ListVersionsByFunctionCommand({ FunctionName: "orders", MaxItems: 2, Marker }));
  expect(versionsOf(rest.Versions)).toEqual(["3", "4"]);
});

test("ListFunctions with FunctionVersion ALL has them too, function by function", async () => {
  const { lambda } = server.current;
  await createFunction(lambda, "orders-2", { Publish: true });
  const listed: string[] = [];
  const client = { client: lambda, pageSize: 4 };
  for await (const page of paginateListFunctions(client, { FunctionVersion: "ALL" })) {
    listed.push(...(page.Functions ?? []).map(({ FunctionArn = "" }) => FunctionArn));
  }
  const left = versions.filter((version) => version !== "1" && version !== "2");
  expect(listed).toEqual([
    ...left.map((version) => `${arnOf("orders")}:${version}`),
    `${arnOf("orders-2")}:$LATEST`,
    `${arnOf("orders-2")}:1`,
  ]);
  const { Functions } = await lambda.send(new ListFunctionsCommand({}));
  expect(versionsOf(Functions)).toEqual(["$LATEST", "$LATEST"]);
});

test("a function is addressed by name and ARN, and must be there", async () => {
  const { lambda } = server.current;
  for (const FunctionName of addressesOf("orders")) {
    const { Versions } = await lambda.send(new ListVersionsByFunctionCommand({ FunctionName }));
    expect(Versions?.[0]?.Version).toBe("$LATEST");
  }
  const list = lambda.send(new ListVersionsByFunctionCommand({ FunctionName: "nobody" }));
  await expect(list).rejects.toMatchObject(functionNotFound(arnOf("nobody")));
});
