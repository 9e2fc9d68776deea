import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Documents } from "./documents.ts";

const key = fc.stringMatching(/^[a-c]{0,3}$/);
const optionalKey = fc.option(key, { nil: undefined });
const change = fc.oneof(
  fc.record({ kind: fc.constant("put" as const), key, text: fc.string() }),
  fc.record({ kind: fc.constant("delete" as const), key }),
);
const range = fc.record({
  gt: optionalKey,
  gte: optionalKey,
  lt: optionalKey,
  lte: optionalKey,
  reverse: fc.boolean(),
  limit: fc.constantFrom(-1, 0, 2, 100),
});

describe("Documents", () => {
  test("are what a sorted list of a map's entries is", () => {
    fc.assert(
      fc.property(fc.array(change, { maxLength: 60 }), range, (changes, { gt, gte, lt, lte, reverse, limit }) => {
        const documents = new Documents();
        const model = new Map<string, string>();
        for (const each of changes) {
          if (each.kind === "put") {
            documents.put(each.key, each.text);
            model.set(each.key, each.text);
          } else {
            documents.delete(each.key);
            model.delete(each.key);
          }
        }
        const bounds = {
          ...(gt !== undefined && gte === undefined && { gt }),
          ...(gte !== undefined && { gte }),
          ...(lt !== undefined && lte === undefined && { lt }),
          ...(lte !== undefined && { lte }),
        };
        const sorted = [...model.keys()].toSorted();
        const within = sorted.filter(
          (each) =>
            (bounds.gt === undefined || each > bounds.gt) &&
            (bounds.gte === undefined || each >= bounds.gte) &&
            (bounds.lt === undefined || each < bounds.lt) &&
            (bounds.lte === undefined || each <= bounds.lte),
        );
        const expected = reverse ? within.toReversed() : within;
        expect(documents.keys({ ...bounds, reverse, limit })).toEqual(
          limit === -1 ? expected : expected.slice(0, limit),
        );
        expect(documents.keys().map((each) => documents.get(each))).toEqual(sorted.map((each) => model.get(each)));
        expect(documents.size).toBe(model.size);
      }),
    );
  });
});
