import type { DataError } from "../core/data-error.ts";
import { DataFile } from "./data-file.ts";
import { DataSession } from "./data-session.ts";
import { durableDocuments } from "./durable-documents.ts";
import { DurableLog, logStatements } from "./durable-log.ts";
import type { Keeping, KeptData } from "./keeping.ts";

/** Throws DataError where the directory cannot be used. `onFailure` is told, once, when nothing can be written any more. */
export function openKeptData(directory: string, version: string, onFailure: (error: DataError) => void): KeptData {
  const file = new DataFile(directory, version, onFailure);
  return {
    documents: durableDocuments(new DataSession(file)),
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
  const nextCollection = session.prepare(
    "SELECT collection FROM documents WHERE collection >= ? ORDER BY collection LIMIT 1",
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
      const services: string[] = [];
      // One look for each service, however much it has: a slash comes right after the dot.
      for (let row = nextCollection.get(""); row !== undefined; row = nextCollection.get(`${services.at(-1)}/`))
        services.push(String(row["collection"]).split(".", 1).join());
      return services;
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
