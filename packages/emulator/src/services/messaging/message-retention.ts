import type { SqsMessage, SqsQueue } from "localemu:fauxqs";
import type { Clock } from "../../core/clock.ts";
import type { QueueListener } from "./queue-listener.ts";
import { inCall } from "./world-time.ts";

/**
 * Deletes the messages of a queue that are older than its `MessageRetentionPeriod`.
 * AWS: the age is counted from when a message was first sent, also in a dead-letter queue (SQS developer guide); that it begins
 * anew in one that is FIFO is left out. Assumed: messages in flight are deleted as well.
 */
export class MessageRetention implements QueueListener {
  readonly #clock: Clock;
  readonly #queue: SqsQueue;
  #messages = 0;
  #dueAt = Infinity;
  #cancel: () => void = () => {};

  constructor(clock: Clock, queue: SqsQueue) {
    this.#clock = clock;
    this.#queue = queue;
    const { ready, delayed, inflight } = queue.inspectMessages();
    this.#messages = ready.length + delayed.length + inflight.length;
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

  #schedule(): void {
    const { ready, delayed, inflight } = this.#queue.inspectMessages();
    let oldest = Infinity;
    for (const { sentTimestamp } of [...ready, ...delayed, ...inflight.map(({ message }) => message)])
      oldest = Math.min(oldest, sentTimestamp);
    this.#scheduleAt(oldest + this.#retentionMs);
  }

  #scheduleAt(dueAt: number): void {
    this.#cancel();
    this.#cancel = () => {};
    this.#dueAt = dueAt;
    if (dueAt === Infinity) return;
    const options = { kind: "housekeeping", label: `retention of messages in ${this.#queue.name}` } as const;
    this.#cancel = this.#clock.schedule(dueAt - this.#clock.now(), options, () => {
      inCall({ clock: this.#clock }, () => this.#deleteExpired(this.#clock.now() - this.#retentionMs));
      this.#schedule();
    });
  }

  #deleteExpired(since: number): void {
    const { messages, delayedMessages, fifoMessages, fifoDelayed, inflightMessages, persistence } = this.#queue;
    for (const [receiptHandle, { message }] of inflightMessages)
      if (message.sentTimestamp <= since) this.#queue.deleteMessage(receiptHandle);
    for (const stored of [messages, delayedMessages, ...fifoMessages.values(), ...fifoDelayed.values()]) {
      for (let index = stored.length - 1; index >= 0; index--) {
        const message = stored[index];
        if (message === undefined || message.sentTimestamp > since) continue;
        stored.splice(index, 1);
        persistence.deleteMessage(message.messageId);
      }
    }
  }
}
