import { toHaveObject } from "../matchers/bucket-matchers.ts";
import { type ExpectedFailedBatch, toHaveFailedBatch, toHaveFailedRecord } from "../matchers/failure-matchers.ts";
import { toHaveBatches, toHaveBeenInvoked, toHaveBeenInvokedWith } from "../matchers/function-matchers.ts";
import { type ExpectedCheckpoint, toHaveCaughtUp, toHaveCheckpoint } from "../matchers/mapping-matchers.ts";
import type { AsymmetricMatcher, Equals, Match } from "../matchers/match.ts";
import { toHaveMessage, toHaveMessages } from "../matchers/queue-matchers.ts";
import { type NoMoreRecords, type RecordOrder, toHaveNoMoreRecords, toHaveRecords } from "../matchers/record-order.ts";
import type { MatcherContext, MatcherResult } from "../matchers/result.ts";
import { toHaveRecord, toHaveRecordTimes } from "../matchers/stream-matchers.ts";
import { toHaveStreamed } from "../matchers/streamed-matchers.ts";
import { toBeEmpty } from "../matchers/to-be-empty.ts";
import { toHavePublished } from "../matchers/topic-matchers.ts";

/** What a runner binds a matcher to. */
interface RunnerState {
  readonly equals: Equals;
  /** Vitest leaves it undefined without `.not`. */
  readonly isNot?: boolean | undefined;
}

/** The matchers in the shape of `expect.extend`, which Vitest and Jest have in common. */
export const runnerMatchers = {
  toHaveRecord(this: RunnerState, received: unknown, match: Match): Promise<MatcherResult> {
    return toHaveRecord(received, match, contextOf(this));
  },
  toHaveRecordTimes(this: RunnerState, received: unknown, times: number, match?: Match): Promise<MatcherResult> {
    return toHaveRecordTimes(received, { times, ...(match !== undefined && { match }) }, contextOf(this));
  },
  toHaveFailedBatch(this: RunnerState, received: unknown, expected: ExpectedFailedBatch = {}): Promise<MatcherResult> {
    return toHaveFailedBatch(received, expected, contextOf(this));
  },
  toHaveFailedRecord(this: RunnerState, received: unknown, match: Match): Promise<MatcherResult> {
    return toHaveFailedRecord(received, match, contextOf(this));
  },
  toBeEmpty(this: RunnerState, received: unknown): Promise<MatcherResult> {
    return toBeEmpty(received, undefined, contextOf(this));
  },
  toHaveRecords(
    this: RunnerState,
    received: unknown,
    records: readonly Match[],
    options: { readonly order?: RecordOrder } = {},
  ): Promise<MatcherResult> {
    return toHaveRecords(received, { records, ...options }, contextOf(this));
  },
  toHaveNoMoreRecords(this: RunnerState, received: unknown, options: NoMoreRecords): Promise<MatcherResult> {
    return toHaveNoMoreRecords(received, options, contextOf(this));
  },
  toHaveMessage(this: RunnerState, received: unknown, match: Match): Promise<MatcherResult> {
    return toHaveMessage(received, match, contextOf(this));
  },
  toHaveMessages(this: RunnerState, received: unknown, matches: readonly Match[]): Promise<MatcherResult> {
    return toHaveMessages(received, matches, contextOf(this));
  },
  toHaveCaughtUp(this: RunnerState, received: unknown): Promise<MatcherResult> {
    return toHaveCaughtUp(received, undefined, contextOf(this));
  },
  toHaveCheckpoint(this: RunnerState, received: unknown, expected: ExpectedCheckpoint): Promise<MatcherResult> {
    return toHaveCheckpoint(received, expected, contextOf(this));
  },
  toHaveBeenInvoked(this: RunnerState, received: unknown, times?: number): Promise<MatcherResult> {
    return toHaveBeenInvoked(received, times === undefined ? {} : { times }, contextOf(this));
  },
  toHaveBeenInvokedWith(this: RunnerState, received: unknown, match: Match): Promise<MatcherResult> {
    return toHaveBeenInvokedWith(received, match, contextOf(this));
  },
  toHaveBatches(this: RunnerState, received: unknown, batches: readonly (readonly Match[])[]): Promise<MatcherResult> {
    return toHaveBatches(received, batches, contextOf(this));
  },
  toHaveObject(
    this: RunnerState,
    received: unknown,
    key: string | AsymmetricMatcher,
    match?: Match,
  ): Promise<MatcherResult> {
    return toHaveObject(received, { key, ...(match !== undefined && { match }) }, contextOf(this));
  },
  toHaveStreamed(this: RunnerState, received: unknown, expected: Match | readonly Match[]): Promise<MatcherResult> {
    return toHaveStreamed(received, expected, contextOf(this));
  },
  toHavePublished(this: RunnerState, received: unknown, match: Match): Promise<MatcherResult> {
    return toHavePublished(received, match, contextOf(this));
  },
};

function contextOf({ equals, isNot }: RunnerState): MatcherContext {
  return { equals: (actual, expected) => equals(actual, expected), isNot: isNot ?? false };
}
