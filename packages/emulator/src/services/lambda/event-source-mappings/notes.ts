import type { FunctionErrorKind, NotInvokedReason } from "./stream/outcome.ts";
import type { RecordReference } from "./stream/record.ts";
import type { DiscardCondition } from "./stream/slice.ts";

/** What the machines tell: plain facts, named as the events of the timeline that they become. The driver adds mapping and shard. */
export type StreamNote = LaneNote | IntakeNote;

/** A run of records of one shard; `from` and `to` are sequence numbers and both included. */
interface OfRecords {
  readonly records: number;
  readonly from: string;
  readonly to: string;
}

export type LaneNote =
  | (OfRecords & {
      readonly type: "mapping.batchStarted";
      /** 1 for the first try of this batch. */
      readonly attempt: number;
    })
  | (OfRecords & { readonly type: "mapping.batchSucceeded"; readonly requestId: string })
  | (OfRecords & {
      readonly type: "mapping.batchFailed";
      readonly attempt: number;
      readonly kind: FunctionErrorKind;
      readonly requestId: string;
      readonly error?: string;
    })
  | (OfRecords & {
      readonly type: "mapping.partialFailure";
      readonly requestId: string;
      /** The first record that is tried again. */
      readonly retryFrom: string;
    })
  | (OfRecords & { readonly type: "mapping.notInvoked"; readonly reason: NotInvokedReason })
  /** `left` and `right` count records. */
  | (OfRecords & { readonly type: "mapping.bisected"; readonly left: number; readonly right: number })
  | (OfRecords & {
      readonly type: "mapping.retryScheduled";
      /** The number of the try that is waited for. */
      readonly attempt: number;
      /** World time, milliseconds. */
      readonly delayMs: number;
    })
  /** Found too old before an invoke; `recordsDiscarded` follows. */
  | (OfRecords & { readonly type: "mapping.recordsExpired" })
  | (OfRecords & {
      readonly type: "mapping.recordsDiscarded";
      readonly condition: DiscardCondition;
      readonly invokeCount: number;
    })
  | (OfRecords & { readonly type: "mapping.failureReported" })
  | (OfRecords & { readonly type: "mapping.failureReportFailed"; readonly error: string })
  /** `unfinished` records of the lane were let go: the next consumer reads them again. */
  | { readonly type: "mapping.laneStopped"; readonly unfinished: number };

export type IntakeNote =
  | { readonly type: "mapping.checkpointMoved"; readonly sequenceNumber: string }
  /** Records after `lost` fell out of the stream before they were read. */
  | { readonly type: "mapping.trimmed"; readonly lost: string | undefined }
  | {
      readonly type: "mapping.readFailed";
      readonly reason: "denied" | "transient";
      /** Reads that failed in a row. */
      readonly attempt: number;
      /** World time, milliseconds. */
      readonly delayMs: number;
      readonly error: string;
    }
  /** Every record of a closed shard is finished. */
  | { readonly type: "mapping.shardEnded" }
  /** The shard is no longer there; what had been read is finished. */
  | { readonly type: "mapping.shardGone" }
  | { readonly type: "mapping.consumerStopped" };

export function ofRecords(slice: {
  readonly records: readonly RecordReference[];
  readonly from: RecordReference;
  readonly to: RecordReference;
}): OfRecords {
  return { records: slice.records.length, from: slice.from.sequence, to: slice.to.sequence };
}
