import { describeTimelineEvent } from "@localemu/control";
import type { TimelineEntry } from "@localemu/control";

/** An entry of a saved timeline, with its line for people. */
export interface ToldEntry {
  readonly entry: TimelineEntry;
  readonly text: string;
}

/** Thrown for a line that is no entry of a timeline; the message tells its number. */
export class TimelineError extends Error {
  override readonly name = "TimelineError";
}

/** Longer lines are cut where a message quotes them. */
const mostQuoted = 60;

/**
 * Reads the JSON lines of `GET /_localemu/timeline`, in their order; empty lines are skipped.
 * Throws TimelineError for the first line that is no entry.
 */
export function readTimeline(text: string): readonly ToldEntry[] {
  return text
    .replace(/^\uFEFF/, "")
    .split("\n")
    .flatMap((line, index) => (line.trim() === "" ? [] : readLine(line.trim(), index + 1)));
}

function readLine(line: string, number: number): ToldEntry {
  const refuse = (why: string): TimelineError => new TimelineError(`line ${number} ${why}: ${quoted(line)}`);
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw refuse("is not JSON");
  }
  if (!isEntry(value)) throw refuse("is not an entry of a timeline, which has an id, at and type");
  const text = describe(value);
  if (text === undefined) throw refuse(`lacks something that ${value.type} has`);
  return { entry: value, text };
}

/** What every entry has; what each type has besides is up to `describe`, for a newer emulator may know more types. */
function isEntry(value: unknown): value is TimelineEntry {
  return (
    typeof value === "object" &&
    value !== null &&
    "id" in value &&
    Number.isInteger(value.id) &&
    "at" in value &&
    Number.isFinite(value.at) &&
    "type" in value &&
    typeof value.type === "string"
  );
}

/** Undefined for an entry without a member that its line is made of. */
function describe(entry: TimelineEntry): string | undefined {
  try {
    return describeTimelineEvent(entry);
  } catch (error) {
    if (error instanceof TypeError || error instanceof RangeError) return undefined;
    throw error;
  }
}

function quoted(line: string): string {
  return line.length > mostQuoted ? `${line.slice(0, mostQuoted)}…` : line;
}
