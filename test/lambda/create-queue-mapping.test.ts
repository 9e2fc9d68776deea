import { GetEventSourceMappingCommand, ListEventSourceMappingsCommand } from "@aws-sdk/client-lambda";
import type { CreateEventSourceMappingCommandInput } from "@aws-sdk/client-lambda";
import { beforeAll, describe, expect, test } from "vitest";
import { arnOf, awsError, call, createFunction, lambdaServer, uuid } from "./lambda-api.ts";
import { createQueueMapping, createQueuePair, mappingsPath, queueArn, streamArn } from "./mapping-api.ts";

const server = lambdaServer();
const invalid = (message: string) => awsError("InvalidParameterValueException", message);
const unsupported = (parameter: string) =>
  invalid(`Unsupported '${parameter}' parameter for given event source mapping type.`);

/** Valid values of parameters that queues have not. */
const ofOtherSources = {
  startingPositionTimestamp: new Date(0),
  parallelizationFactor: 1,
  maximumRecordAgeInSeconds: -1,
  maximumRetryAttempts: -1,
  bisectBatchOnFunctionError: false,
  tumblingWindowInSeconds: 0,
  destinationConfig: { OnFailure: { Destination: queueArn("dlq") } },
  topics: ["orders"],
  queues: ["orders"],
  sourceAccessConfigurations: [{ Type: "BASIC_AUTH", URI: "a" }],
  amazonManagedKafkaEventSourceConfig: { ConsumerGroupId: "a" },
  selfManagedKafkaEventSourceConfig: { ConsumerGroupId: "a" },
  selfManagedEventSource: { Endpoints: { KAFKA_BOOTSTRAP_SERVERS: ["a:9092"] } },
  documentDBEventSourceConfig: { DatabaseName: "a" },
  loggingConfig: { SystemLogLevel: "INFO" },
};

beforeAll(async () => {
  await createQueuePair(server.current, "orders");
  await createQueuePair(server.current, "orders-in-order.fifo");
});

test("the reply has AWS's members and defaults, which are fewer than those of a stream", async () => {
  const { emu, lambda } = server.current;
  await createQueuePair(server.current, "plain");
  const body = { EventSourceArn: queueArn("plain"), FunctionName: "plain", Enabled: true, Tags: { team: "a" } };
  const reply = await call(emu, "POST", mappingsPath, body);
  expect(reply.status).toBe(202);
  const created = JSON.parse(reply.text);
  expect(created).toEqual({
    BatchSize: 10,
    EventSourceArn: queueArn("plain"),
    EventSourceMappingArn: `arn:aws:lambda:us-east-1:000000000000:event-source-mapping:${created.UUID}`,
    FunctionArn: arnOf("plain"),
    FunctionResponseTypes: [],
    LastModified: expect.any(Number),
    MaximumBatchingWindowInSeconds: 0,
    State: "Creating",
    StateTransitionReason: "USER_INITIATED",
    UUID: expect.stringMatching(uuid),
  });
  await emu.idle();
  const enabled = { ...created, LastModified: new Date(created.LastModified * 1000), State: "Enabled" };
  const { $metadata: _, ...got } = await lambda.send(new GetEventSourceMappingCommand({ UUID: created.UUID }));
  expect(got).toEqual(enabled);
  const list = new ListEventSourceMappingsCommand({ EventSourceArn: queueArn("plain") });
  expect((await lambda.send(list)).EventSourceMappings).toEqual([enabled]);
});

describe("what is asked for is what it has", () => {
  test.each<[string, Partial<CreateEventSourceMappingCommandInput>, object]>([
    ["batches", { BatchSize: 10_000, MaximumBatchingWindowInSeconds: 300 }, {}],
    ["partial-failures", { FunctionResponseTypes: ["ReportBatchItemFailures"] }, {}],
    ["concurrency", { ScalingConfig: { MaximumConcurrency: 1000 } }, {}],
    ["pollers", { ProvisionedPollerConfig: { MinimumPollers: 2, MaximumPollers: 3 } }, {}],
    [
      "some-pollers",
      { ProvisionedPollerConfig: { MaximumPollers: 3 } },
      { ProvisionedPollerConfig: { MinimumPollers: 2, MaximumPollers: 3 } },
    ],
    ["filters", { FilterCriteria: { Filters: [{ Pattern: '{"body":["text"]}' }] } }, {}],
    ["metrics", { MetricsConfig: { Metrics: ["EventCount"] } }, {}],
    ["key", { KMSKeyArn: "arn:aws:kms:us-east-1:000000000000:key/a" }, {}],
  ])("%s", async (name, change, told) => {
    await createQueuePair(server.current, name);
    expect(await createQueueMapping(server.current, name, change)).toMatchObject({ ...change, ...told });
  });
});

test("a mapping that is created disabled says so at once", async () => {
  await createQueuePair(server.current, "disabled");
  const created = await createQueueMapping(server.current, "disabled", { Enabled: false });
  expect(created).toMatchObject({ State: "Disabled", StateTransitionReason: "USER_INITIATED" });
});

test("a batch of ten is the most that a FIFO queue can have", async () => {
  await createQueuePair(server.current, "ten.fifo");
  await expect(createQueueMapping(server.current, "ten.fifo", { BatchSize: 10 })).resolves.toMatchObject({
    EventSourceArn: queueArn("ten.fifo"),
    BatchSize: 10,
  });
});

test("a second mapping of the same queue and function is refused, by a text of its own", async () => {
  await createQueuePair(server.current, "twice");
  const { UUID } = await createQueueMapping(server.current, "twice");
  await expect(createQueueMapping(server.current, "twice", { FunctionName: arnOf("twice") })).rejects.toMatchObject(
    awsError(
      "ResourceConflictException",
      `An event source mapping with SQS arn (" ${queueArn("twice")} ") and function (" twice ") already exists. Please update or delete the existing mapping with UUID ${UUID}`,
      409,
    ),
  );
  await createFunction(server.current.lambda, "other");
  await expect(createQueueMapping(server.current, "twice", { FunctionName: "other" })).resolves.toMatchObject({
    FunctionArn: arnOf("other"),
  });
});

describe("refused", () => {
  const batch = "Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than 10";
  const refused: readonly [string, Partial<CreateEventSourceMappingCommandInput>, object][] = [
    [
      "a starting position",
      { StartingPosition: "LATEST" },
      invalid("StartingPosition is not valid for SQS event sources."),
    ],
    [
      "a destination for successes",
      { DestinationConfig: { OnSuccess: { Destination: queueArn("q") } } },
      invalid("Unsupported DestinationConfig parameter for given event source mapping type."),
    ],
    ["more than ten messages without a window", { BatchSize: 11 }, invalid(batch)],
    ["the same with a window of nothing", { BatchSize: 11, MaximumBatchingWindowInSeconds: 0 }, invalid(batch)],
    [
      "a metric of Kafka",
      { MetricsConfig: { Metrics: ["EventCount", "ErrorCount"] } },
      invalid("Unsupported metric ErrorCount for given event source mapping type."),
    ],
    [
      "a filter that is none",
      { FilterCriteria: { Filters: [{ Pattern: '{"body":"text"}' }] } },
      invalid("Invalid filter pattern definition."),
    ],
    [
      "one poller",
      { ProvisionedPollerConfig: { MinimumPollers: 1 } },
      invalid("MinimumPollers and MaximumPollers must be at least 2 for SQS event sources"),
    ],
    [
      "more pollers at least than at most",
      { ProvisionedPollerConfig: { MinimumPollers: 4, MaximumPollers: 3 } },
      invalid("MinimumPollers must be less than or equal to MaximumPollers"),
    ],
    ["a group of pollers", { ProvisionedPollerConfig: { PollerGroupName: "a" } }, unsupported("pollerGroupName")],
    [
      "pollers and a concurrency",
      { ProvisionedPollerConfig: { MinimumPollers: 2 }, ScalingConfig: { MaximumConcurrency: 2 } },
      invalid("MaximumConcurrency cannot be set together with ProvisionedPollerConfig"),
    ],
    ["a function that does not exist", { FunctionName: "nobody" }, invalid("Function does not exist")],
    [
      "a queue that does not exist",
      { EventSourceArn: queueArn("nowhere") },
      invalid(
        "Error occurred while ReceiveMessage. SQS Error Code: AWS.SimpleQueueService.NonExistentQueue. SQS Error Message: The specified queue does not exist.",
      ),
    ],
    ...Object.entries(ofOtherSources).map(([parameter, value]): [string, object, object] => [
      `${parameter}, which queues have not`,
      { [parameter.charAt(0).toUpperCase() + parameter.slice(1)]: value },
      unsupported(parameter),
    ]),
  ];

  test.each(refused)("%s", async (_, change, error) => {
    const creation = createQueueMapping(server.current, "orders", change);
    await expect(creation).rejects.toMatchObject({ ...error, Type: "User" });
  });

  test.each<[string, Partial<CreateEventSourceMappingCommandInput>, string]>([
    ["a batching window", { MaximumBatchingWindowInSeconds: 1 }, "Batching window is not supported for FIFO queues"],
    [
      "a batching window, even for a batch that is too large",
      { BatchSize: 100, MaximumBatchingWindowInSeconds: 5 },
      "Batching window is not supported for FIFO queues",
    ],
    ["eleven messages", { BatchSize: 11 }, "Maximum batch size must be between 1 and 10 inclusive"],
  ])("for a FIFO queue %s", async (_, change, message) => {
    await expect(createQueueMapping(server.current, "orders-in-order.fifo", change)).rejects.toMatchObject(
      invalid(message),
    );
  });

  test.each<[string, object, string, string | number, string]>([
    ["scalingConfig.maximumConcurrency", { ScalingConfig: { MaximumConcurrency: 1 } }, "1", 2, "greater"],
    ["scalingConfig.maximumConcurrency", { ScalingConfig: { MaximumConcurrency: 1001 } }, "1001", 1000, "less"],
    [
      "provisionedPollerConfig.minimumPollers",
      { ProvisionedPollerConfig: { MinimumPollers: 201 } },
      "201",
      200,
      "less",
    ],
    ["batchSize", { BatchSize: 10_001, MaximumBatchingWindowInSeconds: 1 }, "10001", 10_000, "less"],
    ["maximumBatchingWindowInSeconds", { MaximumBatchingWindowInSeconds: 301 }, "301", 300, "less"],
  ])("%s %j", async (path, change, value, limit, than) => {
    await expect(createQueueMapping(server.current, "orders", change)).rejects.toMatchObject(
      awsError(
        "ValidationException",
        `1 validation error detected: Value '${value}' at '${path}' failed to satisfy constraint: Member must have value ${than} than or equal to ${limit}`,
      ),
    );
  });

  test("a queue whose messages become visible while the function still works on them", async () => {
    await createQueuePair(server.current, "impatient", { queue: { VisibilityTimeout: "4" }, fn: { Timeout: 5 } });
    await expect(createQueueMapping(server.current, "impatient")).rejects.toMatchObject(
      invalid("Queue visibility timeout: 4 seconds is less than Function timeout: 5 seconds"),
    );
    await createQueuePair(server.current, "patient", { queue: { VisibilityTimeout: "5" }, fn: { Timeout: 5 } });
    await expect(createQueueMapping(server.current, "patient")).resolves.toMatchObject({ State: "Creating" });
  });

  test("what is checked first is told first", async () => {
    const { ScalingConfig, ...wrong } = {
      FunctionName: "nobody",
      EventSourceArn: queueArn("nowhere"),
      StartingPosition: "LATEST",
      MaximumRetryAttempts: 1,
      BatchSize: 11,
      FilterCriteria: { Filters: [{ Pattern: "null" }] },
      ScalingConfig: { MaximumConcurrency: 1 },
    } satisfies Partial<CreateEventSourceMappingCommandInput>;
    const { StartingPosition: _, ...unstarted } = wrong;
    const { MaximumRetryAttempts: __, ...ofQueues } = unstarted;
    const { BatchSize: ___, ...small } = ofQueues;
    const { FilterCriteria: ____, ...nobody } = small;
    const stepByStep: readonly [object, string][] = [
      [{ ...wrong, ScalingConfig }, "1 validation error detected"],
      [wrong, "StartingPosition is not valid"],
      [unstarted, "Unsupported 'maximumRetryAttempts'"],
      [ofQueues, "Maximum batch window"],
      [small, "Invalid filter pattern definition."],
      [nobody, "Function does not exist"],
      [{ EventSourceArn: queueArn("nowhere") }, "Error occurred while ReceiveMessage"],
    ];
    for (const [change, message] of stepByStep) {
      await expect(createQueueMapping(server.current, "orders", change)).rejects.toThrow(message);
    }
  });

  test("leaves nothing behind", async () => {
    for (const EventSourceArn of [queueArn("orders"), queueArn("impatient"), streamArn("orders")]) {
      const list = new ListEventSourceMappingsCommand({ EventSourceArn });
      expect((await server.current.lambda.send(list)).EventSourceMappings).toEqual([]);
    }
  });
});
