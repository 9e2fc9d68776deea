import type { TimelineEntry } from "@localemu/control";
import { assign, type Assignment } from "./assign.ts";
import type { Match } from "./match.ts";
import { conclude, type MatcherContext, type MatcherResult, timeoutOf } from "./result.ts";
import { amount, type Candidate, nearestSection } from "./sections.ts";
import { waitUntil } from "./settle.ts";
import { show } from "./show.ts";
import { readSettled } from "./some.ts";
import type { Subject } from "./subject.ts";

/** Several things that are looked for among those that a subject holds. */
export interface SoughtAll<State, Item> {
  readonly subject: Subject;
  readonly read: () => Promise<State>;
  /** Name and arguments of the matcher. */
  readonly call: string;
  /** What an item is, without an article: `record`. */
  readonly thing: string;
  /** The plural of `thing`. Default: with an s. */
  readonly things?: string;
  /** How they are expected to come, as in `, in order per partition key`. */
  readonly order: string;
  readonly matches: readonly Match[];
  readonly items: (state: State) => readonly Item[];
  readonly accepts: (match: Match, item: Item) => boolean;
  /** Items of one group come in the order expected; undefined: in any. */
  readonly groupOf: (item: Item) => unknown;
  readonly candidate: (item: Item) => Candidate;
  readonly isRelevant: (entry: TimelineEntry) => boolean;
  /** There are no others, once the world is idle. */
  readonly exactly: boolean;
  /** Items may go again: then `.not` asks what is left once the world is idle. */
  readonly mayGo: boolean;
  readonly sections: (state: State) => readonly string[];
}

/** Holds when there is an item for each match; waits for them. `.not`: one is missing once the world is idle. */
export async function holdsForAll<State, Item>(
  sought: SoughtAll<State, Item>,
  context: MatcherContext,
): Promise<MatcherResult> {
  const { subject, read, thing, things = `${thing}s`, matches, items } = sought;
  const tryAll = (state: State): Assignment => {
    const found = items(state);
    return assign({
      expected: matches.length,
      found: found.length,
      accepts: (index, at) => sought.accepts(itemAt(matches, index), itemAt(found, at)),
      groupOf: (at) => sought.groupOf(itemAt(found, at)),
    });
  };
  const holds = (state: State): boolean =>
    tryAll(state).kind === "complete" && (!sought.exactly || items(state).length === matches.length);
  const { state, end } = await (sought.exactly || (sought.mayGo && context.isNot)
    ? readSettled(subject.world, read, timeoutOf(context))
    : waitUntil(subject.world, read, holds, sought.isRelevant, timeoutOf(context)));
  const found = items(state);
  const assignment = tryAll(state);
  const one = matches.length === 1;
  const counted = one ? `this ${thing}` : `these ${matches.length} ${things}`;
  const wanted = `${counted}${sought.exactly ? " and no other" : ""}${one ? "" : sought.order}`;
  /** Rather among those that nobody expects. */
  const nearest = (match: Match = null): readonly string[] => {
    const others = found.filter((item) => !sought.accepts(match, item));
    const unexpected = others.filter((item) => !matches.some((expected) => sought.accepts(expected, item)));
    const candidates = (unexpected.length === 0 ? others : unexpected).map(sought.candidate);
    return nearestSection(`other ${thing}`, candidates, match, context.equals, `other ${things}`);
  };
  return conclude(
    {
      subject,
      call: sought.call,
      holds: holds(state),
      end,
      sentence: `Expected ${wanted}; ${problem(assignment, matches, found.length, thing, things)}.`,
      notSentence: `Expected not ${wanted}${holds(state) ? `, but ${one ? "it is" : "they are"} there` : ""}.`,
      sections: () => [
        ...(assignment.kind === "missing" ? nearest(matches[assignment.expected]) : []),
        ...sought.sections(state),
      ],
    },
    context,
  );
}

function problem(
  assignment: Assignment,
  matches: readonly Match[],
  found: number,
  thing: string,
  things: string,
): string {
  if (assignment.kind === "complete") return `found ${amount(found, thing, things)}`;
  const name = `the ${ordinal(assignment.expected + 1)}, ${show(matches[assignment.expected])},`;
  return assignment.kind === "missing" ? `${name} is missing` : `${name} is there, but not after those before it`;
}

function ordinal(number: number): string {
  const ends: Readonly<Record<number, string>> = { 1: "st", 2: "nd", 3: "rd" };
  const teens = number % 100 > 10 && number % 100 < 14;
  return `${number}${(teens ? undefined : ends[number % 10]) ?? "th"}`;
}

function itemAt<Item>(items: readonly Item[], index: number): Item {
  const item = items[index];
  if (item === undefined) throw new RangeError(`there is no item ${index}`);
  return item;
}
