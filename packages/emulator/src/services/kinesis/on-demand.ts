import type { WarmThroughputObject } from "@aws-sdk/client-kinesis";
import { validationException } from "../../protocols/errors.ts";
import type { AwsError } from "../../protocols/errors.ts";
import { invalidArgument } from "./errors.ts";
import type { KinesisState } from "./state/kinesis-state.ts";
import type { Stream, StreamMode } from "./state/stream.ts";
import { describeCommitment } from "./state/throughput-commitment.ts";

/** Throws when the number of shards is the service's own business. */
export function assertProvisioned(stream: Stream, account: string): void {
  if (stream.mode === "PROVISIONED") return;
  // AWS: the text (moto's suite, checked against AWS).
  throw validationException(`Request is invalid. Stream ${stream.name} under account ${account} is in On-Demand mode.`);
}

/** Assumed: the text. */
export function autoNeedsOnDemand(): AwsError {
  return invalidArgument("RecordDistributionStrategy AUTO is only supported for streams in On-Demand mode.");
}

/** AWS: what warm throughput needs (AWS docs). Assumed: the code and both texts. */
export function assertWarmThroughput(state: KinesisState, region: string, mode: StreamMode): void {
  if (mode !== "ON_DEMAND")
    throw invalidArgument("WarmThroughputMiBps is only supported for streams in On-Demand mode.");
  const { status } = describeCommitment(state.commitmentOf(region), state.now());
  if (status === "DISABLED")
    throw invalidArgument("WarmThroughputMiBps requires an enabled minimum throughput billing commitment.");
}

/** Assumed: a stream is scaled as soon as its update is done. */
export function describeWarmThroughput(target: number, current: number | undefined): WarmThroughputObject {
  return { TargetMiBps: target, ...(current !== undefined && { CurrentMiBps: current }) };
}
