import type { DescribeStreamSummaryInput, DescribeStreamSummaryOutput } from "@aws-sdk/client-kinesis";
import type { CallContext } from "../../../protocols/operations.ts";
import { describeStream, shownShards } from "../descriptions.ts";
import { describeWarmThroughput } from "../on-demand.ts";
import type { KinesisState } from "../state/kinesis-state.ts";
import { streamOf } from "../stream-address.ts";

export function describeStreamSummary(
  state: KinesisState,
  input: DescribeStreamSummaryInput,
  call: CallContext,
): DescribeStreamSummaryOutput {
  const stream = streamOf(state, input, call);
  const open = shownShards(stream, state.now()).filter((shard) => shard.isOpen);
  const { warmThroughputMiBps: warmThroughput } = stream;
  return {
    StreamDescriptionSummary: {
      ...describeStream(stream),
      OpenShardCount: open.length,
      ConsumerCount: stream.consumers.size,
      ChannelCount: 0,
      MaxRecordSizeInKiB: stream.maxRecordSizeInKiB,
      ...(warmThroughput !== undefined && { WarmThroughput: describeWarmThroughput(warmThroughput, warmThroughput) }),
      ...(stream.mode === "ON_DEMAND" && { RecordDistributionStrategy: stream.distribution }),
    },
  };
}
