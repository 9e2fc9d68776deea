import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";

/** Dependencies are many and change rarely: they are read anew with whatever else changes. */
const leftOut = new Set(["node_modules", ".git"]);

/** What changes whenever a file in a directory does; undefined where there is no such directory. */
export async function fingerprintOf(directory: string): Promise<string | undefined> {
  const facts: string[] = [];
  if (!(await collect(directory, facts))) return undefined;
  return process.getBuiltinModule("node:crypto").hash("sha256", facts.toSorted().join("\n"), "base64");
}

/** False where it is no directory. A file that goes meanwhile is left out. */
async function collect(directory: string, facts: string[]): Promise<boolean> {
  const entries = await readdir(directory, { withFileTypes: true }).catch(isMissing);
  if (entries === undefined) return false;
  await Promise.all(
    entries.map(async (entry) => {
      const path = join(directory, entry.name);
      if (entry.isDirectory()) return leftOut.has(entry.name) || collect(path, facts);
      const file = await stat(path).catch(isMissing);
      if (file !== undefined) facts.push(`${path} ${file.size} ${file.mtimeMs}`);
      return true;
    }),
  );
  return true;
}

function isMissing(error: unknown): undefined {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "ENOENT" || code === "ENOTDIR" || code === "ELOOP") return undefined;
  throw error;
}
