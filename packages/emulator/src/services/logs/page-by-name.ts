// AWS: the most that a describe call returns, and the default (AWS docs, DescribeLogGroups).
const defaultLimit = 50;

/** One page of things in their order; the token is the name of the last one of the page. */
export function pageByName<T extends { readonly name: string }>(
  things: readonly T[],
  { nextToken, limit = defaultLimit }: { readonly nextToken?: string | undefined; readonly limit?: number | undefined },
): { readonly page: readonly T[]; readonly nextToken: string | undefined } {
  const start = nextToken === undefined ? 0 : things.findIndex(({ name }) => name === nextToken) + 1;
  const page = things.slice(start, start + limit);
  return { page, nextToken: start + limit < things.length ? page.at(-1)?.name : undefined };
}
