import type { StreamConsumerSettings } from "../settings.ts";
import type { WindowCheckpoint } from "./checkpoint.ts";
import { append, dropFirst, emptyQueue, firstOf, queueAt, queueLength, type RecordQueue } from "./record-queue.ts";
import type { RecordReference } from "./record.ts";
import { payloadBytes, type Slice, sliceOf } from "./slice.ts";
import { type ClosingKind, freshState, isSameWindow, openedBy, windowEndOf, windowReserve } from "./tumbling-window.ts";

/** What a lane has been given and not finished. */
export interface LaneMemory<R extends RecordReference> {
  /** Not yet in a batch. */
  readonly queue: RecordQueue<R>;
  readonly queuedBytes: number;
  /** Parts of the current batch that are still to be done; the next one is last. */
  readonly slices: readonly Slice<R>[];
  /** No more records will come. */
  readonly sealed: boolean;
  /** When the current batching window began. */
  readonly windowFrom: number;
  readonly lane: number;
  /** The open tumbling windows: one at most, but for those that are taken over from other lanes. */
  readonly windows: readonly WindowCheckpoint[];
}

export function emptyMemory<R extends RecordReference>(
  lane: number,
  windows: readonly WindowCheckpoint[],
): LaneMemory<R> {
  return {
    lane,
    windows,
    queue: emptyQueue(),
    queuedBytes: 0,
    slices: [],
    sealed: false,
    windowFrom: Number.NEGATIVE_INFINITY,
  };
}

export function enqueue<R extends RecordReference>(memory: LaneMemory<R>, records: readonly R[]): LaneMemory<R> {
  let queuedBytes = memory.queuedBytes;
  for (const record of records) queuedBytes += record.bytes;
  return { ...memory, queue: append(memory.queue, records), queuedBytes };
}

/** Makes `slice` the next thing to do. */
export function push<R extends RecordReference>(memory: LaneMemory<R>, slice: Slice<R>): LaneMemory<R> {
  return { ...memory, slices: [...memory.slices, slice] };
}

/** A slice is done with; if it was the last of its batch, a new batching window begins. */
export function sliceFinished<R extends RecordReference>(memory: LaneMemory<R>, now: number): LaneMemory<R> {
  return memory.slices.length === 0 ? { ...memory, windowFrom: now } : memory;
}

/** Whether the queue is to be made a batch now. */
export function isBatchDue(
  memory: LaneMemory<RecordReference>,
  settings: StreamConsumerSettings,
  now: number,
): boolean {
  const queued = queueLength(memory.queue);
  if (memory.slices.length > 0 || queued === 0) return false;
  return (
    memory.sealed ||
    queued >= settings.batchSize ||
    now >= batchDueAt(memory, settings) ||
    payloadBytes(queued, memory.queuedBytes, settings) >= batchPayloadLimit(settings) ||
    hasLaterWindow(memory.queue, settings)
  );
}

/** When the queue is to be made a batch, though there might be more. */
// Assumed: a batching window does not outlast the tumbling window.
export function batchDueAt(memory: LaneMemory<RecordReference>, settings: StreamConsumerSettings): number {
  const until = memory.windowFrom + settings.batchingWindowMs;
  const first = queueAt(memory.queue, 0);
  if (settings.tumblingWindowMs === 0 || first === undefined) return until;
  return Math.min(until, windowEndOf(first, settings));
}

/** No more records come for the tumbling window of the first once there is one of another. */
function hasLaterWindow(queue: RecordQueue<RecordReference>, settings: StreamConsumerSettings): boolean {
  const first = queueAt(queue, 0);
  const last = queueAt(queue, queueLength(queue) - 1);
  return first !== undefined && last !== undefined && !isSameWindow(first, last, settings);
}

function batchPayloadLimit(settings: StreamConsumerSettings): number {
  return settings.maxPayloadBytes - windowReserve(settings);
}

/**
 * Makes the first records of the queue the batch: as many of one tumbling window as BatchSize and the payload allow, but one
 * at least.
 */
export function takeBatch<R extends RecordReference>(
  memory: LaneMemory<R>,
  settings: StreamConsumerSettings,
): LaneMemory<R> {
  const limit = batchPayloadLimit(settings);
  const first = queueAt(memory.queue, 0);
  let count = 0;
  let bytes = 0;
  while (count < settings.batchSize) {
    const record = queueAt(memory.queue, count);
    if (first === undefined || record === undefined) break;
    if (count > 0 && payloadBytes(count + 1, bytes + record.bytes, settings) > limit) break;
    if (!isSameWindow(first, record, settings)) break;
    count++;
    bytes += record.bytes;
  }
  return {
    ...memory,
    queue: dropFirst(memory.queue, count),
    queuedBytes: memory.queuedBytes - bytes,
    slices: [sliceOf(firstOf(memory.queue, count))],
  };
}

/** The record that the lane comes to next. */
export function nextRecord<R extends RecordReference>(memory: LaneMemory<R>): R | undefined {
  return memory.slices.at(-1)?.from ?? queueAt(memory.queue, 0);
}

/** Opens the tumbling window of `record`, where there are such windows and it is not open. */
export function openWindow<R extends RecordReference>(
  memory: LaneMemory<R>,
  record: RecordReference,
  settings: StreamConsumerSettings,
): LaneMemory<R> {
  if (settings.tumblingWindowMs === 0 || memory.windows.length > 0) return memory;
  return { ...memory, windows: [openedBy(record, memory.lane, settings)] };
}

/** Keeps what the function returned as the state of the open window. */
export function keepState<R extends RecordReference>(memory: LaneMemory<R>, state: string | undefined): LaneMemory<R> {
  const [window, ...others] = memory.windows;
  if (window === undefined || state === undefined) return memory;
  return { ...memory, windows: [{ ...window, state }, ...others] };
}

/** What becomes of the windows when the first is closed, be it done or given up. */
export function windowClosed<R extends RecordReference>(memory: LaneMemory<R>, as: ClosingKind): LaneMemory<R> {
  // AWS: after an early termination the same window goes on with a fresh state (AWS's event libraries).
  if (as === "early") return keepState(memory, freshState);
  return { ...memory, windows: memory.windows.slice(1) };
}

/** What the intake has to know of a lane. */
export interface LaneProgress {
  /** Sequence number of the lowest record that is neither processed nor discarded. */
  readonly unfinishedFrom: string | undefined;
  /** How many records the lane holds. */
  readonly buffered: number;
  /** How the lane finished, if it has. */
  readonly finished: "drained" | "stopped" | undefined;
  /** Its open tumbling windows: the same list for as long as nothing about them changes. */
  readonly windows: readonly WindowCheckpoint[];
}

/** What the lane holds. */
export function unfinished(memory: LaneMemory<RecordReference>): Omit<LaneProgress, "finished"> {
  let buffered = queueLength(memory.queue);
  for (const slice of memory.slices) buffered += slice.records.length;
  return { unfinishedFrom: nextRecord(memory)?.sequence, buffered, windows: memory.windows };
}

export function isSameProgress(one: LaneProgress, other: LaneProgress): boolean {
  return (
    one.unfinishedFrom === other.unfinishedFrom &&
    one.buffered === other.buffered &&
    one.finished === other.finished &&
    one.windows === other.windows
  );
}
