import type { ExpectedFailedBatch } from "./failure-matchers.ts";
import type { ExpectedCheckpoint } from "./mapping-matchers.ts";
import type { AsymmetricMatcher, Match } from "./match.ts";
import type { NoMoreRecords, RecordOrder } from "./record-order.ts";

export { type ExpectedObject, toHaveObject } from "./bucket-matchers.ts";
export { type ExpectedFailedBatch, toHaveFailedBatch, toHaveFailedRecord } from "./failure-matchers.ts";
export { toHaveBatches, toHaveBeenInvoked, toHaveBeenInvokedWith } from "./function-matchers.ts";
export { type ExpectedCheckpoint, toHaveCaughtUp, toHaveCheckpoint } from "./mapping-matchers.ts";
export type { AsymmetricMatcher, Equals, Match } from "./match.ts";
export { toHaveMessage, toHaveMessages } from "./queue-matchers.ts";
export {
  type ExpectedRecords,
  type NoMoreRecords,
  type RecordOrder,
  toHaveNoMoreRecords,
  toHaveRecords,
} from "./record-order.ts";
export type { Matcher, MatcherContext, MatcherResult } from "./result.ts";
export { timelineLines } from "./sections.ts";
export { type RecordTimes, toHaveRecord, toHaveRecordTimes } from "./stream-matchers.ts";
export { toHaveStreamed } from "./streamed-matchers.ts";
export { toBeEmpty } from "./to-be-empty.ts";
export { toHavePublished } from "./topic-matchers.ts";

/**
 * The matchers as they are written after `expect(…)`, for the declarations of a runner. All of them wait; none consumes.
 *
 * @example
 * ```ts
 * await expect(stream).toHaveRecord({ id: 1 });
 * await expect(stream).toHaveRecordTimes(3);
 * await expect(dlq).toHaveFailedRecord({ id: "bad" });
 * await expect(dlq).not.toHaveFailedBatch({ condition: "RecordAgeExceeded" });
 * await expect(mapping).toHaveCaughtUp();
 * await expect(fn).toHaveBatches([[{ id: 1 }, { id: "bad" }], [{ id: 1 }], [{ id: "bad" }]]);
 * ```
 */
// oxlint-disable typescript/no-unnecessary-type-parameters -- a caller names the type of the data for a predicate
export interface LocalEmuMatchers {
  /** A stream: some record matches. */
  toHaveRecord<Data = unknown>(match: Match<Data>): Promise<void>;
  /** A stream: a record for each match, in the order listed among those of a partition key (or a shard); others may lie between. */
  toHaveRecords<Data = unknown>(
    matches: readonly Match<Data>[],
    options?: { readonly order?: RecordOrder },
  ): Promise<void>;
  /** A stream: exactly `times` records (that match), once the world is idle. */
  toHaveRecordTimes<Data = unknown>(times: number, match?: Match<Data>): Promise<void>;
  /** A stream: nothing is past a cursor, or past what was put, once the world is idle. */
  toHaveNoMoreRecords(options: NoMoreRecords): Promise<void>;
  /** A queue, a topic or a bucket as on-failure destination: a failure document matches; its records are read from the stream. */
  toHaveFailedBatch(expected?: ExpectedFailedBatch): Promise<void>;
  /** A queue, a topic or a bucket as on-failure destination: a record of a failed batch matches. */
  toHaveFailedRecord<Data = unknown>(match: Match<Data>): Promise<void>;
  /** A queue: the body of some message matches. */
  toHaveMessage<Data = unknown>(match: Match<Data>): Promise<void>;
  /** A queue: a message for each match, among others perhaps; in a FIFO queue in order per group. */
  toHaveMessages<Data = unknown>(matches: readonly Match<Data>[]): Promise<void>;
  /** A queue or a stream: nothing is in it, once the world is idle. */
  toBeEmpty(): Promise<void>;
  /** An event source mapping: nothing is left to do. */
  toHaveCaughtUp(): Promise<void>;
  /** An event source mapping: how far it has come in a shard. */
  toHaveCheckpoint(expected: ExpectedCheckpoint): Promise<void>;
  /** A function: it has been invoked, or exactly `times` times once the world is idle. */
  toHaveBeenInvoked(times?: number): Promise<void>;
  /** A function: some event that it was invoked with matches, as sent or decoded. */
  toHaveBeenInvokedWith<Event = unknown>(match: Match<Event>): Promise<void>;
  /** A function: exactly these batches once the world is idle, retries and halves included; in order per shard. */
  toHaveBatches<Data = unknown>(batches: readonly (readonly Match<Data>[])[]): Promise<void>;
  /** A bucket: an object with this key (whose contents match). */
  toHaveObject<Data = unknown>(key: string | AsymmetricMatcher, match?: Match<Data>): Promise<void>;
  /** A streamed response: it ends without an error and matches as a whole, or chunk by chunk where a list is expected. */
  toHaveStreamed(expected: Match | readonly Match[]): Promise<void>;
  /** A topic: some message that was published matches. */
  toHavePublished<Data = unknown>(match: Match<Data>): Promise<void>;
}
