import type { DescribeStreamConsumerInput, DescribeStreamConsumerOutput } from "@aws-sdk/client-kinesis";
import type { CallContext } from "../../../protocols/operations.ts";
import { consumerOf, describeConsumer } from "../consumers.ts";
import type { KinesisState } from "../state/kinesis-state.ts";

export function describeStreamConsumer(
  state: KinesisState,
  input: DescribeStreamConsumerInput,
  call: CallContext,
): DescribeStreamConsumerOutput {
  const { stream, consumer } = consumerOf(state, input, call);
  return { ConsumerDescription: { ...describeConsumer(consumer), StreamARN: stream.arn } };
}
