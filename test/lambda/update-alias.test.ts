import { GetAliasCommand, UpdateAliasCommand } from "@aws-sdk/client-lambda";
import type { UpdateAliasCommandInput } from "@aws-sdk/client-lambda";
import { beforeAll, describe, expect, test } from "vitest";
import { arnOf, awsError, createFunction, functionNotFound, lambdaServer } from "./lambda-api.ts";
import { createAlias, otherRevision, publishCode, saying } from "./versions-api.ts";

const server = lambdaServer();
const update = (Name: string, change: Partial<UpdateAliasCommandInput> = {}) =>
  server.current.lambda.send(new UpdateAliasCommand({ FunctionName: "orders", Name, ...change }));
const weights = (AdditionalVersionWeights: Record<string, number>) => ({ RoutingConfig: { AdditionalVersionWeights } });

beforeAll(async () => {
  const { lambda } = server.current;
  await createFunction(lambda, "orders", { Publish: true });
  await publishCode(lambda, "orders", saying("second"));
});

test("what is not named stays, and the revision changes each time", async () => {
  const { lambda } = server.current;
  const made = await createAlias(lambda, "orders", "live", { Description: "d" });
  const moved = await update("live", { FunctionVersion: "2" });
  expect(moved).toMatchObject({ AliasArn: `${arnOf("orders")}:live`, FunctionVersion: "2", Description: "d" });
  const same = await update("live");
  expect(same).toMatchObject({ FunctionVersion: "2", Description: "d" });
  expect(new Set([made.RevisionId, moved.RevisionId, same.RevisionId]).size).toBe(3);
  const cleared = await update("live", { Description: "" });
  expect(cleared).toMatchObject({ FunctionVersion: "2", Description: "" });
  const { $metadata: _, ...expected } = cleared;
  expect(await lambda.send(new GetAliasCommand({ FunctionName: "orders", Name: "live" }))).toMatchObject(expected);
});

test("an additional version comes with a routing, stays without one, and goes with an empty one", async () => {
  await createAlias(server.current.lambda, "orders", "shared");
  expect(await update("shared", weights({ 2: 0.5 }))).toMatchObject(weights({ 2: 0.5 }));
  expect(await update("shared", { Description: "d" })).toMatchObject(weights({ 2: 0.5 }));
  await expect(update("shared", { FunctionVersion: "2" })).rejects.toMatchObject(
    awsError(
      "InvalidParameterValueException",
      "Invalid function version 2. Function version 2 is already included in routing configuration.",
    ),
  );
  expect(await update("shared", { RoutingConfig: {} })).not.toHaveProperty("RoutingConfig");
});

test("the revision may be required", async () => {
  const { RevisionId } = await createAlias(server.current.lambda, "orders", "revised");
  await update("revised", { RevisionId, FunctionVersion: "2" });
  await expect(update("revised", { RevisionId, FunctionVersion: "1" })).rejects.toMatchObject(
    awsError("PreconditionFailedException", otherRevision, 412),
  );
});

describe("refused", () => {
  test.each<[string, Partial<UpdateAliasCommandInput>, object]>([
    ["a function that does not exist", { FunctionName: "nobody" }, functionNotFound(arnOf("nobody"))],
    [
      "an alias that does not exist",
      { Name: "nobody" },
      awsError("ResourceNotFoundException", `Alias not found: ${arnOf("orders")}:nobody`, 404),
    ],
    ["a version that does not exist", { FunctionVersion: "10" }, functionNotFound(`${arnOf("orders")}:10`)],
    [
      "more than one additional version",
      weights({ 1: 0.1, 2: 0.1 }),
      awsError(
        "InvalidParameterValueException",
        "Number of items in AdditionalVersionWeights cannot be greater than 1",
      ),
    ],
  ])("%s", async (_, change, error) => {
    const { lambda } = server.current;
    await createAlias(lambda, "orders", "kept").catch(() => {});
    await expect(update("kept", change)).rejects.toMatchObject(error);
    expect(await lambda.send(new GetAliasCommand({ FunctionName: "orders", Name: "kept" }))).toMatchObject({
      FunctionVersion: "1",
    });
  });
});
