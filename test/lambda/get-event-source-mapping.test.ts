import { GetEventSourceMappingCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { expect, test } from "vitest";
import { arnOf, awsError, call, lambdaServer } from "./lambda-api.ts";
import { createMapped, mappingsPath, streamArn } from "./mapping-api.ts";

const server = lambdaServer();

test("the reply is what creation said, and Enabled", async () => {
  const { emu } = server.current;
  const UUID = await createMapped(server.current, "orders", { BatchSize: 7 });
  const reply = await call(emu, "GET", `${mappingsPath}/${UUID}`);
  expect(reply.status).toBe(200);
  expect(JSON.parse(reply.text)).toEqual({
    BatchSize: 7,
    BisectBatchOnFunctionError: false,
    DestinationConfig: { OnFailure: {} },
    EventSourceArn: streamArn("orders"),
    EventSourceMappingArn: `arn:aws:lambda:us-east-1:000000000000:event-source-mapping:${UUID}`,
    FunctionArn: arnOf("orders"),
    FunctionResponseTypes: [],
    LastModified: expect.any(Number),
    LastProcessingResult: "No records processed",
    MaximumBatchingWindowInSeconds: 0,
    MaximumRecordAgeInSeconds: -1,
    MaximumRetryAttempts: -1,
    ParallelizationFactor: 1,
    StartingPosition: "LATEST",
    State: "Enabled",
    StateTransitionReason: "User action",
    TumblingWindowInSeconds: 0,
    UUID,
  });
});

test("the timestamp that it begins at is a number of seconds", async () => {
  const UUID = await createMapped(server.current, "since", {
    StartingPosition: "AT_TIMESTAMP",
    StartingPositionTimestamp: new Date(1_735_787_045_500),
  });
  const { text } = await call(server.current.emu, "GET", `${mappingsPath}/${UUID}`);
  expect(JSON.parse(text)).toMatchObject({ StartingPosition: "AT_TIMESTAMP", StartingPositionTimestamp: 1735787045.5 });
});

test("a UUID that no mapping has is refused with status 404", async () => {
  const { emu, lambda } = server.current;
  const UUID = "00000000-0000-4000-8000-000000000000";
  await expect(lambda.send(new GetEventSourceMappingCommand({ UUID }))).rejects.toMatchObject(
    awsError("ResourceNotFoundException", "The resource you requested does not exist.", 404),
  );
  const reply = await call(emu, "GET", `${mappingsPath}/${UUID}`);
  expect(reply.headers.get("x-amzn-errortype")).toBe("ResourceNotFoundException");
  expect(JSON.parse(reply.text)).toEqual({ Type: "User", Message: "The resource you requested does not exist." });
});

test("a mapping of another region is not found", async () => {
  const UUID = await createMapped(server.current, "here");
  const elsewhere = new LambdaClient({ ...server.current.emu.getClientConfig(), region: "eu-west-1" });
  await expect(elsewhere.send(new GetEventSourceMappingCommand({ UUID }))).rejects.toMatchObject(
    awsError("ResourceNotFoundException", "The resource you requested does not exist.", 404),
  );
});
