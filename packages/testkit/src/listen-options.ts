import type { JsonObject } from "@localemu/control";

/** How a function listens to a stream or a queue: the settings of an event source mapping. What is left out is as AWS has it. */
export interface ListenOptions {
  /** How many records or messages an invocation gets at most. AWS: 100 of a stream, 10 of a queue. */
  readonly batchSize?: number;
  /** Seconds to gather a batch at most. AWS: 0. */
  readonly batchWindowSeconds?: number;
  /** Patterns of which one must match; an object as AWS's docs have it, for example `{ data: { kind: ["order"] } }`. */
  readonly filters?: readonly object[];
  /** The function names what failed in `batchItemFailures`. AWS: false. */
  readonly reportBatchItemFailures?: boolean;
  /** False makes the mapping without starting it. AWS: true. */
  readonly enabled?: boolean;
  /** Stream: where to begin; a Date is a timestamp. Default `TRIM_HORIZON`: what was put before is processed, too. */
  readonly startingPosition?: "TRIM_HORIZON" | "LATEST" | Date;
  /** Stream: a batch that failed is split in two. AWS: false. */
  readonly bisectOnError?: boolean;
  /** Stream: how often a batch that failed is tried again. AWS: until its records leave the stream. */
  readonly maxRetries?: number;
  /** Stream: seconds after which a record is given up. AWS: when it leaves the stream. */
  readonly maxRecordAgeSeconds?: number;
  /** Stream: how many batches of one shard are processed at once. AWS: 1. */
  readonly parallelizationFactor?: number;
  /** Stream: where a document about a batch goes that was given up: a queue, a topic or a bucket, or its ARN. AWS: nowhere. */
  readonly onFailure?: { readonly arn: string } | string;
  /** Queue: how many batches are processed at once. AWS: as many as the function takes. */
  readonly maxConcurrency?: number;
}

/** CreateEventSourceMapping's input. */
export function mappingInput(functionName: string, sourceArn: string, options: ListenOptions): JsonObject {
  const { batchSize, batchWindowSeconds, filters, reportBatchItemFailures, enabled, onFailure } = options;
  const { bisectOnError, maxRetries, maxRecordAgeSeconds, parallelizationFactor, maxConcurrency } = options;
  return defined({
    FunctionName: functionName,
    EventSourceArn: sourceArn,
    BatchSize: batchSize,
    MaximumBatchingWindowInSeconds: batchWindowSeconds,
    FilterCriteria: filters && { Filters: filters.map((pattern) => ({ Pattern: JSON.stringify(pattern) })) },
    FunctionResponseTypes: reportBatchItemFailures === true ? ["ReportBatchItemFailures"] : undefined,
    Enabled: enabled,
    ...startingPosition(sourceArn, options),
    BisectBatchOnFunctionError: bisectOnError,
    MaximumRetryAttempts: maxRetries,
    MaximumRecordAgeInSeconds: maxRecordAgeSeconds,
    ParallelizationFactor: parallelizationFactor,
    DestinationConfig: onFailure && {
      OnFailure: { Destination: typeof onFailure === "string" ? onFailure : onFailure.arn },
    },
    ScalingConfig: maxConcurrency === undefined ? undefined : { MaximumConcurrency: maxConcurrency },
  });
}

/** A queue has none: its mapping may not name one. */
function startingPosition(sourceArn: string, { startingPosition: start }: ListenOptions): JsonObject {
  if (sourceArn.split(":")[2] === "sqs") return start === undefined ? {} : { StartingPosition: String(start) };
  if (!(start instanceof Date)) return { StartingPosition: start ?? "TRIM_HORIZON" };
  return { StartingPosition: "AT_TIMESTAMP", StartingPositionTimestamp: start.getTime() / 1000 };
}

function defined(members: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}
