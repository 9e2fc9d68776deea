import type { UpdateStreamWarmThroughputInput, UpdateStreamWarmThroughputOutput } from "@aws-sdk/client-kinesis";
import type { CallContext } from "../../../protocols/operations.ts";
import { required } from "../errors.ts";
import { assertWarmThroughput, describeWarmThroughput } from "../on-demand.ts";
import type { KinesisState } from "../state/kinesis-state.ts";
import { activeStreamOf } from "../stream-address.ts";

export function updateStreamWarmThroughput(
  state: KinesisState,
  input: UpdateStreamWarmThroughputInput,
  call: CallContext,
): UpdateStreamWarmThroughputOutput {
  const target = required(input.WarmThroughputMiBps, "warmThroughputMiBps");
  const stream = activeStreamOf(state, input, call);
  assertWarmThroughput(state, stream.region, stream.mode);
  const current = stream.warmThroughputMiBps;
  state.update(stream, { kind: "warmThroughput", mibPerSecond: target });
  return {
    StreamARN: stream.arn,
    StreamName: stream.name,
    WarmThroughput: describeWarmThroughput(target, current),
  };
}
