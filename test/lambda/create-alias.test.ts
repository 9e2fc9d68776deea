import type { CreateAliasCommandInput } from "@aws-sdk/client-lambda";
import { beforeAll, describe, expect, test } from "vitest";
import { arnOf, awsError, call, createFunction, functionNotFound, lambdaServer, uuid } from "./lambda-api.ts";
import { createAlias, publishCode, saying } from "./versions-api.ts";

const server = lambdaServer();
const path = "/2015-03-31/functions/orders/aliases";

beforeAll(async () => {
  const { lambda } = server.current;
  await createFunction(lambda, "orders", { Publish: true });
  await publishCode(lambda, "orders", saying("second"));
});

const weights = (AdditionalVersionWeights: Record<string, number>) => ({ RoutingConfig: { AdditionalVersionWeights } });

test("the reply has the alias, with an empty description and no routing where none was given", async () => {
  const reply = await call(server.current.emu, "POST", path, { Name: "live", FunctionVersion: "1" });
  expect(reply.status).toBe(201);
  expect(JSON.parse(reply.text)).toEqual({
    AliasArn: `${arnOf("orders")}:live`,
    Name: "live",
    FunctionVersion: "1",
    Description: "",
    RevisionId: expect.stringMatching(uuid),
  });
});

test("an alias may share its invocations with a second version", async () => {
  const change = { Description: "a try", ...weights({ 2: 0.25 }) };
  expect(await createAlias(server.current.lambda, arnOf("orders"), "try", change)).toMatchObject({
    FunctionVersion: "1",
    Description: "a try",
    RoutingConfig: { AdditionalVersionWeights: { 2: 0.25 } },
  });
});

test("an empty routing is none, and $LATEST may have an alias", async () => {
  const alias = await createAlias(server.current.lambda, "orders", "newest", {
    FunctionVersion: "$LATEST",
    ...weights({}),
  });
  expect(alias).toMatchObject({ FunctionVersion: "$LATEST" });
  expect(alias).not.toHaveProperty("RoutingConfig");
});

describe("refused", () => {
  const value = (text: string) =>
    `1 validation error detected: Value '{${text}}' at 'routingConfig.additionalVersionWeights' failed to satisfy constraint: Map value must satisfy constraint: [Member must have value less than or equal to 1.0, Member must have value greater than or equal to 0.0, Member must not be null]`;

  test.each<[string, Partial<CreateAliasCommandInput>, object]>([
    [
      "a function that does not exist",
      { FunctionName: "nobody", FunctionVersion: "3" },
      functionNotFound(`${arnOf("nobody")}:3`),
    ],
    ["a version that does not exist", { FunctionVersion: "10" }, functionNotFound(`${arnOf("orders")}:10`)],
    ["an additional version that does not exist", weights({ 10: 0.5 }), functionNotFound(`${arnOf("orders")}:10`)],
    [
      "more than one additional version",
      weights({ 1: 0.1, 2: 0.1 }),
      awsError(
        "InvalidParameterValueException",
        "Number of items in AdditionalVersionWeights cannot be greater than 1",
      ),
    ],
    [
      "its own version as additional one",
      weights({ 1: 0.5 }),
      awsError(
        "InvalidParameterValueException",
        "Invalid function version 1. Function version 1 is already included in routing configuration.",
      ),
    ],
    [
      "an additional version beside $LATEST",
      { FunctionVersion: "$LATEST", ...weights({ 1: 0.5 }) },
      awsError(
        "InvalidParameterValueException",
        "$LATEST is not supported for an alias pointing to more than 1 version",
      ),
    ],
    ["more than everything", weights({ 2: 2 }), awsError("ValidationException", value("2=2.0"))],
    ["less than nothing", weights({ 2: -1 }), awsError("ValidationException", value("2=-1.0"))],
    [
      "$LATEST as additional version",
      weights({ $LATEST: 0.5 }),
      awsError(
        "ValidationException",
        "1 validation error detected: Value '{$LATEST=0.5}' at 'routingConfig.additionalVersionWeights' failed to satisfy constraint: Map keys must satisfy constraint: [Member must have length less than or equal to 1024, Member must have length greater than or equal to 1, Member must satisfy regular expression pattern: [0-9]+, Member must not be null]",
      ),
    ],
    [
      "a name that is a number",
      { Name: "7" },
      awsError(
        "ValidationException",
        "1 validation error detected: Value '7' at 'name' failed to satisfy constraint: Member must satisfy regular expression pattern: (?!^[0-9]+$)([a-zA-Z0-9-_]+)",
      ),
    ],
    [
      "a name that is taken",
      { Name: "taken" },
      awsError("ResourceConflictException", `Alias already exists: ${arnOf("orders")}:taken`, 409),
    ],
  ])("%s", async (_, change, error) => {
    const { lambda } = server.current;
    if (change.Name === "taken") await createAlias(lambda, "orders", "taken");
    await expect(createAlias(lambda, "orders", "refused", change)).rejects.toMatchObject(error);
  });
});
