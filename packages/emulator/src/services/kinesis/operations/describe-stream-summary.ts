import type { DescribeStreamSummaryInput, DescribeStreamSummaryOutput } from "@aws-sdk/client-kinesis";
import type { CallContext } from "../../../protocols/operations.ts";
import { describeStream, shownShards } from "../descriptions.ts";
import type { KinesisState } from "../state/kinesis-state.ts";
import { streamOf } from "../stream-address.ts";

export function describeStreamSummary(
  state: KinesisState,
  input: DescribeStreamSummaryInput,
  call: CallContext,
): DescribeStreamSummaryOutput {
  const stream = streamOf(state, input, call);
  const open = shownShards(stream, state.now()).filter((shard) => shard.closedSeconds === undefined);
  return {
    StreamDescriptionSummary: {
      ...describeStream(stream),
      OpenShardCount: open.length,
      ConsumerCount: 0,
      ChannelCount: 0,
      MaxRecordSizeInKiB: stream.maxRecordSizeInKiB,
      ...(stream.mode === "ON_DEMAND" && { RecordDistributionStrategy: stream.distribution }),
    },
  };
}
