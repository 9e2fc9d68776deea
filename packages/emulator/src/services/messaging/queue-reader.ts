import type { ReceivedMessage, SqsMessage, SqsQueue } from "localemu:fauxqs";
import type { Clock } from "../../core/clock.ts";
import type { QueueReader, ReadMessage, RedrivenMessage } from "./ports.ts";
import type { QueueChanges } from "./queue-changes.ts";
import { inCall } from "./world-time.ts";
import type { WorldStores } from "./world-stores.ts";

/** A queue of `stores` as a consumer inside the world reads it, by the rules of ReceiveMessage. Undefined where there is none. */
export function openQueue(
  stores: WorldStores,
  changes: QueueChanges,
  clock: Clock,
  { region, name, arn }: { readonly region: string; readonly name: string; readonly arn: string },
): QueueReader | undefined {
  // Asked for each time: a queue may be deleted and another one of its name created.
  const queueNow = (): SqsQueue | undefined => stores.queue(region, name);
  const opened = queueNow();
  if (opened === undefined) return undefined;
  const inFlight = (receiptHandle: string) => queueNow()?.inflightMessages.get(receiptHandle);
  return {
    arn,
    name,
    region,
    fifo: opened.isFifo(),
    visibilityTimeoutMs: () => Number((queueNow() ?? opened).attributes["VisibilityTimeout"]) * 1000,
    isReceivable() {
      const queue = queueNow();
      if (queue === undefined) return false;
      return queue.isFifo() ? queue.hasAvailableFifoMessages() : queue.messages.length > 0;
    },
    receive(max) {
      const queue = queueNow();
      if (queue === undefined) return { kind: "gone" };
      const redriven: RedrivenMessage[] = [];
      const deadLetters = (deadLetterQueue: string) => {
        const target = stores.queueByArn(deadLetterQueue);
        if (target === undefined) return undefined;
        return {
          enqueue(message: SqsMessage) {
            redriven.push({ messageId: message.messageId, deadLetterQueue });
            target.enqueue(message);
          },
        };
      };
      const received = inCall({ clock }, () => queue.dequeue(max, undefined, deadLetters));
      return { kind: "received", messages: received.map((message) => readMessage(stores, queue, message)), redriven };
    },
    delete(receiptHandle) {
      // A handle is forgotten when its message becomes visible again.
      return inCall({ clock }, () => queueNow()?.deleteMessage(receiptHandle) ?? false);
    },
    release(receiptHandle) {
      inCall({ clock }, () => queueNow()?.changeVisibility(receiptHandle, 0));
    },
    visibleAt: (receiptHandle) => inFlight(receiptHandle)?.visibilityDeadline,
    onChange: (listener) =>
      changes.listen((changedRegion, changed) => {
        if (changed === name && changedRegion === region) listener();
      }),
    attach: () => stores.attach(region, name),
  };
}

function readMessage(
  stores: WorldStores,
  queue: SqsQueue,
  { MessageId, ReceiptHandle, Body, MD5OfBody, MD5OfMessageAttributes, MessageAttributes = {} }: ReceivedMessage,
): ReadMessage {
  const entry = queue.inflightMessages.get(ReceiptHandle);
  if (entry === undefined) throw new Error(`The message ${MessageId} was received, but is not in flight.`);
  const { message, visibilityDeadline } = entry;
  return {
    messageId: MessageId,
    receiptHandle: ReceiptHandle,
    body: Body,
    md5OfBody: MD5OfBody,
    md5OfMessageAttributes: MD5OfMessageAttributes,
    messageAttributes: Object.entries(MessageAttributes).map(([name, { DataType, StringValue, BinaryValue }]) => ({
      name,
      dataType: DataType,
      stringValue: StringValue,
      binaryValue: BinaryValue,
    })),
    senderId: "000000000000",
    sentAt: message.sentTimestamp,
    firstReceivedAt: message.approximateFirstReceiveTimestamp ?? message.sentTimestamp,
    receiveCount: message.approximateReceiveCount,
    visibleAt: visibilityDeadline,
    sequenceNumber: message.sequenceNumber,
    groupId: message.messageGroupId,
    deduplicationId: message.messageDeduplicationId,
    traceHeader: stores.traceHeader(message),
  };
}
