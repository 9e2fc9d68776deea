import type { ValueTest } from "../field-test.ts";
import { FilterPatternError } from "../filter-pattern-error.ts";
import { isArray, isObject } from "../json.ts";
import type { Json, JsonObject } from "../json.ts";
import { equalsIgnoreCaseTest, prefixTest, suffixTest, textOf } from "./text.ts";
import { wildcardTest } from "./wildcard.ts";

/** `{"anything-but": …}` of a text, a number, a list of either, or of another operator: any value but these; not a missing one. */
export function anythingButTest(operand: Json): ValueTest {
  if (isObject(operand)) return not(anyOf(operatorTests(operand)));
  refuseOtherOperands(operand);
  if (!isArray(operand)) return (value) => value !== operand;
  const texts = operand.filter((member) => typeof member === "string");
  const numbers = operand.filter((member) => typeof member === "number");
  if (texts.length + numbers.length < operand.length) {
    throw new FilterPatternError("Inside anything but list, start|null|boolean is not supported.");
  }
  if (texts.length > 0 === numbers.length > 0) {
    throw new FilterPatternError(
      "Inside anything but list, either all values are number or string, mixed type is not supported",
    );
  }
  const excluded: ReadonlySet<Json> = new Set(operand);
  return (value) => !excluded.has(value);
}

/** The tests of `{"prefix": …}` and the like, whose operand is a text or a list of texts. */
function operatorTests(expression: JsonObject): readonly ValueTest[] {
  const [entry, ...surplus] = Object.entries(expression);
  if (entry === undefined) throw new FilterPatternError("Anything-But expression name not found");
  const [name, operand] = entry;
  const testOf = operators.get(name);
  if (testOf === undefined) throw new FilterPatternError(`Unsupported anything-but pattern: ${name}`);
  refuseOtherOperands(operand);
  const tests = (isArray(operand) ? operand : [operand]).map((member) => testOf(member));
  // AWS: this text, though nothing here is numeric (event-ruler's source).
  if (surplus.length > 0) throw new FilterPatternError("Too many elements in numeric expression");
  return tests;
}

const operators: ReadonlyMap<string, (operand: Json) => ValueTest> = new Map([
  ["prefix", (operand: Json) => prefixTest(affixOf(operand))],
  ["suffix", (operand: Json) => suffixTest(affixOf(operand))],
  ["wildcard", wildcardTest],
  [
    "equals-ignore-case",
    (operand: Json) =>
      equalsIgnoreCaseTest(
        textOf(operand, "Inside anything-but/equals-ignore-case list, number|start|null|boolean is not supported."),
      ),
  ],
]);

function affixOf(operand: Json): string {
  const affix = textOf(operand, "prefix/suffix match pattern must be a string");
  if (affix === "") throw new FilterPatternError("Null prefix/suffix not allowed");
  return affix;
}

function refuseOtherOperands(operand: Json): void {
  if (isArray(operand) || typeof operand === "string" || typeof operand === "number") return;
  throw new FilterPatternError("Value of anything-but must be an array or single string/number value.");
}

function anyOf(tests: readonly ValueTest[]): ValueTest {
  return (value) => tests.some((test) => test(value));
}

function not(test: ValueTest): ValueTest {
  return (value) => !test(value);
}
