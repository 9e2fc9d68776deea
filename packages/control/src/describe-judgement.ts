import type { TimelineEvent } from "./timeline.ts";

/** What was decided of a call under a role. */
export function describeJudgement(event: Extract<TimelineEvent, { readonly type: "access.judged" }>): string {
  const { outcome, caller, action, resource, message, notes = [] } = event;
  const what = message ?? `${caller}: ${action} on ${resource}`;
  const how = outcome === "wouldBeDenied" ? "AWS would deny" : outcome;
  return `${how}: ${what}${notes.length === 0 ? "" : ` (${notes.join("; ")})`}`;
}
