import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { attributesOf, plainItem } from "./table-values.ts";
import type { PlainValue } from "./table-values.ts";

const { value } = fc.letrec<{ value: PlainValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.string(),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.uint8Array(),
    fc.uniqueArray(fc.string(), { minLength: 1 }).map((members) => new Set(members)),
    fc.uniqueArray(fc.integer(), { minLength: 1 }).map((members) => new Set(members)),
    fc.array(tie("value")),
    fc.dictionary(fc.stringMatching(/^[a-z]+$/), tie("value"), { noNullPrototype: true }),
  ),
}));

describe("an item", () => {
  test("is what it was after it went to DynamoDB's JSON and back", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.stringMatching(/^[a-z]+$/), value, { noNullPrototype: true }), (item) => {
        expect(plainItem(JSON.parse(JSON.stringify(attributesOf(item))))).toEqual(item);
      }),
    );
  });

  test("has each value under its type", () => {
    const item = {
      text: "a",
      number: 1.5,
      large: 2n ** 64n,
      bytes: new Uint8Array([1]),
      sets: [new Set(["a"]), new Set([1]), new Set([new Uint8Array([1])])],
      missing: undefined,
    };
    expect(attributesOf(item)).toEqual({
      text: { S: "a" },
      number: { N: "1.5" },
      large: { N: "18446744073709551616" },
      bytes: { B: "AQ==" },
      sets: { L: [{ SS: ["a"] }, { NS: ["1"] }, { BS: ["AQ=="] }] },
    });
    expect(plainItem({ large: { N: "18446744073709551616" } })).toEqual({ large: 2n ** 64n });
    expect(plainItem("text")).toBeUndefined();
  });
});
