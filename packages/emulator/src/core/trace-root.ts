import type { Ids } from "./ids.ts";

/** A new trace's id: its version, the seconds of its beginning, and 96 bits. */
export function newTraceRoot(ids: Ids, epochMs: number): string {
  const seconds = Math.floor(epochMs / 1000);
  return `1-${seconds.toString(16).padStart(8, "0")}-${ids.hex(12)}`;
}
