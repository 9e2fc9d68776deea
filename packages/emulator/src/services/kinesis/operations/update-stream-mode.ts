import type { UpdateStreamModeInput } from "@aws-sdk/client-kinesis";
import type { CallContext } from "../../../protocols/operations.ts";
import { assertOnDemandLimit, assertShardLimit } from "../account-limits.ts";
import { countDaily } from "../daily-quotas.ts";
import { required } from "../errors.ts";
import { assertWarmThroughput } from "../on-demand.ts";
import type { KinesisState } from "../state/kinesis-state.ts";
import { activeStreamOf } from "../stream-address.ts";

/** Assumed: switching to the mode that there is changes nothing. */
export function updateStreamMode(state: KinesisState, input: UpdateStreamModeInput, call: CallContext): void {
  const details = required(input.StreamModeDetails, "streamModeDetails");
  const mode = required(details.StreamMode, "streamModeDetails.streamMode");
  const warmThroughput = input.WarmThroughputMiBps || undefined;
  const stream = activeStreamOf(state, input, call);
  if (warmThroughput !== undefined) assertWarmThroughput(state, stream.region, mode);
  if (mode === stream.mode) return;
  const regional = { ...call, region: stream.region };
  if (mode === "ON_DEMAND") assertOnDemandLimit(state, regional);
  else assertShardLimit(state, stream.openShards.length, regional);
  countDaily(state, stream, "UpdateStreamMode", call.accountId);
  state.update(stream, { kind: "mode", mode, warmThroughput });
}
