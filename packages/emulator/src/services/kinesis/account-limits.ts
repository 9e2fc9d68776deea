import type { CallContext } from "../../protocols/operations.ts";
import { limitExceeded } from "./errors.ts";
import type { KinesisState } from "./state/kinesis-state.ts";
import type { Stream } from "./state/stream.ts";

/** AWS: the documented default quota. */
export const onDemandStreamLimit = 50;

export function onDemandStreams(state: KinesisState, region: string): readonly Stream[] {
  return state.streamsOf(region).filter((stream) => stream.mode === "ON_DEMAND");
}

/** Open shards of a region's provisioned streams: those that count against the limit. */
export function openShardCount(state: KinesisState, region: string): number {
  const streams = state.streamsOf(region).filter((stream) => stream.mode === "PROVISIONED");
  return streams.reduce((sum, stream) => sum + stream.openShards.length, 0);
}

/** Throws when the region cannot have `additional` more open shards. */
export function assertShardLimit(state: KinesisState, additional: number, { region, accountId }: CallContext): void {
  const { shardLimit } = state.ports.settings;
  const openShards = openShardCount(state, region);
  if (openShards + additional <= shardLimit) return;
  throw limitExceeded(
    `This request would exceed the shard limit for the account ${accountId} in ${region}. Current shard count for the ` +
      `account: ${openShards}. Limit: ${shardLimit}. Number of additional shards that would have resulted from this ` +
      `request: ${additional}. Refer to the AWS Service Limits page ` +
      "(http://docs.aws.amazon.com/general/latest/gr/aws_service_limits.html) for current limits and how to request " +
      "higher limits.",
  );
}

/** Throws when the region cannot have another on-demand stream. */
export function assertOnDemandLimit(state: KinesisState, { region, accountId }: CallContext): void {
  const count = onDemandStreams(state, region).length;
  if (count < onDemandStreamLimit) return;
  throw limitExceeded(
    "This request would exceed the limit on the number of On-Demand streams for the account " +
      `${accountId} in ${region}. Current On-Demand streams count: ${count}. Limit: ${onDemandStreamLimit}.`,
  );
}
