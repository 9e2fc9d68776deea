import type { QueuePersistence, SqsQueue, StorePersistence } from "localemu:fauxqs";
import type { Clock } from "../../core/clock.ts";
import { inCall } from "./world-time.ts";

/** Watches the queues of one region, through the port that fauxqs has for storing them. */
export class QueueWatch implements StorePersistence {
  readonly #clock: Clock;
  readonly #onChange: (queue: SqsQueue) => void;
  readonly #dropTimers = new Map<string, () => void>();

  constructor(clock: Clock, onChange: (queue: SqsQueue) => void) {
    this.#clock = clock;
    this.#onChange = onChange;
  }

  insertQueue(queue: SqsQueue): void {
    const timers = new MessageTimers(this.#clock, queue, this.#onChange);
    this.#dropTimers.set(queue.name, () => timers.deleteQueueMessages());
    queue.persistence = timers;
  }

  deleteQueue(queueName: string): void {
    this.#dropTimers.get(queueName)?.();
    this.#dropTimers.delete(queueName);
  }

  close(): void {
    for (const queueName of this.#dropTimers.keys()) this.deleteQueue(queueName);
  }
}

/**
 * fauxqs looks at its deadlines only when somebody receives. Here each message that is delayed or in flight has a timer of the
 * world, so that a parked poll is answered at that very moment, and the world knows that something is still to come.
 */
class MessageTimers implements QueuePersistence {
  readonly #clock: Clock;
  readonly #queue: SqsQueue;
  readonly #onChange: (queue: SqsQueue) => void;
  readonly #cancelById = new Map<string, () => void>();

  constructor(clock: Clock, queue: SqsQueue, onChange: (queue: SqsQueue) => void) {
    this.#clock = clock;
    this.#queue = queue;
    this.#onChange = onChange;
  }

  insertMessage(_queueName: string, { messageId, delayUntil }: { messageId: string; delayUntil?: number }): void {
    if (delayUntil !== undefined && delayUntil > this.#clock.now()) this.#wakeAt(delayUntil, messageId, "delay");
    this.#onChange(this.#queue);
  }

  updateMessageInflight(messageId: string, _receiptHandle: string, visibilityDeadline: number): void {
    this.#wakeAt(visibilityDeadline, messageId, "visibility time-out");
    this.#onChange(this.#queue);
  }

  updateMessageReady(messageId: string): void {
    this.deleteMessage(messageId);
  }

  deleteMessage(messageId: string): void {
    this.#cancelById.get(messageId)?.();
    this.#cancelById.delete(messageId);
    this.#onChange(this.#queue);
  }

  deleteQueueMessages(): void {
    for (const cancel of this.#cancelById.values()) cancel();
    this.#cancelById.clear();
    this.#onChange(this.#queue);
  }

  // The stores keep these in memory themselves, and nothing waits for them.
  updateQueueAttributes(): void {}
  updateQueueSequenceCounter(): void {}

  #wakeAt(at: number, messageId: string, what: string): void {
    this.#cancelById.get(messageId)?.();
    const label = `${what} of a message in ${this.#queue.name}`;
    const cancel = this.#clock.schedule(at - this.#clock.now(), { kind: "work", label }, () => {
      this.#cancelById.delete(messageId);
      inCall({ clock: this.#clock }, () => this.#queue.processTimers());
      this.#onChange(this.#queue);
    });
    this.#cancelById.set(messageId, cancel);
  }
}
