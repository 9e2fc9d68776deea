// AWS: the most that one page of functions or versions has, whatever MaxItems says (AWS docs, ListFunctions).
const largestPage = 50;

export interface Page<Item> {
  readonly items: readonly Item[];
  /** Where the next page begins, if there is one. */
  readonly nextMarker: string | undefined;
}

/** One page of `all`, which is in the order of its keys. A page goes on after the last key of the page before, whether or not that is still there. */
export function pageOf<Item>(
  all: readonly Item[],
  keyOf: (item: Item) => string,
  { Marker, MaxItems = largestPage }: { readonly Marker?: string | undefined; readonly MaxItems?: number | undefined },
): Page<Item> {
  const after = Marker === undefined ? "" : Buffer.from(Marker, "base64url").toString();
  const rest = all.filter((item) => keyOf(item) > after);
  const items = rest.slice(0, Math.min(MaxItems, largestPage));
  const last = items.at(-1);
  const isLast = last === undefined || items.length === rest.length;
  return { items, nextMarker: isLast ? undefined : Buffer.from(keyOf(last)).toString("base64url") };
}

/** A key that orders `$LATEST` before 1, and 2 before 10. */
export function versionKey(version: string): string {
  return version === "$LATEST" ? "0" : version.padStart(12, "0");
}
