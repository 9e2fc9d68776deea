import { describe, expect } from "vitest";
import { clientsOf } from "../emulator/emulator.ts";
import { emulatorTest } from "../emulator/emulator-test.ts";
import { rawFailureOf, rawKinesis } from "../emulator/raw-http.ts";
import { arnOf, createStream, put, shardNotFound } from "./streams.ts";

const test = emulatorTest({ clock: "frozen", kinesisShardLimit: 40 });
const streamId = "abcdefghij0123456789-abc";

const record = { Data: "YQ==", PartitionKey: "k" };
const metrics = { ShardLevelMetrics: ["ALL"] };
const encryption = { EncryptionType: "KMS", KeyId: "alias/aws/kinesis" };

/** The operations that take a stream's name or ARN, and what else they need; in an order in which all of them work. */
const byNameOrArn: readonly (readonly [operation: string, rest: object])[] = [
  ["DescribeStream", {}],
  ["DescribeStreamSummary", {}],
  ["ListShards", {}],
  ["PutRecord", record],
  ["PutRecords", { Records: [record] }],
  ["GetShardIterator", { ShardId: "0", ShardIteratorType: "LATEST" }],
  ["AddTagsToStream", { Tags: { a: "1" } }],
  ["ListTagsForStream", {}],
  ["RemoveTagsFromStream", { TagKeys: ["a"] }],
  ["IncreaseStreamRetentionPeriod", { RetentionPeriodHours: 48 }],
  ["DecreaseStreamRetentionPeriod", { RetentionPeriodHours: 48 }],
  ["EnableEnhancedMonitoring", metrics],
  ["DisableEnhancedMonitoring", metrics],
  ["StartStreamEncryption", encryption],
  ["StopStreamEncryption", encryption],
  ["UpdateShardCount", { TargetShardCount: 2, ScalingType: "UNIFORM_SCALING" }],
  ["MergeShards", { ShardToMerge: "0", AdjacentShardToMerge: "1" }],
  ["SplitShard", { ShardToSplit: "2", NewStartingHashKey: "100" }],
  ["DeleteStream", {}],
];

describe("a stream", () => {
  test.for([
    ["name", (StreamName: string) => ({ StreamName })],
    ["ARN", (name: string) => ({ StreamARN: arnOf(name) })],
    ["name and ARN", (StreamName: string) => ({ StreamName, StreamARN: arnOf(StreamName) })],
    [
      "name, with its id and what nobody knows",
      (StreamName: string) => ({ StreamName, StreamId: streamId, Colour: [] }),
    ],
  ] as const)("is found by its %s", async ([, addressOf], { emulator, uniqueName: name }) => {
    const { emu, kinesis } = emulator;
    await createStream(kinesis, name, 2);
    for (const [operation, rest] of byNameOrArn) {
      const { status, body } = await rawKinesis(emu.endpoint, operation, { ...rest, ...addressOf(name) });
      expect([operation, status, status === 200 ? "" : body]).toEqual([operation, 200, ""]);
    }
  });

  test("of another region is found by its ARN, and counts there", async ({ emulator, uniqueName: name }) => {
    const { emu } = emulator;
    const { kinesis } = clientsOf(emu, { region: "eu-west-1" });
    await createStream(kinesis, name, 30);
    await createStream(kinesis, `${name}-other`, 10);
    const StreamARN = arnOf(name, "eu-west-1");
    const failure = (operation: string, rest: object) => rawFailureOf(emu.endpoint, operation, { ...rest, StreamARN });
    const limit = (additional: number) =>
      expect.stringContaining(
        "400 LimitExceededException: This request would exceed the shard limit for the account 000000000000 in eu-west-1. " +
          `Current shard count for the account: 40. Limit: 40. Number of additional shards that would have resulted from this request: ${additional}.`,
      );
    expect(await failure("SplitShard", { ShardToSplit: "0", NewStartingHashKey: "100" })).toEqual(limit(1));
    const target = { TargetShardCount: 32, ScalingType: "UNIFORM_SCALING" };
    expect(await failure("UpdateShardCount", target)).toEqual(limit(2));
    expect(await put(kinesis, name, "a")).toMatch(/^\d{56}$/);
  });
});

describe("a shard", () => {
  const callsIt = { ShardIteratorType: "LATEST" };

  test.for(["0", "shardId-0", "anything-0", "-00000000000000", "shardId-000000000000"])(
    "may be called %s",
    async (ShardId, { emulator, uniqueName: StreamName }) => {
      await createStream(emulator.kinesis, StreamName);
      const { status } = await rawKinesis(emulator.emu.endpoint, "GetShardIterator", {
        ...callsIt,
        StreamName,
        ShardId,
      });
      expect(status).toBe(200);
    },
  );

  test.for([
    ["123", "shardId-000000000123"],
    ["-00002147483647", "shardId-002147483647"],
  ] as const)("that is not there is called %s and told as %s", async ([ShardId, told], { emulator, uniqueName }) => {
    await createStream(emulator.kinesis, uniqueName);
    const input = { ...callsIt, StreamName: uniqueName, ShardId };
    expect(await rawFailureOf(emulator.emu.endpoint, "GetShardIterator", input)).toBe(shardNotFound(uniqueName, told));
  });
});

test("ten things that are wrong are told, and no more", async ({ emulator }) => {
  const Records = Array.from({ length: 12 }, () => ({ Data: "YQ==", PartitionKey: "" }));
  const failure = await rawFailureOf(emulator.emu.endpoint, "PutRecords", { StreamName: "none", Records });
  const told = Array.from(
    { length: 10 },
    (_, index) =>
      `Value '' at 'records.${index + 1}.member.partitionKey' failed to satisfy constraint: Member must have length greater than or equal to 1`,
  );
  expect(failure).toBe(`400 ValidationException: 10 validation errors detected: ${told.join("; ")}`);
});
