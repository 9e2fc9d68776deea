import { GetEventSourceMappingCommand, ListEventSourceMappingsCommand } from "@aws-sdk/client-lambda";
import type { CreateEventSourceMappingCommandInput } from "@aws-sdk/client-lambda";
import { beforeAll, describe, expect, test } from "vitest";
import { startTestEmulator } from "../emulator/emulator.ts";
import { addressesOf, arnOf, awsError, call, createFunction, lambdaServer, uuid } from "./lambda-api.ts";
import { createMapping, createPair, mappingsPath, streamArn } from "./mapping-api.ts";

const server = lambdaServer();
const invalid = (message: string) => awsError("InvalidParameterValueException", message);

/** Valid values of parameters that other kinds of sources have. */
const ofOtherSources = {
  scalingConfig: { MaximumConcurrency: 2 },
  provisionedPollerConfig: { MinimumPollers: 1 },
  topics: ["orders"],
  queues: ["orders"],
  sourceAccessConfigurations: [{ Type: "BASIC_AUTH", URI: "a" }],
  amazonManagedKafkaEventSourceConfig: { ConsumerGroupId: "a" },
  selfManagedKafkaEventSourceConfig: { ConsumerGroupId: "a" },
  selfManagedEventSource: { Endpoints: { KAFKA_BOOTSTRAP_SERVERS: ["a:9092"] } },
  documentDBEventSourceConfig: { DatabaseName: "a" },
};

const manyTags = Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`key-${index}`, ""]));

beforeAll(() => createPair(server.current, "orders"));

test("the reply has AWS's members and defaults", async () => {
  const { emu } = server.current;
  await createPair(server.current, "plain");
  const before = Date.now();
  const reply = await call(emu, "POST", mappingsPath, {
    EventSourceArn: streamArn("plain"),
    FunctionName: "plain",
    StartingPosition: "LATEST",
    Tags: { team: "a" },
    FilterCriteria: { Filters: [] },
  });
  expect(reply.status).toBe(202);
  const created = JSON.parse(reply.text);
  expect(created).toEqual({
    BatchSize: 100,
    BisectBatchOnFunctionError: false,
    DestinationConfig: { OnFailure: {} },
    EventSourceArn: streamArn("plain"),
    EventSourceMappingArn: `arn:aws:lambda:us-east-1:000000000000:event-source-mapping:${created.UUID}`,
    FunctionArn: arnOf("plain"),
    FunctionResponseTypes: [],
    LastModified: expect.any(Number),
    LastProcessingResult: "No records processed",
    MaximumBatchingWindowInSeconds: 0,
    MaximumRecordAgeInSeconds: -1,
    MaximumRetryAttempts: -1,
    ParallelizationFactor: 1,
    StartingPosition: "LATEST",
    State: "Creating",
    StateTransitionReason: "User action",
    TumblingWindowInSeconds: 0,
    UUID: expect.stringMatching(uuid),
  });
  expect(created.LastModified * 1000).toBeGreaterThanOrEqual(before);
  expect(created.LastModified * 1000).toBeLessThanOrEqual(Date.now());
  await emu.idle();
  const got = await server.current.lambda.send(new GetEventSourceMappingCommand({ UUID: created.UUID }));
  expect(got.State).toBe("Enabled");
});

test("what is asked for is what it has", async () => {
  await createPair(server.current, "with-settings");
  const settings = {
    BatchSize: 10_000,
    MaximumBatchingWindowInSeconds: 300,
    ParallelizationFactor: 10,
    MaximumRecordAgeInSeconds: 60,
    MaximumRetryAttempts: 0,
    BisectBatchOnFunctionError: true,
    TumblingWindowInSeconds: 900,
    FunctionResponseTypes: ["ReportBatchItemFailures" as const],
    DestinationConfig: { OnFailure: { Destination: "arn:aws:sqs:us-east-1:000000000000:dlq" } },
    KMSKeyArn: "arn:aws:kms:us-east-1:000000000000:key/a",
    MetricsConfig: { Metrics: ["EventCount" as const] },
    StartingPosition: "AT_TIMESTAMP" as const,
    StartingPositionTimestamp: new Date("2025-01-02T03:04:05.678Z"),
  };
  const created = await createMapping(server.current, "with-settings", settings);
  expect(created).toMatchObject(settings);
});

test("the path may end in a slash", async () => {
  await createPair(server.current, "slash");
  const body = { EventSourceArn: streamArn("slash"), FunctionName: "slash", StartingPosition: "LATEST" };
  expect((await call(server.current.emu, "POST", `${mappingsPath}/`, body)).status).toBe(202);
  expect((await call(server.current.emu, "GET", `${mappingsPath}/?FunctionName=slash`)).status).toBe(200);
});

test("a mapping that is created disabled says so at once, and stays so", async () => {
  await createPair(server.current, "disabled");
  const { UUID, State } = await createMapping(server.current, "disabled", { Enabled: false });
  expect(State).toBe("Disabled");
  await server.current.emu.idle();
  expect((await server.current.lambda.send(new GetEventSourceMappingCommand({ UUID }))).State).toBe("Disabled");
});

test("the function's ARN keeps the qualifier as it was given", async () => {
  for (const [index, address] of addressesOf("orders").entries()) {
    for (const qualifier of ["", ":$LATEST"]) {
      const name = `address-${index}-${qualifier.length}`;
      await createPair(server.current, name);
      const change = { EventSourceArn: streamArn(name), FunctionName: address + qualifier };
      expect((await createMapping(server.current, name, change)).FunctionArn).toBe(arnOf("orders") + qualifier);
    }
  }
});

test("a second mapping of the same stream and function is refused with status 409", async () => {
  const { emu } = server.current;
  await createPair(server.current, "twice");
  const { UUID } = await createMapping(server.current, "twice");
  const body = { EventSourceArn: streamArn("twice"), FunctionName: arnOf("twice"), StartingPosition: "TRIM_HORIZON" };
  const reply = await call(emu, "POST", mappingsPath, body);
  expect(reply.status).toBe(409);
  expect(reply.headers.get("x-amzn-errortype")).toBe("ResourceConflictException");
  expect(JSON.parse(reply.text)).toEqual({
    Type: "User",
    message: `The event source arn (" ${streamArn("twice")} ") and function (" twice ") provided mapping already exists. Please update or delete the existing mapping with UUID ${UUID}`,
  });
  await createFunction(server.current.lambda, "other");
  await expect(createMapping(server.current, "twice", { FunctionName: "other" })).resolves.toMatchObject({
    State: "Creating",
  });
});

describe("refused", () => {
  const refused: readonly [string, Partial<CreateEventSourceMappingCommandInput>, object][] = [
    ["no event source", { EventSourceArn: undefined }, invalid("Unrecognized event source.")],
    [
      "a source of another service",
      { EventSourceArn: "arn:aws:events:us-east-1:000000000000:event-bus/a" },
      invalid("Unrecognized event source. Unsupported source arn : arn:aws:events:us-east-1:000000000000:event-bus/a"),
    ],
    [
      "a destination for successes",
      { DestinationConfig: { OnSuccess: { Destination: "arn:aws:sqs:us-east-1:000000000000:q" } } },
      invalid("Unsupported DestinationConfig parameter for given event source mapping type."),
    ],
    [
      "no starting position",
      { StartingPosition: undefined },
      invalid(
        "1 validation error detected: Value null at 'startingPosition' failed to satisfy constraint: Member must not be null.",
      ),
    ],
    [
      "a timestamp that nothing asks for",
      { StartingPositionTimestamp: new Date(0) },
      invalid("Unsupported 'startingPositionTimestamp' parameter for given event source mapping type."),
    ],
    [
      "an OnFailure without a destination",
      { DestinationConfig: { OnFailure: {} } },
      invalid("The Destination field is required for an OnFailure configuration."),
    ],
    [
      "a metric of Kafka",
      { MetricsConfig: { Metrics: ["KafkaMetrics"] } },
      invalid("Unsupported metric KafkaMetrics for given event source mapping type."),
    ],
    ["too many tags", { Tags: manyTags }, invalid("Number of tags exceeds resource tag limit.")],
    ["AT_TIMESTAMP without a timestamp", { StartingPosition: "AT_TIMESTAMP" }, invalid("Need to specify a timestamp")],
    [
      "a timestamp in the future",
      { StartingPosition: "AT_TIMESTAMP", StartingPositionTimestamp: new Date(Date.now() + 60_000) },
      invalid("StartingPositionTimestamp must not be in the future"),
    ],
    ["a function that does not exist", { FunctionName: "nobody" }, invalid("Function does not exist")],
    ["a version that does not exist", { FunctionName: "orders:1" }, invalid("Function does not exist")],
    [
      "a stream that does not exist",
      { EventSourceArn: streamArn("nowhere") },
      invalid(`Stream not found: ${streamArn("nowhere")}`),
    ],
    ...[0, 59].map((MaximumRecordAgeInSeconds): [string, object, object] => [
      `a record age of ${MaximumRecordAgeInSeconds}`,
      { MaximumRecordAgeInSeconds },
      invalid("MaximumRecordAgeInSeconds must be either -1 (forever) or between 60 and 604800 (inclusive)"),
    ]),
    ...Object.entries(ofOtherSources).map(([parameter, value]): [string, object, object] => [
      `${parameter}, which streams have not`,
      { [parameter.charAt(0).toUpperCase() + parameter.slice(1)]: value },
      invalid(`Unsupported '${parameter}' parameter for given event source mapping type.`),
    ]),
  ];

  test.each(refused)("%s", async (_, change, error) => {
    const creation = createMapping(server.current, "orders", change);
    await expect(creation).rejects.toMatchObject({ ...error, Type: "User" });
  });

  test.each<[string, string | number, string]>([
    ["BatchSize", 0, "Member must have value greater than or equal to 1"],
    ["BatchSize", 10_001, "Member must have value less than or equal to 10000"],
    ["MaximumBatchingWindowInSeconds", 301, "Member must have value less than or equal to 300"],
    ["ParallelizationFactor", 11, "Member must have value less than or equal to 10"],
    ["MaximumRecordAgeInSeconds", -2, "Member must have value greater than or equal to -1"],
    ["MaximumRecordAgeInSeconds", 604_801, "Member must have value less than or equal to 604800"],
    ["MaximumRetryAttempts", 10_001, "Member must have value less than or equal to 10000"],
    ["TumblingWindowInSeconds", 901, "Member must have value less than or equal to 900"],
    // AWS: the values in this order (recorded on AWS).
    ["StartingPosition", "invalid", "Member must satisfy enum value set: [LATEST, AT_TIMESTAMP, TRIM_HORIZON]"],
  ])("%s %s", async (member, value, rule) => {
    const body = { EventSourceArn: streamArn("orders"), FunctionName: "orders", StartingPosition: "LATEST" };
    const reply = await call(server.current.emu, "POST", mappingsPath, { ...body, [member]: value });
    expect(reply.status).toBe(400);
    expect(reply.headers.get("x-amzn-errortype")).toBe("ValidationException");
    const name = member.charAt(0).toLowerCase() + member.slice(1);
    expect(JSON.parse(reply.text)).toEqual({
      message: `1 validation error detected: Value '${value}' at '${name}' failed to satisfy constraint: ${rule}`,
    });
  });

  test("what is checked first is told first", async () => {
    const everythingWrong = {
      FunctionName: "nobody",
      EventSourceArn: "arn:aws:events:us-east-1:000000000000:event-bus/a",
      DestinationConfig: { OnSuccess: { Destination: "arn:aws:sqs:us-east-1:000000000000:q" } },
      StartingPosition: undefined,
      MaximumRecordAgeInSeconds: 1,
    } satisfies Partial<CreateEventSourceMappingCommandInput>;
    const { DestinationConfig: _, ...withoutDestination } = everythingWrong;
    const stepByStep: readonly [object, string][] = [
      [everythingWrong, "Unsupported DestinationConfig"],
      [withoutDestination, "Unrecognized event source"],
      [{ ...withoutDestination, EventSourceArn: streamArn("nowhere") }, "'startingPosition'"],
      [{ ...withoutDestination, EventSourceArn: streamArn("nowhere"), StartingPosition: "LATEST" }, "MaximumRecordAge"],
      [{ FunctionName: "nobody", EventSourceArn: streamArn("nowhere") }, "Function does not exist"],
      [{ FunctionName: "orders", EventSourceArn: streamArn("nowhere") }, "Stream not found"],
    ];
    for (const [change, message] of stepByStep) {
      await expect(createMapping(server.current, "orders", change)).rejects.toThrow(message);
    }
  });

  test("and what AWS has and LocalEmu has not is told as that", async () => {
    const changes: readonly Partial<CreateEventSourceMappingCommandInput>[] = [
      { EventSourceArn: undefined, SelfManagedEventSource: { Endpoints: { KAFKA_BOOTSTRAP_SERVERS: ["kafka:9092"] } } },
      { DestinationConfig: { OnFailure: { Destination: "kafka://failures" } } },
    ];
    for (const change of changes) {
      await expect(createMapping(server.current, "orders", change)).rejects.toMatchObject(
        awsError("NotImplementedException", expect.stringContaining("not implemented by LocalEmu"), 501),
      );
    }
  });

  test("a stream that is still being created", async () => {
    await using slow = await startTestEmulator({ clock: "frozen", kinesisLatencyMs: 500 });
    await createPair(slow, "slow");
    await expect(createMapping(slow, "slow")).rejects.toMatchObject(invalid(`Stream not found: ${streamArn("slow")}`));
    await slow.emu.clock.advance(500);
    await expect(createMapping(slow, "slow")).resolves.toMatchObject({ State: "Creating" });
  });

  test("leaves nothing behind", async () => {
    const list = new ListEventSourceMappingsCommand({ EventSourceArn: streamArn("orders") });
    expect((await server.current.lambda.send(list)).EventSourceMappings).toEqual([]);
  });
});
