import { DescribeLimitsCommand, GetRecordsCommand, SplitShardCommand } from "@aws-sdk/client-kinesis";
import type { KinesisClient, SplitShardInput } from "@aws-sdk/client-kinesis";
import { describe, expect } from "vitest";
import { emulatorTest } from "../emulator/emulator-test.ts";
import { failureOf, mustNotBeNull, validation } from "../emulator/failure-of.ts";
import { rawFailureOf, rawKinesis } from "../emulator/raw-http.ts";
import {
  activeStream,
  arnOf,
  describeStream,
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
  unlike,
  updated,
} from "./streams.ts";

const test = emulatorTest({ clock: "frozen", kinesisLatencyMs: latencyMs, kinesisShardLimit: 40 });
const middle = 2n ** 127n;
const last = 2n ** 128n - 1n;

function split(kinesis: KinesisClient, StreamName: string, change: Partial<SplitShardInput> = {}) {
  const input = { StreamName, ShardToSplit: shardId(0), NewStartingHashKey: middle.toString(), ...change };
  return kinesis.send(new SplitShardCommand(input));
}

describe("SplitShard", () => {
  test("puts two shards in the place of one", async ({ emulator, uniqueName: name }) => {
    const { emu, kinesis } = emulator;
    await activeStream(emulator, name);
    await split(kinesis, name);
    expect(await lineageOf(kinesis, { StreamName: name })).toEqual(["0"]);
    expect(await failureOf(split(kinesis, name))).toBe(notActive(name));
    await updated(emulator, name);

    const closedAt = Math.floor((await emu.clock.read()).now / 1000);
    const { Shards: [parent, lower, upper] = [] } = await describeStream(kinesis, name);
    const starting = { StartingSequenceNumber: expect.stringMatching(/^\d{56}$/) };
    expect(lower).toStrictEqual({
      ShardId: shardId(1),
      ParentShardId: shardId(0),
      HashKeyRange: { StartingHashKey: "0", EndingHashKey: String(middle - 1n) },
      SequenceNumberRange: starting,
    });
    expect(upper).toStrictEqual({
      ShardId: shardId(2),
      ParentShardId: shardId(0),
      HashKeyRange: { StartingHashKey: String(middle), EndingHashKey: String(last) },
      SequenceNumberRange: starting,
    });
    const range = parent?.SequenceNumberRange;
    const ending = fieldsOf(range?.EndingSequenceNumber ?? "");
    expect(ending).toMatchObject({
      createdSeconds: fieldsOf(range?.StartingSequenceNumber ?? "").createdSeconds,
      seconds: closedAt,
      shardIndex: 0,
    });
    expect(
      BigInt(range?.EndingSequenceNumber ?? "")
        .toString(16)
        .slice(11, 27),
    ).toBe("7fffffffffffffff");
    for (const child of [lower, upper]) {
      const { createdSeconds, counter, seconds } = fieldsOf(child?.SequenceNumberRange?.StartingSequenceNumber ?? "");
      expect({ createdSeconds, counter, seconds }).toEqual({
        createdSeconds: closedAt + 1,
        counter: 0,
        seconds: closedAt + 1,
      });
    }
  });

  test("gives the records to the children at once", async ({ emulator, uniqueName: name }) => {
    const { emu, kinesis } = emulator;
    await activeStream(emulator, name);
    await put(kinesis, name, "a");
    await split(kinesis, name);
    // The stream is UPDATING: there are no children yet.
    const numbers = [await put(kinesis, name, "b")];
    const iterator = await iteratorOf(kinesis, name);
    const latest = await iteratorOf(kinesis, name, { ShardIteratorType: "LATEST" });
    const read = (ShardIterator: string) => kinesis.send(new GetRecordsCommand({ ShardIterator }));
    expect(await read(iterator)).toHaveProperty("NextShardIterator");
    await emu.clock.advance(latencyMs);
    // MD5 has "c" and "a" in the lower half, "e" in the upper one.
    for (const key of ["c", "e", "a"]) numbers.push(await put(kinesis, name, key));
    expect(numbers.map((number) => fieldsOf(number).shardIndex)).toEqual([0, 1, 2, 1]);
    // A child's numbers begin in the second after its parent's end, also those of records that arrive before.
    const [parent, lower] = await shardsOf(kinesis, { StreamName: name });
    const { EndingSequenceNumber = "" } = parent?.SequenceNumberRange ?? {};
    const { StartingSequenceNumber = "" } = lower?.SequenceNumberRange ?? {};
    const [before, first, , second] = numbers;
    const ascending = [before, EndingSequenceNumber, StartingSequenceNumber, first, second].map(
      (number) => number ?? "",
    );
    expect(ascending).toEqual(ascending.toSorted((a, b) => (a < b ? -1 : 1)));
    expect(await put(kinesis, name, "a", { SequenceNumberForOrdering: second })).toMatch(/^\d{56}$/);
    for (const [ShardIteratorType, keys] of [
      ["AT_SEQUENCE_NUMBER", ["c", "a", "a"]],
      ["AFTER_SEQUENCE_NUMBER", ["a", "a"]],
    ] as const) {
      const from = { ShardId: shardId(1), ShardIteratorType, StartingSequenceNumber: first };
      expect(await keysAt(kinesis, await iteratorOf(kinesis, name, from))).toEqual(keys);
    }
    const children = [1, 2].map((index) => ({
      ShardId: shardId(index),
      ParentShards: [shardId(0)],
      HashKeyRange: expect.anything(),
    }));
    const { $metadata: _, ...end } = await read(iterator);
    expect(end).toStrictEqual({
      Records: ["a", "b"].map((PartitionKey) => expect.objectContaining({ PartitionKey })),
      MillisBehindLatest: 0,
      ChildShards: children,
    });
    expect(await read(latest)).toMatchObject({ Records: [], ChildShards: children });
    expect(await keysAt(kinesis, await iteratorOf(kinesis, name, { ShardId: shardId(1) }))).toEqual(["c", "a", "a"]);
  });

  test("splits again what was split", async ({ emulator, uniqueName: name }) => {
    const { emu, kinesis } = emulator;
    await activeStream(emulator, name);
    for (const [ShardToSplit, NewStartingHashKey] of [
      [shardId(0), middle],
      [shardId(2), middle + middle / 2n],
      ["1", middle / 2n],
    ] as const) {
      await split(kinesis, name, { ShardToSplit, NewStartingHashKey: NewStartingHashKey.toString() });
      await emu.clock.advance(latencyMs);
    }
    await emu.clock.advance(10_000);
    const tree = ["0", "1 < 0", "2 < 0", "3 < 2", "4 < 2", "5 < 1", "6 < 1"];
    expect(await lineageOf(kinesis, { StreamName: name })).toEqual(tree);
    const filtered = async (Type: "AT_LATEST" | "AT_TRIM_HORIZON" | "FROM_TRIM_HORIZON") =>
      (await lineageOf(kinesis, { StreamName: name, ShardFilter: { Type } })).map(([index]) => index).join(" ");
    expect(await filtered("FROM_TRIM_HORIZON")).toBe("0 1 2 3 4 5 6");
    expect(await filtered("AT_TRIM_HORIZON")).toBe("0");
    expect(await filtered("AT_LATEST")).toBe("3 4 5 6");
    const numbers: string[] = [];
    for (const key of ["a", "b", "c", "d", "e", "f"]) numbers.push(await put(kinesis, name, key));
    for (const number of numbers) expect(fieldsOf(number).shardIndex).toBeGreaterThan(2);
  });

  test("tells of it on the timeline, and answers with an empty body", async ({ emulator, uniqueName: name }) => {
    const { emu } = emulator;
    await activeStream(emulator, name);
    const input = { StreamARN: arnOf(name), ShardToSplit: "0", NewStartingHashKey: "2" };
    const reply = await rawKinesis(emu.endpoint, "SplitShard", input);
    expect([reply.status, reply.body]).toEqual([200, ""]);
    await emu.clock.advance(latencyMs);
    expect(await emu.timeline()).toContainEqual(
      expect.objectContaining({
        type: "stream.resharded",
        stream: name,
        region: "us-east-1",
        closed: [shardId(0)],
        opened: [shardId(1), shardId(2)],
      }),
    );
  });

  test("refuses what cannot be split", async ({ emulator, uniqueName: name }) => {
    const { emu, kinesis } = emulator;
    await activeStream(emulator, name);
    for (const key of [0n, 1n, last, last + 1n]) {
      expect(await failureOf(split(kinesis, name, { NewStartingHashKey: key.toString() }))).toBe(
        invalidArgument(
          `NewStartingHashKey ${key} used in SplitShard() on shard ${shardId(0)} in stream ${name} under account ` +
            `000000000000 is not both greater than one plus the shard's StartingHashKey 0 and less than the shard's ` +
            `EndingHashKey ${last}.`,
        ),
      );
    }
    expect(await failureOf(split(kinesis, name, { ShardToSplit: "5" }))).toBe(shardUnreadable(name, shardId(5)));
    await split(kinesis, name, { NewStartingHashKey: "2" });
    await emu.clock.advance(latencyMs);
    expect(await failureOf(split(kinesis, name))).toBe(
      invalidArgument(
        `Shard ${shardId(0)} in stream ${name} under account 000000000000 has already been merged or split, and thus is ` +
          "not eligible for merging or splitting.",
      ),
    );
    await split(kinesis, name, { ShardToSplit: shardId(2), NewStartingHashKey: (last - 1n).toString() });
    await emu.clock.advance(latencyMs);
  });

  test("refuses an on-demand stream", async ({ emulator, uniqueName: name }) => {
    const { emu, kinesis } = emulator;
    await rawKinesis(emu.endpoint, "CreateStream", { StreamName: name });
    await emu.clock.advance(latencyMs);
    expect(await failureOf(split(kinesis, name))).toBe(onDemandRefused(name));
  });

  test.for([
    ...unknownStreams({ ShardToSplit: "0", NewStartingHashKey: "2" }),
    [{ StreamName: "none", ShardToSplit: "x", NewStartingHashKey: "2" }, shardUnreadable("none", "x")],
    [
      { StreamName: "none", ShardToSplit: "2147483648", NewStartingHashKey: "2" },
      shardUnreadable("none", "2147483648"),
    ],
    [{ StreamName: "none" }, validation(mustNotBeNull("shardToSplit"), mustNotBeNull("newStartingHashKey"))],
    [
      { StreamName: "none", ShardToSplit: "0", NewStartingHashKey: "01" },
      validation(unlike("01", "newStartingHashKey", String.raw`0|([1-9]\d{0,38})`)),
    ],
  ] as const)("answers %j with its error", async ([input, failure], { emulator }) => {
    expect(await rawFailureOf(emulator.emu.endpoint, "SplitShard", input)).toBe(failure);
  });

  test("refuses more shards than the account may have", async ({ emulator, uniqueName: name }) => {
    const { emu, kinesis } = emulator;
    const { ShardLimit = 0, OpenShardCount = 0 } = await kinesis.send(new DescribeLimitsCommand({}));
    await activeStream(emulator, name, ShardLimit - OpenShardCount);
    // Not through the SDK, which would try again.
    const input = { StreamName: name, ShardToSplit: "0", NewStartingHashKey: "2" };
    expect(await rawFailureOf(emu.endpoint, "SplitShard", input)).toMatch(
      /^400 LimitExceededException: This request would exceed the shard limit .* resulted from this request: 1\. Refer/,
    );
  });
});
