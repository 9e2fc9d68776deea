import type { Installation } from "../packages/installation.ts";
import { vitest } from "./vitest-run.ts";

/** How many test files use one emulator at the same time. */
export const parallelFiles = 8;

/**
 * Runs the test files that use the same names in one emulator: the one at `endpoint`, or else an embedded one. Gives what Vitest
 * wrote where not all of them passed.
 */
export async function runParallelFiles(installation: Installation, endpoint?: string): Promise<string | undefined> {
  const variables = endpoint === undefined ? {} : { LOCALEMU_ENDPOINT: endpoint };
  const workers = `--maxWorkers=${parallelFiles}`;
  const { code, output } = await vitest(installation, "parallel/file-*.ts", variables, workers);
  return code === 0 && output.includes(`${parallelFiles} passed (${parallelFiles})`) ? undefined : output;
}
