import type { MinimumThroughputBillingCommitmentOutput } from "@aws-sdk/client-kinesis";
import { describeCommitment } from "./state/throughput-commitment.ts";
import type { ThroughputCommitment } from "./state/throughput-commitment.ts";

/** A commitment as both operations on account settings tell it. */
export function commitmentOutput(
  commitment: ThroughputCommitment,
  now: number,
): MinimumThroughputBillingCommitmentOutput {
  const { status, startedAt, endedAt, earliestAllowedEnd } = describeCommitment(commitment, now);
  return {
    Status: status,
    ...(startedAt !== undefined && { StartedAt: new Date(startedAt) }),
    ...(endedAt !== undefined && { EndedAt: new Date(endedAt) }),
    ...(earliestAllowedEnd !== undefined && { EarliestAllowedEndAt: new Date(earliestAllowedEnd) }),
  };
}
