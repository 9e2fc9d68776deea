import type { IntakeNote } from "../notes.ts";
import { readDelay, type StreamConsumerSettings } from "../settings.ts";
import { afterSequence, type Checkpoint, isFurther, type StreamPosition } from "./checkpoint.ts";
import type {
  DrainReason,
  IntakeCommand,
  IntakeEvent,
  IntakeMemory,
  IntakeState,
  IntakeStep,
  LaneOffer,
  ReadFailure,
} from "./intake.ts";
import type { LaneProgress } from "./lane-memory.ts";
import { illegalEvent } from "./machine-step.ts";
import { append, dropFirst, emptyQueue, queueAt } from "./record-queue.ts";
import { compareSequences, laneOf, type RecordReference } from "./record.ts";
import { windowsOfLane } from "./tumbling-window.ts";

// AWS: GetRecords answers with 10 000 records at most (AWS docs).
const fewestBuffered = 10_000;

/** How many records the lanes of one shard may hold together. */
export function bufferLimit(settings: StreamConsumerSettings): number {
  return Math.max(10 * settings.batchSize, fewestBuffered);
}

/** Begins where `checkpoint` says; a shard at its end has no consumer. */
export function startIntake<R extends RecordReference>(
  checkpoint: Checkpoint & { readonly position: StreamPosition },
  settings: StreamConsumerSettings,
): IntakeStep<R> {
  const { parallelizationFactor } = settings;
  const lanes = Array.from({ length: parallelizationFactor }, (_, lane): LaneProgress => {
    const windows = windowsOfLane(checkpoint.windows, lane, parallelizationFactor);
    return { unfinishedFrom: undefined, buffered: 0, finished: undefined, windows };
  });
  const { position } = checkpoint;
  return readOn({ position, lanes, offered: emptyQueue(), checkpoint }, settings, []);
}

export function stepIntake<R extends RecordReference>(
  state: IntakeState,
  event: IntakeEvent<R>,
  settings: StreamConsumerSettings,
  now: number,
): IntakeStep<R> {
  switch (event.kind) {
    case "read":
      if (state.kind !== "reading") return illegalEvent("intake", state.kind, event.kind);
      return onRead(state, event, settings);
    case "readFailed":
      if (state.kind !== "reading") return illegalEvent("intake", state.kind, event.kind);
      return onReadFailed(state, event.failure, settings, now);
    case "laneAdvanced":
      return onLaneAdvanced(state, event, settings);
    case "timeReached":
      if (state.kind === "backingOff" && now >= state.until) return readOn(state.memory, settings, [], state.failures);
      return hold(state);
    case "stopRequested":
      return onStopRequested(state);
  }
}

function onRead<R extends RecordReference>(
  state: IntakeState & { readonly kind: "reading" },
  event: IntakeEvent<R> & { readonly kind: "read" },
  settings: StreamConsumerSettings,
): IntakeStep<R> {
  // What was read and not offered is read again by the next consumer.
  if (state.stopping) return drain(state.memory, "stopped", []);
  const offers = distribute(event.records, settings.parallelizationFactor);
  const lanes = state.memory.lanes.map((progress, lane) => {
    const records = offers.find((offer) => offer.lane === lane)?.records ?? [];
    const unfinishedFrom = progress.unfinishedFrom ?? records[0]?.sequence;
    return { ...progress, unfinishedFrom, buffered: progress.buffered + records.length };
  });
  const position = event.through === undefined ? state.memory.position : afterSequence(event.through);
  const sequences = event.records.map((record) => record.sequence);
  const offered = append(state.memory.offered, sequences);
  const notes: IntakeNote[] = [];
  const memory = moveCheckpoint({ ...state.memory, position, lanes, offered }, notes);
  const step = event.closed ? drain<R>(memory, "closed", notes) : readOn<R>(memory, settings, notes);
  return { ...step, offers };
}

function onReadFailed<R extends RecordReference>(
  state: IntakeState & { readonly kind: "reading" },
  failure: ReadFailure,
  settings: StreamConsumerSettings,
  now: number,
): IntakeStep<R> {
  const { memory, failures } = state;
  if (state.stopping) return drain(memory, "stopped", []);
  if (failure.reason === "gone") return drain(memory, "gone", []);
  if (failure.reason === "trimmed") {
    const lost = memory.position.kind === "afterSequence" ? memory.position.sequence : undefined;
    return readOn({ ...memory, position: failure.oldest }, settings, [{ type: "mapping.trimmed", lost }]);
  }
  const delayMs = readDelay(settings.backoff, failures);
  const attempt = failures + 1;
  const until = now + delayMs;
  const notes: IntakeNote[] = [{ type: "mapping.readFailed", ...failure, attempt, delayMs }];
  return answer({ kind: "backingOff", memory, failures: attempt, until }, { kind: "wait", until }, notes);
}

function onLaneAdvanced<R extends RecordReference>(
  state: IntakeState,
  event: IntakeEvent & { readonly kind: "laneAdvanced" },
  settings: StreamConsumerSettings,
): IntakeStep<R> {
  if (state.kind === "ended" || state.kind === "stopped") return illegalEvent("intake", state.kind, event.kind);
  const { kind: _, lane, ...progress } = event;
  const notes: IntakeNote[] = [];
  const memory = moveCheckpoint({ ...state.memory, lanes: state.memory.lanes.with(lane, progress) }, notes);
  if (state.kind === "full") return readOn(memory, settings, notes);
  if (state.kind === "draining") return settle(memory, state.because, notes);
  return { ...hold<R>({ ...state, memory }), notes };
}

function onStopRequested<R extends RecordReference>(state: IntakeState): IntakeStep<R> {
  switch (state.kind) {
    case "reading":
      return hold({ ...state, stopping: true });
    case "backingOff":
    case "full":
    case "draining":
      return settle(state.memory, "stopped", []);
    case "ended":
    case "stopped":
      return hold(state);
  }
}

/** Reads on if the lanes have room. */
function readOn<R extends RecordReference>(
  memory: IntakeMemory,
  settings: StreamConsumerSettings,
  notes: readonly IntakeNote[],
  failures = 0,
): IntakeStep<R> {
  let room = bufferLimit(settings);
  for (const lane of memory.lanes) room -= lane.buffered;
  if (room <= 0) return answer({ kind: "full", memory }, { kind: "wait", until: undefined }, notes);
  const command: IntakeCommand = { kind: "read", after: memory.position, max: room };
  return answer({ kind: "reading", memory, failures, stopping: false }, command, notes);
}

/** Reads no more: the lanes are sealed, unless they have been told to stop. */
function drain<R extends RecordReference>(
  memory: IntakeMemory,
  because: DrainReason,
  notes: readonly IntakeNote[],
): IntakeStep<R> {
  return { ...settle<R>(memory, because, notes), seal: because !== "stopped" };
}

/** The intake finishes last: once every lane has, the checkpoint cannot move any more. */
function settle<R extends RecordReference>(
  memory: IntakeMemory,
  because: DrainReason,
  notes: readonly IntakeNote[],
): IntakeStep<R> {
  if (memory.lanes.some((lane) => lane.finished === undefined)) {
    return answer({ kind: "draining", memory, because }, { kind: "wait", until: undefined }, notes);
  }
  // A lane that was stopped may have let records go, whatever the intake was told by then.
  if (because === "stopped" || memory.lanes.some((lane) => lane.finished === "stopped")) {
    const stopped: IntakeNote = { type: "mapping.consumerStopped" };
    return answer({ kind: "stopped", memory }, { kind: "finish", as: "stopped" }, [...notes, stopped]);
  }
  // A stream of the same name may come again, so only a shard that was read to its end is marked as ended.
  const checkpoint: Checkpoint =
    because === "closed" ? { position: { kind: "shardEnd" }, windows: [] } : memory.checkpoint;
  const over: IntakeNote = { type: because === "closed" ? "mapping.shardEnded" : "mapping.shardGone" };
  const ended: IntakeState = { kind: "ended", memory: { ...memory, checkpoint } };
  return answer(ended, { kind: "finish", as: "ended" }, [...notes, over]);
}

/** Puts the checkpoint before the lowest unfinished record, or after all that was read. */
function moveCheckpoint(memory: IntakeMemory, notes: IntakeNote[]): IntakeMemory {
  const lowest = lowestUnfinished(memory.lanes);
  let passed = 0;
  let last: string | undefined;
  for (let next = queueAt(memory.offered, 0); next !== undefined; next = queueAt(memory.offered, passed)) {
    if (lowest !== undefined && compareSequences(next, lowest) >= 0) break;
    last = next;
    passed++;
  }
  const offered = dropFirst(memory.offered, passed);
  const reached = lowest === undefined ? memory.position : last === undefined ? undefined : afterSequence(last);
  const windows = memory.lanes.flatMap((lane) => lane.windows);
  const before = memory.checkpoint;
  if (reached?.kind === "afterSequence" && isFurther(reached, before.position)) {
    notes.push({ type: "mapping.checkpointMoved", sequenceNumber: reached.sequence });
    return { ...memory, offered, checkpoint: { position: reached, windows } };
  }
  const sameWindows =
    windows.length === before.windows.length && windows.every((window, index) => window === before.windows[index]);
  return { ...memory, offered, checkpoint: sameWindows ? before : { position: before.position, windows } };
}

function lowestUnfinished(lanes: readonly LaneProgress[]): string | undefined {
  let lowest: string | undefined;
  for (const { unfinishedFrom } of lanes) {
    if (unfinishedFrom === undefined) continue;
    if (lowest === undefined || compareSequences(unfinishedFrom, lowest) < 0) lowest = unfinishedFrom;
  }
  return lowest;
}

/** Gives each record to its key's lane, in the shard's order. */
function distribute<R extends RecordReference>(records: readonly R[], lanes: number): readonly LaneOffer<R>[] {
  if (records.length === 0) return [];
  if (lanes === 1) return [{ lane: 0, records }];
  const offers = new Map<number, R[]>();
  for (const record of records) {
    const lane = laneOf(record.laneKey, lanes);
    const offer = offers.get(lane);
    if (offer === undefined) offers.set(lane, [record]);
    else offer.push(record);
  }
  return Array.from(offers, ([lane, offered]) => ({ lane, records: offered }));
}

/** The event changes nothing that the intake waits for. */
function hold<R extends RecordReference>(state: IntakeState): IntakeStep<R> {
  switch (state.kind) {
    case "backingOff":
      return answer(state, { kind: "wait", until: state.until });
    case "full":
    case "draining":
      return answer(state, { kind: "wait", until: undefined });
    case "reading":
    case "ended":
    case "stopped":
      return answer(state, { kind: "keep" });
  }
}

function answer<R extends RecordReference>(
  state: IntakeState,
  command: IntakeCommand,
  notes: readonly IntakeNote[] = [],
): IntakeStep<R> {
  return { state, command, notes, offers: [], seal: false };
}
