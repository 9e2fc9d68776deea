import assert from "node:assert";
import type { StreamNote } from "../notes.ts";
import type { StreamConsumerSettings } from "../settings.ts";
import type { Checkpoint, StreamPosition } from "./checkpoint.ts";
import type { IntakeCommand, IntakeEvent, IntakeState, IntakeStep } from "./intake.ts";
import { startIntake, stepIntake } from "./intake-machine.ts";
import { type LaneCommand, type LaneEvent, laneProgress, type LaneState, type LaneStep } from "./lane.ts";
import { isSameProgress } from "./lane-memory.ts";
import { startLane, stepLane } from "./lane-machine.ts";
import type { InvokeOutcome } from "./outcome.ts";
import { compareSequences, type RecordReference } from "./record.ts";
import { type InvokeWindow, windowsOfLane } from "./tumbling-window.ts";

/** An effect that waits for its completion. */
export type Effect =
  | { readonly kind: "read"; readonly after: string; readonly max: number }
  | InvokeEffect
  | { readonly kind: "report"; readonly lane: number; readonly report: LaneCommand & { readonly kind: "report" } };

export interface InvokeEffect {
  readonly kind: "invoke";
  readonly lane: number;
  readonly records: readonly RecordReference[];
  readonly window: InvokeWindow | undefined;
}

interface Seat<State> {
  state: State;
  effect: Effect | undefined;
  wakeAt: number | undefined;
  /** It is woken only when all that arrived was read. */
  readFirst: boolean;
}

/**
 * Drives one shard's machines as `docs/specs/stream-consumer.md` asks of a driver, but without time or concurrency:
 * a test completes the effects one by one and moves the time.
 */
export class SynchronousConsumer {
  now: number;
  /** The shard: append at will. */
  readonly source: RecordReference[] = [];
  closed = false;
  readonly invokes: InvokeEffect[] = [];
  readonly reports: (LaneCommand & { readonly kind: "report" })[] = [];
  readonly notes: StreamNote[] = [];
  readonly checkpoints: Checkpoint[] = [];
  readonly #settings: StreamConsumerSettings;
  readonly #intake: Seat<IntakeState>;
  readonly #lanes: Seat<LaneState>[] = [];

  constructor(
    settings: StreamConsumerSettings,
    from: Checkpoint & { readonly position: StreamPosition } = { position: { kind: "trimHorizon" }, windows: [] },
    now = 0,
  ) {
    this.#settings = settings;
    this.now = now;
    const lanes = settings.parallelizationFactor;
    const starts = Array.from({ length: lanes }, (_, lane) =>
      startLane(lane, windowsOfLane(from.windows, lane, lanes), settings, now),
    );
    const seat = { effect: undefined, wakeAt: undefined, readFirst: false };
    for (const { state } of starts) this.#lanes.push({ ...seat, state });
    const first = startIntake(from, settings);
    this.#intake = { ...seat, state: first.state };
    this.#takeIntakeStep(first);
    for (const [lane, step] of starts.entries()) this.#takeLaneStep(lane, step);
  }

  /** What the function was given. */
  get invocations(): readonly (readonly RecordReference[])[] {
    return this.invokes.map(({ records }) => records);
  }

  get checkpoint(): Checkpoint {
    return this.#intake.state.memory.checkpoint;
  }

  get intake(): IntakeState {
    return this.#intake.state;
  }

  get lanes(): readonly LaneState[] {
    return this.#lanes.map((seat) => seat.state);
  }

  /** The effects that can complete now: a read of an open shard needs a record, or a stop that aborts it. */
  completable(): readonly Effect[] {
    const seats = [this.#intake, ...this.#lanes];
    return seats.flatMap(({ effect }) => (effect !== undefined && this.#canComplete(effect) ? [effect] : []));
  }

  /** Reads what there is. */
  completeRead(effect: Effect & { readonly kind: "read" }): void {
    const all = this.#readable(effect);
    const records = all.slice(0, effect.max);
    const closed = this.closed && records.length === all.length;
    this.#intake.effect = undefined;
    this.#sendIntake({ kind: "read", records, through: records.at(-1)?.sequence, closed });
  }

  failRead(failure: (IntakeEvent & { readonly kind: "readFailed" })["failure"]): void {
    this.#intake.effect = undefined;
    this.#sendIntake({ kind: "readFailed", failure });
  }

  completeInvoke(lane: number, outcome: InvokeOutcome): void {
    this.#clearEffect(lane);
    this.#sendLane(lane, { kind: "invoked", outcome });
  }

  completeReport(lane: number, delivered: boolean): void {
    this.#clearEffect(lane);
    this.#sendLane(lane, {
      kind: "reported",
      result: delivered ? { kind: "delivered" } : { kind: "failed", error: "no such queue" },
    });
  }

  /** Moves the time and wakes whom it is time for. */
  advance(ms: number): void {
    this.now += ms;
    if (this.#isTime(this.#intake)) this.#sendIntake({ kind: "timeReached" });
    for (const [lane, seat] of this.#lanes.entries()) {
      if (this.#isTime(seat)) this.#sendLane(lane, { kind: "timeReached" });
    }
  }

  /** Milliseconds until the next machine wants to be woken. */
  untilNextWake(): number | undefined {
    const times = [this.#intake, ...this.#lanes].flatMap(({ wakeAt, readFirst }) =>
      wakeAt === undefined || (readFirst && wakeAt <= this.now && !this.#isAllRead) ? [] : wakeAt,
    );
    return times.length === 0 ? undefined : Math.max(0, Math.min(...times) - this.now);
  }

  requestStop(): void {
    this.#sendIntake({ kind: "stopRequested" });
    for (const lane of this.#lanes.keys()) this.#sendLane(lane, { kind: "stopRequested" });
  }

  /** Completes everything, with the function's answer, until nothing is left to do but wait for records. */
  run(
    answer: (batch: readonly RecordReference[], window: InvokeWindow | undefined) => InvokeOutcome,
    mostSteps = 100_000,
  ): void {
    for (let step = 0; step < mostSteps; step++) {
      const effect = this.completable()[0];
      const wake = this.untilNextWake();
      if (effect?.kind === "read") this.completeRead(effect);
      else if (effect?.kind === "invoke") this.completeInvoke(effect.lane, answer(effect.records, effect.window));
      else if (effect?.kind === "report") this.completeReport(effect.lane, true);
      else if (wake !== undefined) this.advance(wake);
      else return;
    }
    assert.fail(`Still busy after ${mostSteps} steps.`);
  }

  #canComplete(effect: Effect): boolean {
    if (effect.kind !== "read") return true;
    const stopping = this.#intake.state.kind === "reading" && this.#intake.state.stopping;
    return stopping || this.closed || this.#readable(effect).length > 0;
  }

  #readable({ after }: Effect & { readonly kind: "read" }): readonly RecordReference[] {
    return this.source.filter((record) => compareSequences(record.sequence, after) > 0);
  }

  /** A read that finds nothing waits for records. */
  get #isAllRead(): boolean {
    const { effect } = this.#intake;
    return effect?.kind === "read" && !this.#canComplete(effect);
  }

  #isTime({ wakeAt, readFirst }: Seat<unknown>): boolean {
    return wakeAt !== undefined && wakeAt <= this.now && (!readFirst || this.#isAllRead);
  }

  #clearEffect(lane: number): void {
    const seat = this.#lanes[lane];
    assert(seat?.effect !== undefined, "Only an effect in flight completes.");
    seat.effect = undefined;
  }

  #sendIntake(event: IntakeEvent): void {
    this.#takeIntakeStep(stepIntake(this.#intake.state, event, this.#settings, this.now));
  }

  #takeIntakeStep(step: IntakeStep): void {
    this.#intake.state = step.state;
    this.notes.push(...step.notes);
    const { checkpoint } = step.state.memory;
    if (checkpoint !== this.checkpoints.at(-1)) this.checkpoints.push(checkpoint);
    this.#perform(this.#intake, step.command, readEffect(step.command));
    for (const { lane, records } of step.offers) this.#sendLane(lane, { kind: "offered", records });
    if (step.seal) for (const lane of this.#lanes.keys()) this.#sendLane(lane, { kind: "sealed" });
  }

  #sendLane(lane: number, event: LaneEvent): void {
    const seat = this.#lanes[lane];
    assert(seat !== undefined);
    this.#takeLaneStep(lane, stepLane(seat.state, event, this.#settings, this.now));
  }

  #takeLaneStep(lane: number, step: LaneStep): void {
    const seat = this.#lanes[lane];
    assert(seat !== undefined);
    const before = laneProgress(seat.state);
    seat.state = step.state;
    this.notes.push(...step.notes);
    const after = laneProgress(step.state);
    if (!isSameProgress(before, after)) this.#sendIntake({ kind: "laneAdvanced", lane, ...after });
    const effect = laneEffect(lane, step.command);
    this.#perform(seat, step.command, effect);
    if (effect?.kind === "invoke") this.invokes.push(effect);
    if (step.command.kind === "report") this.reports.push(step.command);
  }

  #perform(seat: Seat<unknown>, command: IntakeCommand | LaneCommand, effect: Effect | undefined): void {
    if (command.kind === "keep") return;
    assert(seat.effect === undefined, `${command.kind} while ${seat.effect?.kind} is in flight`);
    seat.effect = effect;
    seat.readFirst = command.kind === "waitForWindowEnd";
    seat.wakeAt = "until" in command ? command.until : undefined;
  }
}

function readEffect(command: IntakeCommand): Effect | undefined {
  if (command.kind !== "read") return undefined;
  const after = command.after.kind === "afterSequence" ? command.after.sequence : "0";
  return { kind: "read", after, max: command.max };
}

function laneEffect(lane: number, command: LaneCommand): Effect | undefined {
  if (command.kind === "invoke") return { kind: "invoke", lane, records: command.records, window: command.window };
  if (command.kind === "report") return { kind: "report", lane, report: command };
  return undefined;
}
