/** What stands at a path of parsed JSON; undefined where nothing does. */
export function memberOf(json: unknown, ...path: readonly string[]): unknown {
  let at = json;
  for (const name of path) {
    if (typeof at !== "object" || at === null) return undefined;
    at = Reflect.get(at, name);
  }
  return at;
}

/** A text at a path of parsed JSON; empty where there is none. */
export function textOf(json: unknown, ...path: readonly string[]): string {
  const member = memberOf(json, ...path);
  return typeof member === "string" ? member : "";
}

/** The texts of a list at a path of parsed JSON. */
export function textsOf(json: unknown, ...path: readonly string[]): string[] {
  const member = memberOf(json, ...path);
  return Array.isArray(member) ? member.filter((item) => typeof item === "string") : [];
}
