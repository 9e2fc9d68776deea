import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Finished, Installation } from "../packages/installation.ts";

/** A user's project whose tests show what LocalEmu promises; each run of Vitest there runs some of them. */
export const project = new URL("./project/", import.meta.url);

/** Runs the tests of `files` (a pattern) in an installed project. */
export function vitest(
  installation: Installation,
  files: string,
  variables: Readonly<Record<string, string>> = {},
  ...args: readonly string[]
): Promise<Finished> {
  return installation.run({ ...variables, PROOF_TESTS: files }, "node_modules/vitest/vitest.mjs", "run", ...args);
}

/** How the tests of a suite went. */
export interface SuiteResult {
  readonly passed: number;
  readonly failed: number;
  /** Host time of all its tests together, in milliseconds. */
  readonly durationMs: number;
}

interface JsonReport {
  readonly testResults: readonly {
    readonly assertionResults: readonly {
      readonly ancestorTitles: readonly string[];
      readonly status: string;
      readonly duration: number | null;
    }[];
  }[];
}

/** The same, giving the results by the titles of the suites that the tests are in. */
export async function measuredSuites(
  installation: Installation,
  files: string,
  variables: Readonly<Record<string, string>> = {},
): Promise<Readonly<Record<string, SuiteResult>>> {
  const file = join(installation.directory, "report.json");
  const { output } = await vitest(installation, files, variables, "--reporter=json", `--outputFile=${file}`);
  let report: JsonReport;
  try {
    report = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new Error(`Vitest gave no report:\n${output}`, { cause: error });
  }
  const tests = report.testResults.flatMap(({ assertionResults }) => assertionResults);
  return Object.fromEntries(
    Object.entries(Object.groupBy(tests, ({ ancestorTitles }) => ancestorTitles.join(" "))).map(([title, all = []]) => [
      title,
      {
        passed: all.filter(({ status }) => status === "passed").length,
        failed: all.filter(({ status }) => status !== "passed").length,
        durationMs: all.reduce((sum, { duration }) => sum + (duration ?? 0), 0),
      },
    ]),
  );
}
