import type { ChildShard, HashKeyRange, Shard as ShardOutput, StreamDescription } from "@aws-sdk/client-kinesis";
import type { Shard } from "./state/shard.ts";
import { shardIdOf } from "./shard-id.ts";
import type { Stream } from "./state/stream.ts";

/** What DescribeStream and DescribeStreamSummary tell alike. */
export function describeStream(stream: Stream): Omit<StreamDescription, "Shards" | "HasMoreShards"> {
  return {
    StreamName: stream.name,
    StreamARN: stream.arn,
    StreamStatus: stream.status,
    StreamModeDetails: { StreamMode: stream.mode },
    RetentionPeriodHours: stream.retentionHours,
    StreamCreationTimestamp: new Date(stream.createdAt),
    EnhancedMonitoring: [{ ShardLevelMetrics: [...stream.metrics] }],
    ...(stream.encryptionKey === undefined
      ? { EncryptionType: "NONE" }
      : { EncryptionType: "KMS", KeyId: stream.encryptionKey }),
  };
}

/** AWS: while a stream is CREATING or DELETING it shows no shards (kinesalite's suite). */
export function shownShards(stream: Stream, now: number): readonly Shard[] {
  return stream.status === "CREATING" || stream.status === "DELETING" ? [] : stream.visibleShards(now);
}

export function describeShard(shard: Shard): ShardOutput {
  const [parent, adjacent] = shard.parents;
  const ending = shard.endingSequenceNumber;
  return {
    ShardId: shard.id,
    ...(parent !== undefined && { ParentShardId: shardIdOf(parent) }),
    ...(adjacent !== undefined && { AdjacentParentShardId: shardIdOf(adjacent) }),
    HashKeyRange: describeRange(shard),
    SequenceNumberRange: {
      StartingSequenceNumber: shard.startingSequenceNumber,
      ...(ending !== undefined && { EndingSequenceNumber: ending }),
    },
  };
}

export function describeChild(child: Shard): ChildShard {
  return { ShardId: child.id, ParentShards: child.parents.map(shardIdOf), HashKeyRange: describeRange(child) };
}

function describeRange({ range }: Shard): HashKeyRange {
  return { StartingHashKey: range.start.toString(), EndingHashKey: range.end.toString() };
}
