import assert from "node:assert";
import type { StreamConsumerSettings } from "../settings.ts";
import type { WindowCheckpoint } from "./checkpoint.ts";
import type { FailedOutcome } from "./outcome.ts";
import type { RecordReference } from "./record.ts";
import { windowBytes } from "./tumbling-window.ts";

/** Records that are invoked, retried and discarded together: a batch, or what is left of one. */
export interface Slice<R extends RecordReference = RecordReference> {
  readonly records: readonly R[];
  /** The first record. */
  readonly from: R;
  /** The last record. */
  readonly to: R;
  /** Failed invocations that count against the retry budget. */
  readonly attempts: number;
  /** Invocations that had these records since the batch last moved on. */
  readonly invokes: number;
  /** How often it backed off: the next wait is longer. */
  readonly waits: number;
  readonly lastOutcome: FailedOutcome | undefined;
}

/** Why records are given up. */
export type DiscardCondition = "RetryAttemptsExhausted" | "RecordAgeExceeded" | "MaximumPayloadSizeExceeded";

/** A slice with fresh counters. */
export function sliceOf<R extends RecordReference>(records: readonly R[]): Slice<R> {
  const from = records[0];
  const to = records.at(-1);
  assert(from !== undefined && to !== undefined, "A slice has at least one record.");
  return { records, from, to, attempts: 0, invokes: 0, waits: 0, lastOutcome: undefined };
}

/** The part from `start` to before `end`, with the counters of the whole. */
function part<R extends RecordReference>(slice: Slice<R>, start: number, end?: number): Slice<R> {
  return { ...slice, ...bounds(slice.records.slice(start, end)) };
}

function bounds<R extends RecordReference>(records: readonly R[]): Pick<Slice<R>, "records" | "from" | "to"> {
  const { from, to } = sliceOf(records);
  return { records, from, to };
}

// Assumed: the left half gets the odd record out, and each half is a new batch with a new budget and a new count of
// invokes, as the rest of a batch is after progress (that is recorded on AWS). AWS says no more than that a split does
// not consume the retry quota.
export function bisect<R extends RecordReference>(slice: Slice<R>): readonly [Slice<R>, Slice<R>] {
  const middle = Math.ceil(slice.records.length / 2);
  const fresh = { ...slice, attempts: 0, invokes: 0, waits: 0 };
  return [part(fresh, 0, middle), part(fresh, middle)];
}

/** Cuts the leading records that are all expired, or all not, from the rest, if there is one. */
export function leadingRun<R extends RecordReference>(
  slice: Slice<R>,
  now: number,
): { readonly run: Slice<R>; readonly expired: boolean; readonly rest: Slice<R> | undefined } {
  const expired = isExpired(slice.from, now);
  const end = slice.records.findIndex((record) => isExpired(record, now) !== expired);
  if (end === -1) return { run: slice, expired, rest: undefined };
  return { run: part(slice, 0, end), expired, rest: part(slice, end) };
}

function isExpired(record: RecordReference, now: number): boolean {
  return now >= record.expiresAt;
}

/** What an event of these records weighs. */
export function payloadBytes(records: number, bytes: number, settings: StreamConsumerSettings): number {
  const { event, record } = settings.envelopeBytes;
  return event + records * record + bytes;
}

/** A record that no event can hold, with the window it is in, is always alone in its slice. */
export function isTooLarge(
  slice: Slice,
  window: WindowCheckpoint | undefined,
  settings: StreamConsumerSettings,
): boolean {
  if (slice.records.length > 1) return false;
  return payloadBytes(1, slice.from.bytes, settings) + windowBytes(window, settings) > settings.maxPayloadBytes;
}

// AWS: a report of exhausted retries counts the invokes; one of an expired record counts the pass that gave it up as
// well, so it says 1 for a record that was never invoked (recorded on AWS). The Kafka page of the AWS docs shows 1 for
// a payload that is too large. Assumed: the same for streams.
export function invokeCount(slice: Slice, condition: DiscardCondition): number {
  return condition === "RetryAttemptsExhausted" ? slice.invokes : slice.invokes + 1;
}
