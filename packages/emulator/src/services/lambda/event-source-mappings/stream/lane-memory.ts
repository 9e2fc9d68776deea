import type { StreamConsumerSettings } from "../settings.ts";
import type { WindowCheckpoint } from "./checkpoint.ts";
import { append, dropFirst, emptyQueue, firstOf, queueAt, queueLength, type RecordQueue } from "./record-queue.ts";
import type { RecordReference } from "./record.ts";
import { payloadBytes, type Slice, sliceOf } from "./slice.ts";

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
}

export function emptyMemory<R extends RecordReference>(): LaneMemory<R> {
  return {
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
    now >= memory.windowFrom + settings.batchingWindowMs ||
    payloadBytes(queued, memory.queuedBytes, settings) >= settings.maxPayloadBytes
  );
}

/** Makes the first records of the queue the batch: as many as BatchSize and the payload allow, but one at least. */
export function takeBatch<R extends RecordReference>(
  memory: LaneMemory<R>,
  settings: StreamConsumerSettings,
): LaneMemory<R> {
  let count = 0;
  let bytes = 0;
  while (count < settings.batchSize) {
    const record = queueAt(memory.queue, count);
    if (record === undefined) break;
    if (count > 0 && payloadBytes(count + 1, bytes + record.bytes, settings) > settings.maxPayloadBytes) break;
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

/** What the intake has to know of a lane. */
export interface LaneProgress {
  /** Sequence number of the lowest record that is neither processed nor discarded. */
  readonly unfinishedFrom: string | undefined;
  /** How many records the lane holds. */
  readonly buffered: number;
  /** How the lane finished, if it has. */
  readonly finished: "drained" | "stopped" | undefined;
  /** Its open tumbling window. */
  readonly window?: WindowCheckpoint | undefined;
}

export function unfinished(memory: LaneMemory<RecordReference>): Pick<LaneProgress, "unfinishedFrom" | "buffered"> {
  const first = memory.slices.at(-1)?.from ?? queueAt(memory.queue, 0);
  let buffered = queueLength(memory.queue);
  for (const slice of memory.slices) buffered += slice.records.length;
  return { unfinishedFrom: first?.sequence, buffered };
}
