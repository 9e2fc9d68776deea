import type { FunctionErrorOutcome, Invocation, NotInvokedReason } from "../stream/outcome.ts";
import type { MessageReference } from "./message.ts";
import type { QueueNote } from "./queue-notes.ts";

/** What is left to do of a batch. */
export interface BatchMemory<M extends MessageReference> {
  /** The messages of the invocation that is under way or due; never none. */
  readonly part: readonly M[];
  /** What did not fit into the payload with them, one invocation each. */
  readonly later: readonly (readonly M[])[];
  /** How often this part has backed off: the next wait is longer. */
  readonly waits: number;
}

export type BatchState<M extends MessageReference = MessageReference> =
  /** The function has the part. */
  | { readonly kind: "invoking"; readonly memory: BatchMemory<M>; readonly stopping: boolean }
  /** The function was not reached; it is tried again at `until`. */
  | { readonly kind: "backingOff"; readonly memory: BatchMemory<M>; readonly until: number }
  | { readonly kind: "finished" };

export type BatchEvent =
  | { readonly kind: "invoked"; readonly outcome: BatchOutcome }
  | { readonly kind: "timeReached" }
  | { readonly kind: "stopRequested" };

/** What one invocation of the function came to. */
export type BatchOutcome =
  | { readonly kind: "success"; readonly invocation: Invocation }
  /** The function did all but the messages with these ids, each of which is in the batch. */
  | { readonly kind: "partial"; readonly failed: ReadonlySet<string>; readonly invocation: Invocation }
  | FunctionErrorOutcome
  | { readonly kind: "notInvoked"; readonly reason: NotInvokedReason };

export type BatchCommand<M extends MessageReference = MessageReference> =
  /** Processed: the queue forgets them. */
  | { readonly kind: "delete"; readonly messages: readonly M[] }
  /** Not processed: nothing is done, and they come again when their visibility time-out ends. */
  | { readonly kind: "leave"; readonly messages: readonly M[] }
  /** Never sent: they are visible again at once. */
  | { readonly kind: "release"; readonly messages: readonly M[] }
  | { readonly kind: "invoke"; readonly messages: readonly M[] }
  | { readonly kind: "wait"; readonly until: number }
  /** The invocation in flight goes on; nothing else is to be done. */
  | { readonly kind: "keep" }
  | { readonly kind: "finish" };

/** `commands` are what becomes of messages, then exactly one of `invoke`, `wait`, `keep` and `finish`. */
export interface BatchStep<M extends MessageReference = MessageReference> {
  readonly state: BatchState<M>;
  readonly commands: readonly BatchCommand<M>[];
  readonly notes: readonly QueueNote[];
}
