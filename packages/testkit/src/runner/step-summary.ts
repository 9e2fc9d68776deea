import { appendFileSync } from "node:fs";

/**
 * In a job of GitHub Actions, adds a failed test's timeline to the summary that GitHub shows of the step
 * (`GITHUB_STEP_SUMMARY`); elsewhere it does nothing. A summary that cannot be written fails no test.
 */
export function addToStepSummary(test: string, timeline: string, environment: NodeJS.ProcessEnv): void {
  const file = environment["GITHUB_STEP_SUMMARY"];
  if (file === undefined || file === "") return;
  // A fence that is longer than any within the text.
  const fence = "`".repeat(Math.max(3, ...[...timeline.matchAll(/`+/g)].map(([ticks]) => ticks.length + 1)));
  const details = ["<details>", `<summary>LocalEmu: ${escaped(test)}</summary>`, "", fence, timeline, fence, ""];
  try {
    // One write each: workers of a run write to the same file.
    appendFileSync(file, `${details.join("\n")}\n</details>\n\n`);
  } catch (error) {
    process.stderr.write(`LocalEmu: the step's summary could not be written: ${String(error)}\n`);
  }
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
