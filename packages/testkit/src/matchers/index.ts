import type { ExpectedFailedBatch } from "./failure-matchers.ts";
import type { Match } from "./match.ts";

export { type ExpectedFailedBatch, toHaveFailedBatch, toHaveFailedRecord } from "./failure-matchers.ts";
export type { AsymmetricMatcher, Equals, Match } from "./match.ts";
export type { Matcher, MatcherContext, MatcherResult } from "./result.ts";
export { timelineLines } from "./sections.ts";
export { type RecordTimes, toHaveRecord, toHaveRecordTimes } from "./stream-matchers.ts";
export { toBeEmpty } from "./to-be-empty.ts";

/**
 * The matchers as they are written after `expect(…)`, for the declarations of a runner. All of them wait; none consumes.
 *
 * @example
 * ```ts
 * await expect(stream).toHaveRecord({ id: 1 });
 * await expect(stream).toHaveRecordTimes(3);
 * await expect(dlq).toHaveFailedRecord({ id: "bad" });
 * await expect(dlq).not.toHaveFailedBatch({ condition: "RecordAgeExceeded" });
 * ```
 */
// oxlint-disable typescript/no-unnecessary-type-parameters -- a caller names the type of the records for a predicate
export interface LocalEmuMatchers {
  /** A stream: some record matches. */
  toHaveRecord<Data = unknown>(match: Match<Data>): Promise<void>;
  /** A stream: exactly `times` records (that match), once the world is idle. */
  toHaveRecordTimes<Data = unknown>(times: number, match?: Match<Data>): Promise<void>;
  /** A queue as on-failure destination: a failure document matches; its records are read from the stream. */
  toHaveFailedBatch(expected?: ExpectedFailedBatch): Promise<void>;
  /** A queue as on-failure destination: a record of a failed batch matches. */
  toHaveFailedRecord<Data = unknown>(match: Match<Data>): Promise<void>;
  /** A queue or a stream: nothing is in it, once the world is idle. */
  toBeEmpty(): Promise<void>;
}
