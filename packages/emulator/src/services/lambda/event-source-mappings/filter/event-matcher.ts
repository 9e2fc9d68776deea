import type { Alternative } from "./alternatives.ts";
import { eventFields, pathTreeOf } from "./event-fields.ts";
import type { ArrayElement, EventValue } from "./event-fields.ts";
import type { FieldTest } from "./field-test.ts";
import type { Json } from "./json.ts";

export type EventMatcher = (event: Json) => boolean;

type Fields = ReadonlyMap<string, readonly EventValue[]>;

/** Tells whether an event meets one of the alternatives. */
export function eventMatcher(alternatives: readonly Alternative[]): EventMatcher {
  const tree = pathTreeOf(alternatives.flatMap((alternative) => [...alternative.keys()]));
  return (event) => {
    const fields = eventFields(event, tree);
    return alternatives.some((alternative) => isMet(alternative, fields));
  };
}

function isMet(alternative: Alternative, fields: Fields): boolean {
  const choices: (readonly EventValue[])[] = [];
  for (const [path, tests] of alternative) {
    const values = fields.get(path);
    if (values === undefined) {
      // Assumed: absent is what the whole event has not, also where the path leads through an array.
      if (!tests.some(({ kind }) => kind === "absent")) return false;
      continue;
    }
    const accepted = values.filter(({ value }) => tests.some((test) => accepts(test, value)));
    if (accepted.length === 0) return false;
    // A value that lies in no array goes with any other.
    if (accepted.every(({ elements }) => elements.length > 0)) choices.push(accepted);
  }
  return choices.length < 2 || agree(choices, []);
}

function accepts(test: FieldTest, value: EventValue["value"]): boolean {
  return test.kind === "value" && test.accepts(value);
}

/**
 * Whether a value of each field can be chosen so that no two lie in different elements of one array.
 * AWS: a record that has `{x: 1, y: 2}` and `{x: 3, y: 4}` in an array has no x of 1 with a y of 4 (event-ruler's documentation).
 */
function agree(choices: readonly (readonly EventValue[])[], chosen: readonly ArrayElement[]): boolean {
  const [values, ...others] = choices;
  if (values === undefined) return true;
  return values.some(({ elements }) => {
    const conflicting = elements.some(({ array, index }) =>
      chosen.some((element) => element.array === array && element.index !== index),
    );
    return !conflicting && agree(others, [...chosen, ...elements]);
  });
}
