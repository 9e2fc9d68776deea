import type { QueueConfiguration } from "../mapping.ts";
import { quickBackoff } from "../settings.ts";
import type { Backoff, EnvelopeBytes } from "../settings.ts";

/** How a queue's consumer behaves. Frozen for the life of its machines: a change makes new machines. */
export interface QueueConsumerSettings {
  readonly batchSize: number;
  /** How long a batch may be gathered, milliseconds; 0 invokes as soon as there is a message. */
  readonly batchingWindowMs: number;
  readonly reportBatchItemFailures: boolean;
  /** How many batches are processed side by side at first. */
  readonly firstConcurrency: number;
  /** How many they become, one after each `growthMs` during which all places were taken. */
  readonly maxConcurrency: number;
  readonly growthMs: number;
  /** How large an event may be, bytes. */
  readonly maxPayloadBytes: number;
  readonly envelopeBytes: EnvelopeBytes;
  readonly backoff: Backoff;
}

/** What a mapping does not say about its consumer. */
export interface QueueConsumerSurroundings {
  readonly fifo: boolean;
  readonly backoff?: Backoff | undefined;
}

/** AWS: a receive gives ten messages at most (SQS API reference). */
export const mostPerReceive = 10;

/** AWS: a synchronous invocation takes 6 MB. */
const invokePayloadLimit = 6 * 1024 * 1024;

// AWS: a standard queue's mapping begins with five batches at a time, adds up to 300 a minute, and has 1,250 at most
// (AWS docs, "Configuring scaling behavior for SQS event source mappings").
const firstBatches = 5;
const growthMs = 60_000 / 300;
const mostBatches = 1250;

/** AWS: in provisioned mode a poller has up to ten invocations at a time (AWS docs). */
const batchesPerPoller = 10;

/** `{"Records":[]}`, and a comma for each message. */
const envelopeBytes: EnvelopeBytes = Object.freeze({ event: 14, record: 1 });

export function queueConsumerSettings(
  mapping: Pick<
    QueueConfiguration,
    | "BatchSize"
    | "MaximumBatchingWindowInSeconds"
    | "FunctionResponseTypes"
    | "ScalingConfig"
    | "ProvisionedPollerConfig"
  >,
  { fifo, backoff }: QueueConsumerSurroundings,
): QueueConsumerSettings {
  const { ProvisionedPollerConfig: pollers } = mapping;
  const maxConcurrency =
    pollers === undefined
      ? (mapping.ScalingConfig?.MaximumConcurrency ?? mostBatches)
      : pollers.MaximumPollers * batchesPerPoller;
  const firstConcurrency = pollers === undefined ? firstBatches : pollers.MinimumPollers * batchesPerPoller;
  return Object.freeze({
    batchSize: mapping.BatchSize,
    batchingWindowMs: mapping.MaximumBatchingWindowInSeconds * 1000,
    reportBatchItemFailures: mapping.FunctionResponseTypes.includes("ReportBatchItemFailures"),
    // AWS: a FIFO queue's groups decide how many batches there are (AWS docs). Assumed: from the beginning.
    firstConcurrency: fifo ? maxConcurrency : Math.min(firstConcurrency, maxConcurrency),
    maxConcurrency,
    growthMs,
    maxPayloadBytes: invokePayloadLimit,
    envelopeBytes,
    backoff: backoff ?? quickBackoff,
  });
}
