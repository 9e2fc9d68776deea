import type { CallContext } from "../../protocols/operations.ts";
import { accountId, parseArn } from "../../core/arns.ts";
import {
  mustNotBeNull,
  shardNotFound,
  shardUnreadable,
  streamNotActive,
  streamNotFound,
  validationFailed,
} from "./errors.ts";
import { parseShardId, shardIdOf } from "./shard-id.ts";
import type { KinesisState } from "./state/kinesis-state.ts";
import type { Shard } from "./state/shard.ts";
import type { Stream } from "./state/stream.ts";

/** The members by which an operation names a stream. */
export interface StreamReference {
  readonly StreamName?: string | undefined;
  readonly StreamARN?: string | undefined;
}

export interface StreamAddress {
  readonly region: string;
  readonly account: string;
  readonly name: string;
}

/**
 * Assumed: where both are given, the ARN counts; an ARN of another region is looked up there.
 * Throws when there is neither.
 */
export function addressOf({ StreamName: name, StreamARN: arn }: StreamReference, call: CallContext): StreamAddress {
  if (arn !== undefined) return streamAddressOfArn(arn);
  // AWS: the text of the time when the name was the only way (kinesalite's suite).
  if (name === undefined) throw validationFailed([mustNotBeNull("streamName")]);
  return { region: call.region, account: call.accountId, name };
}

function streamAddressOfArn(arn: string): StreamAddress {
  const parts = parseArn(arn);
  const name = parts?.resource.slice("stream/".length) ?? "";
  return { region: parts?.region ?? "", account: parts?.account ?? "", name };
}

function findStream(state: KinesisState, { region, account, name }: StreamAddress): Stream | undefined {
  return account === accountId ? state.find(region, name) : undefined;
}

/** The stream of a call, in whatever state; throws when there is none. */
export function streamOf(state: KinesisState, input: StreamReference, call: CallContext): Stream {
  const address = addressOf(input, call);
  const stream = findStream(state, address);
  // AWS: the stream's name is told, also where an ARN was given (LocalStack's suite, recorded on AWS).
  if (stream === undefined) throw streamNotFound(address.name, address.account);
  return stream;
}

/** The same, for an operation that changes the stream; throws when it is not ACTIVE. */
export function activeStreamOf(state: KinesisState, input: StreamReference, call: CallContext): Stream {
  const stream = streamOf(state, input, call);
  assertActive(stream, call.accountId);
  return stream;
}

export function assertActive(stream: Stream, account: string): void {
  if (stream.status !== "ACTIVE") throw streamNotActive(stream.name, account, stream.status);
}

/** The stream and shard that a reader names; throws when there is no such shard to read. */
export function shardOf(
  state: KinesisState,
  input: StreamReference & { readonly ShardId: string | undefined },
  call: CallContext,
): { readonly stream: Stream; readonly shard: Shard } {
  const address = addressOf(input, call);
  const index = parseShardId(input.ShardId ?? "");
  // AWS: an unreadable shard id is told before a stream that does not exist (kinesalite's suite).
  if (index === undefined) throw shardUnreadable(input.ShardId ?? "", address.name, address.account);
  return readableShard(state, address, index);
}

/** The shard of this index; throws when the stream is missing or still CREATING, or the shard is missing or expired. */
export function readableShard(
  state: KinesisState,
  address: StreamAddress,
  index: number,
): { readonly stream: Stream; readonly shard: Shard } {
  const stream = findStream(state, address);
  const shard = stream?.status === "CREATING" ? undefined : stream?.visibleShard(index, state.now());
  if (stream === undefined || shard === undefined) throw shardNotFound(shardIdOf(index), address.name, address.account);
  return { stream, shard };
}
