import type { SqsMessage, SqsQueue, StorePersistence } from "localemu:fauxqs";
import type { Clock, TimerKind } from "../../core/clock.ts";
import type { KeptQueue } from "./kept-queue.ts";
import { MessageRetention } from "./message-retention.ts";
import { tellingEach } from "./queue-listener.ts";
import type { QueueListener } from "./queue-listener.ts";
import { inCall } from "./world-time.ts";

interface Watched {
  readonly timers: MessageTimers;
  readonly retention: MessageRetention;
  /** Undefined where nothing is kept. */
  readonly kept: KeptQueue | undefined;
}

/** Watches the queues of one region, through the port that fauxqs has for storing them. */
export class QueueWatch implements StorePersistence {
  readonly #clock: Clock;
  readonly #onChange: (queue: SqsQueue) => void;
  readonly #onMessage: (queue: SqsQueue, message: SqsMessage) => void;
  readonly #keep: (queue: SqsQueue) => KeptQueue | undefined;
  readonly #watched = new Map<string, Watched>();
  /** How many consumers inside the world a queue has, by its name. */
  readonly #consumers = new Map<string, number>();

  /**
   * @param onMessage Told of each message that comes in.
   * @param keep Makes what keeps a queue that is new.
   */
  constructor(
    clock: Clock,
    onChange: (queue: SqsQueue) => void,
    onMessage: (queue: SqsQueue, message: SqsMessage) => void,
    keep: (queue: SqsQueue) => KeptQueue | undefined,
  ) {
    this.#clock = clock;
    this.#onChange = onChange;
    this.#onMessage = onMessage;
    this.#keep = keep;
  }

  insertQueue(queue: SqsQueue): void {
    const kept = this.#keep(queue);
    kept?.insertQueue();
    this.watch(queue, kept);
    this.#onChange(queue);
  }

  /** Watches a queue and the messages that it has. */
  watch(queue: SqsQueue, kept: KeptQueue | undefined): void {
    const timers = new MessageTimers(this.#clock, queue, this.#kindOf(queue.name), this.#onChange);
    const retention = new MessageRetention(this.#clock, queue);
    const arrivals: QueueListener = { insertMessage: (_queueName, message) => this.#onMessage(queue, message) };
    queue.persistence = tellingEach([...(kept === undefined ? [] : [kept]), arrivals, retention, timers]);
    this.#watched.set(queue.name, { timers, retention, kept });
  }

  deleteQueue(queueName: string): void {
    this.#watched.get(queueName)?.kept?.deleteQueue();
    this.#stopWatching(queueName);
  }

  /** Takes note of a consumer that receives by itself whatever becomes visible; the returned function takes it back. */
  attach(queueName: string): () => void {
    const change = (by: number): void => {
      this.#consumers.set(queueName, (this.#consumers.get(queueName) ?? 0) + by);
      this.#watched.get(queueName)?.timers.setKind(this.#kindOf(queueName));
    };
    let attached = true;
    change(1);
    return () => {
      if (attached) change(-1);
      attached = false;
    };
  }

  close(): void {
    for (const queueName of this.#watched.keys()) this.#stopWatching(queueName);
  }

  #stopWatching(queueName: string): void {
    const { timers, retention } = this.#watched.get(queueName) ?? {};
    timers?.deleteQueueMessages();
    retention?.deleteQueueMessages();
    this.#watched.delete(queueName);
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
class MessageTimers implements QueueListener {
  readonly #clock: Clock;
  readonly #queue: SqsQueue;
  readonly #onChange: (queue: SqsQueue) => void;
  readonly #byId = new Map<string, MessageTimer>();
  #kind: TimerKind;

  constructor(clock: Clock, queue: SqsQueue, kind: TimerKind, onChange: (queue: SqsQueue) => void) {
    this.#clock = clock;
    this.#queue = queue;
    this.#kind = kind;
    this.#onChange = onChange;
    const { delayed, inflight } = queue.inspectMessages();
    for (const { messageId, delayUntil } of delayed) this.#wakeAt(delayUntil ?? 0, messageId, "delay");
    for (const { message, visibilityDeadline } of inflight)
      this.#wakeAt(visibilityDeadline, message.messageId, "visibility time-out");
  }

  setKind(kind: TimerKind): void {
    if (kind === this.#kind) return;
    this.#kind = kind;
    for (const [messageId, { at, what }] of this.#byId) this.#wakeAt(at, messageId, what);
  }

  insertMessage(_queueName: string, message: SqsMessage): void {
    const { messageId, delayUntil } = message;
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
    this.#byId.get(messageId)?.cancel();
    this.#byId.delete(messageId);
    this.#onChange(this.#queue);
  }

  deleteQueueMessages(): void {
    for (const { cancel } of this.#byId.values()) cancel();
    this.#byId.clear();
    this.#onChange(this.#queue);
  }

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
