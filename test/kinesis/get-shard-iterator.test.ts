import { DeleteStreamCommand } from "@aws-sdk/client-kinesis";
import type { GetShardIteratorInput, KinesisClient } from "@aws-sdk/client-kinesis";
import { describe, expect } from "vitest";
import { emulatorTest } from "../emulator/emulator-test.ts";
import { failureOf, mustNotBeNull, validation, violation } from "../emulator/failure-of.ts";
import { rawFailureOf, rawKinesis } from "../emulator/raw-http.ts";
import {
  arnOf,
  createStream,
  describeStream,
  dryRun,
  iteratorOf,
  keysAt,
  put,
  shardNotFound,
  shardUnreadable,
  unlike,
} from "./streams.ts";

const latencyMs = 500;
const test = emulatorTest({ clock: "frozen" });
const slowTest = emulatorTest({ clock: "frozen", kinesisLatencyMs: latencyMs });
const invalid = "400 InvalidArgumentException:";

async function readFrom(kinesis: KinesisClient, name: string, from: Partial<GetShardIteratorInput>): Promise<string> {
  return (await keysAt(kinesis, await iteratorOf(kinesis, name, from))).join("");
}

describe("GetShardIterator", () => {
  test("positions at the horizon, the tip, a record and after it", async ({ emulator, uniqueName: name }) => {
    const { kinesis } = emulator;
    await createStream(kinesis, name);
    await put(kinesis, name, "a");
    const StartingSequenceNumber = await put(kinesis, name, "b");
    await put(kinesis, name, "c");
    const latest = await iteratorOf(kinesis, name, { ShardIteratorType: "LATEST" });
    await put(kinesis, name, "d");
    const from = (ShardIteratorType: "AT_SEQUENCE_NUMBER" | "AFTER_SEQUENCE_NUMBER") =>
      readFrom(kinesis, name, { ShardIteratorType, StartingSequenceNumber });
    expect(await readFrom(kinesis, name, {})).toBe("abcd");
    expect((await keysAt(kinesis, latest)).join("")).toBe("d");
    expect(await from("AT_SEQUENCE_NUMBER")).toBe("bcd");
    expect(await from("AFTER_SEQUENCE_NUMBER")).toBe("cd");
    expect(await readFrom(kinesis, name, { StreamName: undefined, StreamARN: arnOf(name) })).toBe("abcd");
  });

  test("takes the shard's own StartingSequenceNumber", async ({ emulator, uniqueName: name }) => {
    const { kinesis } = emulator;
    await createStream(kinesis, name);
    await put(kinesis, name, "a");
    const [shard] = (await describeStream(kinesis, name)).Shards ?? [];
    const { StartingSequenceNumber } = shard?.SequenceNumberRange ?? {};
    for (const ShardIteratorType of ["AT_SEQUENCE_NUMBER", "AFTER_SEQUENCE_NUMBER"] as const)
      expect(await readFrom(kinesis, name, { ShardIteratorType, StartingSequenceNumber })).toBe("a");
  });

  test("positions at a time to the millisecond", async ({ emulator, uniqueName: name }) => {
    const { emu, kinesis } = emulator;
    await createStream(kinesis, name);
    await put(kinesis, name, "a");
    const { now } = await emu.clock.advance(1);
    await put(kinesis, name, "b");
    await emu.clock.advance(1);
    const from = (time: number) =>
      readFrom(kinesis, name, { ShardIteratorType: "AT_TIMESTAMP", Timestamp: new Date(time) });
    expect(await from(now - 1)).toBe("ab");
    expect(await from(now)).toBe("b");
    expect(await from(now + 1)).toBe("");
    expect(await from(0)).toBe("ab");
    expect(await failureOf(from(now + 2))).toBe(
      `${invalid} The timestampInMillis parameter cannot be greater than the currentTimestampInMillis. timestampInMillis: ${now + 2}, currentTimestampInMillis: ${now + 1}`,
    );
  });

  test("makes opaque iterators in AWS's form, another one each time", async ({ emulator, uniqueName: name }) => {
    const { kinesis } = emulator;
    await createStream(kinesis, name);
    const iterators = [await iteratorOf(kinesis, name), await iteratorOf(kinesis, name)];
    expect(new Set(iterators).size).toBe(2);
    for (const iterator of iterators) {
      const bytes = Buffer.from(iterator, "base64");
      expect(bytes.toString("base64")).toBe(iterator);
      expect(bytes.subarray(0, 8).toString("hex")).toBe("0000000000000001");
      expect(bytes).toHaveLength(152);
      expect(bytes.includes(name)).toBe(false);
    }
    const longest = "n".repeat(128);
    await createStream(kinesis, longest);
    const iterator = await iteratorOf(kinesis, longest);
    expect(iterator.length).toBeLessThanOrEqual(512);
    expect(await keysAt(kinesis, iterator)).toEqual([]);
  });

  test.for(["0", "shardId-0", "anything-0", "-00000000", "shardId-000000000000"])(
    "takes %s for the first shard",
    async (ShardId, { emulator, uniqueName: name }) => {
      await createStream(emulator.kinesis, name);
      expect(await readFrom(emulator.kinesis, name, { ShardId })).toBe("");
    },
  );

  slowTest("does not find a shard of a stream that is CREATING", async ({ emulator, uniqueName: name }) => {
    const { emu, kinesis } = emulator;
    await createStream(kinesis, name);
    expect(await failureOf(iteratorOf(kinesis, name))).toBe(shardNotFound(name));
    await emu.clock.advance(latencyMs);
    expect(await readFrom(kinesis, name, {})).toBe("");
  });

  test("makes no iterator in a dry run", async ({ emulator, uniqueName: name }) => {
    const { kinesis } = emulator;
    await createStream(kinesis, name);
    expect(await failureOf(iteratorOf(kinesis, name, { DryRun: true }))).toBe(dryRun);
    expect(await failureOf(iteratorOf(kinesis, name, { DryRun: true, ShardId: "7" }))).toBe(
      shardNotFound(name, "shardId-000000000007"),
    );
  });

  test("refuses what does not go together", async ({ emulator, uniqueName: name }) => {
    const { kinesis } = emulator;
    await createStream(kinesis, name);
    const failure = (input: Partial<GetShardIteratorInput>) => failureOf(iteratorOf(kinesis, name, input));
    const either = `${invalid} Must either specify (1) AT_SEQUENCE_NUMBER or AFTER_SEQUENCE_NUMBER and StartingSequenceNumber or (2) TRIM_HORIZON or LATEST and no StartingSequenceNumber. Request specified`;
    for (const ShardIteratorType of ["AT_SEQUENCE_NUMBER", "AFTER_SEQUENCE_NUMBER"] as const)
      expect(await failure({ ShardIteratorType })).toBe(
        `${either} ${ShardIteratorType} and no StartingSequenceNumber.`,
      );
    for (const ShardIteratorType of ["TRIM_HORIZON", "LATEST"] as const)
      expect(await failure({ ShardIteratorType, StartingSequenceNumber: "5" })).toBe(
        `${either} ${ShardIteratorType} and also a StartingSequenceNumber.`,
      );
    expect(await failure({ ShardIteratorType: "AT_TIMESTAMP" })).toBe(
      `${invalid} Must specify timestampInMillis parameter for iterator of type AT_TIMESTAMP. Current request has no timestamp parameter.`,
    );
  });

  test("refuses sequence numbers of other shards and streams", async ({ emulator, uniqueName: name }) => {
    const { emu, kinesis } = emulator;
    await createStream(kinesis, name, 3);
    const failure = (StartingSequenceNumber: string) =>
      failureOf(iteratorOf(kinesis, name, { ShardIteratorType: "AT_SEQUENCE_NUMBER", StartingSequenceNumber }));
    const ofSecond = await put(kinesis, name, "b");
    expect(await failure(ofSecond)).toBe(
      `${invalid} Invalid StartingSequenceNumber. It encodes shardId-000000000001, while it was used in a call to a shard with shardId-000000000000`,
    );
    expect(await failure("5")).toBe(
      `${invalid} Invalid StartingSequenceNumber. It encodes shardId-000000000005, while it was used in a call to a shard with shardId-000000000000`,
    );
    const used = (number: string) =>
      `${invalid} StartingSequenceNumber ${number} used in GetShardIterator on shard shardId-000000000000 in stream ${name} under account 000000000000 is invalid`;
    const unreadable = (2n ** 185n - 1n).toString();
    expect(await failure(unreadable)).toBe(`${used(unreadable)}.`);

    const ofOlder = await put(kinesis, name, "a");
    await kinesis.send(new DeleteStreamCommand({ StreamName: name }));
    await emu.clock.advance(1000);
    await createStream(kinesis, name);
    expect(await failure(ofOlder)).toBe(`${used(ofOlder)} because it did not come from this stream.`);
  });

  test("answers the sequence number 0 as AWS does, which is no bug of ours", async ({ emulator, uniqueName: name }) => {
    const { emu, kinesis } = emulator;
    await createStream(kinesis, name);
    const input = {
      StreamName: name,
      ShardId: "0",
      ShardIteratorType: "AT_SEQUENCE_NUMBER",
      StartingSequenceNumber: "0",
    };
    const { status, body } = await rawKinesis(emu.endpoint, "GetShardIterator", input);
    expect([status, body]).toEqual([500, '{"__type":"InternalFailure"}']);
    expect((await emu.timeline()).filter(({ type }) => type === "internalError")).toEqual([]);
  });

  const input = { StreamName: "none", ShardId: "0", ShardIteratorType: "LATEST" };
  const types = "[AT_SEQUENCE_NUMBER, AFTER_SEQUENCE_NUMBER, TRIM_HORIZON, LATEST, AT_TIMESTAMP]";
  test.for([
    [input, shardNotFound("none")],
    [{ ...input, ShardId: "5" }, shardNotFound("none", "shardId-000000000005")],
    [{ ...input, StreamName: undefined, StreamARN: arnOf("none") }, shardNotFound("none")],
    [{ ...input, ShardId: "ABKLFD8" }, shardUnreadable("none", "ABKLFD8")],
    [{ ...input, ShardId: "2147483648" }, shardUnreadable("none", "2147483648")],
    [{ ...input, StreamName: undefined }, validation(mustNotBeNull("streamName"))],
    [{ StreamName: "none" }, validation(mustNotBeNull("shardId"), mustNotBeNull("shardIteratorType"))],
    [
      { ...input, ShardId: "a b", ShardIteratorType: "HERE", StartingSequenceNumber: "-1" },
      validation(
        unlike("a b", "shardId"),
        violation("HERE", "shardIteratorType", `Member must satisfy enum value set: ${types}`),
        unlike("-1", "startingSequenceNumber", String.raw`0|([1-9]\d{0,128})`),
      ),
    ],
    [
      { ...input, Timestamp: "yesterday" },
      "400 SerializationException: class java.lang.String can not be converted to milliseconds since epoch",
    ],
    [
      { ...input, Timestamp: false },
      "400 SerializationException: class java.lang.Boolean can not be converted to milliseconds since epoch",
    ],
    [{ ...input, ShardId: [] }, "400 SerializationException: Start of list found where not expected"],
  ] as const)("answers %j with its error", async ([given, failure], { emulator }) => {
    expect(await rawFailureOf(emulator.emu.endpoint, "GetShardIterator", given)).toBe(failure);
  });
});
