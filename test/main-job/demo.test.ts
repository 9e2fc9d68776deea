import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const demo = fileURLToPath(new URL("./demo.ts", import.meta.url));

test("the demo tells each step as it happens and what came of it, and ends by itself", async () => {
  const args = ["--disable-warning=ExperimentalWarning", demo];
  const { stdout, stderr } = await promisify(execFile)(process.execPath, args);

  expect(stderr).toBe("");
  expect(stdout).toMatch(/^LocalEmu listens on http:\/\/127\.0\.0\.1:\d+\n/);
  expect(stdout).toMatch(/orders-fn ← orders shard \d: batch of \d+ failed: Error: poison in order 101\n/);
  expect(stdout).toMatch(/batch of \d+ bisected into \d+ \+ \d+\n/);
  expect(stdout).toMatch(/retry 3 in 50 ms\n/);
  expect(stdout.match(/DLQ orders-dlq ← 1 record\n/g)).toHaveLength(3);
  expect(stdout).toMatch(/records processed +197\n/);
  expect(stdout).toMatch(/reports in the dead-letter queue +3\n/);
});
