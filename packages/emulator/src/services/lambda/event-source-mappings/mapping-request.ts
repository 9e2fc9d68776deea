import type { CreateEventSourceMappingRequest, UpdateEventSourceMappingRequest } from "@aws-sdk/client-lambda";
import { parseArn } from "../../../core/arns.ts";
import { AwsError, awsError } from "../../../protocols/errors.ts";
import { mappingFiltersOf } from "./filter-criteria.ts";
import { kinesisView } from "./filter/kinesis-view.ts";
import type { MappingConfiguration, StartingPosition } from "./mapping.ts";

type MappingRequest = CreateEventSourceMappingRequest | UpdateEventSourceMappingRequest;

/** AWS: the defaults of a stream's mapping (recorded on AWS). */
export const defaultConfiguration: MappingConfiguration = {
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

/** The stream that a mapping is to read. Throws AwsError for anything that is no Kinesis stream's ARN. */
export function eventSourceOf(input: CreateEventSourceMappingRequest): string {
  // AWS: these two come before everything else, even for a function that does not exist (recorded on AWS).
  if (input.DestinationConfig?.OnSuccess !== undefined) {
    throw invalid("Unsupported DestinationConfig parameter for given event source mapping type.");
  }
  const arn = input.EventSourceArn;
  if (arn === undefined) {
    if (input.SelfManagedEventSource !== undefined) throw notYet("self-managed event sources");
    throw invalid("Unrecognized event source.");
  }
  const parsed = parseArn(arn);
  if (parsed?.service === "kinesis" && /^stream\/[^/]+$/.test(parsed.resource)) return arn;
  if (parsed?.service === "kinesis") throw notYet("enhanced fan-out consumers as event sources");
  if (parsed?.service === "sqs" || parsed?.service === "dynamodb") throw notYet(`${parsed.service} event sources`);
  throw invalid(`Unrecognized event source. Unsupported source arn : ${arn}`);
}

/** Where a new mapping begins to read. Throws AwsError. */
export function startingPositionOf(input: CreateEventSourceMappingRequest, now: number): StartingPosition {
  const kind = input.StartingPosition;
  if (kind === undefined) {
    // AWS: InvalidParameterValueException and a full stop, unlike other constraints (recorded on AWS).
    throw invalid(
      "1 validation error detected: Value null at 'startingPosition' failed to satisfy constraint: Member must not be null.",
    );
  }
  const timestamp = input.StartingPositionTimestamp;
  if (kind === "TRIM_HORIZON" || kind === "LATEST") return { kind };
  if (timestamp === undefined) throw invalid("Need to specify a timestamp");
  // Assumed: the text. AWS docs: the timestamp cannot be in the future.
  if (timestamp.getTime() > now) throw invalid("StartingPositionTimestamp must not be in the future");
  return { kind, timestamp };
}

/** A mapping's settings after a request: what it does not name stays as it was. Throws AwsError. */
export function configurationOf(input: MappingRequest, before: MappingConfiguration): MappingConfiguration {
  declineOpenFeatures(input);
  const age = input.MaximumRecordAgeInSeconds ?? before.MaximumRecordAgeInSeconds;
  if (age !== -1 && age < 60) {
    throw invalid("MaximumRecordAgeInSeconds must be either -1 (forever) or between 60 and 604800 (inclusive)");
  }
  if (input.DestinationConfig?.OnSuccess !== undefined) {
    throw invalid("Unsupported DestinationConfig parameter for given event source mapping type.");
  }
  const destination = input.DestinationConfig?.OnFailure?.Destination;
  const filters =
    input.FilterCriteria === undefined ? before.FilterCriteria : mappingFiltersOf(input.FilterCriteria, kinesisView);
  if (destination !== undefined && destination !== "") refuseDestination(destination);
  return {
    BatchSize: input.BatchSize ?? before.BatchSize,
    MaximumBatchingWindowInSeconds: input.MaximumBatchingWindowInSeconds ?? before.MaximumBatchingWindowInSeconds,
    ParallelizationFactor: input.ParallelizationFactor ?? before.ParallelizationFactor,
    MaximumRecordAgeInSeconds: age,
    MaximumRetryAttempts: input.MaximumRetryAttempts ?? before.MaximumRetryAttempts,
    BisectBatchOnFunctionError: input.BisectBatchOnFunctionError ?? before.BisectBatchOnFunctionError,
    TumblingWindowInSeconds: before.TumblingWindowInSeconds,
    FunctionResponseTypes:
      input.FunctionResponseTypes === undefined
        ? before.FunctionResponseTypes
        : input.FunctionResponseTypes.map(() => "ReportBatchItemFailures"),
    DestinationConfig:
      input.DestinationConfig === undefined
        ? before.DestinationConfig
        : { OnFailure: destination === undefined || destination === "" ? {} : { Destination: destination } },
    ...(filters === undefined ? {} : { FilterCriteria: filters }),
  };
}

/** Reports go to standard queues, standard topics and buckets (AWS docs); whether one exists shows with the first report. */
function refuseDestination(destination: string): void {
  if (destination.startsWith("kafka://")) throw notYet("Kafka topics as destinations");
  const arn = parseArn(destination);
  const isFifo = arn?.resource.endsWith(".fifo") === true;
  if (arn?.service === "s3" || ((arn?.service === "sqs" || arn?.service === "sns") && !isFifo)) return;
  // Assumed: the text, which is the one that AWS has for destinations of asynchronous invocations.
  throw invalid(`The destination ARN ${destination} is invalid.`);
}

/** What AWS has and mappings here have not. */
function declineOpenFeatures(input: MappingRequest): void {
  if ((input.TumblingWindowInSeconds ?? 0) > 0) throw notYet("TumblingWindowInSeconds");
  if (input.KMSKeyArn !== undefined && input.KMSKeyArn !== "") throw notYet("KMSKeyArn");
  if ((input.MetricsConfig?.Metrics ?? []).length > 0) throw notYet("MetricsConfig");
  const given: Readonly<Record<string, unknown>> = { ...input };
  const other = parametersOfOtherSources.find((name) => given[name] !== undefined);
  if (other === undefined) return;
  // AWS: the text, with the parameter's name in camel case (AWS users' reports).
  const parameter = other.charAt(0).toLowerCase() + other.slice(1);
  throw invalid(`Unsupported '${parameter}' parameter for given event source mapping type.`);
}

// AWS docs: queues and brokers have these, streams have not.
const parametersOfOtherSources = [
  "ScalingConfig",
  "ProvisionedPollerConfig",
  "SourceAccessConfigurations",
  "SelfManagedEventSource",
  "Topics",
  "Queues",
  "AmazonManagedKafkaEventSourceConfig",
  "SelfManagedKafkaEventSourceConfig",
  "DocumentDBEventSourceConfig",
  "LoggingConfig",
] as const satisfies readonly (keyof CreateEventSourceMappingRequest)[];

export function invalid(message: string): AwsError {
  return awsError("InvalidParameterValueException", message, { Type: "User" });
}

function notYet(what: string): AwsError {
  return new AwsError("NotImplementedException", `not implemented by LocalEmu: ${what}`, { statusCode: 501 });
}
