import { GetRecordsCommand, MergeShardsCommand } from "@aws-sdk/client-kinesis";
import type { KinesisClient } from "@aws-sdk/client-kinesis";
import { describe, expect } from "vitest";
import { emulatorTest } from "../emulator/emulator-test.ts";
import { failureOf, mustNotBeNull, validation } from "../emulator/failure-of.ts";
import { rawFailureOf, rawKinesis } from "../emulator/raw-http.ts";
import {
  activeStream,
  fieldsOf,
  invalidArgument,
  iteratorOf,
  keysAt,
  latencyMs,
  lineageOf,
  notActive,
  onDemandRefused,
  put,
  shardId,
  shardsOf,
  shardUnreadable,
  unknownStreams,
  updated,
} from "./streams.ts";

const test = emulatorTest({ clock: "frozen", kinesisLatencyMs: latencyMs });

function merge(kinesis: KinesisClient, StreamName: string, lower: number, upper: number) {
  const input = { StreamName, ShardToMerge: shardId(lower), AdjacentShardToMerge: shardId(upper) };
  return kinesis.send(new MergeShardsCommand(input));
}

describe("MergeShards", () => {
  test("puts one shard in the place of two", async ({ emulator, uniqueName: name }) => {
    const { emu, kinesis } = emulator;
    await activeStream(emulator, name, 3);
    await merge(kinesis, name, 0, 1);
    expect(await failureOf(merge(kinesis, name, 0, 1))).toBe(notActive(name));
    await updated(emulator, name);
    const [lower, upper, , child] = await shardsOf(kinesis, { StreamName: name });
    expect(child).toStrictEqual({
      ShardId: shardId(3),
      ParentShardId: shardId(0),
      AdjacentParentShardId: shardId(1),
      HashKeyRange: {
        StartingHashKey: "0",
        EndingHashKey: upper?.HashKeyRange?.EndingHashKey,
      },
      SequenceNumberRange: { StartingSequenceNumber: expect.stringMatching(/^\d{56}$/) },
    });
    const end = Math.floor((await emu.clock.read()).now / 1000);
    for (const parent of [lower, upper])
      expect(fieldsOf(parent?.SequenceNumberRange?.EndingSequenceNumber ?? "").seconds).toBe(end);
    expect(fieldsOf(child?.SequenceNumberRange?.StartingSequenceNumber ?? "").createdSeconds).toBe(end + 1);
  });

  test("ends both shards with the same child, which has both keys from then on", async ({
    emulator,
    uniqueName: name,
  }) => {
    const { emu, kinesis } = emulator;
    await activeStream(emulator, name, 3);
    // MD5 has "a" in the first third and "b" in the second.
    await put(kinesis, name, "a");
    await put(kinesis, name, "b");
    await merge(kinesis, name, 0, 1);
    await emu.clock.advance(latencyMs + 1000);
    await put(kinesis, name, "b");
    await put(kinesis, name, "a");
    for (const [index, key] of ["a", "b"].entries()) {
      const ShardIterator = await iteratorOf(kinesis, name, { ShardId: shardId(index) });
      const page = await kinesis.send(new GetRecordsCommand({ ShardIterator }));
      expect(page).toMatchObject({
        Records: [{ PartitionKey: key }],
        ChildShards: [{ ShardId: shardId(3), ParentShards: [shardId(0), shardId(1)] }],
      });
      expect(page).not.toHaveProperty("NextShardIterator");
    }
    expect(await keysAt(kinesis, await iteratorOf(kinesis, name, { ShardId: shardId(3) }))).toEqual(["b", "a"]);
  });

  test("merges what was merged, back to one shard", async ({ emulator, uniqueName: name }) => {
    const { emu, kinesis } = emulator;
    await activeStream(emulator, name, 3);
    for (const [lower, upper] of [
      [1, 2],
      [0, 3],
    ] as const) {
      await merge(kinesis, name, lower, upper);
      await emu.clock.advance(latencyMs);
    }
    expect(await lineageOf(kinesis, { StreamName: name })).toEqual(["0", "1", "2", "3 < 1+2", "4 < 0+3"]);
    await emu.clock.advance(5000);
    const ShardFilter = { Type: "AT_LATEST" } as const;
    expect(await shardsOf(kinesis, { StreamName: name, ShardFilter })).toMatchObject([
      { HashKeyRange: { StartingHashKey: "0", EndingHashKey: String(2n ** 128n - 1n) } },
    ]);
    expect(fieldsOf(await put(kinesis, name, "a")).shardIndex).toBe(4);
    expect((await emu.timeline()).filter(({ type }) => type === "stream.resharded")).toContainEqual(
      expect.objectContaining({ stream: name, closed: [shardId(0), shardId(3)], opened: [shardId(4)] }),
    );
  });

  test("refuses shards that are no neighbours, in order, and open", async ({ emulator, uniqueName: name }) => {
    const { emu, kinesis } = emulator;
    await activeStream(emulator, name, 4);
    for (const [lower, upper] of [
      [1, 0],
      [0, 2],
      [0, 0],
    ] as const) {
      expect(await failureOf(merge(kinesis, name, lower, upper))).toBe(
        invalidArgument(
          `Shards ${shardId(lower)} and ${shardId(upper)} in stream ${name} under account 000000000000 are not an ` +
            "adjacent pair of shards eligible for merging",
        ),
      );
    }
    expect(await failureOf(merge(kinesis, name, 3, 4))).toBe(shardUnreadable(name, shardId(4)));
    await merge(kinesis, name, 0, 1);
    await emu.clock.advance(latencyMs);
    expect(await failureOf(merge(kinesis, name, 1, 2))).toBe(
      invalidArgument(
        `Shard ${shardId(1)} in stream ${name} under account 000000000000 has already been merged or split, and thus is ` +
          "not eligible for merging or splitting.",
      ),
    );
  });

  test("refuses an on-demand stream", async ({ emulator, uniqueName: name }) => {
    const { emu, kinesis } = emulator;
    await rawKinesis(emu.endpoint, "CreateStream", { StreamName: name });
    await emu.clock.advance(latencyMs);
    expect(await failureOf(merge(kinesis, name, 0, 1))).toBe(onDemandRefused(name));
  });

  test("answers with an empty body", async ({ emulator, uniqueName: name }) => {
    const { emu } = emulator;
    await activeStream(emulator, name, 2);
    const input = { StreamName: name, ShardToMerge: "0", AdjacentShardToMerge: "1" };
    const reply = await rawKinesis(emu.endpoint, "MergeShards", input);
    expect([reply.status, reply.body]).toEqual([200, ""]);
  });

  test.for([
    ...unknownStreams({ ShardToMerge: "0", AdjacentShardToMerge: "1" }),
    [{ StreamName: "none", ShardToMerge: "x", AdjacentShardToMerge: "y" }, shardUnreadable("none", "x")],
    [{ StreamName: "none", ShardToMerge: "0", AdjacentShardToMerge: "y" }, shardUnreadable("none", "y")],
    [{ StreamName: "none" }, validation(mustNotBeNull("shardToMerge"), mustNotBeNull("adjacentShardToMerge"))],
  ] as const)("answers %j with its error", async ([input, failure], { emulator }) => {
    expect(await rawFailureOf(emulator.emu.endpoint, "MergeShards", input)).toBe(failure);
  });
});
