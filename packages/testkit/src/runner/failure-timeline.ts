import type { TimelineEntry } from "@localemu/control";
import type { LocalEmu } from "../local-emu.ts";
import { timelineLines } from "../matchers/sections.ts";

/** How many lines of a timeline are shown with a failure. */
const mostLines = 30;

/** The id of the last thing that has happened in the world. */
export async function newestEntry(emu: LocalEmu): Promise<number | undefined> {
  const [entry] = await emu.timeline({ limit: 1 });
  return entry?.id;
}

/**
 * What happened in the world, after the entry `after` if one is given, for the report of a test that failed. It never rejects:
 * where the world is gone, what the test failed with has to be told all the more.
 */
export async function failureTimeline(emu: Pick<LocalEmu, "timeline">, after?: number): Promise<string> {
  try {
    return textOf(await emu.timeline(after === undefined ? {} : { after }));
  } catch (error) {
    return `What happened in the test's LocalEmu world cannot be told: ${error instanceof Error ? error.message : String(error)}`;
  }
}

/** How matchers tell the timeline, or this file has told it. */
const toldTimeline =
  /^(Timeline(, last \d+ of \d+)?:|Nothing is on the timeline\.|What happened in the test's LocalEmu world\b.*|Nothing happened in the test's LocalEmu world\.)$/m;

/** Appends a text to an error's message, and to the copy of the message in its stack. LocalEmu's matchers tell the timeline themselves. */
export function appendToError(error: { message: string; stack?: string | undefined }, text: string): void {
  const { message, stack } = error;
  if (toldTimeline.test(message)) return;
  const longer = `${message}\n\n${text}`;
  redefine(error, "message", longer);
  if (stack !== undefined)
    redefine(
      error,
      "stack",
      stack.replace(message, () => longer),
    );
}

/** An assignment would throw where the property is a getter, as of a DOMException, or the error is frozen. */
function redefine(error: object, name: string, value: string): void {
  const { enumerable = false } = Object.getOwnPropertyDescriptor(error, name) ?? {};
  Reflect.defineProperty(error, name, { value, enumerable, writable: true, configurable: true });
}

function textOf(entries: readonly TimelineEntry[]): string {
  if (entries.length === 0) return "Nothing happened in the test's LocalEmu world.";
  const shown = entries.slice(-mostLines);
  const left = entries.length - shown.length;
  const title = "What happened in the test's LocalEmu world (its timeline):";
  return [title, ...(left > 0 ? [`  … ${left} before`] : []), ...timelineLines(shown).map((line) => `  ${line}`)].join(
    "\n",
  );
}
