import type { Mapping, MappingOfQueue, MappingOfStream, StartingPosition, StreamProgress } from "./mapping.ts";
import type { GivenUpRun } from "./stream/given-up.ts";

/** A mapping as it is kept, under its id; its checkpoints are documents of their own. */
export type MappingDocument = {
  readonly uuid: string;
  readonly number: number;
  readonly region: string;
  readonly eventSourceArn: string;
  readonly function: {
    readonly name: string;
    readonly qualifier?: string | undefined;
    readonly arn: string;
    readonly role: string;
    readonly timeoutMs: number;
  };
  readonly enabled: boolean;
  readonly state: Mapping["state"];
  readonly tags: Readonly<Record<string, string>>;
  readonly lastModified: number;
} & (StreamDocument | QueueDocument);

type CommonDocument = {
  readonly BatchSize: number;
  readonly MaximumBatchingWindowInSeconds: number;
  readonly FunctionResponseTypes: "ReportBatchItemFailures"[];
  readonly FilterCriteria?: { readonly Filters: { readonly Pattern: string }[] };
  readonly KMSKeyArn?: string;
  readonly MetricsConfig?: { readonly Metrics: "EventCount"[] };
};

type StreamDocument = {
  readonly kind: "stream";
  readonly configuration: CommonDocument & {
    readonly ParallelizationFactor: number;
    readonly MaximumRecordAgeInSeconds: number;
    readonly MaximumRetryAttempts: number;
    readonly BisectBatchOnFunctionError: boolean;
    readonly TumblingWindowInSeconds: number;
    readonly DestinationConfig: { readonly OnFailure: { readonly Destination?: string } };
  };
  readonly startingPosition: {
    readonly kind: StartingPosition["kind"];
    /** Milliseconds since the epoch. */
    readonly timestamp?: number | undefined;
  };
  readonly lastProcessingResult: string;
  readonly resultBeforeDenial?: string | undefined;
  readonly streamId?: string | undefined;
};

type QueueDocument = {
  readonly kind: "queue";
  readonly configuration: CommonDocument & {
    readonly ScalingConfig?: { readonly MaximumConcurrency: number };
    readonly ProvisionedPollerConfig?: { readonly MinimumPollers: number; readonly MaximumPollers: number };
  };
};

/** Records that were given up, as they are kept. */
export type GivenUpDocument = {
  readonly mapping: string;
  readonly streamId: string;
  readonly shardId: string;
  readonly from: string;
  readonly to: string;
  readonly records: number;
  readonly lane: number;
  readonly lanes: number;
  readonly condition: GivenUpRun["condition"];
  readonly invokeCount: number;
  readonly report?: { readonly destination: string; readonly body: string; readonly key?: string | undefined };
};

export function mappingDocument(mapping: Mapping): MappingDocument {
  const { uuid, number, region, eventSourceArn, function: mapped, enabled, state, tags, lastModified } = mapping;
  const { name, qualifier, arn, role, timeoutMs } = mapped;
  const common = {
    uuid,
    number,
    region,
    eventSourceArn,
    function: { name, qualifier, arn, role, timeoutMs },
    enabled,
    state,
    tags,
    lastModified,
  };
  return mapping.kind === "stream"
    ? { ...common, ...streamDocument(mapping) }
    : { ...common, kind: "queue", configuration: queueConfiguration(mapping) };
}

/** `progress` is what is kept of the mapping's shards. */
export function mappingOf(document: MappingDocument, progress: StreamProgress): Mapping {
  const { name, arn, role, timeoutMs, qualifier } = document.function;
  const mapped = { name, qualifier, arn, role, timeoutMs };
  if (document.kind === "queue") return { ...document, function: mapped };
  return {
    ...document,
    function: mapped,
    startingPosition: startingPositionOf(document.startingPosition),
    resultBeforeDenial: document.resultBeforeDenial,
    streamId: document.streamId,
    ...progress,
  };
}

export function givenUpDocument(mapping: string, run: GivenUpRun): GivenUpDocument {
  const { streamId, shardId, from, to, records, lane, lanes, condition, invokeCount, report } = run;
  const document = { mapping, streamId, shardId, from, to, records, lane, lanes, condition, invokeCount };
  if (report === undefined) return document;
  return { ...document, report: { destination: report.destination, body: report.body, key: report.key } };
}

export function givenUpOf(document: GivenUpDocument): GivenUpRun {
  const { streamId, shardId, from, to, records, lane, lanes, condition, invokeCount, report } = document;
  const run = { streamId, shardId, from, to, records, lane, lanes, condition, invokeCount };
  return report === undefined ? run : { ...run, report };
}

function streamDocument(mapping: MappingOfStream): StreamDocument {
  const { configuration, startingPosition, lastProcessingResult, resultBeforeDenial, streamId } = mapping;
  const { Destination } = configuration.DestinationConfig.OnFailure;
  return {
    kind: "stream",
    configuration: {
      ...commonConfiguration(configuration),
      ParallelizationFactor: configuration.ParallelizationFactor,
      MaximumRecordAgeInSeconds: configuration.MaximumRecordAgeInSeconds,
      MaximumRetryAttempts: configuration.MaximumRetryAttempts,
      BisectBatchOnFunctionError: configuration.BisectBatchOnFunctionError,
      TumblingWindowInSeconds: configuration.TumblingWindowInSeconds,
      DestinationConfig: { OnFailure: Destination === undefined ? {} : { Destination } },
    },
    startingPosition: {
      kind: startingPosition.kind,
      ...(startingPosition.kind === "AT_TIMESTAMP" ? { timestamp: startingPosition.timestamp.getTime() } : {}),
    },
    lastProcessingResult,
    resultBeforeDenial,
    streamId,
  };
}

function startingPositionOf({ kind, timestamp = 0 }: StreamDocument["startingPosition"]): StartingPosition {
  return kind === "AT_TIMESTAMP" ? { kind, timestamp: new Date(timestamp) } : { kind };
}

function queueConfiguration({ configuration }: MappingOfQueue): QueueDocument["configuration"] {
  const { ScalingConfig: scaling, ProvisionedPollerConfig: pollers } = configuration;
  return {
    ...commonConfiguration(configuration),
    ...(scaling === undefined ? {} : { ScalingConfig: { MaximumConcurrency: scaling.MaximumConcurrency } }),
    ...(pollers === undefined
      ? {}
      : {
          ProvisionedPollerConfig: {
            MinimumPollers: pollers.MinimumPollers,
            MaximumPollers: pollers.MaximumPollers,
          },
        }),
  };
}

function commonConfiguration(configuration: Mapping["configuration"]): CommonDocument {
  const { FilterCriteria: filters, KMSKeyArn, MetricsConfig: metrics } = configuration;
  return {
    BatchSize: configuration.BatchSize,
    MaximumBatchingWindowInSeconds: configuration.MaximumBatchingWindowInSeconds,
    FunctionResponseTypes: [...configuration.FunctionResponseTypes],
    ...(filters === undefined
      ? {}
      : { FilterCriteria: { Filters: filters.Filters.map(({ Pattern }) => ({ Pattern })) } }),
    ...(KMSKeyArn === undefined ? {} : { KMSKeyArn }),
    ...(metrics === undefined ? {} : { MetricsConfig: { Metrics: [...metrics.Metrics] } }),
  };
}
