import type { DescribeAccountSettingsInput, DescribeAccountSettingsOutput } from "@aws-sdk/client-kinesis";
import type { CallContext } from "../../../protocols/operations.ts";
import { commitmentOutput } from "../commitment-description.ts";
import type { KinesisState } from "../state/kinesis-state.ts";

export function describeAccountSettings(
  state: KinesisState,
  _input: DescribeAccountSettingsInput,
  { region }: CallContext,
): DescribeAccountSettingsOutput {
  return { MinimumThroughputBillingCommitment: commitmentOutput(state.commitmentOf(region), state.now()) };
}
