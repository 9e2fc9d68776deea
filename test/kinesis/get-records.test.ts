import {
  CreateStreamCommand,
  DeleteStreamCommand,
  GetRecordsCommand,
  PutRecordsCommand,
} from "@aws-sdk/client-kinesis";
import type { GetRecordsOutput } from "@aws-sdk/client-kinesis";
import { describe, expect } from "vitest";
import { emulatorTest } from "../emulator/emulator-test.ts";
import { failureOf, mustNotBeNull, validation, violation } from "../emulator/failure-of.ts";
import { rawFailureOf, rawKinesis } from "../emulator/raw-http.ts";
import { createStream, dryRun, iteratorOf, keysAt, put, shardNotFound, tooLong, tooShort } from "./streams.ts";

const test = emulatorTest({ clock: "frozen" });
const hour = 3_600_000;
const mebibyte = 1024 * 1024;

describe("GetRecords", () => {
  test("answers with AWS's members alone", async ({ emulator, uniqueName: name }) => {
    const { emu, kinesis } = emulator;
    await createStream(kinesis, name);
    const { now } = await emu.clock.advance(123);
    const SequenceNumber = await put(kinesis, name, "a");
    const ShardIterator = await iteratorOf(kinesis, name);
    const reply = await rawKinesis(emu.endpoint, "GetRecords", { ShardIterator });
    expect(JSON.parse(reply.body)).toStrictEqual({
      Records: [{ SequenceNumber, ApproximateArrivalTimestamp: now / 1000, Data: "YQ==", PartitionKey: "a" }],
      NextShardIterator: expect.any(String),
      MillisBehindLatest: 0,
    });
  });

  test("gives back every byte and character", async ({ emulator, uniqueName: name }) => {
    const { kinesis } = emulator;
    await createStream(kinesis, name);
    const Data = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
    const keys = ["ü", "日本語", "\u{1F40B}", 'quote"\\', "\n\u0000"];
    for (const PartitionKey of keys) await put(kinesis, name, "", { PartitionKey, Data });
    const { Records = [] } = await kinesis.send(
      new GetRecordsCommand({ ShardIterator: await iteratorOf(kinesis, name) }),
    );
    expect(Records.map(({ PartitionKey }) => PartitionKey)).toEqual(keys);
    for (const record of Records) expect(Buffer.from(record.Data ?? [])).toEqual(Data);
  });

  test("goes on where it stopped; an iterator may be used again, also within quotes", async ({
    emulator,
    uniqueName: name,
  }) => {
    const { kinesis } = emulator;
    await createStream(kinesis, name);
    const start = await iteratorOf(kinesis, name);
    for (const key of "abc") await put(kinesis, name, key);
    const first = await kinesis.send(new GetRecordsCommand({ ShardIterator: start, Limit: 2 }));
    expect(first.Records?.map(({ PartitionKey }) => PartitionKey)).toEqual(["a", "b"]);
    const next = first.NextShardIterator ?? "";
    expect(await keysAt(kinesis, next)).toEqual(["c"]);
    await put(kinesis, name, "d");
    expect(await keysAt(kinesis, `"${next}"`)).toEqual(["c", "d"]);
    expect(await keysAt(kinesis, start)).toEqual(["a", "b", "c", "d"]);
    const tip = await iteratorOf(kinesis, name, { ShardIteratorType: "LATEST" });
    const empty = await kinesis.send(new GetRecordsCommand({ ShardIterator: tip }));
    expect([empty.Records, empty.MillisBehindLatest]).toEqual([[], 0]);
    expect(empty.NextShardIterator).not.toBe(tip);
  });

  test("tells how far behind the page's end is", async ({ emulator, uniqueName: name }) => {
    const { emu, kinesis } = emulator;
    await createStream(kinesis, name);
    for (const key of "abc") {
      await put(kinesis, name, key);
      await emu.clock.advance(1000);
    }
    const behind = async (ShardIterator: string | undefined) => {
      const output = await kinesis.send(new GetRecordsCommand({ ShardIterator, Limit: 1 }));
      return [output.MillisBehindLatest, output.NextShardIterator ?? ""] as const;
    };
    const [first, second] = await behind(await iteratorOf(kinesis, name));
    const [next, third] = await behind(second);
    expect([first, next, (await behind(third))[0]]).toEqual([2000, 1000, 0]);
  });

  test("gives 10 000 records a page at most", async ({ emulator, uniqueName: name }) => {
    const { kinesis } = emulator;
    await createStream(kinesis, name);
    const Records = Array.from({ length: 500 }, (_, index) => ({ PartitionKey: `${index}`, Data: Buffer.from("x") }));
    for (let call = 0; call < 20; call++) await kinesis.send(new PutRecordsCommand({ StreamName: name, Records }));
    await put(kinesis, name, "last");
    const page = await kinesis.send(new GetRecordsCommand({ ShardIterator: await iteratorOf(kinesis, name) }));
    expect(page.Records).toHaveLength(10_000);
    expect(await keysAt(kinesis, page.NextShardIterator ?? "")).toEqual(["last"]);
    const numbers = page.Records?.map(({ SequenceNumber = "" }) => SequenceNumber) ?? [];
    expect(numbers).toEqual(numbers.toSorted());
    expect(new Set(numbers).size).toBe(10_000);
  });

  test("gives 10 MiB a page at most, and one record however large", async ({ emulator, uniqueName: name }) => {
    const { kinesis } = emulator;
    await kinesis.send(new CreateStreamCommand({ StreamName: name, ShardCount: 1, MaxRecordSizeInKiB: 10_240 }));
    const sizes = { a: 10 * mebibyte - 1, b: 5 * mebibyte - 1, c: 5 * mebibyte - 1, d: 1 };
    for (const [key, size] of Object.entries(sizes)) await put(kinesis, name, key, { Data: Buffer.alloc(size, key) });
    let iterator: string | undefined = await iteratorOf(kinesis, name);
    const pages: string[] = [];
    for (let page = 0; page < 4; page++) {
      const output: GetRecordsOutput = await kinesis.send(new GetRecordsCommand({ ShardIterator: iterator }));
      pages.push((output.Records ?? []).map(({ PartitionKey }) => PartitionKey).join(""));
      for (const record of output.Records ?? []) {
        const filled = Buffer.from(record.Data ?? []).equals(
          Buffer.alloc(record.Data?.length ?? 0, record.PartitionKey),
        );
        expect(filled).toBe(true);
      }
      iterator = output.NextShardIterator;
    }
    expect(pages).toEqual(["a", "bc", "d", ""]);
  });

  test("no longer gives what is older than a day", async ({ emulator, uniqueName: name }) => {
    const { emu, kinesis } = emulator;
    await createStream(kinesis, name);
    const StartingSequenceNumber = await put(kinesis, name, "a");
    await emu.clock.advance(hour);
    await put(kinesis, name, "b");
    await emu.clock.advance(23 * hour);
    expect(await keysAt(kinesis, await iteratorOf(kinesis, name))).toEqual(["a", "b"]);
    await emu.clock.advance(1);
    expect(await keysAt(kinesis, await iteratorOf(kinesis, name))).toEqual(["b"]);
    // A position that was trimmed goes on at the horizon.
    for (const ShardIteratorType of ["AT_SEQUENCE_NUMBER", "AFTER_SEQUENCE_NUMBER"] as const) {
      const iterator = await iteratorOf(kinesis, name, { ShardIteratorType, StartingSequenceNumber });
      expect(await keysAt(kinesis, iterator)).toEqual(["b"]);
    }
    await emu.clock.advance(hour);
    expect(await keysAt(kinesis, await iteratorOf(kinesis, name))).toEqual([]);
  });

  test("refuses an iterator that is older than five minutes", async ({ emulator, uniqueName: name }) => {
    const { emu, kinesis } = emulator;
    await createStream(kinesis, name);
    // A moment whose day has one digit.
    const created = Date.parse("2060-02-05T01:02:03.999Z");
    await emu.clock.set(created);
    const iterator = await iteratorOf(kinesis, name);
    await emu.clock.advance(300_000);
    expect(await keysAt(kinesis, iterator)).toEqual([]);
    await emu.clock.advance(1);
    expect(await failureOf(keysAt(kinesis, iterator))).toBe(
      "400 ExpiredIteratorException: Iterator expired. The iterator was created at time Thu Feb 05 01:02:03 UTC 2060 " +
        "while right now it is Thu Feb 05 01:07:04 UTC 2060 which is further in the future than the tolerated delay of " +
        "300000 milliseconds.",
    );
  });

  test("does not find a stream that was deleted; in one of the same name it begins at the start", async ({
    emulator,
    uniqueName: name,
  }) => {
    const { emu, kinesis } = emulator;
    await createStream(kinesis, name);
    await put(kinesis, name, "a");
    const iterator = await iteratorOf(kinesis, name, { ShardIteratorType: "LATEST" });
    await kinesis.send(new DeleteStreamCommand({ StreamName: name }));
    expect(await failureOf(keysAt(kinesis, iterator))).toBe(shardNotFound(name));
    await emu.clock.advance(1000);
    await createStream(kinesis, name);
    await put(kinesis, name, "b");
    expect(await keysAt(kinesis, iterator)).toEqual(["b"]);
  });

  test("gives no records in a dry run", async ({ emulator, uniqueName: name }) => {
    const { kinesis } = emulator;
    await createStream(kinesis, name);
    const ShardIterator = await iteratorOf(kinesis, name);
    expect(await failureOf(kinesis.send(new GetRecordsCommand({ ShardIterator, DryRun: true })))).toBe(dryRun);
  });

  const malformed = "400 InvalidArgumentException: Invalid ShardIterator.";
  test.for([
    [{}, validation(mustNotBeNull("shardIterator"))],
    [{ ShardIterator: "" }, validation(tooShort("", "shardIterator"))],
    [{ ShardIterator: "a".repeat(513) }, validation(tooLong("a".repeat(513), "shardIterator", 512))],
    [
      { ShardIterator: "a", Limit: 0 },
      validation(violation("0", "limit", "Member must have value greater than or equal to 1")),
    ],
    [
      { ShardIterator: "a", Limit: 10_001 },
      validation(violation("10001", "limit", "Member must have value less than or equal to 10000")),
    ],
    [{ ShardIterator: "made up" }, malformed],
    [{ ShardIterator: "AAAAAAAAAAE=" }, malformed],
    [{ ShardIterator: `AAAAAAAAAAE${"A".repeat(189)}` }, malformed],
    [
      { ShardIterator: 1 },
      "400 SerializationException: class com.amazon.coral.value.json.numbers.TruncatingBigNumber can not be converted to an String",
    ],
    [
      { ShardIterator: "a", Limit: "5" },
      "400 SerializationException: class java.lang.String can not be converted to an Integer",
    ],
  ] as const)("answers %j with its error", async ([input, failure], { emulator }) => {
    expect(await rawFailureOf(emulator.emu.endpoint, "GetRecords", input)).toBe(failure);
  });
});
