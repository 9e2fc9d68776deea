/** Which thing stands for each that was expected, or the first expected one for which there is none. */
export type Assignment =
  | { readonly kind: "complete" }
  | { readonly kind: "missing" | "outOfOrder"; readonly expected: number };

interface Things {
  readonly expected: number;
  readonly found: number;
  readonly accepts: (expected: number, found: number) => boolean;
  /** Things of one group must come in the order of those expected; undefined: in any. */
  readonly groupOf: (found: number) => unknown;
}

/** How many ways of putting things in order are tried: more than there are unless the same things fit nearly everywhere. */
const mostTries = 100_000;

/** Finds a thing of its own for each that is expected, such that in each group they come in the order expected. */
export function assign({ expected, found, accepts, groupOf }: Things): Assignment {
  const fitting = Array.from({ length: expected }, (_, index) => fittingOf(index, found, accepts));
  const missing = firstUnmatched(fitting);
  if (missing !== undefined) return { kind: "missing", expected: missing };

  const used = new Set<number>();
  const last = new Map<unknown, number>();
  let furthest = 0;
  let tries = 0;
  const place = (index: number): boolean => {
    furthest = Math.max(furthest, index);
    if (index === expected) return true;
    for (const thing of fitting[index] ?? []) {
      const group = groupOf(thing);
      const before = last.get(group);
      if (used.has(thing) || (group !== undefined && before !== undefined && before > thing)) continue;
      if (++tries > mostTries) return false;
      used.add(thing);
      last.set(group, thing);
      if (place(index + 1)) return true;
      used.delete(thing);
      if (before === undefined) last.delete(group);
      else last.set(group, before);
    }
    return false;
  };
  return place(0) ? { kind: "complete" } : { kind: "outOfOrder", expected: furthest };
}

function fittingOf(index: number, found: number, accepts: Things["accepts"]): readonly number[] {
  return Array.from({ length: found }, (_, thing) => thing).filter((thing) => accepts(index, thing));
}

/** The first for which nothing is left, whatever stands for those before it: by augmenting paths. */
function firstUnmatched(fitting: readonly (readonly number[])[]): number | undefined {
  const ownerOf = new Map<number, number>();
  const find = (index: number, seen: Set<number>): boolean => {
    for (const thing of fitting[index] ?? []) {
      if (seen.has(thing)) continue;
      seen.add(thing);
      const owner = ownerOf.get(thing);
      if (owner !== undefined && !find(owner, seen)) continue;
      ownerOf.set(thing, index);
      return true;
    }
    return false;
  };
  const unmatched = fitting.findIndex((_, index) => !find(index, new Set()));
  return unmatched === -1 ? undefined : unmatched;
}
