import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A directory of the test's own, removed at its end. */
export interface DataDirectory extends AsyncDisposable {
  readonly dataDir: string;
}

export async function newDataDirectory(): Promise<DataDirectory> {
  const dataDir = await mkdtemp(join(tmpdir(), "localemu-persistence-"));
  return { dataDir, [Symbol.asyncDispose]: () => rm(dataDir, { recursive: true }) };
}
