import { addToStepSummary, appendToError, failureTimeline } from "@localemu/testkit/runner";
import { recordArtifact } from "vitest";
import type { RunnerTestCase, TestAttachment } from "vitest";
import { currentWorld } from "./current-world.ts";

/** Adds to the errors of a test that failed what happened in its world, after the entry `after` if one is given. */
export async function showTimeline(task: RunnerTestCase, after?: number): Promise<void> {
  const errors = task.result?.errors ?? [];
  if (task.result?.state !== "fail" || errors.length === 0) return;
  const text = await failureTimeline(currentWorld(), after);
  for (const error of errors) appendToError(error, text);
  addToStepSummary(task.fullTestName, text, process.env);
  const attachments = [{ contentType: "text/plain", body: text }];
  await recordArtifact(task, { type: "localemu:timeline", attachments });
}

declare module "vitest" {
  interface TestArtifactRegistry {
    localemuTimeline: {
      readonly type: "localemu:timeline";
      readonly attachments: TestAttachment[];
    };
  }
}
