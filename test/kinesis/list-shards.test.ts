import { ListShardsCommand } from "@aws-sdk/client-kinesis";
import type { KinesisClient, ListShardsInput } from "@aws-sdk/client-kinesis";
import { describe, expect } from "vitest";
import { emulatorTest } from "../emulator/emulator-test.ts";
import { failureOf, validation, violation } from "../emulator/failure-of.ts";
import { rawFailureOf, rawKinesis } from "../emulator/raw-http.ts";
import { arnOf, createStream, shardUnreadable, streamNotFound, unlike } from "./streams.ts";

const latencyMs = 500;
const test = emulatorTest({ clock: "frozen", kinesisLatencyMs: latencyMs });

async function idsOf(kinesis: KinesisClient, input: ListShardsInput): Promise<string[]> {
  const { Shards = [] } = await kinesis.send(new ListShardsCommand(input));
  return Shards.map(({ ShardId = "" }) => ShardId.replace(/^shardId-0+(?=\d)/, ""));
}

describe("ListShards", () => {
  test("lists the shards with AWS's members alone", async ({ emulator, uniqueName: name }) => {
    const { emu, kinesis } = emulator;
    await createStream(kinesis, name, 2);
    expect(await idsOf(kinesis, { StreamName: name })).toEqual([]);
    await emu.clock.advance(latencyMs);
    const reply = await rawKinesis(emu.endpoint, "ListShards", { StreamName: name });
    const starting = { StartingSequenceNumber: expect.stringMatching(/^\d{56}$/) };
    expect(JSON.parse(reply.body)).toStrictEqual({
      Shards: [
        {
          ShardId: "shardId-000000000000",
          HashKeyRange: { StartingHashKey: "0", EndingHashKey: "170141183460469231731687303715884105727" },
          SequenceNumberRange: starting,
        },
        {
          ShardId: "shardId-000000000001",
          HashKeyRange: {
            StartingHashKey: "170141183460469231731687303715884105728",
            EndingHashKey: "340282366920938463463374607431768211455",
          },
          SequenceNumberRange: starting,
        },
      ],
    });
  });

  test("pages by token, a thousand by default", async ({ emulator, uniqueName: name }) => {
    const { emu, kinesis } = emulator;
    await createStream(kinesis, name, 1003);
    await emu.clock.advance(latencyMs);
    const list = (input: ListShardsInput) => kinesis.send(new ListShardsCommand(input));
    const first = await list({ StreamARN: arnOf(name) });
    expect(first.Shards).toHaveLength(1000);
    const second = await list({ NextToken: first.NextToken, MaxResults: 2 });
    expect(second.Shards?.map(({ ShardId }) => ShardId)).toEqual(["shardId-000000001000", "shardId-000000001001"]);
    const third = await list({ NextToken: second.NextToken });
    expect(third.Shards?.map(({ ShardId }) => ShardId)).toEqual(["shardId-000000001002"]);
    expect(third).not.toHaveProperty("NextToken");
    expect((await list({ StreamName: name, MaxResults: 10_000 })).Shards).toHaveLength(1003);
  });

  test("goes on after a shard, and filters", async ({ emulator, uniqueName: StreamName }) => {
    const { emu, kinesis } = emulator;
    const { now } = await emu.clock.read();
    await createStream(kinesis, StreamName, 3);
    await emu.clock.advance(latencyMs);
    const all = ["0", "1", "2"];
    expect(await idsOf(kinesis, { StreamName, ExclusiveStartShardId: "shardId-000000000000" })).toEqual(["1", "2"]);
    for (const Type of ["AT_TRIM_HORIZON", "FROM_TRIM_HORIZON", "AT_LATEST"] as const)
      expect(await idsOf(kinesis, { StreamName, ShardFilter: { Type } })).toEqual(all);
    for (const Timestamp of [new Date(now), new Date(0)])
      for (const Type of ["AT_TIMESTAMP", "FROM_TIMESTAMP"] as const)
        expect(await idsOf(kinesis, { StreamName, ShardFilter: { Type, Timestamp } })).toEqual(all);
    const ShardFilter = { Type: "AFTER_SHARD_ID", ShardId: "shardId-000000000000" } as const;
    expect(await idsOf(kinesis, { StreamName, ShardFilter })).toEqual(["1", "2"]);

    // The token carries the filter.
    const { NextToken } = await kinesis.send(new ListShardsCommand({ StreamName, ShardFilter, MaxResults: 1 }));
    expect(await idsOf(kinesis, { NextToken })).toEqual(["2"]);
  });

  test("refuses a token with anything else, an old one and one that was made up", async ({
    emulator,
    uniqueName: StreamName,
  }) => {
    const { emu, kinesis } = emulator;
    await createStream(kinesis, StreamName, 2);
    await emu.clock.advance(latencyMs);
    const { NextToken } = await kinesis.send(new ListShardsCommand({ StreamName, MaxResults: 1 }));
    const failure = (input: ListShardsInput) => failureOf(kinesis.send(new ListShardsCommand({ NextToken, ...input })));
    const refused = "400 InvalidArgumentException:";
    expect(await failure({ StreamName })).toBe(`${refused} NextToken and StreamName cannot be provided together.`);
    expect(await failure({ ExclusiveStartShardId: "0" })).toBe(
      `${refused} NextToken and ExclusiveStartShardId cannot be provided together.`,
    );
    expect(await failure({ ShardFilter: { Type: "AT_LATEST" } })).toBe(
      `${refused} NextToken and ShardFilter cannot be provided together.`,
    );
    expect(await failure({ NextToken: "made up" })).toBe(`${refused} Invalid NextToken.`);
    await emu.clock.advance(300_001);
    expect(await failure({})).toContain("400 ExpiredNextTokenException: NextToken expired.");
  });

  test("finds a stream by its creation time too", async ({ emulator, uniqueName: StreamName }) => {
    const { emu, kinesis } = emulator;
    const created = Math.floor((await emu.clock.read()).now / 1000) * 1000;
    await createStream(kinesis, StreamName);
    await emu.clock.advance(latencyMs);
    expect(await idsOf(kinesis, { StreamName, StreamCreationTimestamp: new Date(created) })).toEqual(["0"]);
    expect(await failureOf(idsOf(kinesis, { StreamName, StreamCreationTimestamp: new Date(0) }))).toBe(
      streamNotFound(StreamName),
    );
  });

  test.for([
    [{}, "400 InvalidArgumentException: Either NextToken or StreamName should be provided."],
    [{ StreamName: "none" }, streamNotFound("none")],
    [{ StreamARN: arnOf("none") }, streamNotFound("none")],
    [
      { StreamName: "a b", MaxResults: 0 },
      validation(
        unlike("a b", "streamName"),
        violation("0", "maxResults", "Member must have value greater than or equal to 1"),
      ),
    ],
    [
      { StreamName: "none", MaxResults: 10_001 },
      validation(violation("10001", "maxResults", "Member must have value less than or equal to 10000")),
    ],
    [
      { StreamName: "none", ShardFilter: { Type: "SOME" } },
      validation(
        violation(
          "SOME",
          "shardFilter.type",
          "Member must satisfy enum value set: [AFTER_SHARD_ID, AT_TRIM_HORIZON, FROM_TRIM_HORIZON, AT_LATEST, AT_TIMESTAMP, FROM_TIMESTAMP]",
        ),
      ),
    ],
    [
      { StreamName: "none", ShardFilter: {} },
      validation(violation(null, "shardFilter.type", "Member must not be null")),
    ],
    [
      { StreamName: "none", ShardFilter: { Type: "AT_TIMESTAMP", Timestamp: "now" } },
      "400 SerializationException: class java.lang.String can not be converted to milliseconds since epoch",
    ],
    [{ StreamName: "none", ShardFilter: "AT_LATEST" }, "400 SerializationException: Expected null"],
  ] as const)("answers %j with its error", async ([input, failure], { emulator }) => {
    expect(await rawFailureOf(emulator.emu.endpoint, "ListShards", input)).toBe(failure);
  });

  test("refuses a shard id that is unreadable", async ({ emulator, uniqueName: StreamName }) => {
    const { emu, kinesis } = emulator;
    await createStream(kinesis, StreamName);
    await emu.clock.advance(latencyMs);
    expect(await failureOf(idsOf(kinesis, { StreamName, ExclusiveStartShardId: "x" }))).toBe(
      shardUnreadable(StreamName, "x"),
    );
    // AWS: checked before the stream's existence, as everywhere (kinesalite's suite).
    expect(await failureOf(idsOf(kinesis, { StreamName: "none", ExclusiveStartShardId: "x" }))).toBe(
      shardUnreadable("none", "x"),
    );
  });
});
