import type { QueueConfiguration } from "../mapping.ts";
import type { BatchOutcome } from "./batch.ts";
import type { MessageReference } from "./message.ts";
import { queueConsumerSettings } from "./queue-settings.ts";
import type { QueueConsumerSettings } from "./queue-settings.ts";

const nothingSaid: QueueConfiguration = { BatchSize: 10, MaximumBatchingWindowInSeconds: 0, FunctionResponseTypes: [] };

/** Settings of a mapping of a standard queue that says nothing, with some of them changed. */
export function exampleQueueSettings(changes: Partial<QueueConsumerSettings> = {}): QueueConsumerSettings {
  return Object.freeze({ ...queueConsumerSettings(nothingSaid, { fifo: false }), ...changes });
}

export function exampleMessage(number: number, change: Partial<MessageReference> = {}): MessageReference {
  return { messageId: `m-${number}`, receiveCount: 1, visibleAt: 30_000, bytes: 100, groupId: undefined, ...change };
}

/** Messages numbered from `first` to `last`. */
export function exampleMessages(
  first: number,
  last: number,
  change: Partial<MessageReference> = {},
): readonly MessageReference[] {
  return Array.from({ length: last - first + 1 }, (_, index) => exampleMessage(first + index, change));
}

const invocation = { requestId: "request", executedVersion: "$LATEST" };

export const success: BatchOutcome = { kind: "success", invocation };
export const unhandled: BatchOutcome = { kind: "functionError", error: "unhandled", invocation };
export const throttled: BatchOutcome = { kind: "notInvoked", reason: "throttled" };

export function partial(...failed: readonly string[]): BatchOutcome {
  return { kind: "partial", failed: new Set(failed), invocation };
}
