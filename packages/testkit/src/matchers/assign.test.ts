import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { assign } from "./assign.ts";

/** Tries every way; the groups are those of the things found. */
function canBeAssigned(
  fitting: readonly (readonly number[])[],
  groups: readonly number[],
  used: readonly number[],
): boolean {
  const [first, ...rest] = fitting;
  if (first === undefined) return true;
  return first.some((thing) => {
    const isOrdered = used.every((other) => groups[other] === 0 || groups[other] !== groups[thing] || other < thing);
    return !used.includes(thing) && isOrdered && canBeAssigned(rest, groups, [...used, thing]);
  });
}

describe("assign", () => {
  test("finds a way whenever there is one", () => {
    const thing = fc.nat({ max: 5 });
    fc.assert(
      fc.property(
        fc.array(fc.uniqueArray(thing, { maxLength: 4 }), { maxLength: 6 }),
        fc.array(fc.nat({ max: 2 }), { minLength: 6, maxLength: 6 }),
        (fitting, groups) => {
          const { kind } = assign({
            expected: fitting.length,
            found: 6,
            accepts: (expected, found) => fitting[expected]?.includes(found) ?? false,
            groupOf: (found) => (groups[found] === 0 ? undefined : groups[found]),
          });
          expect(kind === "complete").toBe(canBeAssigned(fitting, groups, []));
        },
      ),
    );
  });

  test("names the first that is missing, or out of order", () => {
    const same = (expected: number, found: number) => expected === found;

    expect(assign({ expected: 3, found: 2, accepts: same, groupOf: () => 1 })).toEqual({
      kind: "missing",
      expected: 2,
    });
    expect(
      assign({ expected: 2, found: 2, accepts: (expected, found) => expected !== found, groupOf: () => 1 }),
    ).toEqual({ kind: "outOfOrder", expected: 1 });
  });

  test("many that are alike take no time", () => {
    const all = { accepts: () => true, groupOf: (found: number) => found % 3 };

    expect(assign({ expected: 400, found: 400, ...all })).toMatchObject({ kind: "complete" });
    expect(assign({ expected: 401, found: 400, ...all })).toMatchObject({ kind: "missing", expected: 400 });
  });
});
