import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

const root = new URL("../", import.meta.url);

/** The points that the page on streaming claims, each with the tests that it names: `file`: "title", "title"; `file`: … */
const points = readFileSync(new URL("docs/streaming.md", root), "utf8")
  .split("\n")
  .flatMap((line) => {
    const [, name, tests] = /^\| (S\d+) \|.*\| (`.*) \|$/.exec(line) ?? [];
    return name === undefined || tests === undefined ? [] : [[name, tests] as const];
  });

test("there are all of them", () => {
  expect(points.map(([name]) => name)).toEqual(Array.from({ length: 15 }, (_, index) => `S${index + 1}`));
});

test.each(points)("%s is shown by tests that exist", (_, tests) => {
  for (const [, file = "", titles = ""] of tests.matchAll(/`([\w./-]+)`: ((?:"[^"]*"(?:, )?)+)/g)) {
    const path = file.includes("/") ? `${file}.test.ts` : `test/lambda/${file}.test.ts`;
    const code = readFileSync(new URL(path, root), "utf8");
    for (const [, title = ""] of titles.matchAll(/"([^"]*)"/g)) expect(code).toContain(title);
  }
  // Nothing of the cell is left over that would not have been looked for.
  expect(tests.replaceAll(/`[\w./-]+`: (?:"[^"]*"(?:, )?)+(?:; )?/g, "")).toBe("");
});
