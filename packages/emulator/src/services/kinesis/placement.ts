import type { CallContext } from "../../protocols/operations.ts";
import { invalidArgument, mustNotBeNull, streamNotFound } from "./errors.ts";
import { hashOfExplicitKey, hashOfPartitionKey } from "./hash-key.ts";
import type { Shard } from "./state/shard.ts";
import type { KinesisState } from "./state/kinesis-state.ts";
import type { Stream } from "./state/stream.ts";
import { streamOf } from "./stream-address.ts";
import type { StreamReference } from "./stream-address.ts";

/** A record as a producer gives it. */
export interface GivenRecord {
  readonly Data: Uint8Array | undefined;
  readonly PartitionKey?: string | undefined;
  readonly ExplicitHashKey?: string | undefined;
}

/** UTF-8 takes at most this many bytes for a UTF-16 unit. */
const bytesPerUnit = 3;

/** The stream that a call may write to. */
export function writableStream(state: KinesisState, input: StreamReference, call: CallContext): Stream {
  const stream = streamOf(state, input, call);
  // AWS: a stream that is CREATING takes no records as if it were not there (kinesalite's suite); one that is DELETING may.
  if (stream.status === "CREATING") throw streamNotFound(stream.name, call.accountId);
  return stream;
}

export function recordSize({ Data: data, PartitionKey: key = "" }: GivenRecord): number {
  return (data?.length ?? 0) + Buffer.byteLength(key);
}

/** What is wrong with a record whose members are at `path`, as an item of a ValidationException. */
export function recordProblem(stream: Stream, record: GivenRecord, path: string): string | undefined {
  const { Data: data, PartitionKey: key } = record;
  if (data === undefined) return mustNotBeNull(`${path}data`);
  if (key === undefined && stream.distribution !== "AUTO") return mustNotBeNull(`${path}partitionKey`);
  const limit = stream.maxRecordSizeInKiB * 1024;
  if (data.length + (key?.length ?? 0) * bytesPerUnit <= limit || recordSize(record) <= limit) return undefined;
  // AWS: awslabs/amazon-kinesis-producer#680, recorded in 2025. Assumed: the same where only data and key together are too much.
  return `Value at '${path}data' failed to satisfy constraint: Member must have length less than or equal to ${limit}`;
}

/** The shard that a record goes to. */
export function placeRecord(stream: Stream, record: GivenRecord): Shard {
  if (stream.distribution === "AUTO") return stream.nextShardInTurn();
  const { PartitionKey: key = "", ExplicitHashKey: explicit } = record;
  return stream.shardOfHash(explicit === undefined ? hashOfPartitionKey(key) : explicitHash(explicit));
}

function explicitHash(explicit: string): string {
  const hash = hashOfExplicitKey(explicit);
  if (hash !== undefined) return hash;
  throw invalidArgument(
    `Invalid ExplicitHashKey. ExplicitHashKey must be in the range: [0, 2^128-1]. Specified value was ${explicit}`,
  );
}
