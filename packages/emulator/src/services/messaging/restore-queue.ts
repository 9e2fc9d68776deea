import type { SqsMessage, SqsQueue, SqsStore } from "localemu:fauxqs";
import type { Clock } from "../../core/clock.ts";
import type { Document, DocumentStore } from "../../storage/document-store.ts";
import { decodeMessage, deduplicationMs, readMessages } from "./kept-queue.ts";
import type { QueueDocument } from "./kept-queue.ts";
import { inCall, standingAt } from "./world-time.ts";

/** What nobody but us keeps of a queue and its messages. */
export interface Restored {
  readonly queue: SqsQueue;
  /** When the messages came whose deduplication ids are kept, the oldest first. */
  readonly deduplicated: Map<string, number>;
  readonly traceHeaders: ReadonlyMap<SqsMessage, string>;
}

/** Makes a queue again as it was kept. A message is in flight until its visibility time-out ends, which may be in the past. */
export function restoreQueue(
  sqs: SqsStore,
  documents: DocumentStore,
  { key: arn, value: kept }: Document<QueueDocument>,
  clock: Clock,
): Restored {
  // Its time of creation is when it is made.
  const queue = inCall({ clock: standingAt(kept.createdAt * 1000) }, () =>
    sqs.createQueue(kept.name, kept.url, arn, kept.attributes, kept.tags),
  );
  queue.lastModifiedTimestamp = kept.changedAt;
  const { lastSequence, messages, receives, deduplication } = readMessages(documents, arn);
  queue.sequenceCounter = lastSequence;
  const traceHeaders = new Map<SqsMessage, string>();
  for (const document of messages) {
    const receive = receives.get(document.key);
    const message = decodeMessage(document, receive);
    if (document.value.traceHeader !== undefined) traceHeaders.set(message, document.value.traceHeader);
    if (receive?.inFlight !== undefined && receive.inFlight.visibleAt > clock.now())
      putInFlight(queue, message, receive.inFlight);
    else inCall({ clock }, () => queue.enqueue(message));
  }
  const deduplicated = new Map<string, number>();
  for (const { key: id, value } of deduplication) {
    const { messageId, sequenceNumber, sentAt } = value;
    deduplicated.set(id, sentAt);
    if (sentAt + deduplicationMs <= clock.now()) continue;
    inCall({ clock: standingAt(sentAt) }, () => queue.recordDeduplication(id, messageId, sequenceNumber));
  }
  return { queue, deduplicated, traceHeaders };
}

function putInFlight(
  queue: SqsQueue,
  message: SqsMessage,
  { receiptHandle, visibleAt }: { readonly receiptHandle: string; readonly visibleAt: number },
): void {
  queue.inflightMessages.set(receiptHandle, { message, receiptHandle, visibilityDeadline: visibleAt });
  const { messageGroupId: group } = message;
  if (queue.isFifo() && group !== undefined)
    queue.fifoLockedGroups.set(group, (queue.fifoLockedGroups.get(group) ?? 0) + 1);
}
