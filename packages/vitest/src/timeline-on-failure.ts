import { timelineLines } from "@localemu/testkit/matchers";
import type { TimelineEntry } from "@localemu/testkit";
import { recordArtifact } from "vitest";
import type { RunnerTestCase, TestAttachment } from "vitest";
import { currentWorld } from "./current-world.ts";

/** How many lines of a timeline are shown with a failure. */
const mostLines = 30;

/** The id of the last thing that has happened in the world. */
export async function newestEntry(): Promise<number | undefined> {
  const [entry] = await currentWorld().timeline({ limit: 1 });
  return entry?.id;
}

/** Adds to the errors of a test that failed what happened in its world, after the entry `after` if one is given. */
export async function showTimeline(task: RunnerTestCase, after?: number): Promise<void> {
  const errors = task.result?.errors ?? [];
  if (task.result?.state !== "fail" || errors.length === 0) return;
  const entries = await currentWorld().timeline(after === undefined ? {} : { after });
  const text = timelineText(entries);
  for (const error of errors) {
    // LocalEmu's matchers show it themselves.
    if (/timeline/i.test(error.message)) continue;
    const { message } = error;
    error.message = `${message}\n\n${text}`;
    if (error.stack !== undefined) error.stack = error.stack.replace(message, () => error.message);
  }
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

function timelineText(entries: readonly TimelineEntry[]): string {
  if (entries.length === 0) return "Nothing happened in the test's LocalEmu world.";
  const shown = entries.slice(-mostLines);
  const left = entries.length - shown.length;
  const title = "What happened in the test's LocalEmu world (its timeline):";
  return [title, ...(left > 0 ? [`  … ${left} before`] : []), ...timelineLines(shown).map((line) => `  ${line}`)].join(
    "\n",
  );
}
