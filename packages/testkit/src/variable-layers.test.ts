import { expect, test } from "vitest";
import { VariableLayers } from "./variable-layers.ts";

test.each([
  [0, 1, 2],
  [0, 2, 1],
  [1, 0, 2],
  [1, 2, 0],
  [2, 0, 1],
  [2, 1, 0],
])("the last of those that are left counts, taken back as %i, %i, %i", (...order) => {
  const environment: NodeJS.ProcessEnv = { TABLE: "before" };
  const layers = new VariableLayers(environment);
  const ends = ["a", "b", "c"].map((TABLE) => layers.set({ TABLE, NEW: TABLE }));
  const left = ["a", "b", "c"];
  for (const index of order) {
    ends[index]?.();
    ends[index]?.();
    left.splice(left.indexOf("abc".charAt(index)), 1);
    const last = left.at(-1);
    expect(environment).toEqual(last === undefined ? { TABLE: "before" } : { TABLE: last, NEW: last });
  }
});

test("what is set anew begins anew", () => {
  const environment: NodeJS.ProcessEnv = {};
  const layers = new VariableLayers(environment);
  layers.set({ TABLE: "a" })();
  environment["TABLE"] = "the test's own";
  const end = layers.set({ TABLE: "b" });
  expect(environment["TABLE"]).toBe("b");
  end();
  expect(environment["TABLE"]).toBe("the test's own");
});
