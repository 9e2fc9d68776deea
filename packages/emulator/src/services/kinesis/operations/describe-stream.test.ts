import { describe, expect, test } from "vitest";
import { call, failureOf, kinesisUnderTest, kinesisWithStream } from "../kinesis-under-test.ts";
import { parseSequenceNumber } from "../sequence-number.ts";
import { createStream } from "./create-stream.ts";
import { describeStreamSummary } from "./describe-stream-summary.ts";
import { describeStream } from "./describe-stream.ts";

const arn = "arn:aws:kinesis:us-east-1:000000000000:stream/orders";

describe("DescribeStream", () => {
  test("tells everything of a stream", () => {
    const { state, clock, stream } = kinesisWithStream(2);
    expect(describeStream(state, { StreamName: "orders" }, call)).toEqual({
      StreamDescription: {
        StreamName: "orders",
        StreamARN: arn,
        StreamStatus: "ACTIVE",
        StreamModeDetails: { StreamMode: "PROVISIONED" },
        Shards: [
          {
            ShardId: "shardId-000000000000",
            HashKeyRange: { StartingHashKey: "0", EndingHashKey: "170141183460469231731687303715884105727" },
            SequenceNumberRange: { StartingSequenceNumber: stream.shards[0]?.startingSequenceNumber },
          },
          {
            ShardId: "shardId-000000000001",
            HashKeyRange: {
              StartingHashKey: "170141183460469231731687303715884105728",
              EndingHashKey: "340282366920938463463374607431768211455",
            },
            SequenceNumberRange: { StartingSequenceNumber: stream.shards[1]?.startingSequenceNumber },
          },
        ],
        HasMoreShards: false,
        RetentionPeriodHours: 24,
        StreamCreationTimestamp: new Date(Math.floor(clock.now() / 1000) * 1000),
        EnhancedMonitoring: [{ ShardLevelMetrics: [] }],
        EncryptionType: "NONE",
      },
    });
  });

  test("dates the shards 2 to 7 seconds before the call", () => {
    const { clock, stream } = kinesisWithStream(1);
    const sequence = parseSequenceNumber(stream.shards[0]?.startingSequenceNumber ?? "");
    if (sequence.version === "unreadable") throw new Error("unreadable");
    const age = clock.now() / 1000 - sequence.createdSeconds;
    expect(age).toBeGreaterThanOrEqual(2);
    expect(age).toBeLessThanOrEqual(7);
    expect(sequence).toMatchObject({ counter: 0, seconds: sequence.createdSeconds, shardIndex: 0 });
  });

  test("tells parents and ends of shards that were replaced", () => {
    const { state, clock, stream } = kinesisWithStream(2);
    const ranges = stream.shards.map(({ range }) => range);
    const [lower, upper] = ranges;
    if (lower === undefined || upper === undefined) throw new Error("no shards");
    const merged = [{ start: lower.start, end: upper.end }];
    stream.replaceShards([{ parents: [...stream.shards], ranges: merged }], clock.now());
    const shards = describeStream(state, { StreamName: "orders" }, call).StreamDescription?.Shards ?? [];
    const second = Math.floor(clock.now() / 1000);
    expect(shards[2]).toMatchObject({
      ShardId: "shardId-000000000002",
      ParentShardId: "shardId-000000000000",
      AdjacentParentShardId: "shardId-000000000001",
    });
    expect(parseSequenceNumber(shards[2]?.SequenceNumberRange?.StartingSequenceNumber ?? "")).toMatchObject({
      createdSeconds: second + 1,
    });
    expect(parseSequenceNumber(shards[0]?.SequenceNumberRange?.EndingSequenceNumber ?? "")).toMatchObject({
      seconds: second,
    });
    expect(describeStreamSummary(state, { StreamName: "orders" }, call).StreamDescriptionSummary?.OpenShardCount).toBe(
      1,
    );
  });

  test("gives pages of at most 100 shards", () => {
    const { state } = kinesisWithStream(150);
    const page = (input: object) => describeStream(state, { StreamName: "orders", ...input }, call).StreamDescription;
    expect(page({ Limit: 10_000 })?.Shards).toHaveLength(100);
    expect(page({})?.HasMoreShards).toBe(true);
    expect(page({ Limit: 1 })?.Shards).toHaveLength(1);
    expect(page({ ExclusiveStartShardId: "shardId-000000000099" })).toMatchObject({ HasMoreShards: false });
    expect(page({ ExclusiveStartShardId: "99" })?.Shards).toHaveLength(50);
  });

  test("shows no shards while the stream is CREATING", () => {
    const { state } = kinesisUnderTest({ latencyMs: 500 });
    createStream(state, { StreamName: "orders", ShardCount: 2 }, call);
    expect(describeStream(state, { StreamName: "orders" }, call).StreamDescription).toMatchObject({
      StreamStatus: "CREATING",
      Shards: [],
      HasMoreShards: false,
    });
  });

  test.each([
    [{ StreamARN: arn }, "no failure"],
    [{ StreamARN: arn, StreamName: "orders" }, "no failure"],
    [
      {},
      "ValidationException: 1 validation error detected: Value null at 'streamName' failed to satisfy constraint: Member must not be null",
    ],
    [{ StreamName: "none" }, "ResourceNotFoundException: Stream none under account 000000000000 not found."],
    [
      { StreamARN: "arn:aws:kinesis:us-east-1:000000000000:stream/none" },
      "ResourceNotFoundException: Stream none under account 000000000000 not found.",
    ],
    [
      { StreamARN: "arn:aws:kinesis:us-east-1:123456789012:stream/orders" },
      "ResourceNotFoundException: Stream orders under account 123456789012 not found.",
    ],
    [
      { StreamARN: "arn:aws:kinesis:eu-west-1:000000000000:stream/orders" },
      "ResourceNotFoundException: Stream orders under account 000000000000 not found.",
    ],
    [
      { StreamName: "orders", ExclusiveStartShardId: "first" },
      "ResourceNotFoundException: Could not find shard first in stream orders under account 000000000000.",
    ],
  ])("answers %j with %s", (input, failure) => {
    const { state } = kinesisWithStream(1);
    expect(failureOf(() => describeStream(state, input, call))).toBe(failure);
  });

  test("finds a stream by ARN from another region", () => {
    const { state } = kinesisWithStream(1);
    const elsewhere = { ...call, region: "eu-west-1" };
    expect(describeStream(state, { StreamARN: arn }, elsewhere).StreamDescription?.StreamARN).toBe(arn);
    expect(failureOf(() => describeStream(state, { StreamName: "orders" }, elsewhere))).toContain("not found.");
  });
});

describe("DescribeStreamSummary", () => {
  test("tells what AWS tells of a provisioned and of an on-demand stream", () => {
    const { state } = kinesisUnderTest();
    createStream(state, { StreamName: "provisioned", ShardCount: 3, MaxRecordSizeInKiB: 2048 }, call);
    createStream(state, { StreamName: "on-demand", RecordDistributionStrategy: "AUTO" }, call);
    const summary = (name: string) => describeStreamSummary(state, { StreamName: name }, call).StreamDescriptionSummary;
    expect(Object.keys(summary("provisioned") ?? {}).toSorted()).toEqual([
      "ChannelCount",
      "ConsumerCount",
      "EncryptionType",
      "EnhancedMonitoring",
      "MaxRecordSizeInKiB",
      "OpenShardCount",
      "RetentionPeriodHours",
      "StreamARN",
      "StreamCreationTimestamp",
      "StreamModeDetails",
      "StreamName",
      "StreamStatus",
    ]);
    expect(summary("provisioned")).toMatchObject({ OpenShardCount: 3, ConsumerCount: 0, MaxRecordSizeInKiB: 2048 });
    expect(summary("on-demand")).toMatchObject({ OpenShardCount: 4, RecordDistributionStrategy: "AUTO" });
  });
});
