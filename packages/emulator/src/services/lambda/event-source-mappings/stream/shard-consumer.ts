import type { Activity, ActivityToken } from "../../../../activity.ts";
import type { Clock } from "../../../../core/clock.ts";
import type { HostTime } from "../../../../core/host-time.ts";
import type { StreamNote } from "../notes.ts";
import type { SourceDelay } from "../ports.ts";
import type { StreamConsumerSettings } from "../settings.ts";
import type { Checkpoint, StreamPosition } from "./checkpoint.ts";
import type { IntakeCommand, IntakeEvent, IntakeState, IntakeStep } from "./intake.ts";
import { startIntake, stepIntake } from "./intake-machine.ts";
import { earliest } from "./earliest.ts";
import { laneProgress, oldestArrival } from "./lane.ts";
import { isSameProgress } from "./lane-memory.ts";
import type { LaneCommand, LaneEvent, LaneState, LaneStep, ReportResult } from "./lane.ts";
import { startLane, stepLane } from "./lane-machine.ts";
import type { InvokeOutcome } from "./outcome.ts";
import type { RecordReference } from "./record.ts";
import { windowsOfLane } from "./tumbling-window.ts";

type ReadResult<R extends RecordReference> = Extract<IntakeEvent<R>, { readonly kind: "read" | "readFailed" }>;
type InvokeCommand<R extends RecordReference> = Extract<LaneCommand<R>, { readonly kind: "invoke" }>;
type ReportCommand<R extends RecordReference> = Extract<LaneCommand<R>, { readonly kind: "report" }>;

/** What a shard's consumer does to the world. Effects never reject: what can go wrong is part of their answers. */
export interface ConsumerEffects<R extends RecordReference> {
  /**
   * What there is now; a `read` that is empty and not closed is tried again when the source changes, one that is `delayed`
   * after a wait.
   */
  read(after: StreamPosition, max: number): ReadResult<R> | SourceDelay;
  /** Calls `listener` when reading may give something else than before. */
  onSourceChange(listener: () => void): () => void;
  invoke(command: InvokeCommand<R>): Promise<InvokeOutcome>;
  report(command: ReportCommand<R>): Promise<ReportResult>;
  /** Called before the next command is carried out. */
  keepCheckpoint(checkpoint: Checkpoint): void;
  note(note: StreamNote): void;
}

export interface ConsumerOptions<R extends RecordReference> {
  /** For people who wait for idle, e.g. `shardId-000000000000 of orders for orders-fn`. */
  readonly label: string;
  readonly checkpoint: Checkpoint & { readonly position: StreamPosition };
  readonly settings: StreamConsumerSettings;
  readonly effects: ConsumerEffects<R>;
  readonly clock: Clock;
  readonly host: HostTime;
  readonly activity: Pick<Activity, "begin">;
  /** Called when every record is finished and none can come any more, before the last of the work is over for `activity`. */
  readonly onEnded: () => void;
  /** Told what a machine or an effect threw, which none may. */
  readonly onBug: (error: unknown) => void;
}

/** A machine's place: its state, and what it waits for. */
interface Seat<State> {
  state: State;
  cancelTimer: (() => void) | undefined;
}

interface LaneSeat<R extends RecordReference> extends Seat<LaneState<R>> {
  /** Set when the end of its tumbling window has come: it is told once all that arrived before was read. */
  windowEnded: boolean;
}

interface ReadInFlight {
  readonly after: StreamPosition;
  readonly max: number;
  /** There is nothing to read. */
  parked: boolean;
  /** Set while the read waits for the source to change, or for a while. */
  stopWatching: (() => void) | undefined;
}

/** Drives one shard's machines, by the rules of `docs/specs/stream-consumer.md`: carries out their commands, feeds back what came of them. */
export class ShardConsumer<R extends RecordReference> {
  readonly #options: ConsumerOptions<R>;
  readonly #intake: Seat<IntakeState>;
  readonly #lanes: LaneSeat<R>[] = [];
  readonly #finished = Promise.withResolvers<"ended" | "stopped">();
  #checkpoint: Checkpoint;
  /** Set by a bug: whatever still comes is dropped. */
  #failed = false;
  /** The read in flight; a stop takes it away, and what it still brings is dropped. */
  #read: ReadInFlight | undefined;

  /** Begins to read at once. */
  constructor(options: ConsumerOptions<R>) {
    this.#options = options;
    this.#checkpoint = options.checkpoint;
    const { checkpoint, settings, clock } = options;
    const lanes = settings.parallelizationFactor;
    const starts = Array.from({ length: lanes }, (_, lane) =>
      startLane<R>(lane, windowsOfLane(checkpoint.windows, lane, lanes), settings, clock.now()),
    );
    for (const { state } of starts) this.#lanes.push({ state, cancelTimer: undefined, windowEnded: false });
    const first = startIntake<R>(checkpoint, settings);
    this.#intake = { state: first.state, cancelTimer: undefined };
    this.#takeIntakeStep(first);
    this.#guard(() => starts.forEach((step, lane) => this.#takeLaneStep(lane, step)));
  }

  /** Resolves when the shard was read to its end, or the consumer was stopped and nothing of it is under way any more. */
  get finished(): Promise<"ended" | "stopped"> {
    return this.#finished.promise;
  }

  /** Records that were read and are neither processed nor discarded. */
  get unfinished(): number {
    return this.#lanes.reduce((sum, lane) => sum + laneProgress(lane.state).buffered, 0);
  }

  /** When the oldest of them arrived, world time. */
  get oldestArrival(): number | undefined {
    return earliest(this.#lanes.map((lane) => oldestArrival(lane.state)));
  }

  /** Waits and reads end at once; an invocation or a report under way ends by itself. */
  stop(): Promise<"ended" | "stopped"> {
    this.#guard(() => {
      this.#sendIntake({ kind: "stopRequested" });
      for (const lane of this.#lanes.keys()) this.#sendLane(lane, { kind: "stopRequested" });
      const nothing = { kind: "read", records: [], through: undefined, closed: false } as const;
      if (this.#read !== undefined) this.#completeRead(nothing);
    });
    return this.finished;
  }

  /**
   * Whatever calls in from outside does so through here. A machine or an effect that throws is a bug: it is told, and the
   * consumer ends at its checkpoint rather than hang; an invocation under way is not waited for then.
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
    for (const seat of [this.#intake, ...this.#lanes]) seat.cancelTimer?.();
    this.#read?.stopWatching?.();
    this.#read = undefined;
    this.#finished.resolve("stopped");
    this.#options.onBug(error);
  }

  #sendIntake(event: IntakeEvent<R>): void {
    const { settings, clock } = this.#options;
    this.#takeIntakeStep(stepIntake(this.#intake.state, event, settings, clock.now()));
  }

  #takeIntakeStep(step: IntakeStep<R>): void {
    this.#intake.state = step.state;
    for (const note of step.notes) this.#options.effects.note(note);
    const { checkpoint } = step.state.memory;
    if (checkpoint !== this.#checkpoint) {
      this.#checkpoint = checkpoint;
      this.#options.effects.keepCheckpoint(checkpoint);
    }
    this.#performIntake(step.command);
    for (const { lane, records } of step.offers) this.#sendLane(lane, { kind: "offered", records });
    if (step.seal) for (const lane of this.#lanes.keys()) this.#sendLane(lane, { kind: "sealed" });
  }

  #performIntake(command: IntakeCommand): void {
    if (command.kind === "keep") return;
    const wake = (): void => this.#sendIntake({ kind: "timeReached" });
    this.#setTimer(this.#intake, command.kind === "wait" ? command.until : undefined, "reading again", wake);
    if (command.kind === "read") {
      this.#read = { after: command.after, max: command.max, parked: false, stopWatching: undefined };
      this.#readSoon();
    }
    if (command.kind === "finish") {
      this.#finished.resolve(command.as);
      if (command.as === "ended") this.#options.onEnded();
    }
  }

  #seat(lane: number): LaneSeat<R> {
    const seat = this.#lanes[lane];
    if (seat === undefined) throw new Error(`There is no lane ${lane}.`);
    return seat;
  }

  #sendLane(lane: number, event: LaneEvent<R>): void {
    const seat = this.#seat(lane);
    const { settings, clock } = this.#options;
    this.#takeLaneStep(lane, stepLane(seat.state, event, settings, clock.now()));
  }

  #takeLaneStep(lane: number, step: LaneStep<R>): void {
    const seat = this.#seat(lane);
    const before = laneProgress(seat.state);
    seat.state = step.state;
    for (const note of step.notes) this.#options.effects.note(note);
    const after = laneProgress(step.state);
    if (!isSameProgress(before, after)) this.#sendIntake({ kind: "laneAdvanced", lane, ...after });
    this.#performLane(lane, seat, step.command);
  }

  #performLane(lane: number, seat: LaneSeat<R>, command: LaneCommand<R>): void {
    if (command.kind === "keep") return;
    seat.windowEnded = false;
    if (command.kind === "waitForWindowEnd") return this.#waitForWindowEnd(seat, command.until);
    const wake = (): void => this.#sendLane(lane, { kind: "timeReached" });
    this.#setTimer(seat, command.kind === "wait" ? command.until : undefined, "next try", wake);
    const { effects } = this.#options;
    if (command.kind === "invoke") {
      this.#run("invoking for", effects.invoke(command), (outcome) =>
        this.#sendLane(lane, { kind: "invoked", outcome }),
      );
    } else if (command.kind === "report") {
      this.#run("reporting for", effects.report(command), (result) =>
        this.#sendLane(lane, { kind: "reported", result }),
      );
    }
  }

  /** A window whose end has passed is not left to a timer: a clock that stands still fires none. */
  #waitForWindowEnd(seat: LaneSeat<R>, until: number): void {
    if (until > this.#options.clock.now()) {
      return this.#setTimer(seat, until, "end of the tumbling window", () => {
        seat.windowEnded = true;
        this.#tellWindowEnds();
      });
    }
    this.#setTimer(seat, undefined, "", () => {});
    seat.windowEnded = true;
    const token = this.#begin("ending the tumbling window");
    this.#options.host.setImmediate(() => {
      this.#guard(() => this.#tellWindowEnds());
      token.release();
    });
  }

  /** While a read is parked, whatever has arrived was offered. Else this is done when it parks again. */
  #tellWindowEnds(): void {
    for (const [lane, seat] of this.#lanes.entries()) {
      if (!seat.windowEnded || this.#read?.parked !== true) continue;
      seat.windowEnded = false;
      this.#sendLane(lane, { kind: "timeReached" });
    }
  }

  /** The token is let go only after the answer's consequences have taken theirs: the world is never idle in between. */
  #run<Result>(what: string, effect: Promise<Result>, send: (result: Result) => void): void {
    const token = this.#begin(what);
    effect
      .then(
        (result) => this.#guard(() => send(result)),
        (error: unknown) => this.#fail(error),
      )
      .finally(() => token.release());
  }

  /** One read a turn of the event loop: a shard that is always full must not keep others from running. */
  #readSoon(): void {
    const read = this.#read;
    const token = this.#begin("reading");
    this.#options.host.setImmediate(() => {
      this.#guard(() => {
        if (this.#read === read && read !== undefined) this.#tryRead(read);
      });
      token.release();
    });
  }

  #tryRead(read: ReadInFlight): void {
    const { effects } = this.#options;
    const result = effects.read(read.after, read.max);
    if (result.kind === "delayed") return this.#readLater(read, result.ms);
    const nothing = result.kind === "read" && result.through === undefined && !result.closed;
    if (!nothing) return this.#completeRead(result);
    // Parked: appends wake it, within the append, so that the world does not look idle before the record is read.
    read.stopWatching = effects.onSourceChange(() => {
      read.stopWatching?.();
      read.stopWatching = undefined;
      read.parked = false;
      this.#readSoon();
    });
    read.parked = true;
    this.#tellWindowEnds();
  }

  #readLater(read: ReadInFlight, ms: number): void {
    const { clock, label } = this.#options;
    read.stopWatching = clock.schedule(ms, { kind: "work", label: `delayed read of ${label}` }, () => {
      read.stopWatching = undefined;
      this.#readSoon();
    });
  }

  #completeRead(result: ReadResult<R>): void {
    this.#read?.stopWatching?.();
    this.#read = undefined;
    this.#sendIntake(result);
  }

  #setTimer(seat: Seat<unknown>, until: number | undefined, what: string, fire: () => void): void {
    seat.cancelTimer?.();
    seat.cancelTimer = undefined;
    if (until === undefined) return;
    const { clock, label } = this.#options;
    seat.cancelTimer = clock.schedule(until - clock.now(), { kind: "work", label: `${what} of ${label}` }, () => {
      seat.cancelTimer = undefined;
      this.#guard(fire);
    });
  }

  #begin(what: string): ActivityToken {
    return this.#options.activity.begin(`${what} ${this.#options.label}`);
  }
}
