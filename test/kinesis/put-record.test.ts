import { CreateStreamCommand, PutRecordCommand } from "@aws-sdk/client-kinesis";
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
  tooLong,
  tooShort,
  unlike,
} from "./streams.ts";

const latencyMs = 500;
const test = emulatorTest({ clock: "frozen" });
const slowTest = emulatorTest({ clock: "frozen", kinesisLatencyMs: latencyMs });
const last = (2n ** 128n - 1n).toString();
const hashPattern = String.raw`0|([1-9]\d{0,38})`;
const sequencePattern = String.raw`0|([1-9]\d{0,128})`;

describe("PutRecord", () => {
  test("answers with shard and sequence number alone", async ({ emulator, uniqueName: StreamName }) => {
    const { emu, kinesis } = emulator;
    await createStream(kinesis, StreamName);
    const reply = await rawKinesis(emu.endpoint, "PutRecord", { StreamName, PartitionKey: "a", Data: "" });
    expect(reply.status).toBe(200);
    expect(JSON.parse(reply.body)).toStrictEqual({
      ShardId: "shardId-000000000000",
      SequenceNumber: expect.stringMatching(/^\d{56}$/),
    });
  });

  test("makes sequence numbers in AWS's layout, which grow", async ({ emulator, uniqueName: name }) => {
    const { emu, kinesis } = emulator;
    const created = Math.floor((await emu.clock.read()).now / 1000);
    await createStream(kinesis, name, 20);
    const { now } = await emu.clock.advance(7000);
    const first = await put(kinesis, name, "a", { ExplicitHashKey: "0" });
    const second = await put(kinesis, name, "a", { ExplicitHashKey: "0" });
    const other = await put(kinesis, name, "a", { ExplicitHashKey: last });
    expect(fieldsOf(first)).toEqual({
      digits: 56,
      hexDigits: 47,
      leading: 2,
      createdSeconds: created - 4,
      lowShardIndex: 0,
      counter: 1,
      zeros: "00",
      seconds: Math.floor(now / 1000),
      shardIndex: 0,
      version: 2,
    });
    expect(fieldsOf(second).counter).toBe(2);
    expect(fieldsOf(other)).toMatchObject({ lowShardIndex: 19 & 15, shardIndex: 19, counter: 1 });
    expect(second > first).toBe(true);
  });

  test("gives every one of many puts at once a number of its own, in the order of the shard", async ({
    emulator,
    uniqueName: name,
  }) => {
    const { kinesis } = emulator;
    await createStream(kinesis, name);
    const keys = Array.from({ length: 50 }, (_, index) => `key-${index}`);
    const numbers = await Promise.all(keys.map((key) => put(kinesis, name, key)));
    expect(new Set(numbers).size).toBe(keys.length);
    const keyOf = new Map(numbers.map((number, index) => [number, keys[index]]));
    const inOrder = numbers.toSorted().map((number) => keyOf.get(number));
    expect(await keysAt(kinesis, await iteratorOf(kinesis, name))).toEqual(inOrder);
  });

  // AWS: check values for three shards (kinesalite's suite).
  test.for([
    ["a", 0],
    ["b", 1],
    ["e", 2],
    ["f", 1],
  ] as const)("puts the key %s into shard %i of three", async ([PartitionKey, index], { emulator, uniqueName }) => {
    const { kinesis } = emulator;
    await createStream(kinesis, uniqueName, 3);
    const record = { StreamARN: arnOf(uniqueName), PartitionKey, Data: Buffer.from("x") };
    expect((await kinesis.send(new PutRecordCommand(record))).ShardId).toBe(`shardId-00000000000${index}`);
  });

  test.for([
    ["0", 0],
    ["113427455640312821154458202477256070484", 0],
    ["113427455640312821154458202477256070485", 1],
    ["226854911280625642308916404954512140969", 1],
    ["226854911280625642308916404954512140970", 2],
    [last, 2],
  ] as const)(
    "puts the hash key %s into shard %i of three",
    async ([ExplicitHashKey, index], { emulator, uniqueName }) => {
      const { kinesis } = emulator;
      await createStream(kinesis, uniqueName, 3);
      const record = { StreamName: uniqueName, PartitionKey: "a", ExplicitHashKey, Data: Buffer.from("x") };
      expect((await kinesis.send(new PutRecordCommand(record))).ShardId).toBe(`shardId-00000000000${index}`);
    },
  );

  test("takes 1 MiB, key included, and 10 MiB where the stream allows", async ({ emulator, uniqueName: name }) => {
    const { kinesis } = emulator;
    const mebibyte = 1024 * 1024;
    const tooLarge = (limit: number) =>
      `400 ValidationException: 1 validation error detected: Value at 'data' failed to satisfy constraint: Member must have length less than or equal to ${limit}`;
    const putSize = (StreamName: string, size: number) =>
      kinesis.send(new PutRecordCommand({ StreamName, PartitionKey: "ü", Data: Buffer.alloc(size) }));
    await createStream(kinesis, name);
    await putSize(name, mebibyte - 2);
    expect(await failureOf(putSize(name, mebibyte - 1))).toBe(tooLarge(mebibyte));

    const large = `${name}-large`;
    await kinesis.send(new CreateStreamCommand({ StreamName: large, ShardCount: 1, MaxRecordSizeInKiB: 10_240 }));
    await putSize(large, 10 * mebibyte - 2);
    expect(await failureOf(putSize(large, 10 * mebibyte - 1))).toBe(tooLarge(10 * mebibyte));
    const size = 10 * mebibyte + 1;
    expect(await failureOf(putSize(large, size))).toBe(
      validation(tooLong(`java.nio.HeapByteBuffer[pos=0 lim=${size} cap=${size}]`, "data", 10 * mebibyte)),
    );
  });

  test("takes a sequence number to go on from, unless it lies in the future", async ({
    emulator,
    uniqueName: name,
  }) => {
    const { emu, kinesis } = emulator;
    await createStream(kinesis, name);
    const first = await put(kinesis, name, "a");
    const second = await put(kinesis, name, "b", { SequenceNumberForOrdering: first });
    expect(second > first).toBe(true);
    const future = (BigInt(first) + (1n << 36n)).toString();
    expect(await failureOf(put(kinesis, name, "c", { SequenceNumberForOrdering: future }))).toBe(
      `400 InvalidArgumentException: ExclusiveMinimumSequenceNumber ${future} used in PutRecord on stream ${name} under account 000000000000 is invalid.`,
    );
    await emu.clock.advance(1000);
    await put(kinesis, name, "c", { SequenceNumberForOrdering: future });
    expect(await keysAt(kinesis, await iteratorOf(kinesis, name))).toEqual(["a", "b", "c"]);
  });

  test("stores nothing in a dry run", async ({ emulator, uniqueName: name }) => {
    const { kinesis } = emulator;
    await createStream(kinesis, name);
    expect(await failureOf(put(kinesis, name, "a", { DryRun: true }))).toBe(dryRun);
    expect(await failureOf(put(kinesis, "none", "a", { DryRun: true }))).toBe(streamNotFound("none"));
    expect(await keysAt(kinesis, await iteratorOf(kinesis, name))).toEqual([]);
  });

  test("refuses a hash key that is too great", async ({ emulator, uniqueName: name }) => {
    const { kinesis } = emulator;
    await createStream(kinesis, name);
    const ExplicitHashKey = (2n ** 128n).toString();
    expect(await failureOf(put(kinesis, name, "a", { ExplicitHashKey }))).toBe(
      `400 InvalidArgumentException: Invalid ExplicitHashKey. ExplicitHashKey must be in the range: [0, 2^128-1]. Specified value was ${ExplicitHashKey}`,
    );
  });

  slowTest("does not find a stream that is CREATING", async ({ emulator, uniqueName: name }) => {
    const { emu, kinesis } = emulator;
    await createStream(kinesis, name);
    expect(await failureOf(put(kinesis, name, "a"))).toBe(streamNotFound(name));
    await emu.clock.advance(latencyMs);
    await put(kinesis, name, "a");
  });

  const record = { StreamName: "none", PartitionKey: "a", Data: "" };
  const serialization = "400 SerializationException:";
  test.for([
    [record, streamNotFound("none")],
    [{ ...record, StreamName: undefined, StreamARN: arnOf("none") }, streamNotFound("none")],
    [{ ...record, StreamName: undefined }, validation(mustNotBeNull("streamName"))],
    [{ ...record, Data: undefined }, validation(mustNotBeNull("data"))],
    [
      { StreamName: "", PartitionKey: "", ExplicitHashKey: "01", SequenceNumberForOrdering: "-1" },
      validation(
        mustNotBeNull("data"),
        unlike("", "streamName"),
        tooShort("", "streamName"),
        tooShort("", "partitionKey"),
        unlike("01", "explicitHashKey", hashPattern),
        unlike("-1", "sequenceNumberForOrdering", sequencePattern),
      ),
    ],
    [
      { ...record, PartitionKey: "k".repeat(257) },
      validation(violation("k".repeat(257), "partitionKey", "Member must have length less than or equal to 256")),
    ],
    [{ ...record, Data: true }, `${serialization} class java.lang.Boolean can not be converted to a Blob`],
    [
      { ...record, Data: 5 },
      `${serialization} class com.amazon.coral.value.json.numbers.TruncatingBigNumber can not be converted to a Blob`,
    ],
    [{ ...record, Data: [] }, `${serialization} Start of list found where not expected`],
    [{ ...record, Data: {} }, `${serialization} Start of structure or map found where not expected.`],
    [
      { ...record, Data: "YWE" },
      `${serialization} 'YWE' can not be converted to a Blob: Base64 encoded length is expected a multiple of 4 bytes but found: 3`,
    ],
    [
      { ...record, Data: "=YWE" },
      `${serialization} '=YWE' can not be converted to a Blob: Invalid Base64 character: '='`,
    ],
    [
      { ...record, Data: "YWF=" },
      `${serialization} 'YWF=' can not be converted to a Blob: Invalid last non-pad Base64 character dectected`,
    ],
    [
      { ...record, PartitionKey: 1.5 },
      `${serialization} class com.amazon.coral.value.json.numbers.TruncatingBigNumber can not be converted to an String`,
    ],
  ] as const)("answers %j with its error", async ([input, failure], { emulator }) => {
    expect(await rawFailureOf(emulator.emu.endpoint, "PutRecord", input)).toBe(failure);
  });

  test("asks for a partition key", async ({ emulator, uniqueName: StreamName }) => {
    await createStream(emulator.kinesis, StreamName);
    expect(await rawFailureOf(emulator.emu.endpoint, "PutRecord", { StreamName, Data: "" })).toBe(
      validation(mustNotBeNull("partitionKey")),
    );
  });

  test("answers a sequence number of version 3 as AWS does, which is no bug of ours", async ({
    emulator,
    uniqueName: name,
  }) => {
    const { emu, kinesis } = emulator;
    await createStream(kinesis, name);
    const SequenceNumberForOrdering = ((2n << 184n) + 3n).toString();
    const input = { StreamName: name, PartitionKey: "a", Data: "", SequenceNumberForOrdering };
    const { status, body } = await rawKinesis(emu.endpoint, "PutRecord", input);
    expect([status, body]).toEqual([500, '{"__type":"InternalFailure"}']);
    expect((await emu.timeline()).filter(({ type }) => type === "internalError")).toEqual([]);
  });
});
