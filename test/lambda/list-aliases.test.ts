import { ListAliasesCommand, paginateListAliases } from "@aws-sdk/client-lambda";
import type { ListAliasesCommandInput } from "@aws-sdk/client-lambda";
import { beforeAll, expect, test } from "vitest";
import { arnOf, call, createFunction, functionNotFound, lambdaServer } from "./lambda-api.ts";
import { createAlias, publishCode, saying } from "./versions-api.ts";

const server = lambdaServer();
const list = (input: Partial<ListAliasesCommandInput> = {}) =>
  server.current.lambda.send(new ListAliasesCommand({ FunctionName: "orders", ...input }));
const namesOf = (aliases: readonly { readonly Name?: string | undefined }[] = []) => aliases.map(({ Name }) => Name);

beforeAll(async () => {
  const { lambda } = server.current;
  await createFunction(lambda, "orders", { Publish: true });
  await publishCode(lambda, "orders", saying("second"));
  const RoutingConfig = { AdditionalVersionWeights: { 2: 0.5 } };
  await createAlias(lambda, "orders", "c", { RoutingConfig });
  await createAlias(lambda, "orders", "a");
  await createAlias(lambda, "orders", "b", { FunctionVersion: "2" });
});

test("aliases are listed as GetAlias tells them", async () => {
  const reply = await call(server.current.emu, "GET", "/2015-03-31/functions/orders/aliases");
  expect(reply.status).toBe(200);
  const { Aliases, ...rest } = JSON.parse(reply.text);
  expect(rest).toEqual({});
  expect(namesOf(Aliases)).toEqual(["a", "b", "c"]);
  expect(Aliases[2]).toEqual({
    AliasArn: `${arnOf("orders")}:c`,
    Name: "c",
    FunctionVersion: "1",
    Description: "",
    RoutingConfig: { AdditionalVersionWeights: { 2: 0.5 } },
    RevisionId: expect.any(String),
  });
});

test("those of one version are listed alone", async () => {
  expect(namesOf((await list({ FunctionVersion: "1" })).Aliases)).toEqual(["a", "c"]);
  expect(namesOf((await list({ FunctionVersion: "2" })).Aliases)).toEqual(["b"]);
  expect((await list({ FunctionVersion: "3" })).Aliases).toEqual([]);
});

test("pages make the whole list", async () => {
  const listed: (string | undefined)[] = [];
  const client = { client: server.current.lambda, pageSize: 2 };
  for await (const page of paginateListAliases(client, { FunctionName: arnOf("orders") })) {
    listed.push(...namesOf(page.Aliases));
  }
  expect(listed).toEqual(["a", "b", "c"]);
});

test("a function that does not exist is refused", async () => {
  await expect(list({ FunctionName: "nobody" })).rejects.toMatchObject(functionNotFound(arnOf("nobody")));
});
