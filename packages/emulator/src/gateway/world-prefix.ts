const prefix = "/_world/";

/**
 * The world that a path names by `/_world/<name>`, and the path without it; the path itself where it names none.
 * A client whose endpoint ends in a slash may send two where the prefix ends: no path of a service begins so.
 */
export function splitWorldPrefix(path: string): { readonly world: string | undefined; readonly path: string } {
  if (!path.startsWith(prefix)) return { world: undefined, path };
  const end = path.indexOf("/", prefix.length);
  if (end === -1) return { world: path.slice(prefix.length), path: "/" };
  const rest = path.slice(path[end + 1] === "/" ? end + 1 : end);
  return { world: path.slice(prefix.length, end), path: rest };
}

/** The path prefix of a world's endpoint; the default world has none. */
export function worldPrefix(name: string): string {
  return name === defaultWorldName ? "" : prefix + name;
}

export const defaultWorldName = "default";

export const worldNamePattern = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;
