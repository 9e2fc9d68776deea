import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { addToStepSummary } from "./step-summary.ts";

function summaryFile(): string {
  const directory = mkdtempSync(join(tmpdir(), "localemu-summary-"));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const file = join(directory, "summary.md");
  writeFileSync(file, "# Tests\n");
  return file;
}

test("a timeline is folded, under the name of its test, after what is there", () => {
  const file = summaryFile();
  addToStepSummary("orders > <poison> & co", "12:00 a record\n12:01 another", { GITHUB_STEP_SUMMARY: file });
  expect(readFileSync(file, "utf8")).toBe(
    [
      "# Tests",
      "<details>",
      "<summary>LocalEmu: orders &gt; &lt;poison&gt; &amp; co</summary>",
      "",
      "```",
      "12:00 a record",
      "12:01 another",
      "```",
      "",
      "</details>",
      "",
      "",
    ].join("\n"),
  );
});

test("what the timeline quotes does not end its fence", () => {
  const file = summaryFile();
  addToStepSummary("t", "a ```` b", { GITHUB_STEP_SUMMARY: file });
  expect(readFileSync(file, "utf8")).toContain("\n`````\na ```` b\n`````\n");
});

test.each([undefined, ""])("elsewhere nothing is written: %j", (GITHUB_STEP_SUMMARY) => {
  expect(() => addToStepSummary("t", "a", { GITHUB_STEP_SUMMARY })).not.toThrow();
});

test("a summary that cannot be written is told, and fails nothing", () => {
  const told = vi.spyOn(process.stderr, "write").mockReturnValue(true);
  onTestFinished(() => told.mockRestore());
  addToStepSummary("t", "a", { GITHUB_STEP_SUMMARY: join(summaryFile(), "below") });
  expect(told).toHaveBeenCalledWith(expect.stringContaining("LocalEmu: the step's summary could not be written"));
});
