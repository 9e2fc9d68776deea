import { invalidToken } from "./log-positions.ts";

// AWS: the most that a describe call returns, and the default (AWS docs, DescribeLogGroups).
const defaultLimit = 50;

/** Where a thing stands in a listing: by time, and by name where times are equal. */
export interface Place {
  readonly time: number;
  readonly name: string;
}

export interface PageRequest {
  readonly nextToken?: string | undefined;
  readonly limit?: number | undefined;
  readonly descending?: boolean | undefined;
}

/** One page of things by their places. The token is the place of the page's last one, which may be gone when it comes back. */
export function pageOf<Thing>(
  things: readonly Thing[],
  placeOf: (thing: Thing) => Place,
  { nextToken, limit = defaultLimit, descending = false }: PageRequest,
): { readonly page: readonly Thing[]; readonly nextToken: string | undefined } {
  const compare = descending ? (a: Place, b: Place) => comparePlaces(b, a) : comparePlaces;
  const after = nextToken === undefined ? undefined : parsePlace(nextToken);
  const rest = things
    .filter((thing) => after === undefined || compare(placeOf(thing), after) > 0)
    .toSorted((a, b) => compare(placeOf(a), placeOf(b)));
  const page = rest.slice(0, limit);
  const last = page.at(-1);
  return { page, nextToken: last !== undefined && rest.length > limit ? formatPlace(placeOf(last)) : undefined };
}

function comparePlaces(a: Place, b: Place): number {
  if (a.time !== b.time) return a.time - b.time;
  return a.name === b.name ? 0 : a.name < b.name ? -1 : 1;
}

function formatPlace({ time, name }: Place): string {
  return Buffer.from(`${time} ${name}`).toString("base64url");
}

function parsePlace(token: string): Place {
  const match = /^(\d+) (.+)$/s.exec(Buffer.from(token, "base64url").toString());
  if (match === null) throw invalidToken();
  const [, time, name = ""] = match;
  return { time: Number(time), name };
}
