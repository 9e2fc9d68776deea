import type { SourceDelay, SourceRefusal } from "../ports.ts";

/** A queue as a mapping reads it: in this process, never over HTTP. */
export interface QueueSource {
  readonly arn: string;
  readonly name: string;
  readonly region: string;
  readonly fifo: boolean;
  /** How long a message that was received stays hidden, as the queue has it now. */
  visibilityTimeoutMs(): number;
  /** Whether a receive would take something from the queue now; false once the queue is gone. */
  isReceivable(): boolean;
  /** Receives up to 10 messages without waiting, for the queue's visibility time-out. */
  receive(max: number): SourceReceive;
  /** False where the message is not in flight under this handle: it has become visible, or is gone. */
  delete(receiptHandle: string): boolean;
  /** Makes a message visible at once. */
  release(receiptHandle: string): void;
  /** When a message in flight becomes visible, world time; undefined where it is not in flight under this handle. */
  visibleAt(receiptHandle: string): number | undefined;
  /**
   * Calls `listener` when receiving may give something else than before, before the work that caused it ends; the returned
   * function ends that.
   */
  onChange(listener: () => void): () => void;
  /** Until the returned function is called, messages that are delayed or in flight are work of the world. */
  attach(): () => void;
}

export type SourceReceive =
  | {
      readonly kind: "received";
      readonly messages: readonly SourceMessage[];
      /** Messages that had been received too often and went to a dead-letter queue, which is named by its ARN. */
      readonly redriven: readonly { readonly messageId: string; readonly deadLetterQueue: string }[];
    }
  | { readonly kind: "gone" }
  | SourceRefusal
  | SourceDelay;

/** Times are world time in milliseconds. */
export interface SourceMessage {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  readonly md5OfBody: string;
  /** Undefined where there are no attributes. */
  readonly md5OfMessageAttributes: string | undefined;
  readonly messageAttributes: readonly SourceMessageAttribute[];
  readonly senderId: string;
  readonly sentAt: number;
  readonly firstReceivedAt: number;
  /** This time included. */
  readonly receiveCount: number;
  /** When its visibility time-out ends. */
  readonly visibleAt: number;
  /** These three are undefined in standard queues. */
  readonly sequenceNumber: string | undefined;
  readonly groupId: string | undefined;
  readonly deduplicationId: string | undefined;
  /** The trace header with which it was sent. */
  readonly traceHeader?: string | undefined;
}

export interface SourceMessageAttribute {
  readonly name: string;
  readonly dataType: string;
  readonly stringValue: string | undefined;
  /** In base64. */
  readonly binaryValue: string | undefined;
}
