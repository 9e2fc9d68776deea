import type { FieldTest } from "./field-test.ts";
import { FilterPatternError } from "./filter-pattern-error.ts";
import { isArray, isObject } from "./json.ts";
import type { Json, JsonObject } from "./json.ts";
import { fieldTestOf, isOperator } from "./match-expression.ts";

/** One way to meet a pattern: every field, by its dotted path, meets one of its tests. */
export type Alternative = ReadonlyMap<string, readonly FieldTest[]>;

/** AWS: more combinations of `$or` are refused (AWS docs). */
const mostAlternatives = 1000;

/** The alternatives that a pattern's `$or`s make. Throws FilterPatternError. */
export function alternativesOf(pattern: Json): readonly Alternative[] {
  if (!isObject(pattern)) throw new FilterPatternError("Filter is not an object");
  return addObject([new Map()], pattern, { path: "", withinOr: false });
}

interface Place {
  /** Of the object, with a dot at its end. */
  readonly path: string;
  readonly withinOr: boolean;
}

function addObject(before: readonly Alternative[], object: JsonObject, place: Place): readonly Alternative[] {
  const entries = Object.entries(object);
  if (entries.length === 0) throw new FilterPatternError("Empty objects are not allowed");
  let alternatives = before;
  for (const [key, value] of entries) {
    alternatives = key === "$or" ? addOr(alternatives, value, place) : addField(alternatives, key, value, place);
  }
  return alternatives;
}

function addField(before: readonly Alternative[], key: string, value: Json, place: Place): readonly Alternative[] {
  if (place.withinOr && isOperator(key)) {
    throw new FilterPatternError(`${key} is Ruler reserved fieldName which cannot be used inside $or.`);
  }
  if (isObject(value)) return addObject(before, value, { ...place, path: `${place.path}${key}.` });
  if (!isArray(value)) throw new FilterPatternError(`"${key}" must be an object or an array`);
  if (value.length === 0) throw new FilterPatternError("Empty arrays are not allowed");
  const tests = value.map(fieldTestOf);
  // AWS: a path that is given twice means the later one (event-ruler's source).
  return before.map((alternative) => new Map(alternative).set(`${place.path}${key}`, tests));
}

function addOr(before: readonly Alternative[], value: Json, place: Place): readonly Alternative[] {
  if (!isArray(value)) throw new FilterPatternError("It must be an Array followed with $or.");
  const after = value.flatMap((choice) => {
    if (!isObject(choice)) throw new FilterPatternError("Only JSON object is allowed in array of $or relationship.");
    return addObject(before, choice, { ...place, withinOr: true });
  });
  if (value.length < 2) throw new FilterPatternError("There must have at least 2 Objects in $or relationship.");
  // Assumed: the text.
  if (after.length > mostAlternatives) {
    throw new FilterPatternError(`Rule is too complex - more than ${mostAlternatives} combinations of $or`);
  }
  return after;
}
