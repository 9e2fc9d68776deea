import type { QueuePersistence } from "localemu:fauxqs";

/** Who wants to know of some of a queue's changes. */
export type QueueListener = Partial<QueuePersistence>;

/** The one port through which a queue tells its changes, for several who listen, in their order. */
export function tellingEach(listeners: readonly QueueListener[]): QueuePersistence {
  return {
    insertQueue(queue) {
      for (const listener of listeners) listener.insertQueue?.(queue);
    },
    updateQueueAttributes(queueName) {
      for (const listener of listeners) listener.updateQueueAttributes?.(queueName);
    },
    updateQueueSequenceCounter(queueName, counter) {
      for (const listener of listeners) listener.updateQueueSequenceCounter?.(queueName, counter);
    },
    deleteQueueMessages(queueName) {
      for (const listener of listeners) listener.deleteQueueMessages?.(queueName);
    },
    insertMessage(queueName, message) {
      for (const listener of listeners) listener.insertMessage?.(queueName, message);
    },
    updateMessageInflight(messageId, receiptHandle, visibleAt, receiveCount, firstReceivedAt) {
      for (const listener of listeners)
        listener.updateMessageInflight?.(messageId, receiptHandle, visibleAt, receiveCount, firstReceivedAt);
    },
    updateMessageReady(messageId, message) {
      for (const listener of listeners) listener.updateMessageReady?.(messageId, message);
    },
    deleteMessage(messageId) {
      for (const listener of listeners) listener.deleteMessage?.(messageId);
    },
  };
}
