import { describe, expect, test } from "vitest";
import { call, failureOf, kinesisUnderTest } from "../kinesis-under-test.ts";
import { createStream } from "./create-stream.ts";
import { deleteStream } from "./delete-stream.ts";
import { describeStreamSummary } from "./describe-stream-summary.ts";
import { describeStream } from "./describe-stream.ts";

describe("CreateStream", () => {
  test("makes a stream that is ACTIVE at once", () => {
    const { state, events } = kinesisUnderTest();
    expect(createStream(state, { StreamName: "orders", ShardCount: 2 }, call)).toBeUndefined();
    expect(describeStreamSummary(state, { StreamName: "orders" }, call).StreamDescriptionSummary).toMatchObject({
      StreamStatus: "ACTIVE",
      StreamModeDetails: { StreamMode: "PROVISIONED" },
      OpenShardCount: 2,
    });
    expect(events).toEqual([{ type: "stream.created", stream: "orders", region: "us-east-1", shards: 2 }]);
  });

  test.each([
    [{ StreamName: "orders" }, "ON_DEMAND", 4],
    [{ StreamName: "orders", StreamModeDetails: { StreamMode: "ON_DEMAND" } } as const, "ON_DEMAND", 4],
    [{ StreamName: "orders", ShardCount: 3, StreamModeDetails: { StreamMode: "ON_DEMAND" } } as const, "ON_DEMAND", 4],
    [
      { StreamName: "orders", ShardCount: 3, StreamModeDetails: { StreamMode: "PROVISIONED" } } as const,
      "PROVISIONED",
      3,
    ],
  ])("from %j makes one in mode %s with %i shards", (input, mode, shards) => {
    const { state } = kinesisUnderTest();
    createStream(state, input, call);
    const { StreamDescription: stream } = describeStream(state, { StreamName: "orders" }, call);
    expect(stream?.StreamModeDetails).toEqual({ StreamMode: mode });
    expect(stream?.Shards).toHaveLength(shards);
  });

  test.each([
    [
      { StreamName: "other", StreamModeDetails: { StreamMode: "PROVISIONED" } } as const,
      "ValidationException: 1 validation error detected: Value null at 'shardCount' failed to satisfy constraint: Member must not be null",
    ],
    [
      { StreamName: "orders", ShardCount: 1 },
      "ResourceInUseException: Stream orders under account 000000000000 already exists.",
    ],
    [
      { StreamName: "other", ShardCount: 500 },
      "LimitExceededException: This request would exceed the shard limit for the account 000000000000 in us-east-1. " +
        "Current shard count for the account: 1. Limit: 500. Number of additional shards that would have resulted from " +
        "this request: 500. Refer to the AWS Service Limits page " +
        "(http://docs.aws.amazon.com/general/latest/gr/aws_service_limits.html) for current limits and how to request higher limits.",
    ],
    [
      { StreamName: "other", ShardCount: 1, RecordDistributionStrategy: "AUTO" } as const,
      "InvalidArgumentException: RecordDistributionStrategy AUTO is only supported for streams in On-Demand mode.",
    ],
    [
      { StreamName: "other", WarmThroughputMiBps: 10 },
      "InvalidArgumentException: WarmThroughputMiBps requires an enabled minimum throughput billing commitment.",
    ],
  ])("refuses %j", (input, failure) => {
    const { state } = kinesisUnderTest();
    createStream(state, { StreamName: "orders", ShardCount: 1 }, call);
    expect(failureOf(() => createStream(state, input, call))).toBe(failure);
  });

  test("counts shards and names by region", () => {
    const { state } = kinesisUnderTest({ shardLimit: 2 });
    createStream(state, { StreamName: "orders", ShardCount: 2 }, call);
    createStream(state, { StreamName: "orders", ShardCount: 2 }, { ...call, region: "eu-west-1" });
    expect(state.streamsOf("eu-west-1").map(({ arn }) => arn)).toEqual([
      "arn:aws:kinesis:eu-west-1:000000000000:stream/orders",
    ]);
  });

  test("takes 50 on-demand streams", () => {
    const { state } = kinesisUnderTest();
    for (let index = 0; index < 50; index++) createStream(state, { StreamName: `stream-${index}` }, call);
    expect(failureOf(() => createStream(state, { StreamName: "one-more" }, call))).toBe(
      "LimitExceededException: This request would exceed the limit on the number of On-Demand streams for the account " +
        "000000000000 in us-east-1. Current On-Demand streams count: 50. Limit: 50.",
    );
  });
});

describe("with a latency", () => {
  test("a stream is CREATING, then ACTIVE, then DELETING, then gone", () => {
    const { state, clock, events, pass } = kinesisUnderTest({ latencyMs: 500 });
    const status = () => describeStream(state, { StreamName: "orders" }, call).StreamDescription?.StreamStatus;
    createStream(state, { StreamName: "orders", ShardCount: 1 }, call);
    expect(status()).toBe("CREATING");
    expect(clock.nextWorkTimer?.label).toBe("creation of stream orders");
    pass(500);
    expect(status()).toBe("ACTIVE");
    deleteStream(state, { StreamName: "orders" }, call);
    expect(status()).toBe("DELETING");
    expect(failureOf(() => deleteStream(state, { StreamName: "orders" }, call))).toBe(
      "ResourceInUseException: Stream orders under account 000000000000 not ACTIVE, instead in state DELETING",
    );
    expect(events.map(({ type }) => type)).toEqual(["stream.created"]);
    pass(500);
    expect(failureOf(status)).toBe("ResourceNotFoundException: Stream orders under account 000000000000 not found.");
    expect(events.map(({ type }) => type)).toEqual(["stream.created", "stream.deleted"]);
  });

  test("a stream may be deleted while it is CREATING", () => {
    const { state, clock, pass } = kinesisUnderTest({ latencyMs: 500 });
    createStream(state, { StreamName: "orders", ShardCount: 1 }, call);
    pass(499);
    deleteStream(state, { StreamName: "orders" }, call);
    pass(499);
    expect(state.find("us-east-1", "orders")?.status).toBe("DELETING");
    pass(1);
    expect(state.find("us-east-1", "orders")).toBeUndefined();
    expect(clock.hasWorkTimers).toBe(false);
  });

  test("five streams at once may be changing", () => {
    const { state, pass } = kinesisUnderTest({ latencyMs: 500 });
    for (let index = 0; index < 5; index++) createStream(state, { StreamName: `stream-${index}`, ShardCount: 1 }, call);
    const oneMore = () => createStream(state, { StreamName: "one-more", ShardCount: 1 }, call);
    expect(failureOf(oneMore)).toBe(
      "LimitExceededException: This request would have exceed the limit on the number  of streams that can " +
        "simultaneously be in CREATING or DELETING for the account 000000000000. Limit: 5.",
    );
    pass(500);
    expect(failureOf(oneMore)).toBe("no failure");
  });

  test("clearing the state cancels what is under way", () => {
    const { state, clock } = kinesisUnderTest({ latencyMs: 500 });
    createStream(state, { StreamName: "orders", ShardCount: 1 }, call);
    state.close();
    expect(clock.hasWorkTimers).toBe(false);
    expect(state.streamsOf("us-east-1")).toEqual([]);
  });
});
