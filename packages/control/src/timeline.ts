import type { FunctionEvent } from "./timeline-of-functions.ts";

export type { FunctionEvent };

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

/** Where a mapping's event belongs. */
interface OfMapping {
  /** UUID of the event source mapping. */
  readonly mapping: string;
  readonly functionName: string;
}

/** Where an event of one shard's consumer belongs. */
interface OfShard extends OfMapping {
  readonly stream: string;
  readonly shardId: string;
}

/** A run of records of one shard: both ends are included. */
interface OfRecords extends OfShard {
  readonly records: number;
  readonly from: string;
  readonly to: string;
}

/** A tumbling window of one shard, or of one of its parallel batches. */
interface OfWindow extends OfShard {
  /** World time, milliseconds since the epoch. */
  readonly start: number;
  /** World time, milliseconds since the epoch: what arrives then is of the next window. */
  readonly end: number;
}

/** Where an event of a queue's consumer belongs. */
interface OfQueue extends OfMapping {
  readonly queue: string;
}

/** Messages of one queue. */
interface OfMessages extends OfQueue {
  /** How many they are. */
  readonly records: number;
  readonly messageIds: readonly string[];
}

export type MappingEvent = MappingStateEvent | StreamMappingEvent | QueueMappingEvent;

type MappingStateEvent =
  | (OfMapping & {
      readonly type: "mapping.stateChanged";
      readonly state:
        | "Creating"
        | "Enabling"
        | "Enabled"
        | "Disabling"
        | "Disabled"
        | "Updating"
        | "Deleting"
        | "Deleted";
    })
  | (OfMapping & { readonly type: "mapping.problem"; readonly message: string });

/** What the consumer of a stream's shard does. */
export type StreamMappingEvent =
  | (OfRecords & {
      readonly type: "mapping.batchStarted";
      /** 1 for the first try of this batch. */
      readonly attempt: number;
    })
  | (OfRecords & { readonly type: "mapping.batchSucceeded"; readonly requestId: string })
  | (OfRecords & {
      readonly type: "mapping.batchFailed";
      readonly attempt: number;
      /** What the function did: `unhandled`, `timeout`, `exit`, `badResponse`, `missingState`. */
      readonly kind: string;
      readonly requestId: string;
      readonly error?: string;
    })
  | (OfRecords & {
      readonly type: "mapping.partialFailure";
      readonly requestId: string;
      /** Sequence number of the first record that is tried again. */
      readonly retryFrom: string;
    })
  | (OfRecords & {
      readonly type: "mapping.notInvoked";
      /** Why the function was not reached: `throttled`, `functionMissing`, `denied`, `serviceError`. */
      readonly reason: string;
    })
  | (OfRecords & { readonly type: "mapping.bisected"; readonly left: number; readonly right: number })
  | (OfRecords & {
      readonly type: "mapping.retryScheduled";
      readonly attempt: number;
      /** World time, milliseconds. */
      readonly delayMs: number;
    })
  /** Found too old before an invoke; `mapping.recordsDiscarded` follows. */
  | (OfRecords & { readonly type: "mapping.recordsExpired" })
  | (OfRecords & {
      readonly type: "mapping.recordsDiscarded";
      readonly condition: "RetryAttemptsExhausted" | "RecordAgeExceeded" | "MaximumPayloadSizeExceeded";
      readonly invokeCount: number;
    })
  | (OfRecords & { readonly type: "mapping.failureReported"; readonly destination: string })
  | (OfRecords & { readonly type: "mapping.failureReportFailed"; readonly destination: string; readonly error: string })
  /** Its first batch has reached the function; what the batch came to follows. */
  | (OfWindow & { readonly type: "mapping.windowOpened" })
  /** The function gets the window's state without records: to end the window, or, if `early`, because the state grew too large. */
  | (OfWindow & { readonly type: "mapping.windowClosing"; readonly attempt: number; readonly early: boolean })
  | (OfWindow & { readonly type: "mapping.windowClosed"; readonly requestId: string })
  /** The window goes on with a fresh state. */
  | (OfWindow & {
      readonly type: "mapping.windowTerminatedEarly";
      readonly requestId: string;
      /** Size of the state that grew too large. */
      readonly stateBytes: number;
    })
  | (OfWindow & {
      readonly type: "mapping.windowFailed";
      readonly attempt: number;
      /** What the function did: `unhandled`, `timeout`, `exit`, `badResponse`, `missingState`. */
      readonly kind: string;
      readonly requestId: string;
      readonly error?: string;
    })
  | (OfWindow & {
      readonly type: "mapping.windowNotInvoked";
      /** Why the function was not reached: `throttled`, `functionMissing`, `denied`, `serviceError`. */
      readonly reason: string;
    })
  | (OfWindow & {
      readonly type: "mapping.windowRetryScheduled";
      readonly attempt: number;
      /** World time, milliseconds. */
      readonly delayMs: number;
    })
  /** The window's state is lost. */
  | (OfWindow & {
      readonly type: "mapping.windowDiscarded";
      readonly condition: "RetryAttemptsExhausted" | "RecordAgeExceeded";
      readonly invokeCount: number;
    })
  | (OfShard & { readonly type: "mapping.checkpointMoved"; readonly sequenceNumber: string })
  /** Of the `records` of one read, `filteredOut` match none of the mapping's filters and are not delivered. */
  | (OfShard & { readonly type: "mapping.recordsFiltered"; readonly filteredOut: number; readonly records: number })
  /** Records after `lost` fell out of the stream before they were read. */
  | (OfShard & { readonly type: "mapping.trimmed"; readonly lost: string | undefined })
  | (OfShard & {
      readonly type: "mapping.readFailed";
      readonly reason: string;
      readonly attempt: number;
      readonly delayMs: number;
      readonly error: string;
    })
  /** `unfinished` records that were read are let go: the next consumer reads them again. */
  | (OfShard & { readonly type: "mapping.laneStopped"; readonly unfinished: number })
  /** Every record of a closed shard is finished. */
  | (OfShard & { readonly type: "mapping.shardEnded" })
  /** The shard is no longer there. */
  | (OfShard & { readonly type: "mapping.shardGone" })
  | (OfShard & { readonly type: "mapping.consumerStopped" });

/** What the consumer of a queue does. */
export type QueueMappingEvent =
  | (OfMessages & {
      readonly type: "mapping.batchStarted";
      /** How often one of its messages has been received, at most. */
      readonly attempt: number;
    })
  /** Its messages are deleted. */
  | (OfMessages & { readonly type: "mapping.batchSucceeded"; readonly requestId: string })
  /** None of its messages is deleted. */
  | (OfMessages & {
      readonly type: "mapping.batchFailed";
      readonly attempt: number;
      /** What the function did: `unhandled`, `timeout`, `exit`, `badResponse`. */
      readonly kind: string;
      readonly requestId: string;
      readonly error?: string;
    })
  | (OfMessages & {
      readonly type: "mapping.partialFailure";
      readonly requestId: string;
      /** Ids of the messages that the function named; the others are deleted. */
      readonly failed: readonly string[];
    })
  | (OfMessages & {
      readonly type: "mapping.notInvoked";
      /** Why the function was not reached: `throttled`, `functionMissing`, `denied`, `serviceError`. */
      readonly reason: string;
    })
  | (OfMessages & {
      readonly type: "mapping.retryScheduled";
      readonly attempt: number;
      /** World time, milliseconds. */
      readonly delayMs: number;
    })
  /** Messages that are not processed now: they are received again when their visibility time-out ends. */
  | (OfMessages & {
      readonly type: "mapping.messagesLeft";
      /** World time until the first of them is visible again, milliseconds. */
      readonly visibleInMs: number;
    })
  /** Messages that were received and not sent to the function: they are visible again at once. */
  | (OfMessages & { readonly type: "mapping.messagesReturned" })
  /** Messages that were processed but no longer in flight: visible again, so delivered once more, or deleted by somebody else. */
  | (OfMessages & { readonly type: "mapping.messagesNotDeleted" })
  /** Messages that had been received as often as the queue's redrive policy allows. */
  | (OfMessages & {
      readonly type: "mapping.messagesRedriven";
      /** ARN of the queue they were moved to. */
      readonly deadLetterQueue: string;
    })
  /** Of the `records` messages of one receive, `filteredOut` match none of the mapping's filters and are deleted. */
  | (OfQueue & {
      readonly type: "mapping.recordsFiltered";
      readonly filteredOut: number;
      readonly records: number;
      /** Ids of the messages that were filtered out. */
      readonly messageIds: readonly string[];
    })
  /** More batches may be processed side by side. */
  | (OfQueue & { readonly type: "mapping.concurrencyRaised"; readonly concurrency: number })
  | (OfQueue & {
      readonly type: "mapping.readFailed";
      readonly reason: string;
      readonly attempt: number;
      readonly delayMs: number;
      readonly error: string;
    })
  /** The queue is no longer there. */
  | (OfQueue & { readonly type: "mapping.queueGone" })
  | (OfQueue & { readonly type: "mapping.consumerStopped" });

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
    }
  | {
      /** What a topic or a bucket had to tell reached nobody. */
      readonly type: "notification.failed";
      /** Such as `topic orders`. */
      readonly from: string;
      /** The ARN of the function, queue or topic. */
      readonly destination: string;
      readonly error: string;
    };

export type ServiceEvent =
  | {
      readonly type: "fault.injected";
      readonly service: string;
      readonly operation: string;
      readonly caller: "client" | "mapping" | "event";
      /** Id of the fault that was met. */
      readonly fault: string;
      /** World time that the call waited, milliseconds. */
      readonly latencyMs?: number;
      /** Code of the error; absent where the call went on. */
      readonly code?: string;
    }
  | {
      /** A call that was answered with an error of AWS's. Operation and message end after 1000 characters. */
      readonly type: "call.failed";
      readonly service: string;
      readonly operation: string;
      readonly code: string;
      readonly message: string;
      /** What AWS does not tell its callers, where there is such a thing. */
      readonly reason?: string;
    }
  | {
      /** A call under a role that was judged, where that is switched on: told of what is denied, and of what could not be judged. */
      readonly type: "access.judged";
      /** `wouldBeDenied`: it went on, because nothing is enforced. */
      readonly outcome: "denied" | "wouldBeDenied" | "allowed";
      /** ARN of the role's session. */
      readonly caller: string;
      /** Such as `kinesis:PutRecord`. */
      readonly action: string;
      readonly resource: string;
      /** As AWS tells it; absent where it is allowed. */
      readonly message?: string;
      /** What of the policies counted for nothing. */
      readonly notes?: readonly string[];
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
