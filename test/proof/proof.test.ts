import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { installPackages } from "../packages/installation.ts";
import type { Installation } from "../packages/installation.ts";
import { runParallelFiles } from "./parallel-files.ts";
import { measuredSuites, project, vitest } from "./vitest-run.ts";

let installation: Installation;

beforeAll(async () => {
  installation = await installPackages(project);
});

afterAll(() => installation[Symbol.asyncDispose]());

test(
  "8 test files at the same time in one embedded emulator see nothing of each other",
  { timeout: 60_000 },
  async () => {
    expect(await runParallelFiles(installation)).toBeUndefined();
  },
);

test("50 small tests of pipelines take less than 10 s", { timeout: 60_000 }, async () => {
  const suites = await measuredSuites(installation, "pipelines/pipelines.ts");
  expect(suites["pipelines"]).toMatchObject({ passed: 50, failed: 0 });
  expect(suites["pipelines"]?.durationMs).toBeLessThan(10_000);
});

interface FileCoverage {
  readonly statementMap: Readonly<Record<string, { readonly start: { readonly line: number } }>>;
  readonly s: Readonly<Record<string, number>>;
  readonly fnMap: Readonly<Record<string, { readonly name: string }>>;
  readonly f: Readonly<Record<string, number>>;
  readonly b: Readonly<Record<string, readonly number[]>>;
}

test("the coverage of a handler that is attached is reported: its lines, functions and branches", async () => {
  const directory = join(installation.directory, "coverage-report");
  const { output } = await vitest(
    installation,
    "covered/orders.ts",
    {},
    "--coverage.enabled",
    "--coverage.provider=v8",
    "--coverage.reporter=json",
    "--coverage.include=covered/orders-handler.ts",
    `--coverage.reportsDirectory=${directory}`,
  );
  expect(output).toMatch(/Tests\s+1 passed \(1\)/);
  const report: Readonly<Record<string, FileCoverage>> = JSON.parse(
    readFileSync(join(directory, "coverage-final.json"), "utf8"),
  );
  const [file, ...others] = Object.entries(report);
  expect(others).toEqual([]);
  expect(file?.[0]).toMatch(/orders-handler\.ts$/);
  expect(linesOf(file?.[1])).toMatchInlineSnapshot(`
    {
      "branches": [
        [
          0,
          2,
        ],
      ],
      "functions": [
        "handler: 1",
        "refund: 0",
      ],
      "lines": [
        "7: 1",
        "8: 1",
        "9: 2",
        "10: 2",
        "11: 0",
        "13: 2",
        "16: 1",
        "20: 0",
      ],
    }
  `);
});

/** How often each line, function and branch was run. */
function linesOf(coverage: FileCoverage | undefined) {
  if (coverage === undefined) throw new Error("nothing is reported");
  const { statementMap, s, fnMap, f, b } = coverage;
  return {
    lines: Object.entries(statementMap).map(([id, { start }]) => `${start.line}: ${s[id]}`),
    functions: Object.entries(fnMap).map(([id, { name }]) => `${name}: ${f[id]}`),
    branches: Object.values(b),
  };
}
