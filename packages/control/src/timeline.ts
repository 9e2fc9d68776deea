import type { MappingEvent } from "./mapping-events.ts";

/** One thing that happened in a world, as it is kept on the timeline. */
export type TimelineEntry = TimelineEvent & {
  /** Counts up by 1 per world, from 1. */
  readonly id: number;
  /** World time, milliseconds since the epoch. */
  readonly at: number;
};

/** Everything that a world records, discriminated by `type`. */
export type TimelineEvent = StreamEvent | TableEvent | FunctionEvent | MappingEvent | MessagingEvent | ServiceEvent;

export type StreamEvent =
  | { readonly type: "stream.created"; readonly stream: string; readonly region: string; readonly shards: number }
  | { readonly type: "stream.deleted"; readonly stream: string; readonly region: string }
  | {
      readonly type: "stream.resharded";
      readonly stream: string;
      readonly region: string;
      /** Ids of the shards that were split or merged. */
      readonly closed: readonly string[];
      /** Ids of the shards that took their place. */
      readonly opened: readonly string[];
    }
  | {
      readonly type: "stream.subscribed" | "stream.subscriptionEnded";
      readonly stream: string;
      readonly region: string;
      readonly shardId: string;
      /** Name of the consumer that is registered for enhanced fan-out. */
      readonly consumer: string;
    }
  | {
      readonly type: "stream.recordsPut";
      readonly stream: string;
      readonly region: string;
      /** Records that were stored, over all shards of the call. */
      readonly records: number;
      /** The shard, where all of the call's records went to one. */
      readonly shardId?: string;
    };

/** What becomes of tables and their streams. */
export type TableEvent =
  | { readonly type: "table.created" | "table.deleted"; readonly table: string; readonly region: string }
  | {
      readonly type: "table.streamEnabled";
      readonly table: string;
      readonly region: string;
      /** ARN of the stream. */
      readonly stream: string;
      readonly viewType: string;
    }
  | { readonly type: "table.streamDisabled"; readonly table: string; readonly region: string }
  | {
      /** A write that changed an item of a table with a stream, and is a record of it. */
      readonly type: "table.itemChanged";
      readonly table: string;
      readonly region: string;
      readonly change: "INSERT" | "MODIFY" | "REMOVE";
      readonly sequenceNumber: string;
    };

export type FunctionEvent =
  | {
      readonly type: "function.created" | "function.updated" | "function.deleted";
      readonly functionName: string;
      readonly region: string;
    }
  | { readonly type: "function.environmentStarted"; readonly functionName: string; readonly environment: string }
  | {
      readonly type: "function.environmentReady";
      readonly functionName: string;
      readonly environment: string;
      /** Host time from start to ready, milliseconds. */
      readonly initMs: number;
    }
  | {
      /** An environment could not initialize, or not in time; AWS tries again inside the first invocation. */
      readonly type: "function.environmentInitFailed";
      readonly functionName: string;
      readonly environment: string;
      /** `timeout`, or the error type as the platform's log tells it. */
      readonly error: string;
      /** What was written until then: lines that begin with `[lambda <environment>] `. */
      readonly output: readonly string[];
    }
  | {
      readonly type: "function.environmentStopped";
      readonly functionName: string;
      readonly environment: string;
      readonly reason: string;
    }
  | { readonly type: "function.invoked"; readonly functionName: string; readonly requestId: string }
  | {
      readonly type: "function.returned";
      readonly functionName: string;
      readonly requestId: string;
      /** Host time, milliseconds. */
      readonly durationMs: number;
      /** `errorType: errorMessage` of a function error; absent on success. */
      readonly error?: string;
    }
  | {
      /** An asynchronous invocation (InvocationType Event) came to nothing, and its event is tried again. */
      readonly type: "function.eventRetryScheduled";
      readonly functionName: string;
      readonly requestId: string;
      /** `functionError`, or why the function was not reached: `throttled`, `denied`, `serviceError`. */
      readonly reason: string;
      /** World time, milliseconds. */
      readonly delayMs: number;
      readonly error: string;
    }
  | {
      /** An asynchronous invocation (InvocationType Event) came to nothing and is not tried again: its event is dropped. */
      readonly type: "function.eventDropped";
      readonly functionName: string;
      readonly requestId: string;
      /** As AWS tells it to destinations: `RetriesExhausted`, `EventAgeExceeded`, `ZeroReservedConcurrency`; or `RecursiveInvocation`, `FunctionMissing`. */
      readonly condition: string;
      readonly error: string;
    }
  | {
      /** What became of an asynchronous invocation was sent to a destination or dead-letter queue. */
      readonly type: "function.eventReported";
      readonly functionName: string;
      readonly requestId: string;
      readonly condition: string;
      /** Its ARN. */
      readonly destination: string;
    }
  | {
      readonly type: "function.eventReportFailed";
      readonly functionName: string;
      readonly requestId: string;
      readonly destination: string;
      readonly error: string;
    };

/** What comes into queues, topics and buckets. */
export type MessagingEvent =
  | {
      /** A message came into a queue, by whatever way. */
      readonly type: "queue.messageSent";
      readonly queue: string;
      readonly region: string;
      readonly messageId: string;
    }
  | {
      readonly type: "topic.published";
      readonly topic: string;
      readonly region: string;
      readonly messageId: string;
    }
  | {
      readonly type: "bucket.objectPut" | "bucket.objectDeleted";
      readonly bucket: string;
      readonly key: string;
    };

export type ServiceEvent =
  | {
      readonly type: "fault.injected";
      readonly service: string;
      readonly operation: string;
      readonly caller: "client" | "mapping";
      /** Id of the fault that was met. */
      readonly fault: string;
      /** World time that the call waited, milliseconds. */
      readonly latencyMs?: number;
      /** Code of the error; absent where the call went on. */
      readonly code?: string;
    }
  | {
      /** A call that was answered with an error of AWS's. */
      readonly type: "call.failed";
      readonly service: string;
      readonly operation: string;
      readonly code: string;
      readonly message: string;
      /** What AWS does not tell its callers, where there is such a thing. */
      readonly reason?: string;
    }
  | {
      /** A bug of ours: the client got InternalFailure. */
      readonly type: "internalError";
      readonly where: string;
      readonly message: string;
      readonly stack?: string;
    }
  | { readonly type: "clock.changed"; readonly mode: string; readonly now: number }
  | { readonly type: "world.reset" };
