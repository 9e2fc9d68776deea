import { FilterLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { UpdateAliasCommand, UpdateFunctionCodeCommand } from "@aws-sdk/client-lambda";
import { describe, expect, test } from "vitest";
import { arnOf, createFunction, lambdaServer } from "./lambda-api.ts";
import { createAlias, getConfiguration, invoke, publish, publishCode, saying } from "./versions-api.ts";

const server = lambdaServer();

describe("a version that is published with its code", () => {
  test("by CreateFunction is the answer, Pending and with the function's ARN", async () => {
    const { lambda } = server.current;
    const created = await createFunction(lambda, "created", { Publish: true });
    expect(created).toMatchObject({ FunctionArn: arnOf("created"), Version: "1", State: "Pending" });
    expect(created).not.toHaveProperty("LastUpdateStatus");
    const version = await getConfiguration(lambda, "created", "1");
    expect(version).toMatchObject({ Version: "1", State: "Active", LastUpdateStatus: "Successful" });
    expect(version.RevisionId).not.toBe(created.RevisionId);
    expect(await getConfiguration(lambda, "created")).toMatchObject({ Version: "$LATEST", State: "Active" });
    expect(await publish(lambda, "created")).toMatchObject({ Version: "1", RevisionId: version.RevisionId });
  });

  test("by UpdateFunctionCode is the answer, Pending and with its own ARN", async () => {
    const { emu, lambda } = server.current;
    await createFunction(lambda, "updated", { Code: { ZipFile: saying("first") } });
    const update = new UpdateFunctionCodeCommand({ FunctionName: "updated", ZipFile: saying("second"), Publish: true });
    const updated = await lambda.send(update);
    expect(updated).toMatchObject({
      FunctionArn: `${arnOf("updated")}:1`,
      Version: "1",
      State: "Pending",
      StateReason: "The function is being created.",
      StateReasonCode: "Creating",
    });
    expect(updated).not.toHaveProperty("LastUpdateStatus");
    await emu.idle();
    expect(await getConfiguration(lambda, "updated", "1")).toMatchObject({ State: "Active" });
    expect((await invoke(lambda, "updated", "1")).answer).toMatchObject({ code: "second", version: "1" });
    expect((await invoke(lambda, "updated")).answer).toMatchObject({ code: "second", version: "$LATEST" });
    expect(await lambda.send(update)).toMatchObject({ Version: "1", State: "Active" });
  });
});

test("each way to invoke says what ran, and the function knows of it", async () => {
  const { lambda, logs } = server.current;
  await createFunction(lambda, "orders", { Code: { ZipFile: saying("first") }, Publish: true });
  await publishCode(lambda, "orders", saying("second"));
  await createAlias(lambda, "orders", "live");
  const arn = arnOf("orders");
  for (const [name, qualifier, version, code, suffix] of [
    ["orders", undefined, "$LATEST", "second", ""],
    ["orders", "$LATEST", "$LATEST", "second", ":$LATEST"],
    ["orders:1", undefined, "1", "first", ":1"],
    ["000000000000:function:orders", "2", "2", "second", ":2"],
    [`${arn}:live`, undefined, "1", "first", ":live"],
    [`${arn}:live`, "live", "1", "first", ":live"],
  ] as const) {
    const { ExecutedVersion, answer } = await invoke(lambda, name, qualifier);
    expect(ExecutedVersion).toBe(version);
    expect(answer).toEqual({
      code,
      variable: version,
      version,
      arn: arn + suffix,
      logStream: expect.stringMatching(`^\\d{4}/\\d\\d/\\d\\d/\\[${version.replace("$", "\\$")}\\][\\da-f]{32}$`),
    });
  }
  const lines = await logs.send(
    new FilterLogEventsCommand({ logGroupName: "/aws/lambda/orders", filterPattern: '"START RequestId"' }),
  );
  expect(lines.events?.map(({ message = "" }) => message.trimEnd().split("Version: ")[1])).toEqual([
    "$LATEST",
    "$LATEST",
    "1",
    "2",
    "1",
    "1",
  ]);
});

test("a version keeps its code and settings, whatever becomes of $LATEST", async () => {
  const { lambda } = server.current;
  await createFunction(lambda, "kept", { Code: { ZipFile: saying("first") }, Timeout: 9, Publish: true });
  const before = await getConfiguration(lambda, "kept", "1");
  const first = await invoke(lambda, "kept", "1");
  await publishCode(lambda, "kept", saying("second"));
  const { $metadata: _, ...unchanged } = before;
  expect(await getConfiguration(lambda, "kept", "1")).toMatchObject(unchanged);
  // The same environment, for its log stream is the same.
  expect(await invoke(lambda, "kept", "1")).toEqual(first);
});

test("an alias that moves takes its next invocation along", async () => {
  const { lambda } = server.current;
  await createFunction(lambda, "moving", { Code: { ZipFile: saying("first") }, Publish: true });
  await publishCode(lambda, "moving", saying("second"));
  await createAlias(lambda, "moving", "live");
  const alias = { FunctionName: "moving", Name: "live" };
  expect(await invoke(lambda, "moving:live")).toMatchObject({ ExecutedVersion: "1", answer: { code: "first" } });
  await lambda.send(new UpdateAliasCommand({ ...alias, FunctionVersion: "2" }));
  expect(await invoke(lambda, "moving:live")).toMatchObject({ ExecutedVersion: "2", answer: { code: "second" } });
  const routing = (weight: number) => ({ RoutingConfig: { AdditionalVersionWeights: { 1: weight } } });
  await lambda.send(new UpdateAliasCommand({ ...alias, ...routing(1) }));
  expect(await invoke(lambda, "moving:live")).toMatchObject({ ExecutedVersion: "1", answer: { code: "first" } });
  await lambda.send(new UpdateAliasCommand({ ...alias, ...routing(0) }));
  expect(await invoke(lambda, "moving:live")).toMatchObject({ ExecutedVersion: "2", answer: { code: "second" } });
});
