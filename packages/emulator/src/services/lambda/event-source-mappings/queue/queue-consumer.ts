import type { Activity, ActivityToken } from "../../../../activity.ts";
import type { Clock } from "../../../../core/clock.ts";
import type { HostTime } from "../../../../core/host-time.ts";
import type { SourceDelay } from "../ports.ts";
import type { BatchEvent, BatchOutcome, BatchState, BatchStep } from "./batch.ts";
import { startBatch, stepBatch } from "./batch-machine.ts";
import type { MessageReference } from "./message.ts";
import type { QueueCommand, QueueEvent, QueueState, QueueStep } from "./queue.ts";
import { startQueue, stepQueue } from "./queue-machine.ts";
import type { QueueNote } from "./queue-notes.ts";
import type { QueueConsumerSettings } from "./queue-settings.ts";

type ReceiveResult<M extends MessageReference> = Extract<
  QueueEvent<M>,
  { readonly kind: "received" | "receiveFailed" }
>;

/** What a queue's consumer does to the world. Effects never reject: what can go wrong is part of their answers. */
export interface QueueEffects<M extends MessageReference> {
  /** Whether a receive would take something now. */
  isReceivable(): boolean;
  /** What there is now, up to `max` messages. */
  receive(max: number): ReceiveResult<M> | SourceDelay;
  /** Calls `listener` when receiving may give something else than before. */
  onSourceChange(listener: () => void): () => void;
  invoke(messages: readonly M[]): Promise<BatchOutcome>;
  /** What becomes of messages; `leave` does nothing to the queue. */
  delete(messages: readonly M[]): void;
  leave(messages: readonly M[]): void;
  release(messages: readonly M[]): void;
  note(note: QueueNote): void;
}

export interface QueueConsumerOptions<M extends MessageReference> {
  /** For people who wait for idle, e.g. `queue orders for orders-fn`. */
  readonly label: string;
  readonly settings: QueueConsumerSettings;
  readonly effects: QueueEffects<M>;
  readonly clock: Clock;
  readonly host: HostTime;
  readonly activity: Pick<Activity, "begin">;
  /** Told what a machine or an effect threw, which none may. */
  readonly onBug: (error: unknown) => void;
}

/** A machine's place: its state, and what it waits for. */
interface Seat<State> {
  state: State;
  cancelTimer: (() => void) | undefined;
}

/** Drives a queue's machines, by the rules of `docs/specs/queue-consumer.md`: carries out their commands, feeds back what came of them. */
export class QueueConsumer<M extends MessageReference> {
  readonly #options: QueueConsumerOptions<M>;
  readonly #queue: Seat<QueueState<M>>;
  readonly #batches = new Set<Seat<BatchState<M>>>();
  readonly #stopWatching: () => void;
  readonly #finished = Promise.withResolvers<void>();
  /** The machine waits for the queue to have something to give. */
  #listening = false;
  /** The receive in flight; a stop takes it away. */
  #receiving: { readonly max: number } | undefined;
  /** Set by a bug: whatever still comes is dropped. */
  #failed = false;

  /** Begins to receive at once. */
  constructor(options: QueueConsumerOptions<M>) {
    this.#options = options;
    const first = startQueue<M>(options.settings);
    this.#queue = { state: first.state, cancelTimer: undefined };
    this.#stopWatching = options.effects.onSourceChange(() => this.#guard(() => this.#listen()));
    this.#guard(() => this.#takeQueueStep(first));
  }

  /** Waits and receives end at once, invocations under way by themselves; resolves when nothing is under way any more. */
  stop(): Promise<void> {
    this.#guard(() => {
      this.#sendQueue({ kind: "stopRequested" });
      for (const batch of this.#batches) this.#sendBatch(batch, { kind: "stopRequested" });
      if (this.#receiving !== undefined) this.#completeReceive({ kind: "received", messages: [], taken: 0 });
    });
    return this.#finished.promise;
  }

  /**
   * Whatever calls in from outside does so through here. A machine or an effect that throws is a bug: it is told, and the
   * consumer ends rather than hang; an invocation under way is not waited for then.
   */
  #guard(step: () => void): void {
    if (this.#failed) return;
    try {
      step();
    } catch (error) {
      this.#fail(error);
    }
  }

  #fail(error: unknown): void {
    if (this.#failed) return;
    this.#failed = true;
    for (const seat of [this.#queue, ...this.#batches]) seat.cancelTimer?.();
    this.#receiving = undefined;
    this.#end();
    this.#options.onBug(error);
  }

  #end(): void {
    this.#stopWatching();
    this.#finished.resolve();
  }

  #sendQueue(event: QueueEvent<M>): void {
    const { settings, clock } = this.#options;
    this.#takeQueueStep(stepQueue(this.#queue.state, event, settings, clock.now()));
  }

  #takeQueueStep(step: QueueStep<M>): void {
    this.#queue.state = step.state;
    for (const note of step.notes) this.#options.effects.note(note);
    for (const command of step.commands) this.#performQueue(command);
  }

  #performQueue(command: QueueCommand<M>): void {
    const { effects, settings } = this.#options;
    switch (command.kind) {
      case "start": {
        const first = startBatch(command.messages, settings);
        const batch: Seat<BatchState<M>> = { state: first.state, cancelTimer: undefined };
        this.#batches.add(batch);
        this.#takeBatchStep(batch, first);
        break;
      }
      case "release":
        effects.release(command.messages);
        break;
      case "receive":
        this.#listening = false;
        this.#setTimer(this.#queue, undefined, "", () => {});
        this.#receiveSoon(command.max);
        break;
      case "wait":
        this.#setTimer(this.#queue, command.until, waitOf[this.#queue.state.kind], () =>
          this.#sendQueue({ kind: "timeReached" }),
        );
        this.#listening = command.forMessages;
        this.#listen();
        break;
      case "keep":
        break;
      case "finish":
        this.#setTimer(this.#queue, undefined, "", () => {});
        this.#listening = false;
        this.#end();
        break;
    }
  }

  /** Told within the call that made a message visible, so that the world does not look idle before it is received. */
  #listen(): void {
    if (this.#listening && this.#options.effects.isReceivable()) this.#sendQueue({ kind: "available" });
  }

  /** One receive a turn of the event loop: messages that are sent at once are received at once. */
  #receiveSoon(max: number): void {
    const receive = { max };
    this.#receiving = receive;
    const token = this.#begin("receiving from");
    this.#options.host.setImmediate(() => {
      this.#guard(() => {
        if (this.#receiving !== receive) return;
        const result = this.#options.effects.receive(max);
        if (result.kind === "delayed") this.#receiveLater(max, result.ms);
        else this.#completeReceive(result);
      });
      token.release();
    });
  }

  #receiveLater(max: number, ms: number): void {
    const { clock } = this.#options;
    this.#setTimer(this.#queue, clock.now() + ms, "delayed receive from", () => this.#receiveSoon(max));
  }

  #completeReceive(result: ReceiveResult<M>): void {
    this.#receiving = undefined;
    this.#sendQueue(result);
  }

  #sendBatch(batch: Seat<BatchState<M>>, event: BatchEvent): void {
    const { settings, clock } = this.#options;
    this.#takeBatchStep(batch, stepBatch(batch.state, event, settings, clock.now()));
  }

  #takeBatchStep(batch: Seat<BatchState<M>>, step: BatchStep<M>): void {
    const { effects } = this.#options;
    batch.state = step.state;
    for (const note of step.notes) effects.note(note);
    for (const command of step.commands) {
      if (command.kind === "keep") continue;
      if (command.kind === "delete" || command.kind === "leave" || command.kind === "release") {
        effects[command.kind](command.messages);
        continue;
      }
      const until = command.kind === "wait" ? command.until : undefined;
      this.#setTimer(batch, until, "next try of", () => this.#sendBatch(batch, { kind: "timeReached" }));
      if (command.kind === "invoke") this.#invoke(batch, command.messages);
      if (command.kind === "finish") {
        this.#batches.delete(batch);
        this.#sendQueue({ kind: "batchFinished" });
      }
    }
  }

  /** The token is let go only after the answer's consequences have taken theirs: the world is never idle in between. */
  #invoke(batch: Seat<BatchState<M>>, messages: readonly M[]): void {
    const token = this.#begin("invoking for");
    this.#options.effects
      .invoke(messages)
      .then(
        (outcome) => this.#guard(() => this.#sendBatch(batch, { kind: "invoked", outcome })),
        (error: unknown) => this.#fail(error),
      )
      .finally(() => token.release());
  }

  #setTimer(seat: Seat<unknown>, until: number | undefined, what: string, fire: () => void): void {
    seat.cancelTimer?.();
    seat.cancelTimer = undefined;
    if (until === undefined) return;
    const { clock, label } = this.#options;
    seat.cancelTimer = clock.schedule(until - clock.now(), { kind: "work", label: `${what} ${label}` }, () => {
      seat.cancelTimer = undefined;
      this.#guard(fire);
    });
  }

  #begin(what: string): ActivityToken {
    return this.#options.activity.begin(`${what} ${this.#options.label}`);
  }
}

/** What the receiver waits for, for people who wait for idle. */
const waitOf: Readonly<Record<QueueState["kind"], string>> = {
  receiving: "receiving from",
  waiting: "waiting for",
  collecting: "batching window of",
  full: "one more batch of",
  backingOff: "receiving again from",
  draining: "end of",
  stopped: "end of",
};
