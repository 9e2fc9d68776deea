import { expect } from "vitest";
import { arnOf, shardId } from "./streams.ts";

/** What calls are about: a stream, and what earlier answers named. */
export interface About {
  readonly StreamName: string;
  readonly StreamARN: string;
  readonly ConsumerARN: string;
  readonly ShardIterator: string;
}

/** One call, and what its answer has, with bytes as texts; `{}` is an answer that has nothing. */
export type Step = readonly [operation: string, input: (about: About) => object, answer: (about: About) => object];

const nothing = () => ({});
const named = ({ StreamName }: About) => ({ StreamName });
const byArn = ({ StreamARN }: About) => ({ StreamARN });
const resource = ({ StreamARN: ResourceARN }: About) => ({ ResourceARN });
const consumer = ({ ConsumerARN }: About) => ({ ConsumerARN });
/** A call about the stream by its name, with more members. */
const stream = (rest: object) => (about: About) => ({ ...named(about), ...rest });

const sequenceNumber: unknown = expect.stringMatching(/^\d{56}$/);
const record = (text: string) => ({ PartitionKey: text, Data: Buffer.from(text), ExplicitHashKey: "0" });
const put = { ShardId: shardId(0), SequenceNumber: sequenceNumber };
const held = ["a", "b", "c"].map((text) => ({ PartitionKey: text, Data: text, SequenceNumber: sequenceNumber }));
const summary = (members: object) => () => ({ StreamDescriptionSummary: members });
const metrics = { ShardLevelMetrics: ["IncomingBytes"] };
const encryption = { EncryptionType: "KMS", KeyId: "alias/aws/kinesis" };
const Policy = '{"Version":"2012-10-17","Statement":[]}';
const committed = { MinimumThroughputBillingCommitment: { Status: "ENABLED" } };

/** Every operation once or more, with little more than it needs, in an order in which all of them work and have something to tell. */
export const steps: readonly Step[] = [
  ["CreateStream", stream({ ShardCount: 2, Tags: { team: "x" } }), nothing],
  ["ListStreams", nothing, ({ StreamName }) => ({ StreamNames: [StreamName], HasMoreStreams: false })],
  [
    "DescribeStream",
    named,
    (about) => ({ StreamDescription: { ...named(about), ...byArn(about), StreamStatus: "ACTIVE", Shards: [{}, {}] } }),
  ],
  ["DescribeStreamSummary", byArn, summary({ StreamStatus: "ACTIVE", OpenShardCount: 2, RetentionPeriodHours: 24 })],
  ["ListShards", named, () => ({ Shards: [{ ShardId: shardId(0) }, { ShardId: shardId(1) }] })],
  ["DescribeLimits", nothing, () => ({ OpenShardCount: 2, ShardLimit: 20_000 })],

  ["PutRecord", stream(record("a")), () => put],
  [
    "PutRecords",
    stream({ Records: [record("b"), record("c")] }),
    () => ({ FailedRecordCount: 0, Records: [put, put] }),
  ],
  [
    "GetShardIterator",
    stream({ ShardId: "0", ShardIteratorType: "TRIM_HORIZON" }),
    ({ ShardIterator }) => ({ ShardIterator }),
  ],
  ["GetRecords", ({ ShardIterator }) => ({ ShardIterator }), () => ({ Records: held, MillisBehindLatest: 0 })],

  ["AddTagsToStream", stream({ Tags: { size: "y" } }), nothing],
  ["RemoveTagsFromStream", stream({ TagKeys: ["team"] }), nothing],
  ["ListTagsForStream", named, () => ({ Tags: [{ Key: "size", Value: "y" }], HasMoreTags: false })],
  ["TagResource", (about) => ({ ...resource(about), Tags: { kind: "z" } }), nothing],
  ["UntagResource", (about) => ({ ...resource(about), TagKeys: ["size"] }), nothing],
  ["ListTagsForResource", resource, () => ({ Tags: [{ Key: "kind", Value: "z" }] })],

  ["IncreaseStreamRetentionPeriod", stream({ RetentionPeriodHours: 72 }), nothing],
  ["DecreaseStreamRetentionPeriod", stream({ RetentionPeriodHours: 48 }), nothing],
  ["EnableEnhancedMonitoring", stream(metrics), () => ({ DesiredShardLevelMetrics: ["IncomingBytes"] })],
  ["StartStreamEncryption", stream(encryption), nothing],
  ["UpdateMaxRecordSize", (about) => ({ ...byArn(about), MaxRecordSizeInKiB: 2048 }), nothing],
  [
    "DescribeStreamSummary",
    named,
    summary({
      RetentionPeriodHours: 48,
      EnhancedMonitoring: [metrics],
      ...encryption,
      MaxRecordSizeInKiB: 2048,
    }),
  ],
  ["DisableEnhancedMonitoring", stream(metrics), () => ({ CurrentShardLevelMetrics: ["IncomingBytes"] })],
  ["StopStreamEncryption", stream(encryption), nothing],
  [
    "DescribeStreamSummary",
    named,
    summary({ EnhancedMonitoring: [{ ShardLevelMetrics: [] }], EncryptionType: "NONE" }),
  ],
  ["PutResourcePolicy", (about) => ({ ...resource(about), Policy }), nothing],
  ["GetResourcePolicy", resource, () => ({ Policy })],
  ["DeleteResourcePolicy", resource, nothing],
  ["GetResourcePolicy", resource, () => ({ Policy: "{}" })],

  [
    "RegisterStreamConsumer",
    (about) => ({ ...byArn(about), ConsumerName: "app" }),
    () => ({ Consumer: { ConsumerName: "app" } }),
  ],
  ["ListStreamConsumers", byArn, (about) => ({ Consumers: [{ ConsumerName: "app", ...consumer(about) }] })],
  [
    "DescribeStreamConsumer",
    consumer,
    (about) => ({ ConsumerDescription: { ...consumer(about), ...byArn(about), ConsumerStatus: "ACTIVE" } }),
  ],
  [
    "SubscribeToShard",
    (about) => ({ ...consumer(about), ShardId: shardId(0), StartingPosition: { Type: "TRIM_HORIZON" } }),
    () => ({ Event: { Records: held, MillisBehindLatest: 0, ContinuationSequenceNumber: sequenceNumber } }),
  ],
  ["DeregisterStreamConsumer", consumer, nothing],
  ["ListStreamConsumers", byArn, () => ({ Consumers: [] })],

  [
    "UpdateShardCount",
    stream({ TargetShardCount: 4, ScalingType: "UNIFORM_SCALING" }),
    () => ({ CurrentShardCount: 2, TargetShardCount: 4 }),
  ],
  ["SplitShard", stream({ ShardToSplit: shardId(2), NewStartingHashKey: "100" }), nothing],
  ["MergeShards", stream({ ShardToMerge: shardId(6), AdjacentShardToMerge: shardId(7) }), nothing],
  [
    "ListShards",
    stream({ ShardFilter: { Type: "AFTER_SHARD_ID", ShardId: shardId(7) } }),
    () => ({ Shards: [{ ShardId: shardId(8), ParentShardId: shardId(6), AdjacentParentShardId: shardId(7) }] }),
  ],

  ["UpdateStreamMode", (about) => ({ ...byArn(about), StreamModeDetails: { StreamMode: "ON_DEMAND" } }), nothing],
  [
    "UpdateStreamRecordDistributionStrategy",
    (about) => ({ ...byArn(about), RecordDistributionStrategy: "AUTO" }),
    nothing,
  ],
  ["UpdateAccountSettings", () => committed, () => committed],
  ["DescribeAccountSettings", nothing, () => committed],
  ["UpdateStreamWarmThroughput", stream({ WarmThroughputMiBps: 10 }), () => ({ WarmThroughput: { TargetMiBps: 10 } })],
  [
    "DescribeStreamSummary",
    named,
    summary({
      StreamModeDetails: { StreamMode: "ON_DEMAND" },
      RecordDistributionStrategy: "AUTO",
      WarmThroughput: { TargetMiBps: 10, CurrentMiBps: 10 },
      OpenShardCount: 4,
    }),
  ],
  ["DeleteStream", named, nothing],
  ["ListStreams", nothing, () => ({ StreamNames: [] })],
];

/** What the first call is about. */
export function subjectOf(StreamName: string): About {
  return { StreamName, StreamARN: arnOf(StreamName), ConsumerARN: "", ShardIterator: "" };
}
