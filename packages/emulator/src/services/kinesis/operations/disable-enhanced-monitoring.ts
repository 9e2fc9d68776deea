import type { EnhancedMonitoringOutput, DisableEnhancedMonitoringInput } from "@aws-sdk/client-kinesis";
import type { CallContext } from "../../../protocols/operations.ts";
import { metricsOf, monitoringOutput } from "../enhanced-monitoring.ts";
import { required } from "../errors.ts";
import type { KinesisState } from "../state/kinesis-state.ts";
import { shardLevelMetrics } from "../state/stream.ts";
import { activeStreamOf } from "../stream-address.ts";

export function disableEnhancedMonitoring(
  state: KinesisState,
  input: DisableEnhancedMonitoringInput,
  call: CallContext,
): EnhancedMonitoringOutput {
  const named = metricsOf(required(input.ShardLevelMetrics, "shardLevelMetrics"));
  const stream = activeStreamOf(state, input, call);
  const desired = shardLevelMetrics.filter((metric) => stream.metrics.includes(metric) && !named.includes(metric));
  const output = monitoringOutput(stream, desired);
  state.update(stream, { kind: "metrics", metrics: desired });
  return output;
}
