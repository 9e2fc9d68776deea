import assert from "node:assert";
import type { StreamConsumerSettings } from "../settings.ts";
import { isFurther } from "./checkpoint.ts";
import { exampleInvocation, exampleRecord, unhandledError } from "./example-records.ts";
import { laneProgress } from "./lane.ts";
import type { InvokeOutcome } from "./outcome.ts";
import { compareSequences, laneOf, type RecordReference } from "./record.ts";
import { payloadBytes } from "./slice.ts";
import { type Effect, type InvokeEffect, SynchronousConsumer } from "./synchronous-consumer.ts";
import { windowReserve } from "./tumbling-window.ts";
import { WindowWatch } from "./window-watch.ts";

/** One thing that the world does to the consumer; numbers choose among what is possible. */
export type Act =
  | { readonly do: "append"; readonly key: number; readonly bytes: number }
  | { readonly do: "pass"; readonly ms: number }
  | { readonly do: "complete"; readonly which: number; readonly how: number; readonly at: number }
  | { readonly do: "close" }
  | { readonly do: "stop" };

/** Watches one consumer, knows what each record came to, and asserts the invariants after each act. */
export class ConsumerWatch {
  readonly consumer: SynchronousConsumer;
  readonly processed = new Set<RecordReference>();
  readonly discarded = new Set<RecordReference>();
  readonly windows: WindowWatch;
  stopped = false;
  readonly #settings: StreamConsumerSettings;
  /** Counted failures by the ends of the slice: a slice that got on is another one. */
  readonly #failures = new Map<string, number>();
  #seenInvocations = 0;
  #seenNotes = 0;
  #seenCheckpoints = 1;

  constructor(settings: StreamConsumerSettings) {
    this.#settings = settings;
    this.windows = new WindowWatch(settings);
    this.consumer = new SynchronousConsumer(settings);
  }

  act(act: Act): void {
    const { consumer } = this;
    if (act.do === "append") {
      if (!consumer.closed) this.#append(act.key, act.bytes);
    } else if (act.do === "pass") {
      consumer.advance(act.ms);
    } else if (act.do === "close") {
      consumer.closed = true;
    } else if (act.do === "stop") {
      if (!this.stopped) consumer.requestStop();
      this.stopped = true;
    } else {
      const effects = consumer.completable();
      const effect = effects[act.which % effects.length];
      if (effect !== undefined) this.complete(effect, act.how, act.at);
    }
    this.check();
  }

  complete(effect: Effect, how: number, at: number): void {
    const { consumer } = this;
    if (effect.kind === "report") return consumer.completeReport(effect.lane, how % 2 === 0);
    if (effect.kind === "invoke") {
      const outcome = this.windows.withState(this.#outcome(effect, how, at), effect.window, at);
      const progress = this.#judge(effect.records, outcome);
      this.windows.end(effect, outcome, progress);
      return consumer.completeInvoke(effect.lane, outcome);
    }
    if (how < 10) return consumer.completeRead(effect);
    if (how === 10) return consumer.failRead({ reason: "transient", error: "try again" });
    return consumer.failRead({ reason: "trimmed", oldest: { kind: "afterSequence", sequence: effect.after } });
  }

  /** Lets everything succeed until nothing is left to do. */
  finish(): void {
    this.consumer.closed = true;
    for (;;) {
      const effect = this.consumer.completable()[0];
      const wake = this.consumer.untilNextWake();
      if (effect !== undefined) this.complete(effect, 0, 0);
      else if (wake !== undefined) this.consumer.advance(wake);
      else return;
      this.check();
    }
  }

  check(): void {
    const { consumer } = this;
    for (const note of consumer.notes.slice(this.#seenNotes)) {
      if (note.type === "mapping.recordsDiscarded") this.#discard(note.from, note.to, note.records);
      this.windows.note(note, consumer.lanes);
    }
    for (const invoke of consumer.invokes.slice(this.#seenInvocations)) {
      this.windows.begin(invoke, consumer, (record) => this.isFinished(record));
      if (invoke.window?.isFinal !== true && invoke.window?.isTerminatedEarly !== true)
        this.#checkBatch(invoke.records);
    }
    this.#seenNotes = consumer.notes.length;
    this.#seenInvocations = consumer.invokes.length;
    this.#checkCheckpoint();
  }

  #append(key: number, bytes: number): void {
    const { consumer } = this;
    const options = { arrival: consumer.now, bytes, laneKey: `key-${key}` };
    consumer.source.push(exampleRecord(consumer.source.length + 1, this.#settings, options));
  }

  #outcome({ records: batch, window }: InvokeEffect, how: number, at: number): InvokeOutcome {
    if (how < 5) return { kind: "success", invocation: exampleInvocation };
    if (how < 8) return unhandledError;
    if (how < 10) return { kind: "notInvoked", reason: "throttled" };
    if (window !== undefined && batch.length === 0) return unhandledError;
    const from = batch[at % batch.length]?.sequence ?? "";
    return { kind: "partial", from, invocation: exampleInvocation };
  }

  /** Whether some of the batch is done. */
  #judge(batch: readonly RecordReference[], outcome: InvokeOutcome): boolean {
    if (outcome.kind === "notInvoked" || batch.length === 0) return false;
    const upTo =
      outcome.kind === "success" ? batch.length : outcome.kind === "partial" ? indexIn(batch, outcome.from) : 0;
    for (const record of batch.slice(0, upTo)) this.processed.add(record);
    if (upTo > 0) return true;
    const ends = `${batch[0]?.sequence} ${batch.at(-1)?.sequence} ${batch.length}`;
    const failures = (this.#failures.get(ends) ?? 0) + 1;
    this.#failures.set(ends, failures);
    const { maxRetryAttempts } = this.#settings;
    assert(maxRetryAttempts === -1 || failures <= maxRetryAttempts + 1, "more tries than the budget");
    return false;
  }

  #discard(from: string, to: string, records: number): void {
    const lane = this.#laneOf(this.consumer.source.find((record) => record.sequence === from));
    const run = this.consumer.source.filter(
      (record) =>
        this.#laneOf(record) === lane &&
        compareSequences(record.sequence, from) >= 0 &&
        compareSequences(record.sequence, to) <= 0,
    );
    assert.equal(run.length, records);
    for (const record of run) {
      assert(!this.processed.has(record));
      this.discarded.add(record);
    }
  }

  #laneOf(record: RecordReference | undefined): number | undefined {
    return record && laneOf(record.laneKey, this.#settings.parallelizationFactor);
  }

  #checkBatch(batch: readonly RecordReference[]): void {
    const { batchSize, maxPayloadBytes } = this.#settings;
    const window = batch.length > 1 ? windowReserve(this.#settings) : 0;
    assert(batch.length > 0 && batch.length <= batchSize, "a batch of a wrong size");
    const bytes = batch.reduce((sum, record) => sum + record.bytes, 0);
    assert(payloadBytes(batch.length, bytes, this.#settings) + window <= maxPayloadBytes, "an event that is too large");
    const before = new Set<RecordReference>();
    for (const record of batch) {
      assert(!this.isFinished(record), "delivered after it was finished");
      assert(record.expiresAt > this.consumer.now, "delivered after it expired");
      const ahead = this.consumer.source.filter(
        (other) => other.laneKey === record.laneKey && compareSequences(other.sequence, record.sequence) < 0,
      );
      for (const other of ahead)
        assert(before.has(other) || this.isFinished(other), "delivered before an earlier record of its key");
      before.add(record);
    }
  }

  #checkCheckpoint(): void {
    const { checkpoint, checkpoints, lanes, source } = this.consumer;
    const { position } = checkpoint;
    for (; this.#seenCheckpoints < checkpoints.length; this.#seenCheckpoints++) {
      const [last, next] = checkpoints.slice(this.#seenCheckpoints - 1);
      if (last === undefined || next === undefined) continue;
      const sameRecords = JSON.stringify(next.position) === JSON.stringify(last.position);
      assert(isFurther(next.position, last.position) || sameRecords, "a checkpoint that went back");
      assert(!sameRecords || next.windows !== last.windows, "a checkpoint that says nothing new");
    }
    const open = checkpoint.windows.map(({ lane, end, state }) => ({ lane, end, state }));
    if (position.kind !== "shardEnd")
      assert.deepEqual(
        open,
        this.windows.open.toSorted((a, b) => a.lane - b.lane),
      );
    const passed = source.filter(
      (record) =>
        position.kind === "shardEnd" ||
        (position.kind === "afterSequence" && compareSequences(record.sequence, position.sequence) <= 0),
    );
    for (const record of passed) assert(this.isFinished(record), "a checkpoint past an unfinished record");
    for (const lane of lanes) {
      const { unfinishedFrom } = laneProgress(lane);
      const unfinished = source.find((record) => record.sequence === unfinishedFrom);
      assert(unfinished === undefined || !this.isFinished(unfinished), "finished but still called unfinished");
    }
  }

  isFinished(record: RecordReference): boolean {
    return this.processed.has(record) || this.discarded.has(record);
  }
}

function indexIn(batch: readonly RecordReference[], sequence: string): number {
  return batch.findIndex((record) => record.sequence === sequence);
}
