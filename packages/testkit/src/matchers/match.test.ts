import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { diffLines } from "./diff.ts";
import { likeness, matches } from "./match.ts";
import { show } from "./show.ts";

const equals = isDeepStrictEqual;

test("every value matches itself, all of it is alike, and its diff has no line to change", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(matches(value, value, equals)).toBe(true);
      expect(likeness(value, value, equals)).toBe(1);
      expect(diffLines(value, value, equals).filter((line) => /^[-+]/.test(line))).toEqual([]);
    }),
  );
});

test("likeness is 1 exactly for what matches, and the diff has lines to change exactly for what does not", () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (expected, actual) => {
      const matching = matches(expected, actual, equals);

      expect(likeness(expected, actual, equals) === 1).toBe(matching);
      expect(diffLines(expected, actual, equals).some((line) => /^[-+]/.test(line))).toBe(!matching);
    }),
  );
});

test("an object with more keys still matches", () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.string(), (expected, key) => {
      expect(matches(expected, { [key]: 1, ...expected }, equals)).toBe(true);
    }),
  );
});

test("an object from another realm, or without a prototype, is an object", () => {
  const actual: unknown = Object.assign(Object.create(null), { id: 1, more: 2 });

  expect(matches({ id: 1 }, actual, equals)).toBe(true);
});

describe("show", () => {
  test.each([
    [{ id: 1, "order-id": "a", at: undefined, none: null }, '{ id: 1, "order-id": "a", at: undefined, none: null }'],
    [[1, "a", []], '[1, "a", []]'],
    [Buffer.from("hello, dear world!"), "<18 bytes: 68656c6c6f2c206465617220776f726c…>"],
    [expect.objectContaining({ id: 1 }), "ObjectContaining"],
    [12n, "12n"],
    [new Map(), "Map {}"],
    ["x".repeat(300), `"${"x".repeat(199)}…`],
  ])("%o", (value, text) => {
    expect(show(value)).toBe(text);
  });
});
