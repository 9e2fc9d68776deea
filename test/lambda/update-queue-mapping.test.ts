import {
  GetEventSourceMappingCommand,
  UpdateEventSourceMappingCommand,
  UpdateFunctionConfigurationCommand,
} from "@aws-sdk/client-lambda";
import type {
  CreateEventSourceMappingCommandInput,
  UpdateEventSourceMappingCommandInput,
} from "@aws-sdk/client-lambda";
import { DeleteQueueCommand, GetQueueUrlCommand } from "@aws-sdk/client-sqs";
import { describe, expect, test } from "vitest";
import { arnOf, awsError, createFunction, lambdaServer } from "./lambda-api.ts";
import { createQueueMapping, createQueuePair } from "./mapping-api.ts";

const server = lambdaServer();
const invalid = (message: string) => awsError("InvalidParameterValueException", message);

async function createMapped(name: string, change: Partial<CreateEventSourceMappingCommandInput> = {}) {
  await createQueuePair(server.current, name);
  const { UUID = "" } = await createQueueMapping(server.current, name, change);
  await server.current.emu.idle();
  return UUID;
}

const update = (input: UpdateEventSourceMappingCommandInput) =>
  server.current.lambda.send(new UpdateEventSourceMappingCommand(input));

async function settled(UUID: string) {
  await server.current.emu.idle();
  const { $metadata: _, ...mapping } = await server.current.lambda.send(new GetEventSourceMappingCommand({ UUID }));
  return mapping;
}

test("the reply has the new settings and function and says Updating; what is not named stays", async () => {
  const UUID = await createMapped("orders", { BatchSize: 5, ScalingConfig: { MaximumConcurrency: 2 } });
  const before = await settled(UUID);
  await createFunction(server.current.lambda, "successor");
  const change = { MaximumBatchingWindowInSeconds: 1, FunctionName: "successor" };
  const { $metadata, ...updated } = await update({ UUID, ...change });
  expect($metadata.httpStatusCode).toBe(202);
  const told = { MaximumBatchingWindowInSeconds: 1, FunctionArn: arnOf("successor") };
  const { LastModified } = updated;
  expect(updated).toEqual({ ...before, ...told, LastModified, State: "Updating" });
  expect(await settled(UUID)).toEqual({ ...before, ...told, LastModified });
});

test("a mapping is disabled and enabled", async () => {
  const UUID = await createMapped("switched");
  expect((await update({ UUID, Enabled: false })).State).toBe("Disabling");
  expect((await settled(UUID)).State).toBe("Disabled");
  expect((await update({ UUID, Enabled: true })).State).toBe("Enabling");
  expect((await settled(UUID)).State).toBe("Enabled");
});

test.each<[string, UpdateEventSourceMappingCommandInput, UpdateEventSourceMappingCommandInput, string]>([
  [
    "concurrency",
    { UUID: "", ScalingConfig: { MaximumConcurrency: 2 } },
    { UUID: "", ScalingConfig: {} },
    "ScalingConfig",
  ],
  [
    "pollers",
    { UUID: "", ProvisionedPollerConfig: { MinimumPollers: 2, MaximumPollers: 3 } },
    { UUID: "", ProvisionedPollerConfig: {} },
    "ProvisionedPollerConfig",
  ],
  [
    "filters",
    { UUID: "", FilterCriteria: { Filters: [{ Pattern: '{"body":["a"]}' }] } },
    { UUID: "", FilterCriteria: {} },
    "FilterCriteria",
  ],
  [
    "key",
    { UUID: "", KMSKeyArn: "arn:aws:kms:us-east-1:000000000000:key/a" },
    { UUID: "", KMSKeyArn: "" },
    "KMSKeyArn",
  ],
  [
    "metrics",
    { UUID: "", MetricsConfig: { Metrics: ["EventCount"] } },
    { UUID: "", MetricsConfig: { Metrics: [] } },
    "MetricsConfig",
  ],
])("what was set can be taken back: %s", async (name, set, unset, member) => {
  const UUID = await createMapped(`with-${name}`);
  await update({ ...set, UUID });
  expect(await settled(UUID)).toHaveProperty(member);
  await update({ UUID, BatchSize: 2 });
  expect(await settled(UUID)).toHaveProperty(member);
  await update({ ...unset, UUID });
  expect(await settled(UUID)).not.toHaveProperty(member);
});

test("a mapping whose queue is gone can be changed, and deleted with it", async () => {
  const { sqs } = server.current;
  const UUID = await createMapped("gone");
  const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: "gone" }));
  await sqs.send(new DeleteQueueCommand({ QueueUrl }));
  expect(await update({ UUID, BatchSize: 1 })).toMatchObject({ State: "Updating", BatchSize: 1 });
  expect(await settled(UUID)).toMatchObject({ State: "Enabled", BatchSize: 1 });
});

describe("refused", () => {
  test.each<[string, Partial<UpdateEventSourceMappingCommandInput>, object]>([
    [
      "more than ten messages without a window",
      { BatchSize: 11 },
      invalid("Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than 10"),
    ],
    [
      "a record age",
      { MaximumRecordAgeInSeconds: 60 },
      invalid("Unsupported 'maximumRecordAgeInSeconds' parameter for given event source mapping type."),
    ],
    [
      "a destination for successes",
      { DestinationConfig: { OnSuccess: { Destination: arnOf("orders") } } },
      invalid("Unsupported DestinationConfig parameter for given event source mapping type."),
    ],
    ["a function that does not exist", { FunctionName: "nobody" }, invalid("Function does not exist")],
  ])("%s", async (what, change, error) => {
    const UUID = await createMapped(`refused-${what.replaceAll(" ", "-")}`);
    const before = await settled(UUID);
    await expect(update({ UUID, ...change })).rejects.toMatchObject(error);
    expect(await settled(UUID)).toEqual(before);
  });

  test("a window taken away from a batch that needs it", async () => {
    const UUID = await createMapped("windowed", { BatchSize: 20, MaximumBatchingWindowInSeconds: 1 });
    await expect(update({ UUID, MaximumBatchingWindowInSeconds: 0 })).rejects.toMatchObject(
      invalid("Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than 10"),
    );
  });

  test("a function that works longer than messages stay hidden", async () => {
    const UUID = await createMapped("hidden");
    await createFunction(server.current.lambda, "slow", { Timeout: 31 });
    await expect(update({ UUID, FunctionName: "slow" })).rejects.toMatchObject(
      invalid("Queue visibility timeout: 30 seconds is less than Function timeout: 31 seconds"),
    );
  });

  test("its own function, which works longer than when it was mapped, until it no longer does", async () => {
    const UUID = await createMapped("changed");
    const { lambda, emu } = server.current;
    const work = async (Timeout: number) => {
      await lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName: "changed", Timeout }));
      await emu.idle();
    };
    await work(31);
    await expect(update({ UUID, BatchSize: 1 })).rejects.toMatchObject(
      invalid("Queue visibility timeout: 30 seconds is less than Function timeout: 31 seconds"),
    );
    await work(30);
    expect(await update({ UUID, BatchSize: 1 })).toMatchObject({ BatchSize: 1 });
  });
});
