import type { UpdateStreamRecordDistributionStrategyInput } from "@aws-sdk/client-kinesis";
import type { CallContext } from "../../../protocols/operations.ts";
import { required } from "../errors.ts";
import { autoNeedsOnDemand } from "../on-demand.ts";
import type { KinesisState } from "../state/kinesis-state.ts";
import { activeStreamOf } from "../stream-address.ts";

/** AWS: in force at once; the records that are there stay where they are (AWS docs). */
export function updateStreamRecordDistributionStrategy(
  state: KinesisState,
  input: UpdateStreamRecordDistributionStrategyInput,
  call: CallContext,
): void {
  const strategy = required(input.RecordDistributionStrategy, "recordDistributionStrategy");
  const stream = activeStreamOf(state, { StreamARN: required(input.StreamARN, "streamARN") }, call);
  if (strategy === "AUTO" && stream.mode === "PROVISIONED") throw autoNeedsOnDemand();
  stream.distribution = strategy;
  state.keep(stream);
}
