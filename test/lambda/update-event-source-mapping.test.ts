import { GetEventSourceMappingCommand, UpdateEventSourceMappingCommand } from "@aws-sdk/client-lambda";
import type { UpdateEventSourceMappingCommandInput } from "@aws-sdk/client-lambda";
import { describe, expect, test } from "vitest";
import { arnOf, awsError, call, createFunction, lambdaServer } from "./lambda-api.ts";
import { createMapped, createMapping, mappingsPath, streamArn } from "./mapping-api.ts";

const server = lambdaServer();
const update = (input: UpdateEventSourceMappingCommandInput) =>
  server.current.lambda.send(new UpdateEventSourceMappingCommand(input));

async function settled(UUID: string) {
  await server.current.emu.idle();
  const { $metadata: _, ...mapping } = await server.current.lambda.send(new GetEventSourceMappingCommand({ UUID }));
  return mapping;
}

const queue = { OnFailure: { Destination: "arn:aws:sqs:us-east-1:000000000000:dlq" } };

test("the reply has the new settings and says Updating; what is not named stays", async () => {
  const { emu } = server.current;
  const UUID = await createMapped(server.current, "orders", { MaximumRetryAttempts: 5, DestinationConfig: queue });
  const before = await settled(UUID);
  const reply = await call(emu, "PUT", `${mappingsPath}/${UUID}`, {
    BatchSize: 20,
    FunctionResponseTypes: ["ReportBatchItemFailures"],
  });
  expect(reply.status).toBe(202);
  expect(JSON.parse(reply.text)).toMatchObject({
    UUID,
    State: "Updating",
    StateTransitionReason: "User action",
    BatchSize: 20,
    FunctionResponseTypes: ["ReportBatchItemFailures"],
    MaximumRetryAttempts: 5,
    DestinationConfig: queue,
    StartingPosition: "LATEST",
  });
  const after = await settled(UUID);
  const changes = {
    BatchSize: 20,
    FunctionResponseTypes: ["ReportBatchItemFailures"],
    LastModified: after.LastModified,
  };
  expect(after).toEqual({ ...before, ...changes });
  expect(after.LastModified?.getTime()).toBeGreaterThanOrEqual(before.LastModified?.getTime() ?? Infinity);
});

test("a mapping is disabled and enabled", async () => {
  const UUID = await createMapped(server.current, "switched");
  expect((await update({ UUID, Enabled: false })).State).toBe("Disabling");
  expect((await settled(UUID)).State).toBe("Disabled");
  expect((await update({ UUID, BatchSize: 5 })).State).toBe("Updating");
  expect((await settled(UUID)).State).toBe("Disabled");
  expect((await update({ UUID, Enabled: true })).State).toBe("Enabling");
  expect((await settled(UUID)).State).toBe("Enabled");
  expect((await update({ UUID, Enabled: true })).State).toBe("Updating");
  expect(await settled(UUID)).toMatchObject({ State: "Enabled", BatchSize: 5 });
});

test("lists and destinations can be emptied again", async () => {
  const UUID = await createMapped(server.current, "emptied", {
    FunctionResponseTypes: ["ReportBatchItemFailures"],
    DestinationConfig: queue,
  });
  expect(await update({ UUID, FunctionResponseTypes: [] })).toMatchObject({
    FunctionResponseTypes: [],
    DestinationConfig: queue,
  });
  await settled(UUID);
  const none = { OnFailure: { Destination: "" } };
  expect(await update({ UUID, DestinationConfig: none })).toMatchObject({ DestinationConfig: { OnFailure: {} } });
});

test("a key and metrics are kept until they are taken back", async () => {
  const UUID = await createMapped(server.current, "kept");
  const kept = {
    KMSKeyArn: "arn:aws:kms:us-east-1:000000000000:key/a",
    MetricsConfig: { Metrics: ["EventCount" as const] },
  };
  await update({ UUID, ...kept });
  expect(await settled(UUID)).toMatchObject(kept);
  await update({ UUID, BatchSize: 1 });
  expect(await settled(UUID)).toMatchObject(kept);
  await update({ UUID, KMSKeyArn: "", MetricsConfig: { Metrics: [] } });
  expect(await settled(UUID)).not.toHaveProperty("KMSKeyArn");
  expect(await settled(UUID)).not.toHaveProperty("MetricsConfig");
});

test("a starting position is for good: an update has no such parameter, and takes no note of it", async () => {
  const UUID = await createMapped(server.current, "started");
  const body = { StartingPosition: "TRIM_HORIZON", EventSourceArn: streamArn("nowhere"), BatchSize: 7 };
  expect((await call(server.current.emu, "PUT", `${mappingsPath}/${UUID}`, body)).status).toBe(202);
  expect(await settled(UUID)).toMatchObject({
    StartingPosition: "LATEST",
    EventSourceArn: streamArn("started"),
    BatchSize: 7,
  });
});

test("another function takes over, under the ARN that it was given by", async () => {
  const UUID = await createMapped(server.current, "handed-over");
  await createFunction(server.current.lambda, "successor");
  expect((await update({ UUID, FunctionName: "successor:$LATEST" })).FunctionArn).toBe(`${arnOf("successor")}:$LATEST`);
  expect((await settled(UUID)).FunctionArn).toBe(`${arnOf("successor")}:$LATEST`);
});

const unsupported = (parameter: string) =>
  awsError(
    "InvalidParameterValueException",
    `Unsupported '${parameter}' parameter for given event source mapping type.`,
  );

describe("refused", () => {
  test("a mapping that does not exist", async () => {
    const UUID = "00000000-0000-4000-8000-000000000000";
    await expect(update({ UUID, BatchSize: 1 })).rejects.toMatchObject(
      awsError("ResourceNotFoundException", "The resource you requested does not exist.", 404),
    );
  });

  test("a function that another mapping of the stream has", async () => {
    const UUID = await createMapped(server.current, "shared");
    await createFunction(server.current.lambda, "partner");
    const { UUID: second } = await createMapping(server.current, "shared", { FunctionName: "partner" });
    await settled(second ?? "");
    await expect(update({ UUID: second, FunctionName: "shared" })).rejects.toMatchObject(
      awsError(
        "ResourceConflictException",
        `The event source arn (" ${streamArn("shared")} ") and function (" shared ") provided mapping already exists. Please update or delete the existing mapping with UUID ${UUID}`,
        409,
      ),
    );
    await expect(update({ UUID: second, FunctionName: "partner" })).resolves.toMatchObject({ State: "Updating" });
  });

  test.each<[string, Partial<UpdateEventSourceMappingCommandInput>, object]>([
    [
      "a function that does not exist",
      { FunctionName: "nobody" },
      awsError("InvalidParameterValueException", "Function does not exist"),
    ],
    [
      "a destination for successes",
      { DestinationConfig: { OnSuccess: queue.OnFailure } },
      awsError(
        "InvalidParameterValueException",
        "Unsupported DestinationConfig parameter for given event source mapping type.",
      ),
    ],
    [
      "a destination that reports cannot go to",
      { DestinationConfig: { OnFailure: { Destination: arnOf("orders") } } },
      awsError("InvalidParameterValueException", `The destination ARN ${arnOf("orders")} is invalid.`),
    ],
    [
      "an OnFailure without a destination",
      { DestinationConfig: { OnFailure: {} } },
      awsError("InvalidParameterValueException", "The Destination field is required for an OnFailure configuration."),
    ],
    [
      "a FIFO destination",
      { DestinationConfig: { OnFailure: { Destination: `${queue.OnFailure.Destination}.fifo` } } },
      awsError("InvalidParameterValueException", `The destination ARN ${queue.OnFailure.Destination}.fifo is invalid.`),
    ],
    ["a concurrency", { ScalingConfig: { MaximumConcurrency: 2 } }, unsupported("scalingConfig")],
    ["pollers", { ProvisionedPollerConfig: { MinimumPollers: 2 } }, unsupported("provisionedPollerConfig")],
    [
      "access configurations",
      { SourceAccessConfigurations: [{ Type: "BASIC_AUTH", URI: "a" }] },
      unsupported("sourceAccessConfigurations"),
    ],
    [
      "a record age of 59",
      { MaximumRecordAgeInSeconds: 59 },
      awsError(
        "InvalidParameterValueException",
        "MaximumRecordAgeInSeconds must be either -1 (forever) or between 60 and 604800 (inclusive)",
      ),
    ],
    [
      "a BatchSize of 0",
      { BatchSize: 0 },
      awsError(
        "ValidationException",
        "1 validation error detected: Value '0' at 'batchSize' failed to satisfy constraint: Member must have value greater than or equal to 1",
      ),
    ],
  ])("%s", async (what, change, error) => {
    const UUID = await createMapped(server.current, `refused-${what.replaceAll(" ", "-")}`);
    const before = await settled(UUID);
    await expect(update({ UUID, ...change })).rejects.toMatchObject(error);
    expect(await settled(UUID)).toEqual(before);
  });
});
