import { expect } from "vitest";
import { Activity } from "../../../../activity.ts";
import { fakeHostTime } from "../../../../core/fake-host-time.ts";
import { WorldClock } from "../../../../core/world-clock.ts";
import { TimeControl } from "../../../../time-control.ts";
import type { StreamNote } from "../notes.ts";
import type { StreamConsumerSettings } from "../settings.ts";
import type { Checkpoint, StreamPosition } from "./checkpoint.ts";
import { exampleRecord, exampleSettings, numberOf } from "./example-records.ts";
import type { ReportResult } from "./lane.ts";
import type { InvokeOutcome } from "./outcome.ts";
import { compareSequences } from "./record.ts";
import type { RecordReference } from "./record.ts";
import { ShardConsumer } from "./shard-consumer.ts";
import type { ConsumerEffects } from "./shard-consumer.ts";
import type { InvokeWindow } from "./tumbling-window.ts";

/** A shard in memory, a function that a test answers for, and the world around them. */
export class ShardUnderTest {
  readonly host = fakeHostTime();
  readonly clock = new WorldClock(this.host, (error) => this.bugs.push(error));
  readonly activity = new Activity(this.host);
  readonly time = new TimeControl(this.clock, this.activity, this.host);
  readonly settings: StreamConsumerSettings;
  readonly records: RecordReference[] = [];
  readonly listeners = new Set<() => void>();
  /** What the activity counted whenever a consumer ended. */
  readonly endings: number[] = [];
  readonly bugs: unknown[] = [];
  readonly notes: StreamNote[] = [];
  readonly checkpoints: Checkpoint["position"][] = [];
  /** What a restart goes on from. */
  kept: Checkpoint | undefined;
  /** Record numbers of each invocation. */
  readonly invoked: number[][] = [];
  /** Invocations and reports that wait for an answer of the test's. */
  readonly running: ((answer: InvokeOutcome) => void)[] = [];
  readonly reporting: ((answer: ReportResult) => void)[] = [];
  /** Answers at once where it is set. */
  answer: ((batch: readonly number[], window: InvokeWindow | undefined) => InvokeOutcome) | undefined;
  closed = false;

  constructor(changes: Partial<StreamConsumerSettings> = {}) {
    this.settings = exampleSettings(changes);
    this.clock.setMode("frozen");
  }

  readonly effects: ConsumerEffects<RecordReference> = {
    read: (after, max) => {
      const from = after.kind === "afterSequence" ? after.sequence : "0";
      const records = this.records.filter(({ sequence }) => compareSequences(sequence, from) > 0).slice(0, max);
      return { kind: "read", records, through: records.at(-1)?.sequence, closed: this.closed };
    },
    onSourceChange: (listener) => {
      this.listeners.add(listener);
      return () => this.listeners.delete(listener);
    },
    invoke: ({ records, window }) => {
      const batch = records.map(({ sequence }) => numberOf(sequence));
      this.invoked.push(batch);
      if (this.answer !== undefined) return Promise.resolve(this.answer(batch, window));
      return new Promise((resolve) => this.running.push(resolve));
    },
    report: () => new Promise((resolve) => this.reporting.push(resolve)),
    keepCheckpoint: (checkpoint) => {
      this.checkpoints.push(checkpoint.position);
      this.kept = checkpoint;
    },
    note: (note) => this.notes.push(note),
  };

  start(
    effects: Partial<ConsumerEffects<RecordReference>> = {},
    from: Checkpoint & { readonly position: StreamPosition } = { position: { kind: "trimHorizon" }, windows: [] },
    settings = this.settings,
  ): ShardConsumer<RecordReference> {
    return new ShardConsumer({
      label: "shard",
      checkpoint: from,
      settings,
      effects: { ...this.effects, ...effects },
      clock: this.clock,
      host: this.host,
      activity: this.activity,
      onEnded: () => this.endings.push(this.activity.count),
      onBug: (error) => this.bugs.push(error),
    });
  }

  /** Appends as a stream does: its listeners are called within the append, before the producer's call ends. */
  append(count: number): void {
    const producer = this.activity.begin("producer");
    const { length } = this.records;
    for (let number = length + 1; number <= length + count; number++) {
      this.records.push(
        exampleRecord(number, this.settings, { arrival: this.clock.now(), laneKey: `key-${number % 5}` }),
      );
    }
    for (const listener of this.listeners) listener();
    producer.release();
  }

  /** Lets the event loop turn until whatever was begun has got as far as it can without the test. */
  async turn(): Promise<void> {
    for (let turns = 0; turns < 5; turns++) await new Promise<void>((resolve) => this.host.setImmediate(resolve));
  }

  /** Nothing is under way, no timer is set, nobody listens. */
  expectNothingLeft(): void {
    expect(this.activity.busy()).toEqual([]);
    expect(this.clock.hasWorkTimers).toBe(false);
    expect(this.listeners.size).toBe(0);
  }
}
