import {
  CreateStreamCommand,
  DescribeStreamCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  PutRecordCommand,
} from "@aws-sdk/client-kinesis";
import type { GetShardIteratorInput, KinesisClient, PutRecordInput, StreamDescription } from "@aws-sdk/client-kinesis";

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
