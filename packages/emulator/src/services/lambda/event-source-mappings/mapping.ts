import type { EventSourceMappingConfiguration } from "@aws-sdk/client-lambda";
import { eventSourceMappingArn } from "../../../core/arns.ts";
import type { MappingFilters } from "./filter-criteria.ts";
import type { MappedFunction } from "./ports.ts";
import type { Checkpoint } from "./stream/checkpoint.ts";

export type MappingState = "Creating" | "Enabling" | "Enabled" | "Disabling" | "Disabled" | "Updating" | "Deleting";

// Assumed: the text.
export const streamNotFound = "PROBLEM: Stream not found";
// AWS: the text (AWS users' reports). Assumed: that a bug of the emulator is told so.
export const internalError = "PROBLEM: internal Lambda error. Please contact Lambda customer support.";

/** What a mapping of a stream is set to, with AWS's names, units and defaults. */
export interface MappingConfiguration {
  readonly BatchSize: number;
  readonly MaximumBatchingWindowInSeconds: number;
  readonly ParallelizationFactor: number;
  /** -1: no limit but the stream's retention. */
  readonly MaximumRecordAgeInSeconds: number;
  /** -1: no limit. */
  readonly MaximumRetryAttempts: number;
  readonly BisectBatchOnFunctionError: boolean;
  readonly TumblingWindowInSeconds: number;
  readonly FunctionResponseTypes: "ReportBatchItemFailures"[];
  readonly DestinationConfig: { readonly OnFailure: { readonly Destination?: string } };
  /** Absent: every record goes to the function. */
  readonly FilterCriteria?: MappingFilters;
}

export type StartingPosition =
  | { readonly kind: "TRIM_HORIZON" }
  | { readonly kind: "LATEST" }
  | { readonly kind: "AT_TIMESTAMP"; readonly timestamp: Date };

/** An event source mapping of a Kinesis stream. */
export interface Mapping {
  readonly uuid: string;
  readonly region: string;
  readonly eventSourceArn: string;
  readonly startingPosition: StartingPosition;
  configuration: MappingConfiguration;
  function: MappedFunction;
  enabled: boolean;
  state: MappingState;
  /** World time, milliseconds. */
  lastModified: number;
  lastProcessingResult: string;
  /** The stream that the checkpoints are of; undefined until the mapping has begun to read. */
  streamId: string | undefined;
  /** By shard id. */
  readonly checkpoints: Map<string, Checkpoint>;
}

// AWS: what a mapping says of itself, whatever operation asks (recorded on AWS).
export function describeMapping(mapping: Mapping): EventSourceMappingConfiguration {
  const { startingPosition } = mapping;
  return {
    ...mapping.configuration,
    UUID: mapping.uuid,
    EventSourceArn: mapping.eventSourceArn,
    EventSourceMappingArn: eventSourceMappingArn(mapping.region, mapping.uuid),
    FunctionArn: mapping.function.arn,
    LastModified: new Date(mapping.lastModified),
    LastProcessingResult: mapping.lastProcessingResult,
    StartingPosition: startingPosition.kind,
    ...(startingPosition.kind === "AT_TIMESTAMP" ? { StartingPositionTimestamp: startingPosition.timestamp } : {}),
    State: mapping.state,
    StateTransitionReason: "User action",
  };
}
