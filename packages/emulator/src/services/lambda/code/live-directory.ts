import { readdir, realpath, stat } from "node:fs/promises";
import { join, sep } from "node:path";

/** Dependencies are many and change rarely: they are read anew with whatever else changes. */
const leftOut = new Set(["node_modules", ".git"]);

/** What changes whenever a file in a directory does, also behind links; undefined where there is no such directory. */
export async function fingerprintOf(directory: string): Promise<string | undefined> {
  const real = await realpath(directory).catch(isMissing);
  if (real === undefined) return undefined;
  // Where the directory is a link itself, it may lead elsewhere, to files that are as large and as old.
  const facts: string[] = [real];
  if (!(await collect({ path: directory, real, above: [real] }, facts))) return undefined;
  return process.getBuiltinModule("node:crypto").hash("sha256", facts.toSorted().join("\n"), "base64");
}

interface Place {
  readonly path: string;
  /** Without links. */
  readonly real: string;
  /** The real directories on the way to it, itself included: the first is the one whose files count. */
  readonly above: readonly [string, ...string[]];
}

/** False where it is no directory. A file that goes meanwhile is left out. */
async function collect(place: Place, facts: string[]): Promise<boolean> {
  const entries = await readdir(place.path, { withFileTypes: true }).catch(isMissing);
  if (entries === undefined) return false;
  await Promise.all(
    entries.map(async (entry) => {
      if (leftOut.has(entry.name)) return;
      const path = join(place.path, entry.name);
      if (entry.isDirectory()) return descend(place, path, join(place.real, entry.name), facts);
      const file = await stat(path).catch(isMissing);
      if (file === undefined) return;
      if (!file.isDirectory()) facts.push(`${path} ${file.size} ${file.mtimeMs}`);
      if (!entry.isSymbolicLink()) return;
      const real = await realpath(path).catch(isMissing);
      if (real === undefined) return;
      facts.push(`${path} > ${real}`);
      if (file.isDirectory()) await descend(place, path, real, facts);
    }),
  );
  return true;
}

/** Not into what is on the way already, nor upwards: a link to either would lead round and round. */
async function descend({ above }: Place, path: string, real: string, facts: string[]): Promise<void> {
  const [root] = above;
  if (above.includes(real) || root.startsWith(real.endsWith(sep) ? real : real + sep)) return;
  await collect({ path, real, above: [...above, real] }, facts);
}

function isMissing(error: unknown): undefined {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "ENOENT" || code === "ENOTDIR" || code === "ELOOP") return undefined;
  throw error;
}
