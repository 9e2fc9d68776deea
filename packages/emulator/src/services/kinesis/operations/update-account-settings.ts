import type { UpdateAccountSettingsInput, UpdateAccountSettingsOutput } from "@aws-sdk/client-kinesis";
import type { CallContext } from "../../../protocols/operations.ts";
import { commitmentOutput } from "../commitment-description.ts";
import { required } from "../errors.ts";
import type { KinesisState } from "../state/kinesis-state.ts";
import { disableCommitment, enableCommitment } from "../state/throughput-commitment.ts";

export function updateAccountSettings(
  state: KinesisState,
  input: UpdateAccountSettingsInput,
  { region }: CallContext,
): UpdateAccountSettingsOutput {
  const { Status: status } = required(input.MinimumThroughputBillingCommitment, "minimumThroughputBillingCommitment");
  const now = state.now();
  const before = state.commitmentOf(region);
  const commitment = status === "ENABLED" ? enableCommitment(before, now) : disableCommitment(before, now);
  state.setCommitment(region, commitment);
  return { MinimumThroughputBillingCommitment: commitmentOutput(commitment, now) };
}
