import type { ShardFilter } from "@aws-sdk/client-kinesis";
import { describe, expect, test } from "vitest";
import { call, failureOf, kinesisUnderTest, kinesisWithStream } from "../kinesis-under-test.ts";
import { createStream } from "./create-stream.ts";
import { deleteStream } from "./delete-stream.ts";
import { listShards } from "./list-shards.ts";

const hour = 3_600_000;

/** Shards 0 and 1 from the start; 0 is split into 2 and 3 an hour later. */
function withSplitShard() {
  const kinesis = kinesisWithStream(2);
  const { stream, clock, pass, state } = kinesis;
  const created = clock.now();
  pass(hour);
  const parent = stream.shards[0];
  if (parent === undefined) throw new Error("no shard");
  const middle = parent.range.end / 2n;
  const ranges = [
    { start: parent.range.start, end: middle },
    { start: middle + 1n, end: parent.range.end },
  ];
  stream.replaceShards([{ parents: [parent], ranges }], clock.now());
  const list = (ShardFilter?: ShardFilter) => indexes(listShards(state, { StreamName: "orders", ShardFilter }, call));
  return { ...kinesis, created, list };
}

function indexes({ Shards: shards = [] }: ReturnType<typeof listShards>): number[] {
  return shards.map(({ ShardId: id }) => Number(id?.slice("shardId-".length)));
}

describe("ListShards", () => {
  test("tells the shards of a stream", () => {
    const { state, stream } = kinesisWithStream(1);
    expect(listShards(state, { StreamName: "orders" }, call)).toStrictEqual({
      Shards: [
        {
          ShardId: "shardId-000000000000",
          HashKeyRange: { StartingHashKey: "0", EndingHashKey: "340282366920938463463374607431768211455" },
          SequenceNumberRange: { StartingSequenceNumber: stream.shards[0]?.startingSequenceNumber },
        },
      ],
    });
  });

  test("filters", () => {
    const { list, created, clock, pass } = withSplitShard();
    pass(hour);
    expect(list()).toEqual([0, 1, 2, 3]);
    expect(list({ Type: "FROM_TRIM_HORIZON" })).toEqual([0, 1, 2, 3]);
    expect(list({ Type: "AT_TRIM_HORIZON" })).toEqual([0, 1]);
    expect(list({ Type: "AT_LATEST" })).toEqual([1, 2, 3]);
    expect(list({ Type: "AFTER_SHARD_ID", ShardId: "shardId-000000000001" })).toEqual([2, 3]);
    expect(list({ Type: "AT_TIMESTAMP", Timestamp: new Date(created) })).toEqual([0, 1]);
    expect(list({ Type: "AT_TIMESTAMP", Timestamp: new Date(0) })).toEqual([0, 1]);
    expect(list({ Type: "AT_TIMESTAMP", Timestamp: new Date(clock.now()) })).toEqual([1, 2, 3]);
    expect(list({ Type: "FROM_TIMESTAMP", Timestamp: new Date(created) })).toEqual([0, 1, 2, 3]);
    expect(list({ Type: "FROM_TIMESTAMP", Timestamp: new Date(clock.now()) })).toEqual([1, 2, 3]);
  });

  test("leaves out closed shards without records in the retention period", () => {
    const { list, pass } = withSplitShard();
    pass(24 * hour);
    expect(list()).toEqual([0, 1, 2, 3]);
    pass(1000);
    expect(list()).toEqual([1, 2, 3]);
  });

  test("gives pages whose token carries the filter", () => {
    const { state } = withSplitShard();
    const first = listShards(state, { StreamName: "orders", MaxResults: 2, ShardFilter: { Type: "AT_LATEST" } }, call);
    expect(indexes(first)).toEqual([1, 2]);
    const second = listShards(state, { NextToken: first.NextToken }, call);
    expect(indexes(second)).toEqual([3]);
    expect(second).not.toHaveProperty("NextToken");
  });

  test("gives 1000 shards where it is not told how many", () => {
    const { state } = kinesisUnderTest({ shardLimit: 2000 });
    createStream(state, { StreamName: "wide", ShardCount: 1001 }, call);
    const first = listShards(state, { StreamName: "wide" }, call);
    expect(indexes(first)).toHaveLength(1000);
    expect(indexes(listShards(state, { NextToken: first.NextToken }, call))).toEqual([1000]);
    expect(indexes(listShards(state, { StreamName: "wide", ExclusiveStartShardId: "998" }, call))).toEqual([999, 1000]);
  });

  test.each([
    [{}, "InvalidArgumentException: Either NextToken or StreamName should be provided."],
    [
      { NextToken: "t", StreamName: "orders" },
      "InvalidArgumentException: NextToken and StreamName cannot be provided together.",
    ],
    [
      { NextToken: "t", ExclusiveStartShardId: "0" },
      "InvalidArgumentException: NextToken and ExclusiveStartShardId cannot be provided together.",
    ],
    [
      { NextToken: "t", ShardFilter: { Type: "AT_LATEST" } } as const,
      "InvalidArgumentException: NextToken and ShardFilter cannot be provided together.",
    ],
    [{ NextToken: "t" }, "InvalidArgumentException: Invalid NextToken."],
    [{ StreamName: "none" }, "ResourceNotFoundException: Stream none under account 000000000000 not found."],
    [
      { StreamName: "orders", StreamCreationTimestamp: new Date(0) },
      "ResourceNotFoundException: Stream orders under account 000000000000 not found.",
    ],
    [
      { StreamName: "orders", ShardFilter: { Type: "AT_TIMESTAMP" } } as const,
      "InvalidArgumentException: Must specify a Timestamp for a ShardFilter of type AT_TIMESTAMP.",
    ],
    [
      { StreamName: "orders", ShardFilter: { Type: "AFTER_SHARD_ID" } } as const,
      "InvalidArgumentException: Must specify a valid ShardId for a ShardFilter of type AFTER_SHARD_ID.",
    ],
    [
      { StreamName: "orders", ExclusiveStartShardId: "first" },
      "ResourceNotFoundException: Could not find shard first in stream orders under account 000000000000.",
    ],
  ])("refuses %j", (input, failure) => {
    const { state } = kinesisWithStream(1);
    expect(failureOf(() => listShards(state, input, call))).toBe(failure);
  });

  test("refuses a token of a stream that was deleted, or created anew", () => {
    const { state, pass } = kinesisWithStream(2);
    const { NextToken } = listShards(state, { StreamName: "orders", MaxResults: 1 }, call);
    deleteStream(state, { StreamName: "orders" }, call);
    const notFound = "ResourceNotFoundException: Stream orders under account 000000000000 not found.";
    expect(failureOf(() => listShards(state, { NextToken }, call))).toBe(notFound);
    pass(1000);
    createStream(state, { StreamName: "orders", ShardCount: 2 }, call);
    expect(failureOf(() => listShards(state, { NextToken }, call))).toBe(notFound);
  });
});
