import type { Equals } from "./match.ts";
import { describeSettlement, isFinal, type Settlement } from "./settle.ts";
import type { Subject } from "./subject.ts";
import { timelineSection } from "./sections.ts";

/** What a runner tells a matcher. */
export interface MatcherContext {
  /** The runner's deep equality. */
  readonly equals: Equals;
  /** Whether the matcher was called after `.not`. */
  readonly isNot: boolean;
  /** Host time to wait at most for the world to settle, milliseconds. Default 4000: below the 5 s that runners give a test. */
  readonly timeoutMs?: number;
}

/** What a matcher gives a runner. */
export interface MatcherResult {
  readonly pass: boolean;
  readonly message: () => string;
}

/** A matcher, whatever the runner: `received` is what was given to `expect`. */
export type Matcher<Expected> = (
  received: unknown,
  expected: Expected,
  context: MatcherContext,
) => Promise<MatcherResult>;

export function timeoutOf({ timeoutMs = 4000 }: MatcherContext): number {
  return timeoutMs;
}

interface Finding {
  readonly subject: Subject;
  /** Name and arguments, as in `toHaveRecord(match)`. */
  readonly call: string;
  readonly holds: boolean;
  /** How waiting ended; undefined where it ended because the condition held. */
  readonly end: Settlement | undefined;
  /** What was expected and found, without `.not` and with it. */
  readonly sentence: string;
  readonly notSentence: string;
  /** Paragraphs of the text; made only when the test fails. */
  readonly sections: () => readonly string[];
}

/**
 * Passes or fails. Before the world has settled, neither absence nor a final count can be told: then the assertion fails, with `.not`
 * as without it.
 */
export async function conclude(finding: Finding, context: MatcherContext): Promise<MatcherResult> {
  const { end, subject } = finding;
  const untold = end !== undefined && !isFinal(end);
  const pass = untold ? context.isNot : finding.holds;
  if (pass !== context.isNot) return { pass, message: () => finding.call };
  const head = [
    context.isNot ? finding.notSentence : finding.sentence,
    ...(end === undefined ? [] : [describeSettlement(end, timeoutOf(context))]),
  ];
  const text = [
    `expect(${subject.kind} ${JSON.stringify(subject.name)})${context.isNot ? ".not" : ""}.${finding.call}`,
    head.join("\n"),
    ...finding.sections(),
    ...(await timelineSection(subject.world)),
  ].join("\n\n");
  return { pass, message: () => text };
}
