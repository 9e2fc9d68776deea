import assert from "node:assert";
import { type LaneNote, ofRecords } from "../notes.ts";
import { backoffDelay, type StreamConsumerSettings } from "../settings.ts";
import type { WindowCheckpoint } from "./checkpoint.ts";
import type { LaneEvent, LaneState, LaneStep, ReportResult } from "./lane.ts";
import {
  batchDueAt,
  emptyMemory,
  enqueue,
  isBatchDue,
  keepState,
  type LaneMemory,
  nextRecord,
  openWindow,
  push,
  sliceFinished,
  takeBatch,
  unfinished,
} from "./lane-memory.ts";
import { illegalEvent } from "./machine-step.ts";
import type { FailedOutcome, InvokeOutcome } from "./outcome.ts";
import { queueLength } from "./record-queue.ts";
import type { RecordReference } from "./record.ts";
import { bisect, type DiscardCondition, invokeCount, isTooLarge, leadingRun, type Slice, sliceOf } from "./slice.ts";
import { closingDue, type WindowClosing } from "./tumbling-window.ts";
import { giveUp, isClosingExpired, judgeClosing, windowOf, windowOfSlice, windowToClose } from "./window-closing.ts";

/** Begins as number `lane` of a shard, with the tumbling windows that are left from another consumer. */
export function startLane<R extends RecordReference>(
  lane: number,
  windows: readonly WindowCheckpoint[],
  settings: StreamConsumerSettings,
  now: number,
): LaneStep<R> {
  return proceed(emptyMemory(lane, windows), [], settings, now);
}

export function stepLane<R extends RecordReference>(
  state: LaneState<R>,
  event: LaneEvent<R>,
  settings: StreamConsumerSettings,
  now: number,
): LaneStep<R> {
  switch (event.kind) {
    case "offered":
      return onOffered(state, event.records, settings, now);
    case "sealed":
      return onSealed(state, settings, now);
    case "timeReached":
      return onTimeReached(state, settings, now);
    case "invoked":
      if (state.kind === "closing") return onClosingInvoked(state, event.outcome, settings, now);
      if (state.kind !== "invoking") return illegalEvent("lane", state.kind, event.kind);
      return onInvoked(state, event.outcome, settings, now);
    case "reported":
      if (state.kind !== "reporting") return illegalEvent("lane", state.kind, event.kind);
      return onReported(state, event.result, settings, now);
    case "stopRequested":
      return onStopRequested(state);
  }
}

function onOffered<R extends RecordReference>(
  state: LaneState<R>,
  records: readonly R[],
  settings: StreamConsumerSettings,
  now: number,
): LaneStep<R> {
  if (state.kind === "drained") return illegalEvent("lane", state.kind, "offered");
  if (state.kind === "stopped") {
    const unfinishedFrom = state.unfinishedFrom ?? records[0]?.sequence;
    return { state: { ...state, unfinishedFrom }, command: { kind: "keep" }, notes: [] };
  }
  if (state.memory.sealed) return illegalEvent("lane", "sealed", "offered");
  const memory = enqueue(state.memory, records);
  if (state.kind === "collecting") return proceed(memory, [], settings, now);
  if (state.kind !== "empty" && state.kind !== "windowOpen") return hold({ ...state, memory });
  // AWS: the next batching window begins when an invoke completes (AWS docs).
  // Assumed: one that passed without a record begins anew with the next record.
  const lapsed = now >= memory.windowFrom + settings.batchingWindowMs;
  return proceed(lapsed ? { ...memory, windowFrom: now } : memory, [], settings, now);
}

function onSealed<R extends RecordReference>(
  state: LaneState<R>,
  settings: StreamConsumerSettings,
  now: number,
): LaneStep<R> {
  if (state.kind === "drained" || state.kind === "stopped") return hold(state);
  const memory = { ...state.memory, sealed: true };
  if (state.kind === "empty" || state.kind === "collecting" || state.kind === "windowOpen")
    return proceed(memory, [], settings, now);
  return hold({ ...state, memory });
}

function onTimeReached<R extends RecordReference>(
  state: LaneState<R>,
  settings: StreamConsumerSettings,
  now: number,
): LaneStep<R> {
  if (state.kind === "collecting") return proceed(state.memory, [], settings, now);
  if (!("until" in state) || now < state.until) return hold(state);
  if (state.kind === "windowOpen") return closeWindow(state.memory, { as: "final", attempts: 0, waits: 0 }, []);
  if (state.kind === "backingOff") return proceed(push(state.memory, state.slice), [], settings, now);
  const { memory, closing } = state;
  if (!isClosingExpired(memory, settings, now)) return closeWindow(memory, closing, []);
  const given = giveUp(memory, closing, "RecordAgeExceeded", []);
  return proceed(given.memory, given.notes, settings, now);
}

function onStopRequested<R extends RecordReference>(state: LaneState<R>): LaneStep<R> {
  switch (state.kind) {
    case "drained":
    case "stopped":
      return hold(state);
    case "empty":
    case "collecting":
    case "windowOpen":
    case "closingLater":
      return stop(state.memory, []);
    case "backingOff":
      return stop(push(state.memory, state.slice), []);
    case "invoking":
    case "reporting":
    case "closing":
      return hold({ ...state, stopping: true });
  }
}

function onInvoked<R extends RecordReference>(
  state: LaneState<R> & { readonly kind: "invoking" },
  outcome: InvokeOutcome,
  settings: StreamConsumerSettings,
  now: number,
): LaneStep<R> {
  const { slice, stopping } = state;
  const run = ofRecords(slice);
  if (outcome.kind === "notInvoked") {
    const notes: LaneNote[] = [{ type: "mapping.notInvoked", ...run, reason: outcome.reason }];
    return stopping ? stop(push(state.memory, slice), notes) : backOff(state.memory, slice, notes, settings, now);
  }
  const memory = openWindow(state.memory, slice.from, settings);
  const notes: LaneNote[] = memory === state.memory ? [] : [{ type: "mapping.windowOpened", ...windowOf(memory) }];
  const { requestId } = outcome.invocation;
  if (outcome.kind === "success") {
    notes.push({ type: "mapping.batchSucceeded", ...run, requestId });
    const done = keepState(memory, outcome.state);
    return stopping ? stop(done, notes) : proceed(sliceFinished(done, now), notes, settings, now);
  }
  if (outcome.kind === "functionError") {
    const error = outcome.message === undefined ? {} : { error: outcome.message };
    const attempt = slice.attempts + 1;
    notes.push({ type: "mapping.batchFailed", ...run, attempt, kind: outcome.error, requestId, ...error });
    return failed({ ...state, memory }, outcome, notes, settings, now);
  }
  notes.push({ type: "mapping.partialFailure", ...run, requestId, retryFrom: outcome.from });
  const index = slice.records.findIndex((record) => record.sequence === outcome.from);
  assert(index !== -1, "A partial failure names a record of its batch.");
  // AWS: a report of the first record is a failure like any other (recorded on AWS).
  if (index === 0) return failed({ ...state, memory }, outcome, notes, settings, now);
  // AWS: progress makes a new batch of the rest, with a new budget and a new count of invokes (recorded on AWS).
  // Assumed: it is invoked at once.
  const remainder = push(keepState(memory, outcome.state), sliceOf(slice.records.slice(index)));
  return stopping ? stop(remainder, notes) : proceed(remainder, notes, settings, now);
}

/** The function had the slice and did not get on. */
function failed<R extends RecordReference>(
  state: LaneState<R> & { readonly kind: "invoking" },
  outcome: FailedOutcome,
  notes: LaneNote[],
  settings: StreamConsumerSettings,
  now: number,
): LaneStep<R> {
  const { memory } = state;
  const slice: Slice<R> = { ...state.slice, invokes: state.slice.invokes + 1, lastOutcome: outcome };
  if (state.stopping) return stop(push(memory, slice), notes);
  if (settings.bisectOnFunctionError && slice.records.length > 1) {
    const [left, right] = bisect(slice);
    const sizes = { left: left.records.length, right: right.records.length };
    notes.push({ type: "mapping.bisected", ...ofRecords(slice), ...sizes });
    return proceed(push(push(memory, right), left), notes, settings, now);
  }
  const counted = { ...slice, attempts: slice.attempts + 1 };
  if (settings.maxRetryAttempts === -1 || counted.attempts <= settings.maxRetryAttempts) {
    return backOff(memory, counted, notes, settings, now);
  }
  const condition = "RetryAttemptsExhausted";
  if (settings.onFailure !== undefined) return report(memory, counted, condition, notes, settings);
  notes.push(discarded(counted, condition));
  return proceed(sliceFinished(memory, now), notes, settings, now);
}

function onReported<R extends RecordReference>(
  state: LaneState<R> & { readonly kind: "reporting" },
  result: ReportResult,
  settings: StreamConsumerSettings,
  now: number,
): LaneStep<R> {
  const run = ofRecords(state.slice);
  const told: LaneNote =
    result.kind === "delivered"
      ? { type: "mapping.failureReported", ...run }
      : { type: "mapping.failureReportFailed", ...run, error: result.error };
  // Assumed: records whose report could not be delivered are given up all the same.
  const notes = [told, discarded(state.slice, state.condition)];
  return state.stopping ? stop(state.memory, notes) : proceed(sliceFinished(state.memory, now), notes, settings, now);
}

function onClosingInvoked<R extends RecordReference>(
  state: LaneState<R> & { readonly kind: "closing" },
  outcome: InvokeOutcome,
  settings: StreamConsumerSettings,
  now: number,
): LaneStep<R> {
  const { memory, again, notes } = judgeClosing(state, outcome, settings);
  if (state.stopping) return stop(memory, notes);
  if (again === undefined) return proceed(memory, notes, settings, now);
  const delayMs = backoffDelay(settings.backoff, again.waits);
  const until = now + delayMs;
  notes.push({ type: "mapping.windowRetryScheduled", ...windowOf(memory), attempt: again.attempts + 1, delayMs });
  const closing = { ...again, waits: again.waits + 1 };
  return { state: { kind: "closingLater", memory, closing, until }, command: { kind: "wait", until }, notes };
}

/** Goes on to the next thing to do, where nothing is in flight. */
function proceed<R extends RecordReference>(
  from: LaneMemory<R>,
  notes: LaneNote[],
  settings: StreamConsumerSettings,
  now: number,
): LaneStep<R> {
  let memory = from;
  for (;;) {
    if (isBatchDue(memory, settings, now)) memory = takeBatch(memory, settings);
    const as = closingDue(memory.windows, nextRecord(memory), memory.sealed, settings);
    if (as !== undefined) return closeWindow(memory, { as, attempts: 0, waits: 0 }, notes);
    const next = memory.slices.at(-1);
    if (next === undefined) return rest(memory, notes, settings);
    const { run, expired, rest: later } = leadingRun(next, now);
    const slices = memory.slices.slice(0, -1);
    memory = { ...memory, slices: later === undefined ? slices : [...slices, later] };
    if (!expired && !isTooLarge(run, memory.windows[0], settings)) return invoke(memory, run, notes, settings);
    if (expired) notes.push({ type: "mapping.recordsExpired", ...ofRecords(run) });
    const condition = expired ? "RecordAgeExceeded" : "MaximumPayloadSizeExceeded";
    if (settings.onFailure !== undefined) return report(memory, run, condition, notes, settings);
    notes.push(discarded(run, condition));
    memory = sliceFinished(memory, now);
  }
}

/** Nothing is left of the batch and the next one is not due. */
function rest<R extends RecordReference>(
  memory: LaneMemory<R>,
  notes: LaneNote[],
  settings: StreamConsumerSettings,
): LaneStep<R> {
  if (queueLength(memory.queue) > 0) {
    const until = batchDueAt(memory, settings);
    return { state: { kind: "collecting", memory, until }, command: { kind: "wait", until }, notes };
  }
  const [window] = memory.windows;
  if (window !== undefined) {
    const until = window.end;
    return { state: { kind: "windowOpen", memory, until }, command: { kind: "waitForWindowEnd", until }, notes };
  }
  if (memory.sealed) return { state: { kind: "drained" }, command: { kind: "finish", as: "drained" }, notes };
  return { state: { kind: "empty", memory }, command: { kind: "wait", until: undefined }, notes };
}

function invoke<R extends RecordReference>(
  memory: LaneMemory<R>,
  slice: Slice<R>,
  notes: LaneNote[],
  settings: StreamConsumerSettings,
): LaneStep<R> {
  notes.push({ type: "mapping.batchStarted", ...ofRecords(slice), attempt: slice.attempts + 1 });
  const state = { kind: "invoking", memory, slice, stopping: false } as const;
  return {
    state,
    command: { kind: "invoke", records: slice.records, window: windowOfSlice(memory, slice, settings) },
    notes,
  };
}

function closeWindow<R extends RecordReference>(
  memory: LaneMemory<R>,
  closing: WindowClosing,
  notes: LaneNote[],
): LaneStep<R> {
  const early = closing.as === "early";
  notes.push({ type: "mapping.windowClosing", ...windowOf(memory), attempt: closing.attempts + 1, early });
  const state = { kind: "closing", memory, closing, stopping: false } as const;
  return { state, command: { kind: "invoke", records: [], window: windowToClose(memory, closing) }, notes };
}

function report<R extends RecordReference>(
  memory: LaneMemory<R>,
  slice: Slice<R>,
  condition: DiscardCondition,
  notes: LaneNote[],
  settings: StreamConsumerSettings,
): LaneStep<R> {
  const state = { kind: "reporting", memory, slice, condition, stopping: false } as const;
  return {
    state,
    command: { kind: "report", condition, slice, window: windowOfSlice(memory, slice, settings) },
    notes,
  };
}

function backOff<R extends RecordReference>(
  memory: LaneMemory<R>,
  slice: Slice<R>,
  notes: LaneNote[],
  settings: StreamConsumerSettings,
  now: number,
): LaneStep<R> {
  const delayMs = backoffDelay(settings.backoff, slice.waits);
  const until = now + delayMs;
  notes.push({ type: "mapping.retryScheduled", ...ofRecords(slice), attempt: slice.attempts + 1, delayMs });
  const waiting = { ...slice, waits: slice.waits + 1 };
  return { state: { kind: "backingOff", memory, slice: waiting, until }, command: { kind: "wait", until }, notes };
}

function stop<R extends RecordReference>(memory: LaneMemory<R>, notes: LaneNote[]): LaneStep<R> {
  const { unfinishedFrom, buffered, windows } = unfinished(memory);
  notes.push({ type: "mapping.laneStopped", unfinished: buffered });
  return { state: { kind: "stopped", unfinishedFrom, windows }, command: { kind: "finish", as: "stopped" }, notes };
}

/** The event changes nothing that the lane waits for. */
function hold<R extends RecordReference>(state: LaneState<R>): LaneStep<R> {
  switch (state.kind) {
    case "empty":
      return { state, command: { kind: "wait", until: undefined }, notes: [] };
    case "collecting":
    case "backingOff":
    case "closingLater":
      return { state, command: { kind: "wait", until: state.until }, notes: [] };
    case "windowOpen":
      return { state, command: { kind: "waitForWindowEnd", until: state.until }, notes: [] };
    case "invoking":
    case "reporting":
    case "closing":
    case "drained":
    case "stopped":
      return { state, command: { kind: "keep" }, notes: [] };
  }
}

function discarded(slice: Slice, condition: DiscardCondition): LaneNote {
  return {
    type: "mapping.recordsDiscarded",
    ...ofRecords(slice),
    condition,
    invokeCount: invokeCount(slice, condition),
  };
}
