import { validationException } from "../../protocols/errors.ts";

// AWS: how many items a page has, and the most that can be asked for (AWS docs, IAM).
const usualPage = 100;
const largestPage = 1000;

/** What every list takes. */
export interface PageRequest {
  readonly Marker?: string | undefined;
  readonly MaxItems?: number | undefined;
}

/** What every list answers besides its items. */
export interface PageAnswer<Item> {
  readonly items: Item[];
  readonly more: { readonly IsTruncated: boolean; readonly Marker?: string };
}

/**
 * One page of `all`, in the order of their keys, no two of which are the same. It goes on after the last key of the page before,
 * whether or not that is still there. Throws AWS's error for numbers and markers that there cannot be.
 */
export function pageOf<Item>(
  all: readonly Item[],
  keyOf: (item: Item) => string,
  { Marker, MaxItems = usualPage }: PageRequest,
): PageAnswer<Item> {
  refuseNumber(MaxItems);
  const after = Marker === undefined ? "" : keyOfMarker(Marker);
  const rest = all.filter((item) => keyOf(item) > after).toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  const items = rest.slice(0, MaxItems);
  const last = items.at(-1);
  if (last === undefined || items.length === rest.length) return { items, more: { IsTruncated: false } };
  return { items, more: { IsTruncated: true, Marker: markerOf(keyOf(last)) } };
}

function refuseNumber(count: number): void {
  if (count >= 1 && count <= largestPage) return;
  const limit = count < 1 ? "greater than or equal to 1" : `less than or equal to ${largestPage}`;
  // AWS: the form that all of its constraints have.
  throw validationException(
    `1 validation error detected: Value '${count}' at 'maxItems' failed to satisfy constraint: Member must have value ${limit}`,
  );
}

const prefix = "after:";

function markerOf(key: string): string {
  return Buffer.from(prefix + key).toString("base64url");
}

function keyOfMarker(marker: string): string {
  const text = Buffer.from(marker, "base64url").toString();
  // Assumed: the text.
  if (!text.startsWith(prefix)) throw validationException(`Invalid Marker: ${marker}`);
  return text.slice(prefix.length);
}
