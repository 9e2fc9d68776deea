import {
  PublishVersionCommand,
  UpdateFunctionCodeCommand,
  UpdateFunctionConfigurationCommand,
  waitUntilFunctionActive,
  waitUntilFunctionActiveV2,
  waitUntilFunctionExists,
  waitUntilFunctionUpdated,
  waitUntilFunctionUpdatedV2,
  waitUntilPublishedVersionActive,
} from "@aws-sdk/client-lambda";
import { beforeAll, describe, expect, test } from "vitest";
import { createFunction, lambdaServer } from "./lambda-api.ts";
import { zipOf } from "./zips.ts";

const server = lambdaServer();
const waiting = () => ({ client: server.current.lambda, maxWaitTime: 20 });
const success = { state: "SUCCESS" };
const answer = async (name: string, qualifier?: string) =>
  (await server.current.emu.function(qualifier === undefined ? name : `${name}:${qualifier}`).invoke()).payload;

describe("of a new function", () => {
  test.each([
    ["FunctionExists", waitUntilFunctionExists],
    ["FunctionActive", waitUntilFunctionActive],
    ["FunctionActiveV2", waitUntilFunctionActiveV2],
    ["FunctionUpdated", waitUntilFunctionUpdated],
    ["FunctionUpdatedV2", waitUntilFunctionUpdatedV2],
  ])("%s succeeds after the answer, which says Pending", async (name, wait) => {
    const { lambda } = server.current;
    expect(await createFunction(lambda, name)).toMatchObject({
      State: "Pending",
      StateReasonCode: "Creating",
    });
    expect(await wait(waiting(), { FunctionName: name })).toMatchObject(success);
    expect(await answer(name)).toEqual({});
  });

  test("PublishedVersionActive succeeds for the version that came with it", async () => {
    const { lambda } = server.current;
    await createFunction(lambda, "published", { Publish: true });
    const version = { FunctionName: "published", Qualifier: "1" };
    expect(await waitUntilPublishedVersionActive(waiting(), version)).toMatchObject(success);
  });
});

describe("of a change", () => {
  beforeAll(async () => {
    await createFunction(server.current.lambda, "changed");
    await waitUntilFunctionActiveV2(waiting(), { FunctionName: "changed" });
  });

  const told = () => zipOf({ "index.js": "exports.handler = async () => process.env.NAME ?? 'new code';" });

  test.each([
    ["FunctionUpdated", waitUntilFunctionUpdated],
    ["FunctionUpdatedV2", waitUntilFunctionUpdatedV2],
  ])("%s succeeds when new code, and new settings, are in force", async (name, wait) => {
    const { lambda } = server.current;
    const FunctionName = "changed";
    const Environment = { Variables: {} };
    await lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, Environment }));
    await wait(waiting(), { FunctionName });
    expect(await lambda.send(new UpdateFunctionCodeCommand({ FunctionName, ZipFile: told() }))).toMatchObject({
      State: "Active",
      LastUpdateStatus: "InProgress",
    });
    expect(await wait(waiting(), { FunctionName })).toMatchObject(success);
    expect(await answer("changed")).toBe("new code");
    const named = { Variables: { NAME: name } };
    expect(
      await lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, Environment: named })),
    ).toMatchObject({ State: "Active", LastUpdateStatus: "InProgress" });
    expect(await wait(waiting(), { FunctionName })).toMatchObject(success);
    expect(await answer("changed")).toBe(name);
  });

  test("PublishedVersionActive succeeds for a version, by its number and with the code that it has", async () => {
    const { lambda } = server.current;
    const { Version } = await lambda.send(new PublishVersionCommand({ FunctionName: "changed" }));
    const version = { FunctionName: "changed", Qualifier: Version };
    expect(await waitUntilPublishedVersionActive(waiting(), version)).toMatchObject(success);
    const ZipFile = zipOf({ "index.js": "exports.handler = async () => 'published with its code';" });
    const updated = await lambda.send(
      new UpdateFunctionCodeCommand({ FunctionName: "changed", ZipFile, Publish: true }),
    );
    const next = { FunctionName: "changed", Qualifier: updated.Version };
    expect(await waitUntilPublishedVersionActive(waiting(), next)).toMatchObject(success);
    expect(await answer("changed", updated.Version)).toBe("published with its code");
  });
});
