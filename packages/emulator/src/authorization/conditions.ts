import type { Condition } from "./policy.ts";
import { matchesArn, matchesWildcards } from "./wildcards.ts";

/**
 * What is known of a request, by key in lower case. A key that is there without values is one that AWS knows and this request
 * has not; a key that is not there cannot be answered here.
 */
export type ConditionKeys = ReadonlyMap<string, readonly string[]>;

export type Verdict =
  | { readonly holds: boolean }
  /** It cannot be told whether it holds. */
  | { readonly unsupported: string };

type Compare = (given: string, wanted: string) => boolean;

const numbers =
  (compare: (given: number, wanted: number) => boolean): Compare =>
  (given, wanted) => {
    const [a, b] = [Number(given), Number(wanted)];
    return !Number.isNaN(a) && !Number.isNaN(b) && compare(a, b);
  };

/** Dates are written as ISO 8601 or as seconds since the epoch. */
const dates =
  (compare: (given: number, wanted: number) => boolean): Compare =>
  (given, wanted) => {
    const [a, b] = [timeOf(given), timeOf(wanted)];
    return !Number.isNaN(a) && !Number.isNaN(b) && compare(a, b);
  };

const ignoringCase: Compare = (given, wanted) => given.toLowerCase() === wanted.toLowerCase();
const arnLike: Compare = (given, wanted) => matchesArn(wanted, given);

/** AWS: ArnEquals and ArnLike behave alike (AWS docs). */
const operators: ReadonlyMap<string, Compare> = new Map<string, Compare>([
  ["StringEquals", (given, wanted) => given === wanted],
  ["StringEqualsIgnoreCase", ignoringCase],
  ["StringLike", (given, wanted) => matchesWildcards(wanted, given)],
  ["ArnEquals", arnLike],
  ["ArnLike", arnLike],
  ["Bool", ignoringCase],
  ["IpAddress", (given, wanted) => isInBlock(given, wanted)],
  ["NumericEquals", numbers((a, b) => a === b)],
  ["NumericLessThan", numbers((a, b) => a < b)],
  ["NumericLessThanEquals", numbers((a, b) => a <= b)],
  ["NumericGreaterThan", numbers((a, b) => a > b)],
  ["NumericGreaterThanEquals", numbers((a, b) => a >= b)],
  ["DateEquals", dates((a, b) => a === b)],
  ["DateLessThan", dates((a, b) => a < b)],
  ["DateLessThanEquals", dates((a, b) => a <= b)],
  ["DateGreaterThan", dates((a, b) => a > b)],
  ["DateGreaterThanEquals", dates((a, b) => a >= b)],
]);

/** What each of these denies: `StringNotEquals` holds where `StringEquals` does not. */
const negations: ReadonlyMap<string, string> = new Map([
  ["StringNotEquals", "StringEquals"],
  ["StringNotEqualsIgnoreCase", "StringEqualsIgnoreCase"],
  ["StringNotLike", "StringLike"],
  ["ArnNotEquals", "ArnEquals"],
  ["ArnNotLike", "ArnLike"],
  ["NotIpAddress", "IpAddress"],
  ["NumericNotEquals", "NumericEquals"],
  ["DateNotEquals", "DateEquals"],
]);

const operatorPattern = /^(?:(ForAllValues|ForAnyValue):)?(\w+?)(IfExists)?$/;

/** Whether one condition of a statement holds; its values are without variables. */
export function evaluateCondition({ operator, key, values: wanted }: Condition, keys: ConditionKeys): Verdict {
  const given = keys.get(key.toLowerCase());
  if (given === undefined) return { unsupported: `the condition key ${key}` };
  const [, set, name = "", ifExists] = operatorPattern.exec(operator) ?? [];
  // AWS: it asks whether the key is missing, and `false` that it is there (AWS docs).
  if (name === "Null") return { holds: wanted.some((value) => ignoringCase(value, String(given.length === 0))) };
  const negated = negations.get(name);
  const compare = operators.get(negated ?? name);
  if (compare === undefined) return { unsupported: `the condition operator ${operator}` };
  const matches = (value: string): boolean =>
    negated === undefined ? wanted.some((one) => compare(value, one)) : !wanted.some((one) => compare(value, one));
  // AWS: with no values at all, ForAllValues holds and ForAnyValue does not (AWS docs).
  if (set === "ForAllValues") return { holds: given.every(matches) };
  if (given.length === 0) {
    if (ifExists !== undefined) return { holds: true };
    // AWS: a negated operator holds where the key is missing (AWS docs).
    return { holds: set === undefined && negated !== undefined };
  }
  return { holds: set === undefined && negated !== undefined ? given.every(matches) : given.some(matches) };
}

function timeOf(text: string): number {
  return /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text);
}

/** Whether an address is in a block such as `10.0.0.0/8` or `2001:db8::/32`, or is the one that is written. */
export function isInBlock(address: string, block: string): boolean {
  const [base = "", length] = block.split("/");
  const given = bitsOf(address);
  const wanted = bitsOf(base);
  if (given === undefined || wanted?.length !== given.length) return false;
  const prefix = length === undefined ? wanted.length : Number(length);
  return given.slice(0, prefix) === wanted.slice(0, prefix);
}

/** An address as zeros and ones. */
function bitsOf(address: string): string | undefined {
  if (address.includes(":")) return bitsOfV6(address);
  const parts = address.split(".").map(Number);
  const valid = parts.length === 4 && parts.every((part) => Number.isInteger(part) && part >= 0 && part <= 255);
  return valid ? parts.map((part) => part.toString(2).padStart(8, "0")).join("") : undefined;
}

function bitsOfV6(address: string): string | undefined {
  const [head = "", tail] = address.split("::");
  const groups = (text: string): string[] => (text === "" ? [] : text.split(":"));
  const left = groups(head);
  const right = groups(tail ?? "");
  const missing = 8 - left.length - right.length;
  if (missing < 0 || (tail === undefined && missing > 0)) return undefined;
  const all = [...left, ...Array.from({ length: missing }, () => "0"), ...right];
  if (!all.every((group) => /^[\da-f]{1,4}$/i.test(group))) return undefined;
  return all.map((group) => Number.parseInt(group, 16).toString(2).padStart(16, "0")).join("");
}
