import { AwsSmithyRpcV2CborProtocol } from "@aws-sdk/core/protocols";
import {
  CreateStreamCommand,
  DescribeStreamSummaryCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  KinesisClient,
  ListStreamsCommand,
  PutRecordCommand,
  PutRecordsCommand,
} from "@aws-sdk/client-kinesis";
import { cbor } from "@smithy/core/cbor";
import { describe, expect } from "vitest";
import { emulatorTest } from "../emulator/emulator-test.ts";
import { kinesisTarget, rawRequest, signature } from "../emulator/raw-http.ts";

const test = emulatorTest({ clock: "frozen" });
const type = "application/x-amz-cbor-1.1";

/** Calls an operation as the Java SDK does; bytes are sent as they are. */
async function call(endpoint: string, operation: string, input: object) {
  const headers = {
    ...signature("kinesis"),
    "content-type": type,
    "x-amz-target": `${kinesisTarget}.${operation}`,
  };
  const body = input instanceof Uint8Array ? input : cbor.serialize(input);
  const { bytes, ...reply } = await rawRequest(endpoint, { headers, body });
  return { ...reply, bytes, output: bytes.length === 0 ? undefined : cbor.deserialize(bytes) };
}

/** The hexadecimal digits after a map's key. */
function valueAfter(bytes: Buffer, key: string, length: number): string {
  const at = bytes.indexOf(key);
  return bytes.subarray(at + key.length, at + key.length + length).toString("hex");
}

describe("CBOR 1.1", () => {
  test("carries blobs as bytes and timestamps as whole milliseconds", async ({ emulator, uniqueName: name }) => {
    const { emu } = emulator;
    const { endpoint } = emu;
    await emu.clock.set(1_900_000_000_123);
    expect(await call(endpoint, "CreateStream", { StreamName: name, ShardCount: 1 })).toMatchObject({
      status: 200,
      headers: { "content-type": type, "x-amzn-requestid": expect.any(String), "x-amz-id-2": expect.any(String) },
      output: undefined,
    });
    const Data = Uint8Array.of(0, 255, 1);
    const put = await call(endpoint, "PutRecord", { StreamName: name, Data, PartitionKey: "é" });
    expect(put.output).toEqual({ ShardId: "shardId-000000000000", SequenceNumber: expect.stringMatching(/^\d{56}$/) });
    const at = { StreamName: name, ShardId: "0", ShardIteratorType: "TRIM_HORIZON" };
    const { output: iterator } = await call(endpoint, "GetShardIterator", at);
    const page = await call(endpoint, "GetRecords", iterator);
    expect(page.output).toMatchObject({
      Records: [{ PartitionKey: "é", Data: Buffer.from(Data), SequenceNumber: put.output.SequenceNumber }],
      MillisBehindLatest: 0,
    });
    // A byte string of three, and an integer of 64 bits with tag 1: the Java SDK fails on any other number.
    expect(valueAfter(page.bytes, "Data", 4)).toBe("4300ff01");
    expect(valueAfter(page.bytes, "ApproximateArrivalTimestamp", 10)).toBe("c11b000001ba60d3387b");
  });

  test("is read as Jackson writes it: of indefinite length, with timestamps tagged or not", async ({
    emulator,
    uniqueName: name,
  }) => {
    const { emu, kinesis } = emulator;
    await kinesis.send(new CreateStreamCommand({ StreamName: name, ShardCount: 1 }));
    await emu.clock.set(1_901_000_000_000);
    await kinesis.send(new PutRecordCommand({ StreamName: name, Data: Buffer.from("x"), PartitionKey: "k" }));
    const text = (value: string) => Buffer.from([0x60 + value.length, ...Buffer.from(value)]);
    const when = (time: number) => Buffer.concat([Buffer.from([0x1b]), bigEndian(time)]);
    const read = async (timestamp: Buffer) => {
      const members = [text("StreamName"), Buffer.from([0x78, name.length]), Buffer.from(name)];
      members.push(text("ShardId"), text("0"), text("ShardIteratorType"), text("AT_TIMESTAMP"));
      const input = Buffer.concat([Buffer.from([0xbf]), ...members, text("Timestamp"), timestamp, Buffer.from([0xff])]);
      const { output: iterator } = await call(emu.endpoint, "GetShardIterator", input);
      const { output } = await call(emu.endpoint, "GetRecords", iterator);
      return output.Records.length;
    };
    expect(await read(when(1_900_999_999_999))).toBe(1);
    expect(await read(Buffer.concat([Buffer.from([0xc1]), when(1_901_000_000_000)]))).toBe(1);
    await emu.clock.advance(2);
    expect(await read(when(1_901_000_000_001))).toBe(0);
  });

  test("carries lists, maps and batches", async ({ emulator, uniqueName: name }) => {
    const { endpoint } = emulator.emu;
    await call(endpoint, "CreateStream", { StreamName: name, ShardCount: 2, Tags: { team: "a" } });
    const records = ["a", "b", "c"].map((key) => ({
      Data: Buffer.from(key),
      PartitionKey: key,
      ExplicitHashKey: null,
    }));
    const { output } = await call(endpoint, "PutRecords", { StreamName: name, Records: records });
    expect(output).toMatchObject({ FailedRecordCount: 0, Records: [{ ShardId: expect.any(String) }, {}, {}] });
    expect((await call(endpoint, "ListTagsForStream", { StreamName: name })).output).toEqual({
      Tags: [{ Key: "team", Value: "a" }],
      HasMoreTags: false,
    });
  });

  test.for<[input: object, status: number, error: object]>([
    [Buffer.alloc(0), 400, { __type: "SerializationException" }],
    [Buffer.from("{}"), 400, { __type: "SerializationException" }],
    [cbor.serialize([]), 400, { __type: "SerializationException" }],
    [Buffer.from([0x9b, 255, 255, 255, 255, 255, 255, 255, 255]), 400, { __type: "SerializationException" }],
    [Buffer.alloc(100_000, 0x81), 400, { __type: "SerializationException" }],
    [
      { StreamName: true },
      400,
      {
        __type: "SerializationException",
        Message: "class java.lang.Boolean can not be converted to an String",
      },
    ],
    [
      { StreamName: "" },
      400,
      { __type: "ValidationException", message: expect.stringContaining("Member must have length greater than") },
    ],
    [
      { StreamName: "none" },
      400,
      { __type: "ResourceNotFoundException", message: "Stream none under account 000000000000 not found." },
    ],
  ])("answers %j with its error", async ([input, status, error], { emulator }) => {
    const reply = await call(emulator.emu.endpoint, "DescribeStream", input);
    expect(reply).toMatchObject({ status, headers: { "content-type": type } });
    expect(reply.output).toEqual(error);
  });

  test("takes numbers that are larger than any limit", async ({ emulator, uniqueName: name }) => {
    const reply = await call(emulator.emu.endpoint, "CreateStream", { StreamName: name, ShardCount: 2n ** 63n });
    expect(reply.output).toMatchObject({ __type: "LimitExceededException" });
  });
});

function bigEndian(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(value));
  return bytes;
}

test("Smithy RPC v2 CBOR is spoken with the SDK's client", async ({ emulator, uniqueName: StreamName }) => {
  const { emu } = emulator;
  const client = new KinesisClient({ ...emu.getClientConfig(), protocol: AwsSmithyRpcV2CborProtocol });
  const created = 1_902_000_000_250;
  await emu.clock.set(created);
  await client.send(new CreateStreamCommand({ StreamName, ShardCount: 1 }));
  expect((await client.send(new ListStreamsCommand())).StreamNames).toContain(StreamName);
  const { StreamDescriptionSummary } = await client.send(new DescribeStreamSummaryCommand({ StreamName }));
  expect(StreamDescriptionSummary).toMatchObject({ StreamStatus: "ACTIVE", OpenShardCount: 1 });
  const records = ["a", "b"].map((key) => ({ Data: Buffer.from(key), PartitionKey: key }));
  expect(await client.send(new PutRecordsCommand({ StreamName, Records: records }))).toMatchObject({
    FailedRecordCount: 0,
  });
  const at = { StreamName, ShardId: "0", ShardIteratorType: "AT_TIMESTAMP", Timestamp: new Date(created) } as const;
  const { ShardIterator } = await client.send(new GetShardIteratorCommand(at));
  const { Records = [] } = await client.send(new GetRecordsCommand({ ShardIterator }));
  expect(Records.map(({ Data = [] }) => Buffer.from(Data).toString())).toEqual(["a", "b"]);
  expect(Records[0]?.ApproximateArrivalTimestamp).toEqual(new Date(created));
  await expect(client.send(new DescribeStreamSummaryCommand({ StreamName: "none" }))).rejects.toMatchObject({
    name: "ResourceNotFoundException",
    message: "Stream none under account 000000000000 not found.",
    $metadata: { httpStatusCode: 400, requestId: expect.any(String) },
  });
});
