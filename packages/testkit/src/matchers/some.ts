import type { TimelineEntry } from "@localemu/control";
import { matches } from "./match.ts";
import type { Equals, Match } from "./match.ts";
import { conclude, type MatcherContext, type MatcherResult, timeoutOf } from "./result.ts";
import { type Candidate, nearestSection } from "./sections.ts";
import { settle, type Waited, waitUntil } from "./settle.ts";
import { show } from "./show.ts";
import type { ObservedWorld, Subject } from "./subject.ts";

/** Something that is looked for among the things that a subject holds. */
export interface Sought<State, Item> {
  readonly subject: Subject;
  readonly read: () => Promise<State>;
  /** Name and arguments of the matcher, as in `toHaveRecord(match)`. */
  readonly call: string;
  /** What an item is, with its article: `a record`. */
  readonly thing: string;
  /** What the others are called in a text, without an article. Default: `thing`. */
  readonly noun?: string;
  /** Undefined: any. */
  readonly match?: Match;
  readonly items: (state: State) => readonly Item[];
  readonly accepts: (item: Item) => boolean;
  readonly candidate: (item: Item) => Candidate;
  /** After which events it is worth looking again. */
  readonly isRelevant: (entry: TimelineEntry) => boolean;
  /** Items may go again: then `.not` asks what is left once the world is idle. */
  readonly mayGo: boolean;
  /** Paragraphs about everything that is there. */
  readonly sections: (state: State) => readonly string[];
}

/** Holds when some item is accepted; waits for it. `.not`: none is once the world is idle. */
export async function holdsForSome<State, Item>(
  sought: Sought<State, Item>,
  context: MatcherContext,
): Promise<MatcherResult> {
  const { subject, read, thing, match, items, accepts, candidate } = sought;
  const find = (state: State): Item | undefined => items(state).find(accepts);
  const { state, end } = await (sought.mayGo && context.isNot
    ? readSettled(subject.world, read, timeoutOf(context))
    : waitUntil(subject.world, read, (now) => find(now) !== undefined, sought.isRelevant, timeoutOf(context)));
  const found = find(state);
  const likeThat = match === undefined ? "" : ` that matches ${show(match)}`;
  const wanted = `${withoutArticle(thing)}${likeThat}`;
  return conclude(
    {
      subject,
      call: sought.call,
      holds: found !== undefined,
      end,
      sentence: `Expected ${thing}${likeThat}.`,
      notSentence:
        found === undefined
          ? `Expected no ${wanted}; so far there is none.`
          : `Expected no ${wanted}, but there is one: ${candidate(found).label}.`,
      sections: () => [
        ...(found === undefined
          ? nearestSection(sought.noun ?? withoutArticle(thing), items(state).map(candidate), match, context.equals)
          : []),
        ...sought.sections(state),
      ],
    },
    context,
  );
}

/** What is there when nothing more happens by itself. */
export async function readSettled<State>(
  world: ObservedWorld,
  read: () => Promise<State>,
  timeoutMs: number,
): Promise<Waited<State>> {
  const { end } = await settle(world, timeoutMs);
  return { state: await read(), end };
}

/** Whether decoded data is like `match`, or text is the string that `match` is: `put("123", …)` matches "123" and 123. */
export function isLike(match: Match, data: unknown, text: string | Uint8Array, equals: Equals): boolean {
  if (matches(match, data, equals)) return true;
  return typeof match === "string" && Buffer.from(match).equals(Buffer.from(text));
}

function withoutArticle(thing: string): string {
  return thing.replace(/^an? /, "");
}
