import type { SqsMessage, SqsQueue } from "localemu:fauxqs";
import type { Clock } from "../../core/clock.ts";
import type { QueueListener } from "./queue-listener.ts";
import { inCall } from "./world-time.ts";

/** A queue, as far as its messages' age is looked at. */
export type RetainedQueue = Pick<
  SqsQueue,
  | "name"
  | "attributes"
  | "messages"
  | "delayedMessages"
  | "fifoMessages"
  | "fifoDelayed"
  | "inflightMessages"
  | "deleteMessage"
> & { readonly persistence: Pick<SqsQueue["persistence"], "deleteMessage"> };

/** A queue of more messages than these is looked through once in a while, for all that are due by then. */
const manyMessages = 1000;
const lookSpacingMs = 1000;

/**
 * Deletes the messages of a queue that are older than its `MessageRetentionPeriod`.
 * AWS: the age is counted from when a message was first sent, also in a dead-letter queue (SQS developer guide); that it begins
 * anew in one that is FIFO is left out. Assumed: messages in flight are deleted as well.
 */
export class MessageRetention implements QueueListener {
  readonly #clock: Clock;
  readonly #queue: RetainedQueue;
  #messages = 0;
  #dueAt = Infinity;
  #cancel: () => void = () => {};

  constructor(clock: Clock, queue: RetainedQueue) {
    this.#clock = clock;
    this.#queue = queue;
    for (const stored of this.#stored()) this.#messages += stored.length;
    this.#messages += queue.inflightMessages.size;
    this.#schedule();
  }

  insertMessage(_queueName: string, { sentTimestamp }: SqsMessage): void {
    this.#messages++;
    const dueAt = sentTimestamp + this.#retentionMs;
    if (dueAt < this.#dueAt) this.#scheduleAt(dueAt);
  }

  deleteMessage(): void {
    this.#messages--;
    if (this.#messages === 0) this.#scheduleAt(Infinity);
  }

  deleteQueueMessages(): void {
    this.#messages = 0;
    this.#scheduleAt(Infinity);
  }

  updateQueueAttributes(): void {
    this.#schedule();
  }

  get #retentionMs(): number {
    return Number(this.#queue.attributes["MessageRetentionPeriod"]) * 1000;
  }

  /** The messages that are not in flight, in the arrays that the queue itself has. */
  #stored(): readonly SqsMessage[][] {
    const { messages, delayedMessages, fifoMessages, fifoDelayed } = this.#queue;
    return [messages, delayedMessages, ...fifoMessages.values(), ...fifoDelayed.values()];
  }

  #schedule(): void {
    this.#scheduleAt(this.#oldestAfter(-Infinity) + this.#retentionMs);
  }

  #scheduleAt(dueAt: number): void {
    this.#cancel();
    this.#cancel = () => {};
    this.#dueAt = dueAt;
    if (dueAt === Infinity) return;
    const options = { kind: "housekeeping", label: `retention of messages in ${this.#queue.name}` } as const;
    this.#cancel = this.#clock.schedule(dueAt - this.#clock.now(), options, () => {
      const now = this.#clock.now();
      const oldest = inCall({ clock: this.#clock }, () => this.#oldestAfter(now - this.#retentionMs));
      const spacingMs = this.#messages > manyMessages ? lookSpacingMs : 0;
      this.#scheduleAt(Math.max(oldest + this.#retentionMs, now + spacingMs));
    });
  }

  /** Deletes what was sent up to a time, and tells when the oldest that is left was; Infinity where none is. */
  #oldestAfter(time: number): number {
    let oldest = Infinity;
    const expired: string[] = [];
    const stays = ({ sentTimestamp }: SqsMessage): boolean => {
      if (sentTimestamp <= time) return false;
      oldest = Math.min(oldest, sentTimestamp);
      return true;
    };
    for (const [receiptHandle, { message }] of this.#queue.inflightMessages)
      if (!stays(message)) this.#queue.deleteMessage(receiptHandle);
    for (const stored of this.#stored()) {
      let kept = 0;
      for (const message of stored) {
        if (stays(message)) stored[kept++] = message;
        else expired.push(message.messageId);
      }
      stored.length = kept;
    }
    for (const messageId of expired) this.#queue.persistence.deleteMessage(messageId);
    return oldest;
  }
}
