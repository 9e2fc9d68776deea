import type * as sdk from "@aws-sdk/client-kinesis";
import type { PeekedStream } from "@localemu/control";
import type { AnyOperations, CallContext, ServiceImplementation } from "../../protocols/operations.ts";
import { MemoryLog } from "../../storage/memory-log.ts";
import { notImplemented } from "./not-implemented.ts";
import { addTagsToStream } from "./operations/add-tags-to-stream.ts";
import { addInitialStream, createStream } from "./operations/create-stream.ts";
import { decreaseStreamRetentionPeriod } from "./operations/decrease-stream-retention-period.ts";
import { deleteResourcePolicy } from "./operations/delete-resource-policy.ts";
import { deleteStream } from "./operations/delete-stream.ts";
import { deregisterStreamConsumer } from "./operations/deregister-stream-consumer.ts";
import { describeAccountSettings } from "./operations/describe-account-settings.ts";
import { describeLimits } from "./operations/describe-limits.ts";
import { describeStream } from "./operations/describe-stream.ts";
import { describeStreamConsumer } from "./operations/describe-stream-consumer.ts";
import { describeStreamSummary } from "./operations/describe-stream-summary.ts";
import { disableEnhancedMonitoring } from "./operations/disable-enhanced-monitoring.ts";
import { enableEnhancedMonitoring } from "./operations/enable-enhanced-monitoring.ts";
import { getRecords } from "./operations/get-records.ts";
import { getResourcePolicy } from "./operations/get-resource-policy.ts";
import { getShardIterator } from "./operations/get-shard-iterator.ts";
import { increaseStreamRetentionPeriod } from "./operations/increase-stream-retention-period.ts";
import { listShards } from "./operations/list-shards.ts";
import { listStreamConsumers } from "./operations/list-stream-consumers.ts";
import { listStreams } from "./operations/list-streams.ts";
import { listTagsForResource } from "./operations/list-tags-for-resource.ts";
import { listTagsForStream } from "./operations/list-tags-for-stream.ts";
import { mergeShards } from "./operations/merge-shards.ts";
import { putRecord } from "./operations/put-record.ts";
import { putRecords } from "./operations/put-records.ts";
import { putResourcePolicy } from "./operations/put-resource-policy.ts";
import { registerStreamConsumer } from "./operations/register-stream-consumer.ts";
import { removeTagsFromStream } from "./operations/remove-tags-from-stream.ts";
import { splitShard } from "./operations/split-shard.ts";
import { startStreamEncryption } from "./operations/start-stream-encryption.ts";
import { stopStreamEncryption } from "./operations/stop-stream-encryption.ts";
import { subscribeToShard } from "./operations/subscribe-to-shard.ts";
import { tagResource } from "./operations/tag-resource.ts";
import { untagResource } from "./operations/untag-resource.ts";
import { updateAccountSettings } from "./operations/update-account-settings.ts";
import { updateMaxRecordSize } from "./operations/update-max-record-size.ts";
import { updateShardCount } from "./operations/update-shard-count.ts";
import { updateStreamMode } from "./operations/update-stream-mode.ts";
import { updateStreamRecordDistributionStrategy } from "./operations/update-stream-record-distribution-strategy.ts";
import { updateStreamWarmThroughput } from "./operations/update-stream-warm-throughput.ts";
import { peekStream } from "./peek.ts";
import type { KinesisPorts } from "./ports.ts";
import { streamOfIterator } from "./shard-iterator.ts";
import { refusedOutput } from "./refused-output.ts";
import { findResource } from "./resource.ts";
import { KinesisState } from "./state/kinesis-state.ts";
import { createStreamReader } from "./stream-reader.ts";
import type { StreamReader } from "./stream-reader.ts";

export type KinesisOperations = ServiceImplementation<typeof sdk, CallContext, keyof typeof notImplemented>;

/** Kinesis Data Streams of one world. */
export interface Kinesis {
  readonly operations: KinesisOperations;
  /** The operations that are declined, each with its reason. */
  readonly notImplemented: Readonly<Record<string, string>>;
  /** How an operation answers that is refused, where it does not fail. */
  readonly refused: AnyOperations["refused"];
  /** Reads a stream from inside the emulator, by its ARN or that of an ACTIVE consumer; undefined when there is none. */
  openStream(arn: string): StreamReader | undefined;
  /**
   * Calls `listener` with the ARN of each stream or consumer that has become ACTIVE and was not there before. Answers a
   * function that ends that.
   */
  onSourceCreated(listener: (arn: string) => void): () => void;
  /** How many streams there are in all regions. */
  countStreams(): number;
  /** The policy document of a stream or a consumer; undefined where there is none. */
  policyOf(arn: string): string | undefined;
  /** The ARN of the stream that an iterator is one of; undefined for a text that is no iterator. */
  streamOfIterator(iterator: string): string | undefined;
  /** Everything that a stream has stored; nothing is consumed. Undefined when there is no such stream. */
  peek(region: string, name: string): PeekedStream | undefined;
  /** Ends every stream; readers are told that theirs is gone. What is kept stays for the next emulator. */
  close(): void;
}

export function createKinesis(ports: KinesisPorts): Kinesis {
  const { initialStreams = [], openLog = () => new MemoryLog(), ...rest } = ports;
  const state = new KinesisState({ ...rest, openLog });
  state.restore();
  for (const { name, region, shards } of initialStreams)
    if (state.find(region, name) === undefined) addInitialStream(state, name, region, shards);
  return {
    operations: {
      AddTagsToStream: (input, call) => addTagsToStream(state, input, call),
      CreateStream: (input, call) => createStream(state, input, call),
      DecreaseStreamRetentionPeriod: (input, call) => decreaseStreamRetentionPeriod(state, input, call),
      DeleteResourcePolicy: (input) => deleteResourcePolicy(state, input),
      DeleteStream: (input, call) => deleteStream(state, input, call),
      DeregisterStreamConsumer: (input, call) => deregisterStreamConsumer(state, input, call),
      DescribeAccountSettings: (input, call) => describeAccountSettings(state, input, call),
      DescribeLimits: (input, call) => describeLimits(state, input, call),
      DescribeStream: (input, call) => describeStream(state, input, call),
      DescribeStreamConsumer: (input, call) => describeStreamConsumer(state, input, call),
      DescribeStreamSummary: (input, call) => describeStreamSummary(state, input, call),
      DisableEnhancedMonitoring: (input, call) => disableEnhancedMonitoring(state, input, call),
      EnableEnhancedMonitoring: (input, call) => enableEnhancedMonitoring(state, input, call),
      GetRecords: (input, call) => getRecords(state, input, call),
      GetResourcePolicy: (input) => getResourcePolicy(state, input),
      GetShardIterator: (input, call) => getShardIterator(state, input, call),
      IncreaseStreamRetentionPeriod: (input, call) => increaseStreamRetentionPeriod(state, input, call),
      ListShards: (input, call) => listShards(state, input, call),
      ListStreamConsumers: (input, call) => listStreamConsumers(state, input, call),
      ListStreams: (input, call) => listStreams(state, input, call),
      ListTagsForResource: (input) => listTagsForResource(state, input),
      ListTagsForStream: (input, call) => listTagsForStream(state, input, call),
      MergeShards: (input, call) => mergeShards(state, input, call),
      PutRecord: (input, call) => putRecord(state, input, call),
      PutRecords: (input, call) => putRecords(state, input, call),
      PutResourcePolicy: (input, call) => putResourcePolicy(state, input, call),
      RegisterStreamConsumer: (input, call) => registerStreamConsumer(state, input, call),
      RemoveTagsFromStream: (input, call) => removeTagsFromStream(state, input, call),
      SplitShard: (input, call) => splitShard(state, input, call),
      StartStreamEncryption: (input, call) => startStreamEncryption(state, input, call),
      StopStreamEncryption: (input, call) => stopStreamEncryption(state, input, call),
      SubscribeToShard: (input, call) => subscribeToShard(state, input, call),
      TagResource: (input) => tagResource(state, input),
      UntagResource: (input) => untagResource(state, input),
      UpdateAccountSettings: (input, call) => updateAccountSettings(state, input, call),
      UpdateMaxRecordSize: (input, call) => updateMaxRecordSize(state, input, call),
      UpdateShardCount: (input, call) => updateShardCount(state, input, call),
      UpdateStreamMode: (input, call) => updateStreamMode(state, input, call),
      UpdateStreamRecordDistributionStrategy: (input, call) =>
        updateStreamRecordDistributionStrategy(state, input, call),
      UpdateStreamWarmThroughput: (input, call) => updateStreamWarmThroughput(state, input, call),
    },
    notImplemented,
    refused: refusedOutput,
    openStream(arn) {
      const found = findResource(state, arn);
      if ("missing" in found || (found.kind === "consumer" && found.target.status !== "ACTIVE")) return undefined;
      return createStreamReader(found, state);
    },
    onSourceCreated: (listener) => state.onSourceCreated(listener),
    policyOf(arn) {
      const found = findResource(state, arn);
      return "missing" in found ? undefined : found.target.policy;
    },
    streamOfIterator: (iterator) => streamOfIterator(state.seal, iterator),
    peek(region, name) {
      const stream = state.find(region, name);
      return stream && peekStream(stream, state.now());
    },
    countStreams: () => state.streamCount,
    close: () => state.close(),
  };
}
