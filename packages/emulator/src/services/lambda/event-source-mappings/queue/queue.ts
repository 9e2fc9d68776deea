import type { MessageReference } from "./message.ts";
import type { QueueNote } from "./queue-notes.ts";

/** What the receiver of a queue knows. */
export interface QueueMemory<M extends MessageReference> {
  /** Received and not yet in a batch. */
  readonly gathered: readonly M[];
  readonly gatheredBytes: number;
  /** When the first of them is visible again. */
  readonly visibleAt: number;
  /** When the current batching window began, or would have begun. */
  readonly windowFrom: number;
  /** Batches under way. */
  readonly running: number;
  /** How many may be. */
  readonly concurrency: number;
}

export type QueueState<M extends MessageReference = MessageReference> =
  /** A receive of up to `max` messages is in flight. */
  | {
      readonly kind: "receiving";
      readonly memory: QueueMemory<M>;
      readonly max: number;
      /** Receives that failed in a row. */
      readonly failures: number;
    }
  /** The queue has nothing to give, and nothing is gathered. */
  | { readonly kind: "waiting"; readonly memory: QueueMemory<M> }
  /** A batch is gathered until it is full or its window ends. */
  | { readonly kind: "collecting"; readonly memory: QueueMemory<M>; readonly until: number }
  /** As many batches are under way as may be; at `until` there may be one more. */
  | { readonly kind: "full"; readonly memory: QueueMemory<M>; readonly until: number | undefined }
  /** A receive failed and is tried again at `retryAt`. */
  | {
      readonly kind: "backingOff";
      readonly memory: QueueMemory<M>;
      readonly failures: number;
      readonly retryAt: number;
    }
  /** Nothing more is received; what is under way finishes. */
  | { readonly kind: "draining"; readonly running: number; readonly receiving: boolean }
  | { readonly kind: "stopped" };

export type QueueEvent<M extends MessageReference = MessageReference> =
  /** The queue has something to give. */
  | { readonly kind: "available" }
  | {
      readonly kind: "received";
      /** Those that a filter held back are left out. */
      readonly messages: readonly M[];
      /** How many messages the receive took from the queue, filtered and redriven ones too. */
      readonly taken: number;
    }
  | { readonly kind: "receiveFailed"; readonly failure: ReceiveFailure }
  /** A batch that was started is over. */
  | { readonly kind: "batchFinished" }
  | { readonly kind: "timeReached" }
  | { readonly kind: "stopRequested" };

export type ReceiveFailure =
  /** There is no such queue any more. */
  { readonly reason: "gone" } | { readonly reason: "denied" | "transient"; readonly error: string };

export type QueueCommand<M extends MessageReference = MessageReference> =
  /** A batch begins. */
  | { readonly kind: "start"; readonly messages: readonly M[] }
  /** Messages are visible again at once. */
  | { readonly kind: "release"; readonly messages: readonly M[] }
  | { readonly kind: "receive"; readonly max: number }
  /** `forMessages`: also until the queue has something to give, which may be so already. */
  | { readonly kind: "wait"; readonly until: number | undefined; readonly forMessages: boolean }
  /** The receive in flight goes on; nothing else is to be done. */
  | { readonly kind: "keep" }
  | { readonly kind: "finish" };

/** `commands` are at most one `start` or `release`, then exactly one of the others. */
export interface QueueStep<M extends MessageReference = MessageReference> {
  readonly state: QueueState<M>;
  readonly commands: readonly QueueCommand<M>[];
  readonly notes: readonly QueueNote[];
}
