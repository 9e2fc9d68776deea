import { UpdateShardCountCommand } from "@aws-sdk/client-kinesis";
import type { KinesisClient } from "@aws-sdk/client-kinesis";
import { describe, expect } from "vitest";
import { emulatorTest } from "../emulator/emulator-test.ts";
import { failureOf, mustNotBeNull, validation, violation } from "../emulator/failure-of.ts";
import { rawFailureOf, rawKinesis } from "../emulator/raw-http.ts";
import {
  activeStream,
  arnOf,
  describeStream,
  fieldsOf,
  latencyMs,
  lineageOf,
  notActive,
  onDemandRefused,
  put,
  shardsOf,
  tooOften,
  unknownStreams,
  updated,
} from "./streams.ts";

const test = emulatorTest({ clock: "frozen", kinesisLatencyMs: latencyMs, kinesisShardLimit: 200 });
const hour = 3_600_000;
const rest = { TargetShardCount: 2, ScalingType: "UNIFORM_SCALING" } as const;

function scale(kinesis: KinesisClient, StreamName: string, TargetShardCount: number) {
  return kinesis.send(new UpdateShardCountCommand({ StreamName, TargetShardCount, ScalingType: "UNIFORM_SCALING" }));
}

describe("UpdateShardCount", () => {
  // AWS: the numbers of shards that are listed afterwards (moto's suite, checked against AWS).
  test.for([
    [2, 4, 6],
    [4, 5, 15],
    [10, 13, 37],
    [4, 2, 6],
    [5, 3, 7],
  ] as const)("goes from %i to %i by way of %i shards", async ([from, to, listed], { emulator, uniqueName: name }) => {
    const { emu, kinesis } = emulator;
    await activeStream(emulator, name, from);
    const { $metadata: _, ...reply } = await scale(kinesis, name, to);
    expect(reply).toStrictEqual({
      StreamName: name,
      StreamARN: arnOf(name),
      CurrentShardCount: from,
      TargetShardCount: to,
    });
    await updated(emulator, name);
    expect(await shardsOf(kinesis, { StreamName: name })).toHaveLength(listed);
    await emu.clock.advance(5000);
    const open = await shardsOf(kinesis, { StreamName: name, ShardFilter: { Type: "AT_LATEST" } });
    expect(open).toHaveLength(to);
    const ranges = open
      .map(({ HashKeyRange: { StartingHashKey = "", EndingHashKey = "" } = {} }) => ({
        start: BigInt(StartingHashKey),
        end: BigInt(EndingHashKey),
      }))
      .toSorted((a, b) => (a.start < b.start ? -1 : 1));
    let next = 0n;
    for (const { start, end } of ranges) {
      expect(start).toBe(next);
      next = end + 1n;
    }
    expect(next).toBe(2n ** 128n);
    const ids = new Set(open.map(({ ShardId = "" }) => Number(ShardId.slice("shardId-".length))));
    for (const key of ["a", "b", "c", "d", "e", "f"])
      expect(ids).toContain(fieldsOf(await put(kinesis, name, key)).shardIndex);
  });

  test("splits and merges one generation after the other", async ({ emulator, uniqueName: name }) => {
    const { emu, kinesis } = emulator;
    await activeStream(emulator, name, 2);
    await scale(kinesis, name, 3);
    await emu.clock.advance(latencyMs);
    expect(await lineageOf(kinesis, { StreamName: name })).toEqual([
      "0",
      "1",
      "2 < 0",
      "3 < 0",
      "4 < 1",
      "5 < 1",
      "6 < 2+3",
    ]);
    // MD5 has "a" in the lowest quarter.
    expect(fieldsOf(await put(kinesis, name, "a")).shardIndex).toBe(6);
  });

  test("changes nothing for the number that there is", async ({ emulator, uniqueName: name }) => {
    const { kinesis } = emulator;
    await activeStream(emulator, name, 2);
    expect(await scale(kinesis, name, 2)).toMatchObject({ CurrentShardCount: 2, TargetShardCount: 2 });
    expect(await describeStream(kinesis, name)).toMatchObject({ StreamStatus: "ACTIVE", Shards: [{}, {}] });
  });

  test("refuses steps that are too large", async ({ emulator, uniqueName: name }) => {
    const { emu, kinesis } = emulator;
    await activeStream(emulator, name, 5);
    // Not through the SDK, which would try again.
    const refusal = (TargetShardCount: number) =>
      rawFailureOf(emu.endpoint, "UpdateShardCount", { ...rest, StreamName: name, TargetShardCount });
    const limit = "400 LimitExceededException: UpdateShardCount cannot scale";
    expect(await refusal(11)).toBe(
      `${limit} up over double your current open shard count. Current open shard count: 5, Target shard count: 11`,
    );
    expect(await refusal(2)).toBe(
      `${limit} down below half your current open shard count. Current open shard count: 5, Target shard count: 2`,
    );
    expect(await refusal(201)).toBe(
      "400 LimitExceededException: Target shard count or number of open shards cannot be greater than 200. " +
        "Current open shard count: 5, Target shard count: 201",
    );
    await scale(kinesis, name, 10);
    expect(await failureOf(scale(kinesis, name, 10))).toBe(notActive(name));
  });

  test("is ten times in 24 hours of world time, for each stream", async ({ emulator, uniqueName: name }) => {
    const { emu, kinesis } = emulator;
    const answer = (StreamName: string, TargetShardCount: number) =>
      rawFailureOf(emu.endpoint, "UpdateShardCount", { ...rest, StreamName, TargetShardCount });
    const scaled = async (StreamName: string, TargetShardCount: number) => {
      const reply = await answer(StreamName, TargetShardCount);
      await emu.clock.advance(latencyMs);
      return reply;
    };
    await activeStream(emulator, name);
    for (let call = 1; call <= 10; call++) {
      expect(await scaled(name, 1 + (call % 2))).toBe("no failure");
      // What changes nothing and what is refused do not count.
      expect(await answer(name, 1 + (call % 2))).toBe("no failure");
      expect(await answer(name, 100)).toContain("cannot scale up over double");
      if (call === 1) await emu.clock.advance(hour);
    }
    expect(await answer(name, 2)).toBe(tooOften("UpdateShardCount", 10, name));
    expect(await answer(name, 1)).toBe("no failure");
    const other = `${name}-other`;
    await activeStream(emulator, other);
    expect(await scaled(other, 2)).toBe("no failure");
    // The first one was so much earlier.
    await emu.clock.advance(23 * hour - 30_000);
    expect(await answer(name, 2)).toBe(tooOften("UpdateShardCount", 10, name));
    await emu.clock.advance(30_000);
    expect(await scaled(name, 2)).toBe("no failure");
    expect(await answer(name, 1)).toBe(tooOften("UpdateShardCount", 10, name));
    expect(await shardsOf(kinesis, { StreamName: name, ShardFilter: { Type: "AT_LATEST" } })).toHaveLength(2);
  });

  test("refuses an on-demand stream", async ({ emulator, uniqueName: name }) => {
    const { emu, kinesis } = emulator;
    await rawKinesis(emu.endpoint, "CreateStream", { StreamName: name });
    await emu.clock.advance(latencyMs);
    expect(await failureOf(scale(kinesis, name, 8))).toBe(onDemandRefused(name));
  });

  test.for([
    ...unknownStreams(rest),
    [{ StreamName: "none" }, validation(mustNotBeNull("targetShardCount"), mustNotBeNull("scalingType"))],
    [
      { StreamName: "none", TargetShardCount: 0, ScalingType: "SOME" },
      validation(
        violation("0", "targetShardCount", "Member must have value greater than or equal to 1"),
        violation("SOME", "scalingType", "Member must satisfy enum value set: [UNIFORM_SCALING]"),
      ),
    ],
  ] as const)("answers %j with its error", async ([input, failure], { emulator }) => {
    expect(await rawFailureOf(emulator.emu.endpoint, "UpdateShardCount", input)).toBe(failure);
  });
});
