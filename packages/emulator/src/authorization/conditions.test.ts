import fc from "fast-check";
import { expect, test } from "vitest";
import { evaluateCondition, isInBlock } from "./conditions.ts";
import { matchesWildcards } from "./wildcards.ts";

const queue = "arn:aws:sqs:us-east-1:000000000000:orders";
const keys = new Map<string, readonly string[]>([
  ["k", ["a"]],
  ["many", ["a", "b"]],
  ["none", []],
  ["n", ["5"]],
  ["d", ["2026-01-02T00:00:00Z"]],
  ["arn", [queue]],
  ["ip", ["10.1.2.3"]],
  ["yes", ["true"]],
]);

test.each<[operator: string, key: string, value: string | string[], holds: boolean]>([
  ["StringEquals", "k", "a", true],
  ["StringEquals", "K", ["x", "a"], true],
  ["StringEquals", "k", "A", false],
  ["StringEqualsIgnoreCase", "k", "A", true],
  ["StringNotEquals", "k", ["x", "a"], false],
  ["StringNotEquals", "k", "x", true],
  ["StringLike", "k", "?", true],
  ["StringNotLike", "k", "b*", true],
  ["StringEquals", "none", "a", false],
  ["StringEqualsIfExists", "none", "a", true],
  ["StringEqualsIfExists", "k", "x", false],
  ["StringNotEquals", "none", "a", true],
  ["ArnLike", "arn", "arn:aws:sqs:*:*:ord*", true],
  ["ArnEquals", "arn", "arn:aws:sqs:*:*:ord*", true],
  ["ArnLike", "arn", "arn:aws:*:orders", false],
  ["ArnNotLike", "arn", "arn:aws:sns:*:*:*", true],
  ["Bool", "yes", "TRUE", true],
  ["Bool", "yes", "false", false],
  ["IpAddress", "ip", "10.0.0.0/8", true],
  ["NotIpAddress", "ip", ["10.0.0.0/8", "::1"], false],
  ["NumericEquals", "n", "5.0", true],
  ["NumericNotEquals", "n", "5", false],
  ["NumericLessThan", "n", "5", false],
  ["NumericLessThanEquals", "n", "5", true],
  ["NumericGreaterThan", "n", "4", true],
  ["NumericGreaterThanEquals", "n", "x", false],
  ["DateEquals", "d", "2026-01-02T00:00:00.000Z", true],
  ["DateNotEquals", "d", "2026-01-02T00:00:00Z", false],
  ["DateLessThan", "d", "2026-01-03T00:00:00Z", true],
  ["DateLessThanEquals", "d", "1767312000", true],
  ["DateGreaterThan", "d", "2026-01-02", false],
  ["DateGreaterThanEquals", "d", "2026-01-02", true],
  ["Null", "none", "true", true],
  ["Null", "k", "true", false],
  ["Null", "k", "false", true],
  ["ForAllValues:StringEquals", "many", ["a", "b", "c"], true],
  ["ForAllValues:StringEquals", "many", "a", false],
  ["ForAllValues:StringEquals", "none", "a", true],
  ["ForAnyValue:StringEquals", "many", "b", true],
  ["ForAnyValue:StringLike", "none", "*", false],
  ["ForAnyValue:StringNotEquals", "many", "a", true],
  ["ForAllValues:StringNotEquals", "many", "c", true],
])("%s of %s and %j: %s", (operator, key, value, holds) => {
  expect(evaluateCondition({ operator, key, values: [value].flat() }, keys)).toEqual({ holds });
});

test.each([
  ["StringMatches", "k", "the condition operator StringMatches"],
  ["BinaryEquals", "k", "the condition operator BinaryEquals"],
  ["StringEquals", "unknown", "the condition key unknown"],
])("%s of %s cannot be told", (operator, key, unsupported) => {
  expect(evaluateCondition({ operator, key, values: ["a"] }, keys)).toEqual({ unsupported });
});

test.each<[string, string, boolean]>([
  ["10.1.2.3", "10.1.2.3", true],
  ["10.1.2.3", "10.1.2.4/31", false],
  ["10.1.2.3", "10.1.2.2/31", true],
  ["10.1.2.3", "0.0.0.0/0", true],
  ["10.1.2", "0.0.0.0/0", false],
  ["10.1.2.300", "0.0.0.0/0", false],
  ["2001:db8::1", "2001:db8::/32", true],
  ["2001:db9::1", "2001:db8::/32", false],
  ["::1", "0:0:0:0:0:0:0:1", true],
  ["1:2", "::/0", false],
  ["g::", "::/0", false],
])("%s in %s: %s", (address, block, expected) => {
  expect(isInBlock(address, block)).toBe(expected);
});

test("wildcards match as the regular expression that they stand for", () => {
  const text = fc.string({ unit: fc.constantFrom("a", "b", ":", "*") });
  const pattern = fc.string({ unit: fc.constantFrom("a", "b", ":", "*", "?") });
  fc.assert(
    fc.property(pattern, text, (wanted, given) => {
      const expression = wanted.replaceAll("*", ".*").replaceAll("?", ".");
      expect(matchesWildcards(wanted, given)).toBe(new RegExp(`^${expression}$`, "s").test(given));
    }),
  );
});
