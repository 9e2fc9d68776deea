import type { EventSourceMappingConfiguration } from "@aws-sdk/client-lambda";
import { eventSourceMappingArn, parseArn } from "../../../core/arns.ts";
import type { Tags } from "../tags.ts";
import type { MappingFilters } from "./filter-criteria.ts";
import type { MappedFunction } from "./ports.ts";
import type { Checkpoint } from "./stream/checkpoint.ts";
import type { GivenUp } from "./stream/given-up.ts";

export type MappingState = "Creating" | "Enabling" | "Enabled" | "Disabling" | "Disabled" | "Updating" | "Deleting";

// AWS: the text, until the first batch (recorded on AWS).
export const noRecordsProcessed = "No records processed";
/** What a mapping says when its source is gone. Assumed: both texts. */
export function streamNotFound(arn: string): string {
  return isConsumerArn(arn) ? "PROBLEM: Stream consumer not found" : "PROBLEM: Stream not found";
}

/** Whether the ARN of a stream's mapping is that of a consumer, to which Lambda subscribes for enhanced fan-out. */
export function isConsumerArn(arn: string): boolean {
  return parseArn(arn)?.resource.includes("/consumer/") === true;
}

// AWS: the text (AWS users' reports). Assumed: that a bug of the emulator is told so.
export const internalError = "PROBLEM: internal Lambda error. Please contact Lambda customer support.";

/** An event source mapping. What it reads from decides what else it has. */
export type Mapping = MappingOfStream | MappingOfQueue;

interface MappingOfAnySource {
  readonly uuid: string;
  /** Of the world's mappings, in the order in which they were made. */
  readonly number: number;
  readonly region: string;
  readonly eventSourceArn: string;
  function: MappedFunction;
  enabled: boolean;
  state: MappingState;
  tags: Tags;
  /** World time, milliseconds. */
  lastModified: number;
}

/** A mapping of a Kinesis stream, of a consumer of one, or of a table's stream. */
export interface MappingOfStream extends MappingOfAnySource, StreamMembers {}

/** What the mapping of a stream has beyond what every mapping has. */
export interface StreamMembers extends StreamProgress {
  readonly kind: "stream";
  configuration: StreamConfiguration;
  readonly startingPosition: StartingPosition;
  lastProcessingResult: string;
  /** What it said of its last invocation, while it says that it may not read. */
  resultBeforeDenial: string | undefined;
  /** The stream that the checkpoints are of; undefined until the mapping has begun to read. */
  streamId: string | undefined;
}

/** How far the mapping of a stream has come. */
export interface StreamProgress {
  readonly checkpoints: Checkpoints;
  readonly givenUp: GivenUp;
}

/** By shard id: a `Map`, or one that is kept. */
export interface Checkpoints extends Iterable<[string, Checkpoint]> {
  get(shardId: string): Checkpoint | undefined;
  set(shardId: string, checkpoint: Checkpoint): unknown;
  delete(shardId: string): unknown;
  clear(): void;
  keys(): Iterable<string>;
}

/** A mapping of an SQS queue. */
export interface MappingOfQueue extends MappingOfAnySource, QueueMembers {}

/** What the mapping of a queue has beyond what every mapping has. */
export interface QueueMembers {
  readonly kind: "queue";
  configuration: QueueConfiguration;
}

export type StartingPosition =
  | { readonly kind: "TRIM_HORIZON" }
  | { readonly kind: "LATEST" }
  | { readonly kind: "AT_TIMESTAMP"; readonly timestamp: Date };

/** What mappings of every kind are set to, with AWS's names and units. */
export interface CommonConfiguration {
  readonly BatchSize: number;
  readonly MaximumBatchingWindowInSeconds: number;
  readonly FunctionResponseTypes: "ReportBatchItemFailures"[];
  /** Absent: every record goes to the function. */
  readonly FilterCriteria?: MappingFilters;
  /** A key that the filters would be encrypted with; here nothing is. */
  readonly KMSKeyArn?: string;
  /** Metrics that CloudWatch, which is not here, would have. */
  readonly MetricsConfig?: { readonly Metrics: "EventCount"[] };
}

export interface StreamConfiguration extends CommonConfiguration {
  readonly ParallelizationFactor: number;
  /** -1: no limit but the stream's retention. */
  readonly MaximumRecordAgeInSeconds: number;
  /** -1: no limit. */
  readonly MaximumRetryAttempts: number;
  readonly BisectBatchOnFunctionError: boolean;
  readonly TumblingWindowInSeconds: number;
  readonly DestinationConfig: { readonly OnFailure: { readonly Destination?: string } };
}

export interface QueueConfiguration extends CommonConfiguration {
  /** Absent: as many batches side by side as Lambda scales to. */
  readonly ScalingConfig?: { readonly MaximumConcurrency: number };
  readonly ProvisionedPollerConfig?: { readonly MinimumPollers: number; readonly MaximumPollers: number };
}

// AWS: what a mapping says of itself, whatever operation asks; queues say much less (recorded on AWS).
export function describeMapping(mapping: Mapping): EventSourceMappingConfiguration {
  return {
    ...mapping.configuration,
    UUID: mapping.uuid,
    EventSourceArn: mapping.eventSourceArn,
    EventSourceMappingArn: eventSourceMappingArn(mapping.region, mapping.uuid),
    FunctionArn: mapping.function.arn,
    LastModified: new Date(mapping.lastModified),
    State: mapping.state,
    ...(mapping.kind === "stream" ? ofStream(mapping) : { StateTransitionReason: "USER_INITIATED" }),
  };
}

/** AWS: a list leaves out filters that are encrypted (AWS docs). */
export function describeForList(mapping: Mapping): EventSourceMappingConfiguration {
  const { FilterCriteria, ...described } = describeMapping(mapping);
  return FilterCriteria === undefined || mapping.configuration.KMSKeyArn !== undefined
    ? described
    : { ...described, FilterCriteria };
}

function ofStream({ startingPosition, lastProcessingResult }: MappingOfStream): EventSourceMappingConfiguration {
  return {
    LastProcessingResult: lastProcessingResult,
    StartingPosition: startingPosition.kind,
    ...(startingPosition.kind === "AT_TIMESTAMP" ? { StartingPositionTimestamp: startingPosition.timestamp } : {}),
    StateTransitionReason: "User action",
  };
}
