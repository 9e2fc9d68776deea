import assert from "node:assert";
import type { LaneNote } from "../notes.ts";
import type { StreamConsumerSettings } from "../settings.ts";
import type { WindowCheckpoint } from "./checkpoint.ts";
import type { LaneState } from "./lane.ts";
import { type LaneMemory, openWindow, windowClosed } from "./lane-memory.ts";
import type { InvokeOutcome } from "./outcome.ts";
import type { RecordReference } from "./record.ts";
import type { Slice } from "./slice.ts";
import { type ClosingKind, closingExpiry, type InvokeWindow, type WindowClosing } from "./tumbling-window.ts";

/** What became of an invocation that closes a window: it is to be tried again where there is an `again`. */
export interface ClosingVerdict<R extends RecordReference> {
  readonly memory: LaneMemory<R>;
  readonly again: WindowClosing | undefined;
  readonly notes: LaneNote[];
}

/**
 * The window of an invocation with records, as it is or as it will be opened; undefined where the mapping has no tumbling
 * windows.
 */
export function windowOfSlice(
  memory: LaneMemory<RecordReference>,
  slice: Slice,
  settings: StreamConsumerSettings,
): InvokeWindow | undefined {
  const [window] = openWindow(memory, slice.from, settings).windows;
  return window && invokeWindow(window, undefined);
}

/** The window of an invocation that closes it. */
export function windowToClose(memory: LaneMemory<RecordReference>, { as }: WindowClosing): InvokeWindow {
  return invokeWindow(firstWindow(memory), as);
}

function invokeWindow({ start, end, state }: WindowCheckpoint, as: ClosingKind | undefined): InvokeWindow {
  // Assumed: an early termination says nothing of the end, for the window goes on.
  return { start, end, state, isFinal: as === "final", isTerminatedEarly: as === "early" };
}

/** Judges an outcome by the retry policy, as that of a batch; splitting has nothing to split. */
export function judgeClosing<R extends RecordReference>(
  { memory, closing, stopping }: LaneState<R> & { readonly kind: "closing" },
  outcome: InvokeOutcome,
  settings: StreamConsumerSettings,
): ClosingVerdict<R> {
  const window = firstWindow(memory);
  const { as, attempts } = closing;
  if (outcome.kind === "success") {
    const notes = [closed(window, as, outcome.invocation.requestId)];
    return { memory: windowClosed(memory, as), again: undefined, notes };
  }
  if (outcome.kind === "notInvoked") {
    const notes: LaneNote[] = [{ type: "mapping.windowNotInvoked", ...span(window), reason: outcome.reason }];
    return { memory, again: closing, notes };
  }
  assert(outcome.kind === "functionError", "A partial failure names a record of its batch.");
  const { message, error: kind } = outcome;
  const { requestId } = outcome.invocation;
  const error = message === undefined ? {} : { error: message };
  const counted = { ...closing, attempts: attempts + 1 };
  const notes: LaneNote[] = [
    { type: "mapping.windowFailed", ...span(window), attempt: counted.attempts, kind, requestId, ...error },
  ];
  // A consumer that is stopped gives up nothing: its successor has a fresh budget.
  const { maxRetryAttempts } = settings;
  if (stopping || maxRetryAttempts === -1 || counted.attempts <= maxRetryAttempts)
    return { memory, again: counted, notes };
  return giveUp(memory, counted, "RetryAttemptsExhausted", notes);
}

function closed(window: WindowCheckpoint, as: ClosingKind, requestId: string): LaneNote {
  if (as === "final") return { type: "mapping.windowClosed", ...span(window), requestId };
  const stateBytes = Buffer.byteLength(window.state);
  return { type: "mapping.windowTerminatedEarly", ...span(window), requestId, stateBytes };
}

/** A closing that waited for its next try has grown too old, perhaps. Its first try is always made. */
export function isClosingExpired(
  memory: LaneMemory<RecordReference>,
  settings: StreamConsumerSettings,
  now: number,
): boolean {
  return now >= closingExpiry(firstWindow(memory), settings);
}

/** Assumed: the state is lost, and no report tells of it, for it has no records; those of the window were processed. */
export function giveUp<R extends RecordReference>(
  memory: LaneMemory<R>,
  { as, attempts }: WindowClosing,
  condition: "RetryAttemptsExhausted" | "RecordAgeExceeded",
  notes: LaneNote[],
): ClosingVerdict<R> {
  notes.push({ type: "mapping.windowDiscarded", ...span(firstWindow(memory)), condition, invokeCount: attempts });
  return { memory: windowClosed(memory, as), again: undefined, notes };
}

/** The first window of a lane, for a note. */
export function windowOf(memory: LaneMemory<RecordReference>): Span {
  return span(firstWindow(memory));
}

interface Span {
  readonly start: number;
  readonly end: number;
}

function span({ start, end }: WindowCheckpoint): Span {
  return { start, end };
}

function firstWindow({ windows: [window] }: LaneMemory<RecordReference>): WindowCheckpoint {
  assert(window !== undefined, "Only an open window is closed.");
  return window;
}
