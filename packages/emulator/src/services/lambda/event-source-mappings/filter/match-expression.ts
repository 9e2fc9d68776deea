import { anythingButTest } from "./operators/anything-but.ts";
import { cidrTest } from "./operators/cidr.ts";
import type { FieldTest, ValueTest } from "./field-test.ts";
import { FilterPatternError } from "./filter-pattern-error.ts";
import { isArray, isObject } from "./json.ts";
import type { Json } from "./json.ts";
import { numericTest } from "./operators/numeric.ts";
import { onlyEntry } from "./only-entry.ts";
import { equalsIgnoreCaseTest, prefixTest, suffixTest, textOf } from "./operators/text.ts";
import { wildcardTest } from "./operators/wildcard.ts";

/** The names of operators are case sensitive. */
const operators: ReadonlyMap<string, (operand: Json) => ValueTest> = new Map([
  ["exactly", exactlyTest],
  ["prefix", prefixTest],
  ["suffix", suffixTest],
  ["equals-ignore-case", equalsIgnoreCaseTest],
  ["wildcard", wildcardTest],
  ["anything-but", anythingButTest],
  ["numeric", numericTest],
  ["cidr", cidrTest],
]);

/** Whether a name means something within a match expression, so that it cannot be a field's within `$or`. */
export function isOperator(name: string): boolean {
  return name === "exists" || operators.has(name);
}

/** What one member of a field's array asks for. Throws FilterPatternError. */
export function fieldTestOf(member: Json): FieldTest {
  if (isArray(member)) throw new FilterPatternError("Match value must be String, number, true, false, or null");
  // AWS: numbers are compared by value, 300 is 300.0 (recorded on AWS).
  if (!isObject(member)) return { kind: "value", accepts: (value) => value === member };
  const [name, operand] = onlyEntry(member, "Match expression name not found");
  if (name === "exists") return existsTest(operand);
  const testOf = operators.get(name);
  if (testOf === undefined) throw new FilterPatternError(`Unrecognized match type ${name}`);
  return { kind: "value", accepts: testOf(operand) };
}

/** AWS: only a field that is a value exists, an object or an empty array does not (recorded on AWS). */
function existsTest(operand: Json): FieldTest {
  if (typeof operand !== "boolean") {
    throw new FilterPatternError("exists match pattern must be either true or false.");
  }
  return operand ? { kind: "value", accepts: () => true } : { kind: "absent" };
}

function exactlyTest(operand: Json): ValueTest {
  const text = textOf(operand, "exact match pattern must be a string");
  return (value) => value === text;
}
