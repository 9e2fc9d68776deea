import type { CreateEventSourceMappingRequest } from "@aws-sdk/client-lambda";
import { sqsView } from "./filter/sqs-view.ts";
import type { QueueConfiguration, QueueMembers } from "./mapping.ts";
import {
  commonConfiguration,
  invalid,
  parametersOfOtherSources,
  refuseParameters,
  refuseSuccessDestination,
  unsupported,
} from "./mapping-request.ts";
import type { MappingRequest, ParameterName } from "./mapping-request.ts";
import type { MappedFunction } from "./ports.ts";
import type { QueueSource } from "./queue/queue-source.ts";

/** AWS: the defaults of a queue's mapping (recorded on AWS). */
const defaults: QueueConfiguration = {
  BatchSize: 10,
  MaximumBatchingWindowInSeconds: 0,
  FunctionResponseTypes: [],
};

/** AWS: one receive gives ten messages at most (SQS API reference). */
const mostPerReceive = 10;

/** AWS: a queue has two pollers at least, and 200 at most unless more are asked for (AWS docs). */
const fewestPollers = 2;
const mostPollers = 200;

/** AWS: the queue itself says what becomes of messages that fail (AWS docs). */
const parametersOfStreams = [
  "StartingPositionTimestamp",
  "ParallelizationFactor",
  "MaximumRecordAgeInSeconds",
  "MaximumRetryAttempts",
  "BisectBatchOnFunctionError",
  "TumblingWindowInSeconds",
  "DestinationConfig",
] as const satisfies readonly ParameterName[];

/** What a request makes of a new mapping of a queue. Throws AwsError. */
export function newQueueMembers(input: CreateEventSourceMappingRequest, arn: string): QueueMembers {
  // AWS: the text (AWS users' reports).
  if (input.StartingPosition !== undefined) throw invalid("StartingPosition is not valid for SQS event sources.");
  return { kind: "queue", configuration: queueConfigurationOf(input, defaults, arn) };
}

/** A mapping's settings after a request: what it does not name stays as it was. Throws AwsError. */
export function queueConfigurationOf(
  input: MappingRequest,
  before: QueueConfiguration,
  arn: string,
): QueueConfiguration {
  refuseSuccessDestination(input);
  refuseParameters(input, [...parametersOfStreams, ...parametersOfOtherSources]);
  const { BatchSize = before.BatchSize, MaximumBatchingWindowInSeconds: window } = input;
  refuseBatch(BatchSize, window ?? before.MaximumBatchingWindowInSeconds, arn);
  return { ...commonConfiguration(input, before, sqsView), ...scalingOf(input, before) };
}

type Scaling = Pick<QueueConfiguration, "ScalingConfig" | "ProvisionedPollerConfig">;

/** An empty configuration takes back what was set before (AWS docs, for ScalingConfig). */
function scalingOf(input: MappingRequest, before: Scaling): Scaling {
  const { MaximumConcurrency } = input.ScalingConfig ?? before.ScalingConfig ?? {};
  const { MinimumPollers, MaximumPollers } = input.ProvisionedPollerConfig ?? before.ProvisionedPollerConfig ?? {};
  const hasPollers = MinimumPollers !== undefined || MaximumPollers !== undefined;
  // AWS: these limits (AWS docs). Assumed: the texts.
  if (input.ProvisionedPollerConfig?.PollerGroupName !== undefined) throw unsupported("pollerGroupName");
  if (hasPollers && MaximumConcurrency !== undefined) {
    throw invalid("MaximumConcurrency cannot be set together with ProvisionedPollerConfig");
  }
  const pollers = { MinimumPollers: MinimumPollers ?? fewestPollers, MaximumPollers: MaximumPollers ?? mostPollers };
  if (pollers.MinimumPollers < fewestPollers || pollers.MaximumPollers < fewestPollers) {
    throw invalid(`MinimumPollers and MaximumPollers must be at least ${fewestPollers} for SQS event sources`);
  }
  if (pollers.MinimumPollers > pollers.MaximumPollers) {
    throw invalid("MinimumPollers must be less than or equal to MaximumPollers");
  }
  return {
    ...(MaximumConcurrency === undefined ? {} : { ScalingConfig: { MaximumConcurrency } }),
    ...(hasPollers ? { ProvisionedPollerConfig: pollers } : {}),
  };
}

function refuseBatch(batchSize: number, windowSeconds: number, arn: string): void {
  if (arn.endsWith(".fifo")) {
    // AWS: the text, which comes even for a batch that is too large (AWS users' reports).
    if (windowSeconds > 0) throw invalid("Batching window is not supported for FIFO queues");
    // AWS: ten is the most (AWS docs). Assumed: the text is still the one that all queues had (AWS users' reports).
    if (batchSize > mostPerReceive) throw invalid("Maximum batch size must be between 1 and 10 inclusive");
    return;
  }
  if (batchSize <= mostPerReceive || windowSeconds > 0) return;
  // AWS: the text (recorded on AWS).
  throw invalid("Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than 10");
}

/** Throws AwsError where messages would become visible again while the function still works on them. */
export function refuseShortVisibility(queue: QueueSource, { timeoutMs }: MappedFunction): void {
  const visibilityMs = queue.visibilityTimeoutMs();
  if (visibilityMs >= timeoutMs) return;
  // AWS: the text (AWS users' reports).
  throw invalid(
    `Queue visibility timeout: ${visibilityMs / 1000} seconds is less than Function timeout: ${timeoutMs / 1000} seconds`,
  );
}
