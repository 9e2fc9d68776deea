import { expiryOf, type StreamConsumerSettings } from "../settings.ts";
import type { WindowCheckpoint } from "./checkpoint.ts";
import type { RecordReference } from "./record.ts";

/** The tumbling window of an invocation. */
export interface InvokeWindow extends Omit<WindowCheckpoint, "lane"> {
  readonly isFinal: boolean;
  readonly isTerminatedEarly: boolean;
}

/**
 * Why the function gets a window's state without records: `final` ends the window; `early` ends a state that grew too large,
 * and the window goes on with a fresh one.
 */
export type ClosingKind = "final" | "early";

/** An invocation that closes the first of a lane's open windows. */
export interface WindowClosing {
  readonly as: ClosingKind;
  /** Invocations that failed and count against the retry budget. */
  readonly attempts: number;
  /** How often it backed off: the next wait is longer. */
  readonly waits: number;
}

/** Assumed: what a window begins with, for the samples of the AWS docs ask for it. */
export const freshState = "{}";

/** What an event has for its window, besides the state: at most so many bytes. */
const windowEnvelopeBytes = 512;

/** The end of the window that a record belongs to; a record that lies on it is of the next one. */
// AWS: the arrival says which window it is (AWS docs); the docs' examples fit windows that are aligned to the epoch.
export function windowEndOf({ arrival }: RecordReference, { tumblingWindowMs }: StreamConsumerSettings): number {
  return (Math.floor(arrival / tumblingWindowMs) + 1) * tumblingWindowMs;
}

/** The window that a record opens in a lane. */
export function openedBy(record: RecordReference, lane: number, settings: StreamConsumerSettings): WindowCheckpoint {
  const end = windowEndOf(record, settings);
  return { lane, start: end - settings.tumblingWindowMs, end, state: freshState };
}

/** Without tumbling windows all records are together. */
export function isSameWindow(one: RecordReference, other: RecordReference, settings: StreamConsumerSettings): boolean {
  return settings.tumblingWindowMs === 0 || windowEndOf(one, settings) === windowEndOf(other, settings);
}

/**
 * The windows that a consumer's lane takes over from a checkpoint. Those of lanes that there are no more go to others, before
 * their own.
 */
export function windowsOfLane(
  windows: readonly WindowCheckpoint[],
  lane: number,
  lanes: number,
): readonly WindowCheckpoint[] {
  const left = windows.filter((window) => window.lane >= lanes && window.lane % lanes === lane);
  return [...left, ...windows.filter((window) => window.lane === lane)];
}

/**
 * Whether the first of a lane's windows is to be closed before the lane does anything else. `next` is the record that comes
 * next, if there is one; `sealed` says that no more will come. That a window's time is over is not for this to say.
 */
export function closingDue(
  [window, another]: readonly WindowCheckpoint[],
  next: RecordReference | undefined,
  sealed: boolean,
  settings: StreamConsumerSettings,
): ClosingKind | undefined {
  if (window === undefined) return undefined;
  if (isStateTooLarge(window, settings)) return "early";
  // Assumed: windows that do not fit the lanes or the length that the mapping was changed to are closed at once.
  if (another !== undefined || window.end - window.start !== settings.tumblingWindowMs) return "final";
  if (next === undefined) return sealed ? "final" : undefined;
  return windowEndOf(next, settings) === window.end ? undefined : "final";
}

function isStateTooLarge({ state }: WindowCheckpoint, { maxWindowStateBytes }: StreamConsumerSettings): boolean {
  // A character takes three bytes at most, and most states are small.
  return state.length * 3 > maxWindowStateBytes && Buffer.byteLength(state) > maxWindowStateBytes;
}

/** Assumed: a closing that fails is given up when a record that arrived last in its window would be. */
export function closingExpiry(window: WindowCheckpoint, settings: StreamConsumerSettings): number {
  return expiryOf(window.end, settings);
}

/** What an event of records in a window has to leave free, whatever the window's state comes to. */
export function windowReserve(settings: StreamConsumerSettings): number {
  return settings.tumblingWindowMs === 0 ? 0 : windowEnvelopeBytes + settings.maxWindowStateBytes;
}

/** What an event's window takes of its payload now. */
export function windowBytes(window: WindowCheckpoint | undefined, settings: StreamConsumerSettings): number {
  if (settings.tumblingWindowMs === 0) return 0;
  return windowEnvelopeBytes + Buffer.byteLength(window?.state ?? freshState);
}
