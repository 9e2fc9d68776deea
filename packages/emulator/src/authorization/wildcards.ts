/** Whether a text matches a pattern in which `*` is any run of characters and `?` is any one. */
export function matchesWildcards(pattern: string, text: string): boolean {
  let at = 0;
  let place = 0;
  let star = -1;
  let resume = 0;
  while (place < text.length) {
    const wanted = pattern[at];
    // A star first: the text may have one too.
    if (wanted === "*") {
      star = at++;
      resume = place;
    } else if (wanted === "?" || (wanted !== undefined && wanted === text[place])) {
      at++;
      place++;
    } else if (star === -1) {
      return false;
    } else {
      at = star + 1;
      place = ++resume;
    }
  }
  while (pattern[at] === "*") at++;
  return at === pattern.length;
}

/**
 * Whether an ARN matches a pattern. AWS: each of the first five parts is compared by itself, so that no `*` goes past a colon
 * but in the last part of the pattern (AWS docs, ArnLike).
 */
export function matchesArn(pattern: string, arn: string): boolean {
  const wanted = partsOf(pattern);
  const given = arn.split(":");
  if (given.length < wanted.length) return false;
  const last = wanted.length - 1;
  return wanted.every((part, index) =>
    matchesWildcards(part, index === last ? given.slice(index).join(":") : (given[index] ?? "")),
  );
}

function partsOf(arn: string): string[] {
  const parts = arn.split(":");
  return parts.length <= 6 ? parts : [...parts.slice(0, 5), parts.slice(5).join(":")];
}
