import type { DataError } from "../core/data-error.ts";
import { DataFile } from "./data-file.ts";
import { DataSession } from "./data-session.ts";
import { nothingKept } from "./document-store.ts";
import type { DocumentStore } from "./document-store.ts";
import { durableDocuments } from "./durable-documents.ts";
import { DurableLog, logStatements } from "./durable-log.ts";
import type { OpenLog } from "./log-store.ts";

/** What one life of a world keeps beyond the emulator's. */
export interface Keeping {
  readonly documents: DocumentStore;
  /** Undefined where nothing is kept: logs are in memory then. */
  readonly openLog: OpenLog | undefined;
  /** The services that have kept something, by the names that their collections begin with. */
  readonly services: readonly string[];
  /** World time of the newest record that is kept; undefined where there is none. */
  readonly latestArrival: number | undefined;
  /** Why nothing can be written any more. */
  readonly failure: DataError | undefined;
  /** Writes what was put; to be called before that is told to anybody. Throws DataError. */
  commit(): void;
  /** What is put from now on is kept nowhere. */
  end(): void;
}

/** Of a world that lives as long as its emulator. */
export const keepingNothing: Keeping = {
  documents: nothingKept,
  openLog: undefined,
  services: [],
  latestArrival: undefined,
  failure: undefined,
  commit: () => {},
  end: () => {},
};

/** A data directory. */
export interface KeptData {
  /** Begins a life with what the one before has kept, or with nothing. */
  begin(withNothing: boolean): Keeping;
  close(): void;
}

/** Throws DataError where the directory cannot be used. `onFailure` is told, once, when nothing can be written any more. */
export function openKeptData(directory: string, version: string, onFailure: (error: DataError) => void): KeptData {
  const file = new DataFile(directory, version, onFailure);
  return {
    begin(withNothing) {
      if (withNothing) forgetAll(file);
      return keepIn(file);
    },
    close: () => file.close(),
  };
}

function forgetAll(file: DataFile): void {
  for (const table of ["documents", "logs", "records"]) file.write(file.prepare(`DELETE FROM ${table}`), []);
  file.commit();
}

function keepIn(file: DataFile): Keeping {
  const session = new DataSession(file);
  const services = session.prepare(
    "SELECT DISTINCT substr(collection, 1, instr(collection, '.') - 1) AS service FROM documents",
  );
  // Arrival never falls within a log, so its last record has its latest.
  const latest = session.prepare(
    "SELECT max((SELECT arrival FROM records WHERE log = number ORDER BY sequence DESC LIMIT 1)) AS latest FROM logs",
  );
  const statements = logStatements(session);
  return {
    documents: durableDocuments(session),
    openLog: (name) => new DurableLog(name, statements),
    get services() {
      return services.all().map(({ service }) => String(service));
    },
    get latestArrival() {
      const time = latest.get()?.["latest"];
      return typeof time === "number" ? time : undefined;
    },
    get failure() {
      return file.failure;
    },
    commit: () => file.commit(),
    end: () => session.end(),
  };
}
