import type * as sdk from "@aws-sdk/client-kinesis";
import type { PeekedStream } from "@localemu/control";
import type { CallContext, ServiceImplementation } from "../../protocols/operations.ts";
import { MemoryLog } from "../../storage/memory-log.ts";
import { notImplemented } from "./not-implemented.ts";
import { createStream } from "./operations/create-stream.ts";
import { deleteStream } from "./operations/delete-stream.ts";
import { describeStreamSummary } from "./operations/describe-stream-summary.ts";
import { describeStream } from "./operations/describe-stream.ts";
import { getRecords } from "./operations/get-records.ts";
import { getShardIterator } from "./operations/get-shard-iterator.ts";
import { listShards } from "./operations/list-shards.ts";
import { listStreams } from "./operations/list-streams.ts";
import { putRecord } from "./operations/put-record.ts";
import { putRecords } from "./operations/put-records.ts";
import { peekStream } from "./peek.ts";
import type { KinesisPorts } from "./ports.ts";
import { KinesisState } from "./state/kinesis-state.ts";
import { findStream, streamAddressOfArn } from "./stream-address.ts";
import { createStreamReader } from "./stream-reader.ts";
import type { StreamReader } from "./stream-reader.ts";

export type KinesisOperations = ServiceImplementation<typeof sdk, CallContext, keyof typeof notImplemented>;

/** Kinesis Data Streams of one world. */
export interface Kinesis {
  readonly operations: KinesisOperations;
  /** The operations that are declined, each with its reason. */
  readonly notImplemented: Readonly<Record<string, string>>;
  /** Reads a stream from inside the emulator; undefined when the ARN names no stream. */
  openStream(arn: string): StreamReader | undefined;
  /** Everything that a stream has stored; nothing is consumed. Undefined when there is no such stream. */
  peek(region: string, name: string): PeekedStream | undefined;
  /** Forgets every stream; readers are told that theirs is deleted. */
  reset(): void;
  close(): void;
}

export function createKinesis(ports: KinesisPorts): Kinesis {
  const state = new KinesisState({ createLog: () => new MemoryLog(), ...ports });
  return {
    operations: {
      CreateStream: (input, call) => createStream(state, input, call),
      DeleteStream: (input, call) => deleteStream(state, input, call),
      DescribeStream: (input, call) => describeStream(state, input, call),
      DescribeStreamSummary: (input, call) => describeStreamSummary(state, input, call),
      GetRecords: (input, call) => getRecords(state, input, call),
      GetShardIterator: (input, call) => getShardIterator(state, input, call),
      ListShards: (input, call) => listShards(state, input, call),
      ListStreams: (input, call) => listStreams(state, input, call),
      PutRecord: (input, call) => putRecord(state, input, call),
      PutRecords: (input, call) => putRecords(state, input, call),
    },
    notImplemented,
    openStream(arn) {
      const stream = findStream(state, streamAddressOfArn(arn));
      return stream && createStreamReader(stream, () => state.now());
    },
    peek(region, name) {
      const stream = state.find(region, name);
      return stream && peekStream(stream, state.now());
    },
    reset: () => state.clear(),
    close: () => state.clear(),
  };
}
