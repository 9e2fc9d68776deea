import assert from "node:assert";
import type { StreamNote } from "../notes.ts";
import type { StreamConsumerSettings } from "../settings.ts";
import type { LaneState } from "./lane.ts";
import type { InvokeOutcome } from "./outcome.ts";
import { compareSequences, laneOf, type RecordReference } from "./record.ts";
import type { InvokeEffect } from "./synchronous-consumer.ts";
import { type InvokeWindow, windowEndOf } from "./tumbling-window.ts";

/** What a lane's window is, by what the function returned. */
interface Watched {
  readonly end: number;
  state: string;
  attempts: number;
}

/** What is watched of the consumer. */
interface Shard {
  readonly now: number;
  readonly source: readonly RecordReference[];
  readonly closed: boolean;
}

/** Follows the tumbling windows of one consumer's lanes, and asserts that no state is lost, mixed up or closed twice. */
export class WindowWatch {
  /** How many windows were closed, terminated early and given up. */
  readonly reached = { closed: 0, early: 0, discarded: 0 };
  readonly #settings: StreamConsumerSettings;
  readonly #open = new Map<number, Watched>();
  readonly #closed = new Set<string>();
  /** Windows of which the function got a batch. */
  readonly #invoked = new Set<string>();
  /** Lanes whose window is being closed. */
  readonly #closing = new Map<number, InvokeWindow>();
  #states = 0;

  constructor(settings: StreamConsumerSettings) {
    this.#settings = settings;
  }

  /** An invocation that the consumer asks for. */
  begin({ lane, records, window }: InvokeEffect, shard: Shard, isFinished: (record: RecordReference) => boolean): void {
    if (this.#settings.tumblingWindowMs === 0) return assert(window === undefined, "a window where there are none");
    assert(window !== undefined, "no window where there are windows");
    const open = this.#open.get(lane);
    const closes = window.isFinal || window.isTerminatedEarly;
    assert(open === undefined ? !closes && window.state === "{}" : open.end === window.end, "another window is open");
    assert(window.state === (open?.state ?? "{}"), "a state that is not what the function returned last");
    assert(!this.#closed.has(`${lane} ${window.end}`), "a window that was closed goes on");
    for (const record of records)
      assert(windowEndOf(record, this.#settings) === window.end, "a record of another window");
    if (!closes) return this.#expectSmall(window);
    assert(records.length === 0, "a closing with records");
    this.#closing.set(lane, window);
    if (window.isFinal) this.#expectOver(lane, window, shard, isFinished);
    else assert(Buffer.byteLength(window.state) > this.#settings.maxWindowStateBytes, "a small state ends early");
  }

  /** The function's answer with what it makes of the state: now and then too much. */
  withState(outcome: InvokeOutcome, window: InvokeWindow | undefined, at: number): InvokeOutcome {
    if (window === undefined || (outcome.kind !== "success" && outcome.kind !== "partial")) return outcome;
    const state = JSON.stringify({ count: ++this.#states, padding: at % 4 === 0 ? "é".repeat(100) : "" });
    return { ...outcome, state };
  }

  /** The answer to an invocation. `progress` says that some of its records are done. */
  end({ lane, window }: InvokeEffect, outcome: InvokeOutcome, progress: boolean): void {
    if (window === undefined) return;
    const open = this.#open.get(lane) ?? { end: window.end, state: "{}", attempts: 0 };
    if (!this.#closing.has(lane)) {
      if (outcome.kind === "notInvoked") return;
      this.#open.set(lane, open);
      this.#invoked.add(`${lane} ${window.end}`);
      if (progress && "state" in outcome && outcome.state !== undefined) open.state = outcome.state;
      return;
    }
    if (outcome.kind === "success") return this.#close(lane, window);
    if (outcome.kind === "notInvoked") return;
    open.attempts++;
    const { maxRetryAttempts } = this.#settings;
    assert(maxRetryAttempts === -1 || open.attempts <= maxRetryAttempts + 1, "more tries than the budget");
  }

  /** What the consumer tells, and what its lanes are by now. */
  note(note: StreamNote, lanes: readonly LaneState[]): void {
    if (note.type !== "mapping.windowDiscarded") return;
    const [lane, window] =
      [...this.#closing].find(([number, closing]) => closing.end === note.end && !isClosing(lanes[number], closing)) ??
      [];
    assert(lane !== undefined && window !== undefined, "a window is given up that is not being closed");
    this.reached.discarded++;
    this.#close(lane, window);
  }

  /** The shard has ended: every window that had an invocation is closed. */
  expectAllClosed(): void {
    assert.deepEqual([...this.#invoked].toSorted(), [...this.#closed].toSorted());
    assert.equal(this.#open.size, 0);
  }

  /** What the checkpoint must hold, by lane. */
  get open(): readonly { readonly lane: number; readonly end: number; readonly state: string }[] {
    return [...this.#open].map(([lane, { end, state }]) => ({ lane, end, state }));
  }

  #close(lane: number, window: InvokeWindow): void {
    this.#closing.delete(lane);
    if (window.isFinal) {
      this.reached.closed++;
      this.#closed.add(`${lane} ${window.end}`);
      this.#open.delete(lane);
    } else {
      this.reached.early++;
      this.#open.set(lane, { end: window.end, state: "{}", attempts: 0 });
    }
  }

  #expectSmall({ state }: InvokeWindow): void {
    assert(Buffer.byteLength(state) <= this.#settings.maxWindowStateBytes, "a batch with a state that is too large");
  }

  /** Nothing of the window is left or can come. */
  #expectOver(
    lane: number,
    { end }: InvokeWindow,
    { now, source, closed }: Shard,
    isFinished: (record: RecordReference) => boolean,
  ): void {
    const own = source.filter((record) => laneOf(record.laneKey, this.#settings.parallelizationFactor) === lane);
    const last = own.toSorted((one, other) => compareSequences(one.sequence, other.sequence)).at(-1);
    assert(now >= end || closed || (last !== undefined && windowEndOf(last, this.#settings) > end), "closed too early");
    for (const record of own) {
      if (windowEndOf(record, this.#settings) === end) assert(isFinished(record), "closed before its last record");
    }
  }
}

/** Whether a lane is still closing a window in the same way. */
function isClosing(state: LaneState | undefined, { end, isFinal }: InvokeWindow): boolean {
  if (state?.kind !== "closing" && state?.kind !== "closingLater") return false;
  return state.memory.windows[0]?.end === end && state.closing.as === (isFinal ? "final" : "early");
}
