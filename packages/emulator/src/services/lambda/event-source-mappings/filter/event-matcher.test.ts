import fc from "fast-check";
import { expect, test } from "vitest";
import { compileFilter } from "./compile-filter.ts";
import { isArray, isObject } from "./json.ts";
import type { Json, JsonObject, Scalar } from "./json.ts";

const keys = ["a", "b", "a.b"];
const scalars = fc.constantFrom<Scalar>("x", "y", 1, 2, null, true);

/** Events and patterns of so few names and values that they often match. */
const { event } = fc.letrec<{ event: JsonObject; value: Json }>((tie) => ({
  event: fc.dictionary(fc.constantFrom(...keys), tie("value"), { maxKeys: 3, noNullPrototype: true }),
  value: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    scalars,
    fc.array(tie("value"), { maxLength: 3 }),
    tie("event"),
  ),
}));

const tests = fc.array(
  fc.oneof<fc.Arbitrary<Json>[]>(
    scalars,
    fc.constantFrom<Json>({ exists: true }, { exists: false }, { "anything-but": "x" }, { numeric: [">", 1] }),
  ),
  { minLength: 1, maxLength: 3 },
);

const { pattern } = fc.letrec<{ pattern: JsonObject; field: Json }>((tie) => ({
  pattern: fc.oneof(
    { depthSize: "small" },
    fc.dictionary(fc.constantFrom("a", "b"), tie("field"), { minKeys: 1, maxKeys: 2, noNullPrototype: true }),
    fc.record({ $or: fc.array(tie("pattern"), { minLength: 2, maxLength: 2 }) }),
  ),
  field: fc.oneof({ depthSize: "small" }, tests, tie("pattern")),
}));

/**
 * The straightforward way: every choice of an element of each array makes a plain event, and one of them has to match;
 * what exists is asked of the whole event.
 */
function referenceMatches(patternOf: JsonObject, whole: JsonObject): boolean {
  const anywhere = new Set(plainEvents(whole).flatMap((fields) => [...fields.keys()]));
  return plainEvents(whole).some((fields) => meets(patternOf, "", fields, anywhere));
}

type PlainEvent = ReadonlyMap<string, readonly Scalar[]>;

function plainEvents(value: Json, path = ""): readonly PlainEvent[] {
  if (isArray(value)) {
    return value.length === 0 ? [new Map()] : value.flatMap((element) => plainEvents(element, path));
  }
  if (!isObject(value)) return [new Map([[path, [value]]])];
  let events: readonly PlainEvent[] = [new Map()];
  for (const [key, member] of Object.entries(value)) {
    const variants = plainEvents(member, path === "" ? key : `${path}.${key}`);
    events = events.flatMap((fields) => variants.map((variant) => merged(fields, variant)));
  }
  return events;
}

function merged(left: PlainEvent, right: PlainEvent): PlainEvent {
  const both = new Map(left);
  for (const [path, values] of right) both.set(path, [...(both.get(path) ?? []), ...values]);
  return both;
}

function meets(object: JsonObject, path: string, fields: PlainEvent, anywhere: ReadonlySet<string>): boolean {
  return Object.entries(object).every(([key, member]) => {
    if (key === "$or" && isArray(member)) {
      return member.some((choice) => isObject(choice) && meets(choice, path, fields, anywhere));
    }
    const place = path === "" ? key : `${path}.${key}`;
    if (isObject(member)) return meets(member, place, fields, anywhere);
    if (!isArray(member)) return false;
    const values = fields.get(place) ?? [];
    return member.some((one) => {
      if (!isObject(one)) return values.includes(isArray(one) ? "" : one);
      if (one["exists"] === false) return !anywhere.has(place);
      if (one["exists"] === true) return values.length > 0;
      if ("numeric" in one) return values.some((value) => typeof value === "number" && value > 1);
      return values.some((value) => value !== "x");
    });
  });
}

/** A path that is set twice is one field to filters, whose later tests win; the reference does not go into that. */
function setsAPathTwice(object: JsonObject): boolean {
  const paths = pathsOf(object);
  return paths.length !== new Set(paths).size;
}

function pathsOf(object: JsonObject, path = ""): readonly string[] {
  return Object.entries(object).flatMap(([key, member]) => {
    if (key === "$or" && isArray(member)) return member.flatMap((one) => (isObject(one) ? pathsOf(one, path) : []));
    return isObject(member) ? pathsOf(member, `${path}.${key}`) : [`${path}.${key}`];
  });
}

/** Arrays of objects, and patterns that look at two members of them: the case that is easiest to get wrong. */
const pairs = fc.record({
  pattern: fc.record({ a: fc.record({ a: tests, b: tests }) }),
  event: fc.record({ a: fc.array(fc.record({ a: scalars, b: scalars }), { maxLength: 4 }) }),
});

test.each<[what: string, cases: fc.Arbitrary<{ pattern: JsonObject; event: JsonObject }>]>([
  ["anything", fc.record({ pattern, event })],
  ["arrays of objects", pairs],
])("matching is what a straightforward reference says: %s", (_, cases) => {
  let matched = 0;
  let runs = 0;
  fc.assert(
    fc.property(cases, ({ pattern: wanted, event: given }) => {
      fc.pre(!setsAPathTwice(wanted));
      const matches = compileFilter(JSON.stringify(wanted)).matches(given);
      expect(matches).toBe(referenceMatches(wanted, given));
      runs++;
      if (matches) matched++;
    }),
    { numRuns: 1000 },
  );
  // Of both there are enough for the comparison to mean something.
  expect(matched).toBeGreaterThan(50);
  expect(runs - matched).toBeGreaterThan(50);
});
