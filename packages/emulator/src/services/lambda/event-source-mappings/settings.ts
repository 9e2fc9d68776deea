import type { CreateEventSourceMappingRequest } from "@aws-sdk/client-lambda";

/** How one shard's consumer behaves. Frozen for the life of its machines: a change makes new machines. */
export interface StreamConsumerSettings {
  readonly batchSize: number;
  /** How long a batch may be gathered, milliseconds; 0 invokes as soon as there is a record. */
  readonly batchingWindowMs: number;
  /** How many lanes process one shard side by side. */
  readonly parallelizationFactor: number;
  /** Counted retries of a batch; -1 for no limit. */
  readonly maxRetryAttempts: number;
  /** Milliseconds from arrival; -1 for no limit but the stream's retention. */
  readonly maxRecordAgeMs: number;
  readonly bisectOnFunctionError: boolean;
  readonly reportBatchItemFailures: boolean;
  /** Length of a tumbling window, milliseconds; 0 for none. */
  readonly tumblingWindowMs: number;
  /** How large the state of a tumbling window may be, bytes. */
  readonly maxWindowStateBytes: number;
  /** How long the stream keeps a record, milliseconds. */
  readonly retentionMs: number;
  /** ARN that discarded records are reported to; without one they are dropped silently. */
  readonly onFailure: string | undefined;
  /** How large an event may be, bytes. */
  readonly maxPayloadBytes: number;
  readonly envelopeBytes: EnvelopeBytes;
  readonly backoff: Backoff;
}

/** What an event weighs besides its records' own `bytes`. */
export interface EnvelopeBytes {
  /** Once an event. */
  readonly event: number;
  /** Once a record. */
  readonly record: number;
}

/** Waits grow by a factor of 2 from the first to the longest. */
export interface Backoff {
  readonly firstDelayMs: number;
  readonly maxDelayMs: number;
  /** From 0 to 1: who reads the same source waits for other times than others. Default 0: waits are not shortened. */
  readonly jitter?: number;
}

/** The members of a mapping that its stream consumers obey. */
export type StreamMappingConfiguration = Pick<
  CreateEventSourceMappingRequest,
  | "BatchSize"
  | "MaximumBatchingWindowInSeconds"
  | "ParallelizationFactor"
  | "MaximumRetryAttempts"
  | "MaximumRecordAgeInSeconds"
  | "BisectBatchOnFunctionError"
  | "FunctionResponseTypes"
  | "TumblingWindowInSeconds"
  | "DestinationConfig"
>;

/** What a mapping does not say about its consumers. */
export interface StreamConsumerSurroundings {
  readonly retentionMs: number;
  readonly backoff?: Backoff | undefined;
  readonly maxPayloadBytes?: number | undefined;
  readonly maxWindowStateBytes?: number | undefined;
  readonly envelopeBytes?: EnvelopeBytes | undefined;
}

/** Short waits for tests: 25 ms, 50 ms, 100 ms, … 60 s. */
export const quickBackoff: Backoff = Object.freeze({ firstDelayMs: 25, maxDelayMs: 60_000 });

// AWS: eight tries of a record within 60 s fit waits of 0.5 s, 1 s, 2 s, … (recorded on AWS).
export const awsLikeBackoff: Backoff = Object.freeze({ firstDelayMs: 500, maxDelayMs: 60_000 });

/** AWS: a synchronous invocation takes 6 MB. */
const invokePayloadLimit = 6 * 1024 * 1024;

/** AWS: 1 MB for a shard (AWS docs). Assumed: of 1024 × 1024 bytes, and for each lane. */
const windowStateLimit = 1024 * 1024;

/** `{"Records":[]}`, and a comma for each record. */
const bareEnvelope: EnvelopeBytes = Object.freeze({ event: 14, record: 1 });

export function streamConsumerSettings(
  mapping: StreamMappingConfiguration,
  surroundings: StreamConsumerSurroundings,
): StreamConsumerSettings {
  return Object.freeze({
    batchSize: mapping.BatchSize ?? 100,
    batchingWindowMs: seconds(mapping.MaximumBatchingWindowInSeconds ?? 0),
    parallelizationFactor: mapping.ParallelizationFactor ?? 1,
    maxRetryAttempts: mapping.MaximumRetryAttempts ?? -1,
    maxRecordAgeMs: seconds(mapping.MaximumRecordAgeInSeconds ?? -1),
    bisectOnFunctionError: mapping.BisectBatchOnFunctionError ?? false,
    reportBatchItemFailures: mapping.FunctionResponseTypes?.includes("ReportBatchItemFailures") ?? false,
    tumblingWindowMs: seconds(mapping.TumblingWindowInSeconds ?? 0),
    maxWindowStateBytes: surroundings.maxWindowStateBytes ?? windowStateLimit,
    retentionMs: surroundings.retentionMs,
    onFailure: mapping.DestinationConfig?.OnFailure?.Destination,
    maxPayloadBytes: surroundings.maxPayloadBytes ?? invokePayloadLimit,
    envelopeBytes: surroundings.envelopeBytes ?? bareEnvelope,
    backoff: surroundings.backoff ?? quickBackoff,
  });
}

/** When a record that arrived at `arrival` may no longer be delivered. */
export function expiryOf(
  arrival: number,
  settings: Pick<StreamConsumerSettings, "maxRecordAgeMs" | "retentionMs">,
): number {
  const { maxRecordAgeMs, retentionMs } = settings;
  return arrival + (maxRecordAgeMs === -1 ? retentionMs : Math.min(maxRecordAgeMs, retentionMs));
}

/** The wait before try `number` again: 0 for the first wait, 1 for the second, … */
export function backoffDelay(backoff: Backoff, number: number): number {
  return Math.min(backoff.maxDelayMs, backoff.firstDelayMs * 2 ** number);
}

/** The same before a source is read again: up to half of it is left out, by the reader's jitter. */
export function readDelay(backoff: Backoff, number: number): number {
  // The golden ratio spreads the waits of one reader as well.
  const share = ((backoff.jitter ?? 0) * (number + 1) * 1.618_033_988_75) % 1;
  return Math.round(backoffDelay(backoff, number) * (1 - share / 2));
}

/** -1 stays -1: it means "no limit" everywhere. */
function seconds(value: number): number {
  return value === -1 ? -1 : value * 1000;
}
