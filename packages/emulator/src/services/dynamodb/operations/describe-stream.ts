import type { DescribeStreamInput, DescribeStreamOutput } from "@aws-sdk/client-dynamodb-streams";
import { streamNotFound } from "../errors.ts";
import type { TableStreams } from "../state/table-streams.ts";

export function describeStream(streams: TableStreams, input: DescribeStreamInput): DescribeStreamOutput {
  const arn = input.StreamArn ?? "";
  const stream = streams.find(arn);
  if (stream === undefined) throw streamNotFound(arn);
  const { shardId, startingSequenceNumber, endingSequenceNumber } = stream;
  const shard = {
    ShardId: shardId,
    SequenceNumberRange: {
      StartingSequenceNumber: startingSequenceNumber,
      ...(endingSequenceNumber !== undefined && { EndingSequenceNumber: endingSequenceNumber }),
    },
  };
  const after = input.ExclusiveStartShardId;
  // No shard has children: a stream has one shard.
  const isWanted = (after === undefined || after < shardId) && input.ShardFilter === undefined;
  return {
    StreamDescription: {
      StreamArn: arn,
      StreamLabel: stream.label,
      StreamStatus: stream.isOpen ? "ENABLED" : "DISABLED",
      StreamViewType: stream.viewType,
      CreationRequestDateTime: new Date(stream.createdAt),
      TableName: stream.tableName,
      KeySchema: [...stream.keySchema],
      Shards: isWanted ? [shard] : [],
    },
  };
}
