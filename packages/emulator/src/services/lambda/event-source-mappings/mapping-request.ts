import type { CreateEventSourceMappingRequest, UpdateEventSourceMappingRequest } from "@aws-sdk/client-lambda";
import { parseArn } from "../../../core/arns.ts";
import { AwsError, awsError } from "../../../protocols/errors.ts";
import { mappingFiltersOf } from "./filter-criteria.ts";
import type { RecordView } from "./filter/record-view.ts";
import type { CommonConfiguration, Mapping } from "./mapping.ts";

export type MappingRequest = CreateEventSourceMappingRequest | UpdateEventSourceMappingRequest;

/** A stream, or a consumer that is registered for enhanced fan-out: `stream/<name>/consumer/<name>:<epoch>`. */
const kinesisSource = /^stream\/[^/]+(\/consumer\/[^/]+:\d+)?$/;

/** `table/<name>/stream/<time of its creation>` */
const tableStream = /^table\/[^/]+\/stream\/[^/]+$/;

/**
 * Which source a mapping is to read. Throws AwsError for anything that is no ARN of a Kinesis stream, of one's consumer, of a
 * table's stream, or of an SQS queue.
 */
export function eventSourceOf(input: CreateEventSourceMappingRequest): {
  readonly kind: Mapping["kind"];
  readonly arn: string;
} {
  refuseSuccessDestination(input);
  const arn = input.EventSourceArn;
  if (arn === undefined) {
    if (input.SelfManagedEventSource !== undefined) throw notImplemented("self-managed event sources");
    throw invalid("Unrecognized event source.");
  }
  const parsed = parseArn(arn);
  if (parsed?.service === "sqs") return { kind: "queue", arn };
  if (parsed?.service === "kinesis" && kinesisSource.test(parsed.resource)) return { kind: "stream", arn };
  if (parsed?.service === "dynamodb" && tableStream.test(parsed.resource)) return { kind: "stream", arn };
  throw invalid(`Unrecognized event source. Unsupported source arn : ${arn}`);
}

/** AWS: this comes before everything else, even for a source and a function that do not exist (recorded on AWS). */
export function refuseSuccessDestination({ DestinationConfig }: MappingRequest): void {
  if (DestinationConfig?.OnSuccess === undefined) return;
  throw invalid("Unsupported DestinationConfig parameter for given event source mapping type.");
}

/** A parameter by its name in the request. */
export type ParameterName = keyof CreateEventSourceMappingRequest;

/** AWS: brokers and databases have these, streams and queues have not (AWS docs). */
export const parametersOfOtherSources = [
  "SourceAccessConfigurations",
  "SelfManagedEventSource",
  "Topics",
  "Queues",
  "AmazonManagedKafkaEventSourceConfig",
  "SelfManagedKafkaEventSourceConfig",
  "DocumentDBEventSourceConfig",
  "LoggingConfig",
] as const satisfies readonly ParameterName[];

/** Throws AwsError where a request has any of the parameters, which its kind of source has not. */
export function refuseParameters(input: MappingRequest, names: readonly ParameterName[]): void {
  const given: Readonly<Record<string, unknown>> = { ...input };
  const other = names.find((name) => given[name] !== undefined);
  if (other === undefined) return;
  throw unsupported(other.charAt(0).toLowerCase() + other.slice(1));
}

/** AWS: the text, with the parameter's name in camel case (AWS users' reports). */
export function unsupported(parameter: string): AwsError {
  return invalid(`Unsupported '${parameter}' parameter for given event source mapping type.`);
}

/** The settings that every kind of source has, after a request: what it does not name stays as it was. Throws AwsError. */
export function commonConfiguration<R>(
  input: MappingRequest,
  before: CommonConfiguration,
  view: RecordView<R>,
): CommonConfiguration {
  const key = input.KMSKeyArn ?? before.KMSKeyArn ?? "";
  const metrics = metricsOf(input) ?? before.MetricsConfig?.Metrics ?? [];
  const filters =
    input.FilterCriteria === undefined ? before.FilterCriteria : mappingFiltersOf(input.FilterCriteria, view);
  return {
    BatchSize: input.BatchSize ?? before.BatchSize,
    MaximumBatchingWindowInSeconds: input.MaximumBatchingWindowInSeconds ?? before.MaximumBatchingWindowInSeconds,
    FunctionResponseTypes:
      input.FunctionResponseTypes === undefined
        ? before.FunctionResponseTypes
        : input.FunctionResponseTypes.map(() => "ReportBatchItemFailures"),
    ...(filters === undefined ? {} : { FilterCriteria: filters }),
    ...(key === "" ? {} : { KMSKeyArn: key }),
    ...(metrics.length === 0 ? {} : { MetricsConfig: { Metrics: metrics } }),
  };
}

function metricsOf({ MetricsConfig }: MappingRequest): "EventCount"[] | undefined {
  return MetricsConfig?.Metrics?.map((metric) => {
    if (metric === "EventCount") return metric;
    // AWS: the other metrics are those of Kafka (AWS docs). Assumed: the text.
    throw invalid(`Unsupported metric ${metric} for given event source mapping type.`);
  });
}

export function invalid(message: string): AwsError {
  return awsError("InvalidParameterValueException", message, { Type: "User" });
}

/** For what AWS has and mappings here have not. */
export function notImplemented(what: string): AwsError {
  return new AwsError("NotImplementedException", `not implemented by LocalEmu: ${what}`, { statusCode: 501 });
}
