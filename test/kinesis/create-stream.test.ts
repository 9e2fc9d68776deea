import { CreateStreamCommand, DeleteStreamCommand, KinesisClient } from "@aws-sdk/client-kinesis";
import type { CreateStreamInput } from "@aws-sdk/client-kinesis";
import { describe, expect } from "vitest";
import { emulatorTest } from "../emulator/emulator-test.ts";
import { failureOf, mustNotBeNull, validation, violation } from "../emulator/failure-of.ts";
import { rawFailureOf, rawKinesis } from "../emulator/raw-http.ts";
import { arnOf, createStream, describeStream, fieldsOf, tooLong, tooShort, unlike } from "./streams.ts";

const latencyMs = 500;
const test = emulatorTest({ clock: "frozen", kinesisLatencyMs: latencyMs, kinesisShardLimit: 100 });

describe("CreateStream", () => {
  test("makes a stream that is CREATING and has no shards, and then ACTIVE", async ({ emulator, uniqueName: name }) => {
    const { emu, kinesis } = emulator;
    const { now } = await emu.clock.read();
    await createStream(kinesis, name, 3);
    const creating = await describeStream(kinesis, name);
    expect(creating).toMatchObject({ StreamStatus: "CREATING", Shards: [], HasMoreShards: false });
    await emu.clock.advance(latencyMs - 1);
    expect((await describeStream(kinesis, name)).StreamStatus).toBe("CREATING");
    await emu.clock.advance(1);

    const active = await describeStream(kinesis, name);
    expect(active).toMatchObject({
      StreamName: name,
      StreamARN: arnOf(name),
      StreamStatus: "ACTIVE",
      StreamModeDetails: { StreamMode: "PROVISIONED" },
      RetentionPeriodHours: 24,
      StreamCreationTimestamp: new Date(Math.floor(now / 1000) * 1000),
      EnhancedMonitoring: [{ ShardLevelMetrics: [] }],
      EncryptionType: "NONE",
    });
    expect(active.Shards?.map(({ ShardId, HashKeyRange }) => [ShardId, HashKeyRange])).toEqual([
      ["shardId-000000000000", range("0", "113427455640312821154458202477256070484")],
      [
        "shardId-000000000001",
        range("113427455640312821154458202477256070485", "226854911280625642308916404954512140969"),
      ],
      [
        "shardId-000000000002",
        range("226854911280625642308916404954512140970", "340282366920938463463374607431768211455"),
      ],
    ]);
    const starts = active.Shards?.map(({ SequenceNumberRange: at }) => at?.StartingSequenceNumber ?? "") ?? [];
    const [first = "", second = ""] = starts;
    expect(BigInt(second) - BigInt(first)).toBe(22300745198530623141535718272648361505980432n);
    const { createdSeconds, seconds, counter } = fieldsOf(first);
    expect([seconds, counter]).toEqual([createdSeconds, 0]);
    expect(Math.floor(now / 1000) - createdSeconds).toBeGreaterThanOrEqual(2);
    expect(Math.floor(now / 1000) - createdSeconds).toBeLessThanOrEqual(7);
  });

  test("answers with an empty body and AWS's headers", async ({ emulator, uniqueName: name }) => {
    const { emu } = emulator;
    const reply = await rawKinesis(emu.endpoint, "CreateStream", { StreamName: name, ShardCount: 1 });
    await emu.clock.advance(latencyMs);
    expect(reply).toMatchObject({
      status: 200,
      body: "",
      headers: { "content-type": "application/x-amz-json-1.1", "content-length": "0", date: expect.any(String) },
    });
    expect(reply.headers["x-amzn-requestid"]).toMatch(/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/);
    const secondId = Buffer.from(String(reply.headers["x-amz-id-2"]), "base64");
    expect(secondId.length).toBeGreaterThanOrEqual(64);
    expect(secondId.length).toBeLessThanOrEqual(80);
  });

  test("makes an on-demand stream of four shards from a name alone", async ({ emulator, uniqueName: name }) => {
    const { emu, kinesis } = emulator;
    await kinesis.send(new CreateStreamCommand({ StreamName: name }));
    await emu.clock.advance(latencyMs);
    const { StreamModeDetails, Shards } = await describeStream(kinesis, name);
    expect(StreamModeDetails).toEqual({ StreamMode: "ON_DEMAND" });
    expect(Shards).toHaveLength(4);
  });

  test("refuses a name that is taken, in the same region alone", async ({ emulator, uniqueName: name }) => {
    const { emu, kinesis } = emulator;
    await createStream(kinesis, name);
    const taken = `400 ResourceInUseException: Stream ${name} under account 000000000000 already exists.`;
    expect(await failureOf(createStream(kinesis, name))).toBe(taken);
    await emu.clock.advance(latencyMs);
    expect(await failureOf(createStream(kinesis, name))).toBe(taken);

    const elsewhere = new KinesisClient({ ...emu.getClientConfig(), region: "eu-west-1" });
    await createStream(elsewhere, name);
    await emu.clock.advance(latencyMs);
    expect((await describeStream(elsewhere, name)).StreamARN).toBe(arnOf(name, "eu-west-1"));
  });

  test("refuses more shards than the account may have", async ({ emulator, uniqueName: name }) => {
    const { emu } = emulator;
    const limited = new KinesisClient({ ...emu.getClientConfig(), region: "eu-north-1", maxAttempts: 1 });
    await createStream(limited, `${name}-first`, 60);
    await emu.clock.advance(latencyMs);
    expect(await failureOf(createStream(limited, name, 41))).toBe(
      "400 LimitExceededException: This request would exceed the shard limit for the account 000000000000 in eu-north-1. " +
        "Current shard count for the account: 60. Limit: 100. Number of additional shards that would have resulted from " +
        "this request: 41. Refer to the AWS Service Limits page " +
        "(http://docs.aws.amazon.com/general/latest/gr/aws_service_limits.html) for current limits and how to request " +
        "higher limits.",
    );
    await createStream(limited, name, 40);
    await emu.clock.advance(latencyMs);
  });

  test("refuses a sixth stream that changes its state", async ({ emulator, uniqueName: name }) => {
    const { emu } = emulator;
    // The SDK would try again: to it, a limit passes.
    const kinesis = new KinesisClient({ ...emu.getClientConfig(), maxAttempts: 1 });
    const names = Array.from({ length: 5 }, (_, index) => `${name}-${index}`);
    await Promise.all(names.map((each) => createStream(kinesis, each)));
    const [deleted] = names;
    await kinesis.send(new DeleteStreamCommand({ StreamName: deleted }));
    expect(await failureOf(createStream(kinesis, name))).toBe(
      "400 LimitExceededException: This request would have exceed the limit on the number  of streams that can " +
        "simultaneously be in CREATING or DELETING for the account 000000000000. Limit: 5.",
    );
    await emu.clock.advance(latencyMs);
    await createStream(kinesis, name);
    await emu.clock.advance(latencyMs);
  });

  test("refuses what contradicts itself", async ({ emulator, uniqueName: name }) => {
    const create = (change: Partial<CreateStreamInput>) =>
      failureOf(emulator.kinesis.send(new CreateStreamCommand({ StreamName: name, ...change })));
    const StreamModeDetails = { StreamMode: "PROVISIONED" } as const;
    expect(await create({ StreamModeDetails })).toBe(validation(mustNotBeNull("shardCount")));
    expect(await create({ StreamModeDetails, ShardCount: 1, RecordDistributionStrategy: "AUTO" })).toBe(
      "400 InvalidArgumentException: RecordDistributionStrategy AUTO is only supported for streams in On-Demand mode.",
    );
  });

  test.for([
    [{}, [mustNotBeNull("streamName")]],
    [{ StreamName: "" }, [unlike("", "streamName"), tooShort("", "streamName")]],
    [{ StreamName: "a".repeat(129) }, [tooLong("a".repeat(129), "streamName", 128)]],
    [{ StreamName: "a b" }, [unlike("a b", "streamName")]],
    [{ StreamName: "a", ShardCount: 0 }, [violation("0", "shardCount", atLeast(1))]],
    [
      { StreamName: "", ShardCount: -1 },
      [unlike("", "streamName"), tooShort("", "streamName"), violation("-1", "shardCount", atLeast(1))],
    ],
    [{ StreamName: "a", MaxRecordSizeInKiB: 1023 }, [violation("1023", "maxRecordSizeInKiB", atLeast(1024))]],
    [
      { StreamName: "a", MaxRecordSizeInKiB: 10_241 },
      [violation("10241", "maxRecordSizeInKiB", "Member must have value less than or equal to 10240")],
    ],
    [
      { StreamName: "a", StreamModeDetails: { StreamMode: "BOTH" } },
      [
        violation(
          "BOTH",
          "streamModeDetails.streamMode",
          "Member must satisfy enum value set: [PROVISIONED, ON_DEMAND]",
        ),
      ],
    ],
  ] as const)("answers %j with what is wrong with it", async ([input, items], { emulator }) => {
    expect(await rawFailureOf(emulator.emu.endpoint, "CreateStream", input)).toBe(validation(...items));
  });

  test.for([
    [{ StreamName: true }, "class java.lang.Boolean can not be converted to an String"],
    [
      { StreamName: 1 },
      "class com.amazon.coral.value.json.numbers.TruncatingBigNumber can not be converted to an String",
    ],
    [{ StreamName: [] }, "Start of list found where not expected"],
    [{ StreamName: {} }, "Start of structure or map found where not expected."],
    [{ ShardCount: "1" }, "class java.lang.String can not be converted to an Integer"],
    [{ ShardCount: true }, "class java.lang.Boolean can not be converted to an Integer"],
    [{ ShardCount: [] }, "Start of list found where not expected"],
    [{ StreamModeDetails: 1 }, "Expected null"],
    [{ StreamModeDetails: [] }, "Start of list found where not expected"],
    [{ Tags: 1 }, "Expected map or null"],
    [{ Tags: [] }, "Start of list found where not expected"],
  ] as const)("answers %j with a type error", async ([input, message], { emulator }) => {
    expect(await rawFailureOf(emulator.emu.endpoint, "CreateStream", input)).toBe(
      `400 SerializationException: ${message}`,
    );
  });
});

function range(StartingHashKey: string, EndingHashKey: string) {
  return { StartingHashKey, EndingHashKey };
}

function atLeast(value: number): string {
  return `Member must have value greater than or equal to ${value}`;
}
