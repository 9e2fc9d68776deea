import type { UpdateShardCountInput, UpdateShardCountOutput } from "@aws-sdk/client-kinesis";
import type { CallContext } from "../../../protocols/operations.ts";
import { assertShardLimit } from "../account-limits.ts";
import { countDaily } from "../daily-quotas.ts";
import { required } from "../errors.ts";
import { assertProvisioned } from "../on-demand.ts";
import { assertShardCountStep, halves, neighbours } from "../shard-count.ts";
import type { KinesisState } from "../state/kinesis-state.ts";
import type { Stream } from "../state/stream.ts";
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
    state.update(stream, () => scale(state, stream, target));
  }
  return {
    StreamName: stream.name,
    StreamARN: stream.arn,
    CurrentShardCount: current,
    TargetShardCount: target,
  };
}

/** AWS: to grow, every shard is split, and then pairs are merged until the number is right (moto's suite, checked against AWS). */
function scale(state: KinesisState, stream: Stream, target: number): void {
  if (target > stream.openShards.length) {
    const splits = stream.openShards.map((shard) => ({ parents: [shard], ranges: halves(shard.range) }));
    state.reshard(stream, splits);
  }
  const merges = neighbours(stream.openShards, stream.openShards.length - target);
  if (merges.length > 0) state.reshard(stream, merges);
}
