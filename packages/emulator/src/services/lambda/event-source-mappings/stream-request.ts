import type { CreateEventSourceMappingRequest } from "@aws-sdk/client-lambda";
import { parseArn } from "../../../core/arns.ts";
import { noRecordsProcessed } from "./mapping.ts";
import type { StartingPosition, StreamConfiguration, StreamMembers, StreamProgress } from "./mapping.ts";
import {
  commonConfiguration,
  invalid,
  notImplemented,
  parametersOfOtherSources,
  refuseParameters,
  refuseSuccessDestination,
} from "./mapping-request.ts";
import type { MappingRequest } from "./mapping-request.ts";
import { streamFormatOf } from "./stream-format.ts";

/** AWS: the defaults of a stream's mapping (recorded on AWS). */
export const streamDefaults: StreamConfiguration = {
  BatchSize: 100,
  MaximumBatchingWindowInSeconds: 0,
  ParallelizationFactor: 1,
  MaximumRecordAgeInSeconds: -1,
  MaximumRetryAttempts: -1,
  BisectBatchOnFunctionError: false,
  TumblingWindowInSeconds: 0,
  FunctionResponseTypes: [],
  DestinationConfig: { OnFailure: {} },
};

/** What a request makes of a new mapping of a stream, which has come nowhere yet. Throws AwsError. */
export function newStreamMembers(
  input: CreateEventSourceMappingRequest,
  arn: string,
  now: number,
  progress: StreamProgress,
): StreamMembers {
  return {
    kind: "stream",
    startingPosition: startingPositionOf(input, arn, now),
    configuration: streamConfigurationOf(input, streamDefaults, arn),
    lastProcessingResult: noRecordsProcessed,
    resultBeforeDenial: undefined,
    streamId: undefined,
    ...progress,
  };
}

function startingPositionOf(input: CreateEventSourceMappingRequest, arn: string, now: number): StartingPosition {
  const kind = input.StartingPosition;
  if (kind === undefined) {
    // AWS: InvalidParameterValueException and a full stop, unlike other constraints (recorded on AWS).
    throw invalid(
      "1 validation error detected: Value null at 'startingPosition' failed to satisfy constraint: Member must not be null.",
    );
  }
  const timestamp = input.StartingPositionTimestamp;
  if (kind === "TRIM_HORIZON" || kind === "LATEST") {
    // Assumed: the timestamp is refused with another position, for it would mean nothing.
    if (timestamp !== undefined) refuseParameters(input, ["StartingPositionTimestamp"]);
    return { kind };
  }
  // AWS: the text (recorded on AWS).
  if (!streamFormatOf(arn).startsAtTimestamp) throw invalid(`Unsupported starting position for arn type: ${arn}`);
  if (timestamp === undefined) throw invalid("Need to specify a timestamp");
  // Assumed: the text. AWS docs: the timestamp cannot be in the future.
  if (timestamp.getTime() > now) throw invalid("StartingPositionTimestamp must not be in the future");
  return { kind, timestamp };
}

/** A mapping's settings after a request: what it does not name stays as it was. Throws AwsError. */
export function streamConfigurationOf(
  input: MappingRequest,
  before: StreamConfiguration,
  arn: string,
): StreamConfiguration {
  // AWS docs: queues and brokers have the first two, streams have not.
  refuseParameters(input, ["ScalingConfig", "ProvisionedPollerConfig", ...parametersOfOtherSources]);
  const age = input.MaximumRecordAgeInSeconds ?? before.MaximumRecordAgeInSeconds;
  if (age !== -1 && age < 60) {
    throw invalid("MaximumRecordAgeInSeconds must be either -1 (forever) or between 60 and 604800 (inclusive)");
  }
  refuseSuccessDestination(input);
  const configuration = {
    ...commonConfiguration(input, before, streamFormatOf(arn).view),
    ParallelizationFactor: input.ParallelizationFactor ?? before.ParallelizationFactor,
    MaximumRecordAgeInSeconds: age,
    MaximumRetryAttempts: input.MaximumRetryAttempts ?? before.MaximumRetryAttempts,
    BisectBatchOnFunctionError: input.BisectBatchOnFunctionError ?? before.BisectBatchOnFunctionError,
    TumblingWindowInSeconds: input.TumblingWindowInSeconds ?? before.TumblingWindowInSeconds,
  };
  if (input.DestinationConfig === undefined) return { ...configuration, DestinationConfig: before.DestinationConfig };
  const { OnFailure } = input.DestinationConfig;
  // AWS: the text (AWS users' reports).
  if (OnFailure !== undefined && OnFailure.Destination === undefined) {
    throw invalid("The Destination field is required for an OnFailure configuration.");
  }
  const Destination = OnFailure?.Destination ?? "";
  if (Destination === "") return { ...configuration, DestinationConfig: { OnFailure: {} } };
  refuseDestination(Destination);
  return { ...configuration, DestinationConfig: { OnFailure: { Destination } } };
}

/** Reports go to standard queues, standard topics and buckets (AWS docs); whether one exists shows with the first report. */
function refuseDestination(destination: string): void {
  if (destination.startsWith("kafka://")) throw notImplemented("Kafka topics as destinations");
  const arn = parseArn(destination);
  const isFifo = arn?.resource.endsWith(".fifo") === true;
  if (arn?.service === "s3" || ((arn?.service === "sqs" || arn?.service === "sns") && !isFifo)) return;
  // Assumed: the text, which is the one that AWS has for destinations of asynchronous invocations.
  throw invalid(`The destination ARN ${destination} is invalid.`);
}
