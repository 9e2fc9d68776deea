import type { CreateEventSourceMappingRequest } from "@aws-sdk/client-lambda";
import { sqsView } from "./filter/sqs-view.ts";
import type { QueueConfiguration, QueueMembers } from "./mapping.ts";
import {
  commonConfiguration,
  invalid,
  notImplemented,
  parametersOfOtherSources,
  refuseParameters,
  refuseSuccessDestination,
} from "./mapping-request.ts";
import type { MappingRequest, ParameterName } from "./mapping-request.ts";

/** AWS: the defaults of a queue's mapping (recorded on AWS). */
const defaults: QueueConfiguration = {
  BatchSize: 10,
  MaximumBatchingWindowInSeconds: 0,
  FunctionResponseTypes: [],
};

/** AWS: one receive gives ten messages at most (SQS API reference). */
const mostPerReceive = 10;

/** AWS: the queue itself says what becomes of messages that fail (AWS docs). */
const parametersOfStreams = [
  "StartingPosition",
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
  if (input.ProvisionedPollerConfig !== undefined) throw notImplemented("ProvisionedPollerConfig");
  const configuration = commonConfiguration(input, before, sqsView);
  refuseBatch(configuration, arn);
  const concurrency =
    input.ScalingConfig === undefined
      ? before.ScalingConfig?.MaximumConcurrency
      : input.ScalingConfig.MaximumConcurrency;
  return {
    ...configuration,
    ...(concurrency === undefined ? {} : { ScalingConfig: { MaximumConcurrency: concurrency } }),
  };
}

function refuseBatch({ BatchSize, MaximumBatchingWindowInSeconds }: QueueConfiguration, arn: string): void {
  if (arn.endsWith(".fifo")) {
    // AWS: the text, which comes even for a batch that is too large (AWS users' reports).
    if (MaximumBatchingWindowInSeconds > 0) throw invalid("Batching window is not supported for FIFO queues");
    // AWS: ten is the most (AWS docs). Assumed: the text.
    if (BatchSize > mostPerReceive) throw invalid("Maximum batch size for FIFO queues is 10");
    return;
  }
  if (BatchSize <= mostPerReceive || MaximumBatchingWindowInSeconds > 0) return;
  // AWS: the text (recorded on AWS).
  throw invalid("Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than 10");
}
