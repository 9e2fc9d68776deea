import { FilterPatternError } from "./filter-pattern-error.ts";
import type { Json, JsonObject } from "./json.ts";

/** The one member that a match expression has. Throws FilterPatternError, with `reasonIfEmpty` if there is none. */
export function onlyEntry(expression: JsonObject, reasonIfEmpty: string): readonly [name: string, operand: Json] {
  const [first, second] = Object.entries(expression);
  if (first === undefined) throw new FilterPatternError(reasonIfEmpty);
  if (second !== undefined) throw new FilterPatternError("Only one key allowed in match expression");
  return first;
}
