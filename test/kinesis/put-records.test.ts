import { CreateStreamCommand, PutRecordsCommand } from "@aws-sdk/client-kinesis";
import type { PutRecordsRequestEntry } from "@aws-sdk/client-kinesis";
import { describe, expect } from "vitest";
import { emulatorTest } from "../emulator/emulator-test.ts";
import { failureOf, mustNotBeNull, validation, violation } from "../emulator/failure-of.ts";
import { rawFailureOf, rawKinesis } from "../emulator/raw-http.ts";
import {
  arnOf,
  createStream,
  dryRun,
  fieldsOf,
  iteratorOf,
  keysAt,
  put,
  streamNotFound,
  tooShort,
  unlike,
} from "./streams.ts";

const latencyMs = 500;
const test = emulatorTest({ clock: "frozen" });
const slowTest = emulatorTest({ clock: "frozen", kinesisLatencyMs: latencyMs });
const mebibyte = 1024 * 1024;

function recordsOf(keys: Iterable<string>, change: Partial<PutRecordsRequestEntry> = {}): PutRecordsRequestEntry[] {
  return Array.from(keys, (PartitionKey) => ({ PartitionKey, Data: Buffer.from(PartitionKey), ...change }));
}

describe("PutRecords", () => {
  test("answers with AWS's members alone, in the order of the records", async ({
    emulator,
    uniqueName: StreamName,
  }) => {
    const { emu, kinesis } = emulator;
    await createStream(kinesis, StreamName, 3);
    const Records = ["a", "b", "e", "f"].map((PartitionKey) => ({ PartitionKey, Data: "" }));
    const reply = await rawKinesis(emu.endpoint, "PutRecords", { StreamName, Records });
    const SequenceNumber = expect.stringMatching(/^\d{56}$/);
    expect(JSON.parse(reply.body)).toStrictEqual({
      FailedRecordCount: 0,
      Records: [0, 1, 2, 1].map((index) => ({ SequenceNumber, ShardId: `shardId-00000000000${index}` })),
    });
  });

  test("keeps the order within a shard, with consecutive counters", async ({ emulator, uniqueName: name }) => {
    const { kinesis } = emulator;
    await createStream(kinesis, name, 3);
    const Records = recordsOf("abababab");
    const output = await kinesis.send(new PutRecordsCommand({ StreamARN: arnOf(name), Records }));
    const countersOf = (shard: number): number[] =>
      (output.Records ?? [])
        .filter(({ ShardId }) => ShardId === `shardId-00000000000${shard}`)
        .map(({ SequenceNumber = "" }) => fieldsOf(SequenceNumber).counter);
    const all = [...countersOf(0), ...countersOf(1)];
    expect(countersOf(0)).toHaveLength(4);
    for (const counters of [countersOf(0), countersOf(1)])
      expect(counters).toEqual(counters.map((_, index) => (counters[0] ?? 0) + index));
    // Both shards count together.
    expect(all.toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(fieldsOf(await put(kinesis, name, "e")).counter).toBe(9);
  });

  test("takes 500 records and not one more", async ({ emulator, uniqueName: name }) => {
    const { emu, kinesis } = emulator;
    await createStream(kinesis, name);
    const keys = Array.from({ length: 500 }, (_, index) => `key-${index}`);
    await kinesis.send(new PutRecordsCommand({ StreamName: name, Records: recordsOf(keys) }));
    expect(await keysAt(kinesis, await iteratorOf(kinesis, name))).toEqual(keys);
    const Records = Array.from({ length: 501 }, () => ({ PartitionKey: "a", Data: "" }));
    const failure = await rawFailureOf(emu.endpoint, "PutRecords", { StreamName: name, Records });
    const entries = Records.map(() => "com.amazonaws.kinesis.v20131202.PutRecordsRequestEntry@c965e310").join(", ");
    expect(failure).toBe(
      validation(violation(`[${entries}]`, "records", "Member must have length less than or equal to 500")),
    );
  });

  test("takes 10 MiB in all, keys included", async ({ emulator, uniqueName: name }) => {
    const { kinesis } = emulator;
    await createStream(kinesis, name);
    const full = recordsOf("abcdefghij", { Data: Buffer.alloc(mebibyte - 1) });
    await kinesis.send(new PutRecordsCommand({ StreamName: name, Records: full }));
    const over = [...full, ...recordsOf("k", { Data: Buffer.alloc(0) })];
    expect(await failureOf(kinesis.send(new PutRecordsCommand({ StreamName: name, Records: over })))).toBe(
      "400 InvalidArgumentException: Records size exceeds 10 MB limit",
    );
    expect(await keysAt(kinesis, await iteratorOf(kinesis, name))).toEqual(Array.from("abcdefghij"));
  });

  test("stores nothing when one record is too large, or its hash key", async ({ emulator, uniqueName: name }) => {
    const { kinesis } = emulator;
    await createStream(kinesis, name);
    const failure = (change: Partial<PutRecordsRequestEntry>) =>
      failureOf(
        kinesis.send(
          new PutRecordsCommand({ StreamName: name, Records: recordsOf("a").concat(recordsOf("b", change)) }),
        ),
      );
    expect(await failure({ Data: Buffer.alloc(mebibyte) })).toBe(
      `400 ValidationException: 1 validation error detected: Value at 'records.2.member.data' failed to satisfy constraint: Member must have length less than or equal to ${mebibyte}`,
    );
    const ExplicitHashKey = (2n ** 128n).toString();
    expect(await failure({ ExplicitHashKey })).toBe(
      `400 InvalidArgumentException: Invalid ExplicitHashKey. ExplicitHashKey must be in the range: [0, 2^128-1]. Specified value was ${ExplicitHashKey}`,
    );
    expect(await keysAt(kinesis, await iteratorOf(kinesis, name))).toEqual([]);
  });

  test("follows explicit hash keys", async ({ emulator, uniqueName: StreamName }) => {
    const { kinesis } = emulator;
    await createStream(kinesis, StreamName, 2);
    const half = 2n ** 127n;
    const Records = [0n, half - 1n, half, 2n * half - 1n].flatMap((hash) =>
      recordsOf("a", { ExplicitHashKey: hash.toString() }),
    );
    const output = await kinesis.send(new PutRecordsCommand({ StreamName, Records }));
    expect(output.Records?.map(({ ShardId }) => ShardId?.at(-1))).toEqual(["0", "0", "1", "1"]);
  });

  test("spreads the records of an AUTO stream", async ({ emulator, uniqueName: StreamName }) => {
    const { kinesis } = emulator;
    await kinesis.send(new CreateStreamCommand({ StreamName, RecordDistributionStrategy: "AUTO" }));
    const Records = [...recordsOf("aaa"), { Data: Buffer.from("no key") }];
    const output = await kinesis.send(new PutRecordsCommand({ StreamName, Records }));
    expect(output.Records?.map(({ ShardId }) => ShardId?.at(-1))).toEqual(["0", "1", "2", "3"]);
  });

  test("stores nothing in a dry run", async ({ emulator, uniqueName: name }) => {
    const { kinesis } = emulator;
    await createStream(kinesis, name);
    const input = { StreamName: name, Records: recordsOf("a"), DryRun: true };
    expect(await failureOf(kinesis.send(new PutRecordsCommand(input)))).toBe(dryRun);
    expect(await keysAt(kinesis, await iteratorOf(kinesis, name))).toEqual([]);
  });

  slowTest("does not find a stream that is CREATING", async ({ emulator, uniqueName: StreamName }) => {
    const { emu, kinesis } = emulator;
    await createStream(kinesis, StreamName);
    const Records = recordsOf("a");
    expect(await failureOf(kinesis.send(new PutRecordsCommand({ StreamName, Records })))).toBe(
      streamNotFound(StreamName),
    );
    await emu.clock.advance(latencyMs);
    const { FailedRecordCount } = await kinesis.send(new PutRecordsCommand({ StreamName, Records }));
    expect(FailedRecordCount).toBe(0);
  });

  const record = { PartitionKey: "a", Data: "" };
  const serialization = "400 SerializationException:";
  const tenOf = (problems: (index: number) => string[]): string[] =>
    Array.from({ length: 10 }, (_, index) => problems(index + 1)).flat();
  test.for([
    [{ StreamName: "none", Records: [record] }, streamNotFound("none")],
    [{ StreamARN: arnOf("none"), Records: [record] }, streamNotFound("none")],
    [{ Records: [record] }, validation(mustNotBeNull("streamName"))],
    [{ StreamName: "none" }, validation(mustNotBeNull("records"))],
    [{ StreamName: "none", Records: [] }, validation(tooShort("[]", "records"))],
    [
      { StreamName: "none", Records: [{ PartitionKey: "", ExplicitHashKey: "x" }, record] },
      validation(
        mustNotBeNull("records.1.member.data"),
        unlike("x", "records.1.member.explicitHashKey", String.raw`0|([1-9]\d{0,38})`),
        tooShort("", "records.1.member.partitionKey"),
      ),
    ],
    [
      { StreamName: "none", Records: Array.from({ length: 12 }, () => ({ PartitionKey: "a" })) },
      validation(...tenOf((index) => [mustNotBeNull(`records.${index}.member.data`)])),
    ],
    [{ StreamName: "none", Records: record }, `${serialization} Start of structure or map found where not expected.`],
    [{ StreamName: "none", Records: "a" }, `${serialization} Expected list or null`],
    [{ StreamName: "none", Records: ["a"] }, `${serialization} Expected null`],
    [{ StreamName: "none", Records: [[]] }, `${serialization} Start of list found where not expected`],
    [
      { StreamName: "none", Records: [{ ...record, Data: "YWE" }] },
      `${serialization} 'YWE' can not be converted to a Blob: Base64 encoded length is expected a multiple of 4 bytes but found: 3`,
    ],
    [
      { StreamName: "none", Records: [{ ...record, PartitionKey: false }] },
      `${serialization} class java.lang.Boolean can not be converted to an String`,
    ],
  ] as const)("answers %j with its error", async ([input, failure], { emulator }) => {
    expect(await rawFailureOf(emulator.emu.endpoint, "PutRecords", input)).toBe(failure);
  });
});
