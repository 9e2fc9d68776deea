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
  type ExpectedFailedBatch,
  type LocalEmuMatchers,
  type Match,
  type MatcherContext,
  type MatcherResult,
  toBeEmpty,
  toHaveFailedBatch,
  toHaveFailedRecord,
  toHaveRecord,
  toHaveRecordTimes,
} from "@localemu/testkit/matchers";
import { expect, type MatcherState } from "vitest";

declare module "vitest" {
  interface Matchers<R extends void | Promise<void> = void | Promise<void>, T = unknown> extends LocalEmuMatchers {}
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
});

/** Vitest's state leaves `isNot` undefined without `.not`, against its declaration. */
function contextOf({ equals, isNot }: Pick<MatcherState, "equals"> & { readonly isNot?: boolean }): MatcherContext {
  return { equals: (actual, expected) => equals(actual, expected), isNot: isNot ?? false };
}
