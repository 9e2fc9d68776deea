import { addToStepSummary, appendToError, failureTimeline } from "@localemu/testkit/runner";
import { recordArtifact } from "vitest";
import type { RunnerTestCase, TestAttachment } from "vitest";
import { currentWorld } from "./current-world.ts";

/**
 * Adds to the errors of a test that failed what happened in its world, after the entry `after` if one is given, and answers that
 * text. Called after each attempt at the test.
 */
export async function showTimeline(task: RunnerTestCase, after?: number): Promise<string | undefined> {
  const errors = task.result?.errors ?? [];
  if (task.result?.state !== "fail" || errors.length === 0) return undefined;
  const text = await failureTimeline(currentWorld(), after);
  for (const error of errors) appendToError(error, text);
  const attachments = [{ contentType: "text/plain", body: text }];
  await recordArtifact(task, { type: "localemu:timeline", attachments });
  return text;
}

/** Adds tests' timelines to the summary of a job on GitHub, once it is known that no further attempt has passed. */
export function summarize(timelines: ReadonlyMap<RunnerTestCase, string>): void {
  for (const [task, text] of timelines)
    if (task.result?.state === "fail") addToStepSummary(task.fullTestName, text, process.env);
}

declare module "vitest" {
  interface TestArtifactRegistry {
    localemuTimeline: {
      readonly type: "localemu:timeline";
      readonly attachments: TestAttachment[];
    };
  }
}
