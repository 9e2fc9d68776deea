/**
 * Registers LocalEmu's matchers with Vitest's `expect`, and declares them.
 *
 * @example
 * ```ts
 * // vitest.config.ts
 * export default defineConfig({ test: { setupFiles: ["@localemu/vitest/extend"] } });
 * ```
 */
import {
  type AsymmetricMatcher,
  type ExpectedCheckpoint,
  type ExpectedFailedBatch,
  type LocalEmuMatchers,
  type Match,
  type MatcherContext,
  type MatcherResult,
  type NoMoreRecords,
  type RecordOrder,
  toBeEmpty,
  toHaveBatches,
  toHaveBeenInvoked,
  toHaveBeenInvokedWith,
  toHaveCaughtUp,
  toHaveCheckpoint,
  toHaveFailedBatch,
  toHaveFailedRecord,
  toHaveMessage,
  toHaveMessages,
  toHaveNoMoreRecords,
  toHaveObject,
  toHavePublished,
  toHaveRecord,
  toHaveRecords,
  toHaveRecordTimes,
  toHaveStreamed,
} from "@localemu/testkit/matchers";
import { expect, type MatcherState } from "vitest";

declare global {
  // Vitest's own interface for matchers has other type parameters in 4 than in 5, and declarations must agree on them. Both take in
  // what Chai's assertions have.
  namespace Chai {
    interface Assertion extends LocalEmuMatchers {}
  }
}

expect.extend({
  toHaveRecord(received: unknown, match: Match): Promise<MatcherResult> {
    return toHaveRecord(received, match, contextOf(this));
  },
  toHaveRecordTimes(received: unknown, times: number, match?: Match): Promise<MatcherResult> {
    return toHaveRecordTimes(received, { times, ...(match !== undefined && { match }) }, contextOf(this));
  },
  toHaveFailedBatch(received: unknown, expected: ExpectedFailedBatch = {}): Promise<MatcherResult> {
    return toHaveFailedBatch(received, expected, contextOf(this));
  },
  toHaveFailedRecord(received: unknown, match: Match): Promise<MatcherResult> {
    return toHaveFailedRecord(received, match, contextOf(this));
  },
  toBeEmpty(received: unknown): Promise<MatcherResult> {
    return toBeEmpty(received, undefined, contextOf(this));
  },
  toHaveRecords(
    received: unknown,
    records: readonly Match[],
    options: { readonly order?: RecordOrder } = {},
  ): Promise<MatcherResult> {
    return toHaveRecords(received, { records, ...options }, contextOf(this));
  },
  toHaveNoMoreRecords(received: unknown, options: NoMoreRecords): Promise<MatcherResult> {
    return toHaveNoMoreRecords(received, options, contextOf(this));
  },
  toHaveMessage(received: unknown, match: Match): Promise<MatcherResult> {
    return toHaveMessage(received, match, contextOf(this));
  },
  toHaveMessages(received: unknown, matches: readonly Match[]): Promise<MatcherResult> {
    return toHaveMessages(received, matches, contextOf(this));
  },
  toHaveCaughtUp(received: unknown): Promise<MatcherResult> {
    return toHaveCaughtUp(received, undefined, contextOf(this));
  },
  toHaveCheckpoint(received: unknown, expected: ExpectedCheckpoint): Promise<MatcherResult> {
    return toHaveCheckpoint(received, expected, contextOf(this));
  },
  toHaveBeenInvoked(received: unknown, times?: number): Promise<MatcherResult> {
    return toHaveBeenInvoked(received, times === undefined ? {} : { times }, contextOf(this));
  },
  toHaveBeenInvokedWith(received: unknown, match: Match): Promise<MatcherResult> {
    return toHaveBeenInvokedWith(received, match, contextOf(this));
  },
  toHaveBatches(received: unknown, batches: readonly (readonly Match[])[]): Promise<MatcherResult> {
    return toHaveBatches(received, batches, contextOf(this));
  },
  toHaveObject(received: unknown, key: string | AsymmetricMatcher, match?: Match): Promise<MatcherResult> {
    return toHaveObject(received, { key, ...(match !== undefined && { match }) }, contextOf(this));
  },
  toHaveStreamed(received: unknown, expected: Match | readonly Match[]): Promise<MatcherResult> {
    return toHaveStreamed(received, expected, contextOf(this));
  },
  toHavePublished(received: unknown, match: Match): Promise<MatcherResult> {
    return toHavePublished(received, match, contextOf(this));
  },
});

/** Vitest's state leaves `isNot` undefined without `.not`, against its declaration. */
function contextOf({ equals, isNot }: Pick<MatcherState, "equals"> & { readonly isNot?: boolean }): MatcherContext {
  return { equals: (actual, expected) => equals(actual, expected), isNot: isNot ?? false };
}
