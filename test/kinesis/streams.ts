import {
  CreateStreamCommand,
  DescribeStreamCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  ListShardsCommand,
  PutRecordCommand,
} from "@aws-sdk/client-kinesis";
import type {
  GetShardIteratorInput,
  KinesisClient,
  ListShardsInput,
  PutRecordInput,
  Shard,
  StreamDescription,
} from "@aws-sdk/client-kinesis";
import { expect } from "vitest";
import type { TestEmulator } from "../emulator/emulator.ts";
import { mustNotBeNull, validation } from "../emulator/failure-of.ts";

/** Type and text of what the account's streams are called. */
export const arnOf = (name: string, region = "us-east-1"): string =>
  `arn:aws:kinesis:${region}:000000000000:stream/${name}`;

const firstShard = "shardId-000000000000";
export const streamNotFound = (name: string): string =>
  `400 ResourceNotFoundException: Stream ${name} under account 000000000000 not found.`;
export const shardNotFound = (name: string, shard = firstShard): string =>
  `400 ResourceNotFoundException: Shard ${shard} in stream ${name} under account 000000000000 does not exist`;
export const shardUnreadable = (name: string, shard: string): string =>
  `400 ResourceNotFoundException: Could not find shard ${shard} in stream ${name} under account 000000000000.`;
export const dryRun =
  "400 DryRunOperationException: The request was rejected because the DryRun parameter was specified.";

export const tooShort = (value: string, path: string, length = 1): string =>
  `Value '${value}' at '${path}' failed to satisfy constraint: Member must have length greater than or equal to ${length}`;
export const tooLong = (value: string, path: string, length: number): string =>
  `Value '${value}' at '${path}' failed to satisfy constraint: Member must have length less than or equal to ${length}`;
export const unlike = (value: string, path: string, pattern = "[a-zA-Z0-9_.-]+"): string =>
  `Value '${value}' at '${path}' failed to satisfy constraint: Member must satisfy regular expression pattern: ${pattern}`;
export const arnPattern = String.raw`arn:aws.*:kinesis:.*:\d{12}:stream/\S+`;

export async function createStream(kinesis: KinesisClient, name: string, shards = 1): Promise<void> {
  await kinesis.send(new CreateStreamCommand({ StreamName: name, ShardCount: shards }));
}

/** World time that the emulators of these tests take for each change of a stream. */
export const latencyMs = 500;

/** A stream that is ACTIVE already. */
export async function activeStream({ emu, kinesis }: TestEmulator, name: string, shards = 1): Promise<void> {
  await createStream(kinesis, name, shards);
  await emu.clock.advance(latencyMs);
}

/** Waits until the change under way is done, checking that the stream is UPDATING up to then. */
export async function updated({ emu, kinesis }: TestEmulator, name: string): Promise<void> {
  expect((await describeStream(kinesis, name)).StreamStatus).toBe("UPDATING");
  await emu.clock.advance(latencyMs);
  expect((await describeStream(kinesis, name)).StreamStatus).toBe("ACTIVE");
}

export const notActive = (name: string, status = "UPDATING"): string =>
  `400 ResourceInUseException: Stream ${name} under account 000000000000 not ACTIVE, instead in state ${status}`;
export const tooOften = (operation: string, times: number, name: string): string =>
  `400 LimitExceededException: ${operation} cannot be called more than ${times} times in a rolling 24-hour period for ` +
  `stream ${name} under account 000000000000.`;
export const onDemandRefused = (name: string): string =>
  `400 ValidationException: Request is invalid. Stream ${name} under account 000000000000 is in On-Demand mode.`;
export const consumerNotFound = (consumer: string): string =>
  `400 ResourceNotFoundException: Consumer ${consumer}, account 000000000000 not found.`;
export const invalidArgument = (message: string): string => `400 InvalidArgumentException: ${message}`;
const resourceArnPattern = String.raw`arn:aws.*:kinesis:.*:\d{12}:.*stream/\S+`;
export const consumerArnPattern = String.raw`^(arn):aws.*:kinesis:.*:\d{12}:.*stream\/[a-zA-Z0-9_.-]+\/consumer\/[a-zA-Z0-9_.-]+:[0-9]+`;

/** What an operation answers to a stream that it cannot find; `rest` is what else it needs. */
export function unknownStreams(rest: object): readonly (readonly [input: object, failure: string])[] {
  return [
    [{ ...rest, StreamName: "none" }, streamNotFound("none")],
    [{ ...rest, StreamARN: arnOf("none") }, streamNotFound("none")],
    [rest, validation(mustNotBeNull("streamName"))],
    [{ ...rest, StreamName: "a b" }, validation(unlike("a b", "streamName"))],
    [{ ...rest, StreamName: "a".repeat(129) }, validation(tooLong("a".repeat(129), "streamName", 128))],
    [{ ...rest, StreamARN: "none" }, validation(unlike("none", "streamARN", arnPattern))],
    [
      { ...rest, StreamName: true },
      "400 SerializationException: class java.lang.Boolean can not be converted to an String",
    ],
  ];
}

/** The same for an operation that takes nothing but the stream's ARN. */
export function unknownStreamArns(rest: object): readonly (readonly [input: object, failure: string])[] {
  return [
    [{ ...rest, StreamARN: arnOf("none") }, streamNotFound("none")],
    [rest, validation(mustNotBeNull("streamARN"))],
    [{ ...rest, StreamARN: "none" }, validation(unlike("none", "streamARN", arnPattern))],
  ];
}

/** The same for an operation that takes the ARN of a stream or of a consumer. */
export function unknownResources(rest: object): readonly (readonly [input: object, failure: string])[] {
  const consumer = `${arnOf("none")}/consumer/orders:1767225600`;
  return [
    [{ ...rest, ResourceARN: arnOf("none") }, streamNotFound("none")],
    [{ ...rest, ResourceARN: consumer }, streamNotFound("none")],
    [rest, validation(mustNotBeNull("resourceARN"))],
    [{ ...rest, ResourceARN: "none" }, validation(unlike("none", "resourceARN", resourceArnPattern))],
  ];
}

export async function shardsOf(kinesis: KinesisClient, input: ListShardsInput): Promise<readonly Shard[]> {
  const { Shards = [] } = await kinesis.send(new ListShardsCommand(input));
  return Shards;
}

/** A stream's shards as `0`, `1 < 0` and `4 < 1+2`: what they are the children of. */
export async function lineageOf(kinesis: KinesisClient, input: ListShardsInput): Promise<readonly string[]> {
  const number = (id: string | undefined): string => String(Number(id?.slice("shardId-".length)));
  return (await shardsOf(kinesis, input)).map(({ ShardId, ParentShardId, AdjacentParentShardId }) => {
    const parents = [ParentShardId, AdjacentParentShardId].filter((parent) => parent !== undefined).map(number);
    return parents.length === 0 ? number(ShardId) : `${number(ShardId)} < ${parents.join("+")}`;
  });
}

/** The id of the shard with this number. */
export const shardId = (index: number): string => `shardId-${String(index).padStart(12, "0")}`;

export async function describeStream(kinesis: KinesisClient, name: string): Promise<StreamDescription> {
  const { StreamDescription } = await kinesis.send(new DescribeStreamCommand({ StreamName: name }));
  if (StreamDescription === undefined) throw new Error(`${name} has no description`);
  return StreamDescription;
}

/** Puts a record whose key is its text too; answers its sequence number. */
export async function put(
  kinesis: KinesisClient,
  name: string,
  text: string,
  change: Partial<PutRecordInput> = {},
): Promise<string> {
  const record = { StreamName: name, PartitionKey: text, Data: Buffer.from(text), ...change };
  const { SequenceNumber = "" } = await kinesis.send(new PutRecordCommand(record));
  return SequenceNumber;
}

export async function iteratorOf(
  kinesis: KinesisClient,
  name: string,
  change: Partial<GetShardIteratorInput> = {},
): Promise<string> {
  const input = { StreamName: name, ShardId: firstShard, ShardIteratorType: "TRIM_HORIZON", ...change } as const;
  const { ShardIterator = "" } = await kinesis.send(new GetShardIteratorCommand(input));
  return ShardIterator;
}

/** The keys of one page of records. */
export async function keysAt(kinesis: KinesisClient, ShardIterator: string): Promise<string[]> {
  const { Records = [] } = await kinesis.send(new GetRecordsCommand({ ShardIterator }));
  return Records.map(({ PartitionKey = "" }) => PartitionKey);
}

/** What the 47 hex digits of a sequence number say. */
export function fieldsOf(sequenceNumber: string) {
  const hex = BigInt(sequenceNumber).toString(16);
  const field = (start: number, length: number): number => Number.parseInt(hex.slice(start, start + length), 16);
  return {
    digits: sequenceNumber.length,
    hexDigits: hex.length,
    leading: field(0, 1),
    createdSeconds: field(1, 9),
    lowShardIndex: field(10, 1),
    counter: field(11, 16),
    zeros: hex.slice(27, 29),
    seconds: field(29, 9),
    shardIndex: field(38, 8),
    version: field(46, 1),
  };
}
