import type { Reporter, TestCase } from "vitest/node";

/** Tells what tests attach. */
export default class Artifacts implements Reporter {
  onTestCaseArtifactRecord(test: TestCase): void {
    for (const { type, attachments = [] } of test.artifacts()) {
      for (const { contentType, body } of attachments) {
        process.stdout.write(`\nartifact ${type} of "${test.name}": ${contentType}\n${String(body)}\n`);
      }
    }
  }
}
