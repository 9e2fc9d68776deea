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
