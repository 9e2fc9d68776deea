const shortestMs = 24 * 3_600_000;

export type CommitmentStatus = "ENABLED" | "DISABLED" | "ENABLED_UNTIL_EARLIEST_ALLOWED_END";

/** An account's commitment to pay for a minimum throughput in one region. World times, milliseconds since the epoch. */
export type ThroughputCommitment = {
  readonly startedAt?: number;
  readonly endedAt?: number;
  /** It was disabled before it may end, and ends by itself at that time. */
  readonly ending?: boolean;
};

export const noCommitment: ThroughputCommitment = {};

export interface CommitmentDescription {
  readonly status: CommitmentStatus;
  readonly startedAt: number | undefined;
  readonly endedAt: number | undefined;
  readonly earliestAllowedEnd: number | undefined;
}

/** AWS: a commitment lasts for 24 hours at least; one that is disabled earlier stays until then (AWS docs). */
export function describeCommitment(commitment: ThroughputCommitment, now: number): CommitmentDescription {
  const { startedAt, endedAt, ending } = commitment;
  const none = { status: "DISABLED", startedAt, earliestAllowedEnd: undefined } as const;
  if (startedAt === undefined || endedAt !== undefined) return { ...none, endedAt };
  const earliestAllowedEnd = startedAt + shortestMs;
  if (ending !== true) return { status: "ENABLED", startedAt, endedAt, earliestAllowedEnd };
  if (now >= earliestAllowedEnd) return { ...none, endedAt: earliestAllowedEnd };
  return { status: "ENABLED_UNTIL_EARLIEST_ALLOWED_END", startedAt, endedAt, earliestAllowedEnd };
}

/** Enabling one that is about to end lets it go on (AWS docs). */
export function enableCommitment(commitment: ThroughputCommitment, now: number): ThroughputCommitment {
  const { status, startedAt } = describeCommitment(commitment, now);
  return status === "DISABLED" || startedAt === undefined ? { startedAt: now } : { startedAt };
}

export function disableCommitment(commitment: ThroughputCommitment, now: number): ThroughputCommitment {
  const { status, startedAt, earliestAllowedEnd } = describeCommitment(commitment, now);
  if (status === "DISABLED" || startedAt === undefined || earliestAllowedEnd === undefined) return commitment;
  return now >= earliestAllowedEnd ? { startedAt, endedAt: now } : { startedAt, ending: true };
}
