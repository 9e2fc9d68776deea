import type { UpdateShardCountInput, UpdateShardCountOutput } from "@aws-sdk/client-kinesis";
import type { CallContext } from "../../../protocols/operations.ts";
import { assertShardLimit } from "../account-limits.ts";
import { countDaily } from "../daily-quotas.ts";
import { required } from "../errors.ts";
import { assertProvisioned } from "../on-demand.ts";
import { assertShardCountStep } from "../shard-count.ts";
import type { KinesisState } from "../state/kinesis-state.ts";
import { activeStreamOf } from "../stream-address.ts";

export function updateShardCount(
  state: KinesisState,
  input: UpdateShardCountInput,
  call: CallContext,
): UpdateShardCountOutput {
  const target = required(input.TargetShardCount, "targetShardCount");
  const stream = activeStreamOf(state, input, call);
  assertProvisioned(stream, call.accountId);
  const current = stream.openShards.length;
  assertShardCountStep(current, target, state.ports.settings.shardLimit);
  assertShardLimit(state, target - current, { ...call, region: stream.region });
  // Assumed: the same number changes nothing.
  if (target !== current) {
    countDaily(state, stream, "UpdateShardCount", call.accountId);
    state.update(stream, { kind: "shardCount", target });
  }
  return {
    StreamName: stream.name,
    StreamARN: stream.arn,
    CurrentShardCount: current,
    TargetShardCount: target,
  };
}
