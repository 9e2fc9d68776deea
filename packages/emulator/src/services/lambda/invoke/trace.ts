import type { HostTime } from "../../../core/host-time.ts";
import type { Ids } from "../../../core/ids.ts";
import { newTraceRoot } from "../../../core/trace-root.ts";

/** A trace header with a root: the caller's, or that of a trace which begins here. */
export function rootedTrace(given: string | undefined, { ids, host }: TraceParts): string {
  if (given !== undefined && /(?:^|;)\s*Root=/.test(given)) return given;
  const root = `Root=${newTraceRoot(ids, host.epoch())}`;
  return given === undefined || given === "" ? root : `${root};${given}`;
}

interface TraceParts {
  readonly ids: Ids;
  readonly host: HostTime;
}

/**
 * The value of `X-Amzn-Trace-Id` that an invocation goes by: the caller's, or that of a trace which begins here.
 * AWS: the caller's root and decision are kept; where it has decided nothing, a function with active tracing is sampled (AWS docs).
 * Assumed: every such invocation is, not a share of them. Its parent is the function's own segment, which the runtime names.
 */
export function traceOf(given: string | undefined, mode: "Active" | "PassThrough", { ids, host }: TraceParts): string {
  let root: string | undefined;
  let sampled = mode === "Active" ? "1" : "0";
  let others = "";
  for (const field of given === undefined ? [] : given.split(";")) {
    const at = field.indexOf("=");
    const name = field.slice(0, Math.max(0, at)).trim();
    const value = field.slice(at + 1).trim();
    if (name === "Root") root = value;
    else if (name === "Sampled" && (value === "0" || value === "1")) sampled = value;
    else if (name === "Lineage") others += `;Lineage=${value}`;
  }
  return `Root=${root ?? newTraceRoot(ids, host.epoch())};Sampled=${sampled}${others}`;
}
