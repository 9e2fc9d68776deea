import type { EnhancedMonitoringOutput, MetricsName } from "@aws-sdk/client-kinesis";
import { shardLevelMetrics } from "./state/stream.ts";
import type { ShardLevelMetric, Stream } from "./state/stream.ts";

/** AWS: `ALL` means each of them (AWS docs). */
export function metricsOf(names: readonly MetricsName[]): readonly ShardLevelMetric[] {
  return shardLevelMetrics.filter((metric) => names.includes("ALL") || names.includes(metric));
}

/** What Enable- and DisableEnhancedMonitoring answer. */
export function monitoringOutput(stream: Stream, desired: readonly ShardLevelMetric[]): EnhancedMonitoringOutput {
  return {
    StreamName: stream.name,
    CurrentShardLevelMetrics: [...stream.metrics],
    DesiredShardLevelMetrics: [...desired],
    StreamARN: stream.arn,
  };
}
