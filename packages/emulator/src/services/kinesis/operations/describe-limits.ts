import type { DescribeLimitsInput, DescribeLimitsOutput } from "@aws-sdk/client-kinesis";
import type { CallContext } from "../../../protocols/operations.ts";
import { onDemandStreamLimit, onDemandStreams, openShardCount } from "../account-limits.ts";
import type { KinesisState } from "../state/kinesis-state.ts";

/** Assumed: the limit where there are no channels at all. */
const channelLimit = 0;

export function describeLimits(
  state: KinesisState,
  _input: DescribeLimitsInput,
  { region }: CallContext,
): DescribeLimitsOutput {
  return {
    ShardLimit: state.ports.settings.shardLimit,
    OpenShardCount: openShardCount(state, region),
    OnDemandStreamCount: onDemandStreams(state, region).length,
    OnDemandStreamCountLimit: onDemandStreamLimit,
    ChannelCount: 0,
    ChannelCountLimit: channelLimit,
  };
}
