import type { ValueTest } from "../field-test.ts";
import { FilterPatternError } from "../filter-pattern-error.ts";
import { isArray } from "../json.ts";
import type { Json } from "../json.ts";

/** `{"numeric": [">", 0, "<=", 5]}`: one comparison, or a lower bound and then an upper one. Meets numbers alone. */
export function numericTest(operand: Json): ValueTest {
  if (!isArray(operand)) throw new FilterPatternError("Value of numeric must be an array.");
  const [operator, bound, ...rest] = operand;
  if (typeof operator !== "string") {
    throw new FilterPatternError(`Invalid member in numeric match: ${textOfMember(operator)}`);
  }
  const lower = comparison(operator, bound);
  if (rest.length === 0) return lower;
  if (operator !== ">" && operator !== ">=") throw new FilterPatternError("Too many elements in numeric expression");
  const [second, top, ...surplus] = rest;
  if (typeof second !== "string") {
    throw new FilterPatternError(`Bad value in numeric range: ${textOfMember(second)}`);
  }
  if (second !== "<" && second !== "<=") throw new FilterPatternError(`Bad numeric range operator: ${second}`);
  const upper = comparison(second, top);
  if (surplus.length > 0) throw new FilterPatternError("Too many terms in numeric range expression");
  // Assumed: the text. AWS docs: the first value has to be below the second.
  if (Number(bound) >= Number(top)) throw new FilterPatternError("Bottom must be less than top");
  return (value) => lower(value) && upper(value);
}

function comparison(operator: string, bound: Json | undefined): ValueTest {
  const compare = comparisons.get(operator);
  if (compare === undefined) throw new FilterPatternError(`Unrecognized numeric range operator: ${operator}`);
  if (typeof bound !== "number") {
    throw new FilterPatternError(`Value of ${operator === "=" ? "equals" : operator} must be numeric`);
  }
  return (value) => typeof value === "number" && compare(value, bound);
}

const comparisons: ReadonlyMap<string, (value: number, bound: number) => boolean> = new Map([
  ["=", (value: number, bound: number) => value === bound],
  ["<", (value: number, bound: number) => value < bound],
  ["<=", (value: number, bound: number) => value <= bound],
  [">", (value: number, bound: number) => value > bound],
  [">=", (value: number, bound: number) => value >= bound],
]);

/** As the parser on AWS shows what it stands at: the end of the array as its bracket. */
function textOfMember(member: Json | undefined): string {
  if (member === undefined) return "]";
  if (isArray(member)) return "[";
  return typeof member === "object" && member !== null ? "{" : String(member);
}
