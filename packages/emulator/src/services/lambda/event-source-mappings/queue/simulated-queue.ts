import assert from "node:assert";
import type { BatchOutcome, BatchState, BatchStep } from "./batch.ts";
import { startBatch, stepBatch } from "./batch-machine.ts";
import type { MessageReference } from "./message.ts";
import type { QueueCommand, QueueEvent, QueueState, QueueStep } from "./queue.ts";
import { startQueue, stepQueue } from "./queue-machine.ts";
import type { QueueNote } from "./queue-notes.ts";
import type { QueueConsumerSettings } from "./queue-settings.ts";

/** A message that a test sent; `place` is where it stands in its group. */
export interface StoredMessage {
  readonly messageId: string;
  readonly place: number;
  readonly groupId: string | undefined;
  readonly bytes: number;
  receiveCount: number;
  state: "visible" | "inFlight" | "deleted" | "dead";
  /** World time, while it is in flight. */
  visibleAt: number;
}

export interface ReceivedReference extends MessageReference {
  readonly stored: StoredMessage;
}

export interface RunningBatch {
  state: BatchState<ReceivedReference>;
  /** What the function has, while it has something. */
  invoked: readonly ReceivedReference[] | undefined;
  wakeAt: number | undefined;
}

export interface SimulationOptions {
  readonly settings: QueueConsumerSettings;
  readonly visibilityMs: number;
  readonly maxReceiveCount?: number;
}

/** A queue and its consumer without time or concurrency: both do what a test says, one thing after the other. */
export class SimulatedQueue {
  readonly options: SimulationOptions;
  now = 0;
  stored: StoredMessage[] = [];
  state: QueueState<ReceivedReference>;
  readonly batches: RunningBatch[] = [];
  readonly invocations: (readonly ReceivedReference[])[] = [];
  readonly notes: QueueNote[] = [];
  /** What became of receives: one fate for each, at last. */
  readonly fates = new Map<ReceivedReference, "delete" | "leave" | "release">();
  received: ReceivedReference[] = [];
  finished = false;
  #pending: number | undefined;
  #wakeAt: number | undefined;
  #listening = false;

  constructor(options: SimulationOptions) {
    this.options = options;
    const first = startQueue<ReceivedReference>(options.settings);
    this.state = first.state;
    this.#take(first);
  }

  send(messageId: string, groupId: string | undefined, bytes: number): void {
    this.#store(messageId, groupId, bytes);
    this.settle();
  }

  /** Sends `count` messages of a standard queue at once. */
  load(count: number): void {
    for (let number = 0; number < count; number++) this.#store(`m-${number}`, undefined, 100);
    this.settle();
  }

  #store(messageId: string, groupId: string | undefined, bytes: number): void {
    const visible = { receiveCount: 0, state: "visible", visibleAt: 0 } as const;
    this.stored.push({ messageId, place: this.stored.length, groupId, bytes, ...visible });
  }

  pass(ms: number): void {
    this.now += ms;
    const back = this.stored.filter(({ state, visibleAt }) => state === "inFlight" && visibleAt <= this.now);
    for (const message of back) this.#reappear(message);
    if (this.#wakeAt !== undefined && this.#wakeAt <= this.now) this.step({ kind: "timeReached" });
    for (const batch of this.batches.filter(({ wakeAt }) => wakeAt !== undefined && wakeAt <= this.now)) {
      this.#takeBatch(batch, stepBatch(batch.state, { kind: "timeReached" }, this.options.settings, this.now));
    }
    this.settle();
  }

  complete(batch: RunningBatch, outcome: BatchOutcome): void {
    assert(batch.invoked !== undefined);
    batch.invoked = undefined;
    this.#takeBatch(batch, stepBatch(batch.state, { kind: "invoked", outcome }, this.options.settings, this.now));
    this.settle();
  }

  stop(): void {
    this.step({ kind: "stopRequested" });
    for (const batch of this.batches.slice()) {
      this.#takeBatch(batch, stepBatch(batch.state, { kind: "stopRequested" }, this.options.settings, this.now));
    }
    this.settle();
  }

  step(event: QueueEvent<ReceivedReference>): void {
    const step = stepQueue(this.state, event, this.options.settings, this.now);
    this.state = step.state;
    this.#take(step);
  }

  /** Receives as long as the machine wants to and the queue gives. */
  settle(): void {
    for (;;) {
      if (this.#pending !== undefined) {
        const max = this.#pending;
        this.#pending = undefined;
        this.step({ kind: "received", ...this.#receive(max) });
      } else if (this.#listening && this.#receivable() !== undefined) this.step({ kind: "available" });
      else return;
    }
  }

  #take(step: QueueStep<ReceivedReference>): void {
    this.notes.push(...step.notes);
    for (const command of step.commands) this.#perform(command);
  }

  #perform(command: QueueCommand<ReceivedReference>): void {
    if (command.kind === "keep") return;
    if (command.kind === "release") return this.#decide("release", command.messages);
    if (command.kind === "start") {
      const first = startBatch(command.messages, this.options.settings);
      const batch: RunningBatch = { state: first.state, invoked: undefined, wakeAt: undefined };
      this.batches.push(batch);
      return this.#takeBatch(batch, first);
    }
    assert(!this.finished && this.#pending === undefined, "One receive at a time, and none at the end.");
    this.#wakeAt = command.kind === "wait" ? command.until : undefined;
    this.#listening = command.kind === "wait" && command.forMessages;
    if (command.kind === "receive") this.#pending = command.max;
    if (command.kind === "finish") this.finished = true;
  }

  #takeBatch(batch: RunningBatch, step: BatchStep<ReceivedReference>): void {
    batch.state = step.state;
    this.notes.push(...step.notes);
    for (const command of step.commands) {
      if (command.kind === "keep") continue;
      if (command.kind === "delete" || command.kind === "leave" || command.kind === "release") {
        this.#decide(command.kind, command.messages);
        continue;
      }
      batch.wakeAt = command.kind === "wait" ? command.until : undefined;
      if (command.kind === "invoke") {
        batch.invoked = command.messages;
        this.invocations.push(command.messages);
      }
      if (command.kind === "finish") {
        this.batches.splice(this.batches.indexOf(batch), 1);
        this.step({ kind: "batchFinished" });
      }
    }
  }

  #decide(fate: "delete" | "leave" | "release", messages: readonly ReceivedReference[]): void {
    for (const message of messages) {
      assert(!this.fates.has(message), "A message that was received has one fate.");
      this.fates.set(message, fate);
      const { stored, receiveCount } = message;
      // A receipt handle is good for one receive.
      if (stored.state !== "inFlight" || stored.receiveCount !== receiveCount) continue;
      if (fate === "delete") stored.state = "deleted";
      if (fate === "release") this.#reappear(stored);
    }
  }

  /** A standard queue gives it after the others, a FIFO queue in its place. */
  #reappear(message: StoredMessage): void {
    message.state = "visible";
    this.stored = [...this.stored.filter((other) => other !== message), message];
    if (message.groupId !== undefined) this.stored.sort((a, b) => a.place - b.place);
  }

  #receivable(locked = this.#lockedGroups()): StoredMessage | undefined {
    return this.stored.find(
      ({ state, groupId }) => state === "visible" && (groupId === undefined || !locked.has(groupId)),
    );
  }

  #lockedGroups(): ReadonlySet<string | undefined> {
    return new Set(this.stored.filter(({ state }) => state === "inFlight").map(({ groupId }) => groupId));
  }

  #receive(max: number): { readonly messages: readonly ReceivedReference[]; readonly taken: number } {
    const messages: ReceivedReference[] = [];
    let taken = 0;
    const locked = this.#lockedGroups();
    while (messages.length < max) {
      const stored = this.#receivable(locked);
      if (stored === undefined) break;
      taken++;
      stored.receiveCount++;
      if (stored.receiveCount > (this.options.maxReceiveCount ?? Infinity)) {
        stored.state = "dead";
        continue;
      }
      stored.state = "inFlight";
      stored.visibleAt = this.now + this.options.visibilityMs;
      const { messageId, groupId, bytes, receiveCount, visibleAt } = stored;
      messages.push({ messageId, groupId, bytes, receiveCount, visibleAt, stored });
    }
    this.received.push(...messages);
    return { messages, taken };
  }
}
