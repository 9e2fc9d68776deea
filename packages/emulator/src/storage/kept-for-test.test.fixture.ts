import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import type { DataError } from "../core/data-error.ts";
import { openKeptData } from "./kept-data.ts";
import type { Keeping, KeptData } from "./keeping.ts";
import type { LogStore } from "./log-store.ts";

/** A new directory, removed after the file's tests. */
export function directoryForTest(): string {
  const directory = mkdtempSync(join(tmpdir(), "localemu-storage-"));
  afterAll(() => rmSync(directory, { recursive: true }));
  return directory;
}

/** A data directory of the test file's own. */
export function keptForTest(directory = directoryForTest()) {
  const failures: DataError[] = [];
  const open = (): KeptData => openKeptData(directory, "0.0.0-test", (error) => failures.push(error));
  let data = open();
  let keeping: Keeping = data.begin(false);
  afterAll(() => data.close());
  return {
    directory,
    failures,
    get keeping() {
      return keeping;
    },
    openLog(name: string): LogStore {
      const log = keeping.openLog?.(name);
      if (log === undefined) throw new Error("nothing is kept");
      return log;
    },
    /** Ends the life and begins the next one. */
    begin(withNothing = false): Keeping {
      keeping.end();
      return (keeping = data.begin(withNothing));
    },
    /** Closes the file and opens it again. */
    restart(): Keeping {
      data.close();
      data = open();
      return (keeping = data.begin(false));
    },
  };
}
