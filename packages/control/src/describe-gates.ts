import type { TimelineEvent } from "./timeline.ts";

const callers = { client: "", mapping: " of an event source mapping", event: " of an asynchronous invocation" };

/** What was decided of a call under a role. */
export function describeJudgement(event: Extract<TimelineEvent, { readonly type: "access.judged" }>): string {
  const { outcome, caller, action, resource, message, notes = [] } = event;
  const what = message ?? `${caller}: ${action} on ${resource}`;
  const how = outcome === "wouldBeDenied" ? "AWS would deny" : outcome;
  return `${how}: ${what}${notes.length === 0 ? "" : ` (${notes.join("; ")})`}`;
}

export function describeFault(event: Extract<TimelineEvent, { readonly type: "fault.injected" }>): string {
  const { service, operation, caller, fault, code, latencyMs } = event;
  const whose = callers[caller];
  const wait = latencyMs === undefined ? "" : ` waits ${latencyMs} ms`;
  const failure = code === undefined ? "" : `${latencyMs === undefined ? "" : ", then"} fails with ${code}`;
  return `${service}:${operation}${whose}${wait}${failure} (${fault})`;
}
