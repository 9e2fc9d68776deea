import { alternativesOf } from "./alternatives.ts";
import type { Alternative } from "./alternatives.ts";
import { eventMatcher } from "./event-matcher.ts";
import type { EventMatcher } from "./event-matcher.ts";
import { FilterPatternError } from "./filter-pattern-error.ts";
import type { Json } from "./json.ts";

export interface CompiledFilter {
  readonly alternatives: readonly Alternative[];
  readonly matches: EventMatcher;
}

/** Compiles a filter pattern of EventBridge's language. Throws FilterPatternError with EventBridge's reason. */
export function compileFilter(pattern: string): CompiledFilter {
  const alternatives = alternativesOf(parse(pattern));
  return { alternatives, matches: eventMatcher(alternatives) };
}

function parse(pattern: string): Json {
  try {
    const value: Json = JSON.parse(pattern);
    return value;
  } catch (error) {
    throw new FilterPatternError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}
