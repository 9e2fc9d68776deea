import type { QueuePersistence, SqsMessage, SqsQueue, StorePersistence } from "localemu:fauxqs";
import type { Clock, TimerKind } from "../../core/clock.ts";
import { inCall } from "./world-time.ts";

/** Watches the queues of one region, through the port that fauxqs has for storing them. */
export class QueueWatch implements StorePersistence {
  readonly #clock: Clock;
  readonly #onChange: (queue: SqsQueue) => void;
  readonly #onMessage: (queue: SqsQueue, message: SqsMessage) => void;
  readonly #timers = new Map<string, MessageTimers>();
  /** How many consumers inside the world a queue has, by its name. */
  readonly #consumers = new Map<string, number>();

  /** @param onMessage Told of each message that comes in. */
  constructor(
    clock: Clock,
    onChange: (queue: SqsQueue) => void,
    onMessage: (queue: SqsQueue, message: SqsMessage) => void,
  ) {
    this.#clock = clock;
    this.#onChange = onChange;
    this.#onMessage = onMessage;
  }

  insertQueue(queue: SqsQueue): void {
    const onMessage = (message: SqsMessage): void => this.#onMessage(queue, message);
    const timers = new MessageTimers(this.#clock, queue, this.#kindOf(queue.name), this.#onChange, onMessage);
    this.#timers.set(queue.name, timers);
    queue.persistence = timers;
    this.#onChange(queue);
  }

  deleteQueue(queueName: string): void {
    this.#timers.get(queueName)?.deleteQueueMessages();
    this.#timers.delete(queueName);
  }

  /** Takes note of a consumer that receives by itself whatever becomes visible; the returned function takes it back. */
  attach(queueName: string): () => void {
    const change = (by: number): void => {
      this.#consumers.set(queueName, (this.#consumers.get(queueName) ?? 0) + by);
      this.#timers.get(queueName)?.setKind(this.#kindOf(queueName));
    };
    let attached = true;
    change(1);
    return () => {
      if (attached) change(-1);
      attached = false;
    };
  }

  close(): void {
    for (const queueName of this.#timers.keys()) this.deleteQueue(queueName);
  }

  /** Nothing comes of a message that becomes visible where nobody receives it. */
  #kindOf(queueName: string): TimerKind {
    return (this.#consumers.get(queueName) ?? 0) > 0 ? "work" : "housekeeping";
  }
}

interface MessageTimer {
  readonly at: number;
  readonly what: string;
  readonly cancel: () => void;
}

/**
 * fauxqs looks at its deadlines only when somebody receives. Here each message that is delayed or in flight has a timer of the
 * world, so that whoever waits for it gets it at that very moment, and the world knows what is still to come.
 */
class MessageTimers implements QueuePersistence {
  readonly #clock: Clock;
  readonly #queue: SqsQueue;
  readonly #onChange: (queue: SqsQueue) => void;
  readonly #onMessage: (message: SqsMessage) => void;
  readonly #byId = new Map<string, MessageTimer>();
  #kind: TimerKind;

  constructor(
    clock: Clock,
    queue: SqsQueue,
    kind: TimerKind,
    onChange: (queue: SqsQueue) => void,
    onMessage: (message: SqsMessage) => void,
  ) {
    this.#clock = clock;
    this.#onMessage = onMessage;
    this.#queue = queue;
    this.#kind = kind;
    this.#onChange = onChange;
  }

  setKind(kind: TimerKind): void {
    if (kind === this.#kind) return;
    this.#kind = kind;
    for (const [messageId, { at, what }] of this.#byId) this.#wakeAt(at, messageId, what);
  }

  insertMessage(_queueName: string, message: SqsMessage): void {
    const { messageId, delayUntil } = message;
    if (delayUntil !== undefined && delayUntil > this.#clock.now()) this.#wakeAt(delayUntil, messageId, "delay");
    this.#onMessage(message);
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
    this.#byId.get(messageId)?.cancel();
    this.#byId.delete(messageId);
    this.#onChange(this.#queue);
  }

  deleteQueueMessages(): void {
    for (const { cancel } of this.#byId.values()) cancel();
    this.#byId.clear();
    this.#onChange(this.#queue);
  }

  // The stores keep these in memory themselves, and nothing waits for them.
  updateQueueAttributes(): void {}
  updateQueueSequenceCounter(): void {}

  #wakeAt(at: number, messageId: string, what: string): void {
    this.#byId.get(messageId)?.cancel();
    const label = `${what} of a message in ${this.#queue.name}`;
    const cancel = this.#clock.schedule(at - this.#clock.now(), { kind: this.#kind, label }, () => {
      this.#byId.delete(messageId);
      inCall({ clock: this.#clock }, () => this.#queue.processTimers());
      this.#onChange(this.#queue);
    });
    this.#byId.set(messageId, { at, what, cancel });
  }
}
