import type { DatabaseSync } from "node:sqlite";
import { DataError } from "../core/data-error.ts";
import { loadSqlite, resultCodeOf, resultCodes } from "./sqlite.ts";

const fileName = "localemu.db";
/** Tells our files from those of others who use SQLite: "LEMU". */
const applicationId = 0x4c454d55;
/** Counted up when a LocalEmu cannot read any more what the one before has written. */
const format = 1;

const schema = `
  CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE documents (
    place INTEGER PRIMARY KEY,
    collection TEXT NOT NULL,
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    bytes BLOB,
    UNIQUE (collection, key)
  ) STRICT;
  CREATE TABLE logs (
    number INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    dropped_sequence INTEGER,
    dropped_arrival INTEGER
  ) STRICT;
  CREATE TABLE records (
    log INTEGER NOT NULL,
    sequence INTEGER NOT NULL,
    arrival INTEGER NOT NULL,
    key TEXT NOT NULL,
    data BLOB NOT NULL,
    PRIMARY KEY (log, sequence)
  ) STRICT, WITHOUT ROWID;
  PRAGMA application_id = ${applicationId};
  PRAGMA user_version = ${format};
`;

/** The lock is held as long as the file is open, and let go of by the system when the process ends, however it does. */
const keepLock = "PRAGMA locking_mode = EXCLUSIVE;";

/** For how long a lock is asked for: others who start in the same moment hold some of it while they try. */
const lockTimeoutMs = 20;

/** Opens the file of a data directory, which is made where it is missing. Throws DataError, and then has changed nothing. */
export function openDatabase(directory: string, version: string): { path: string; database: DatabaseSync } {
  makeDirectory(directory);
  const path = process.getBuiltinModule("node:path").join(directory, fileName);
  const { DatabaseSync } = loadSqlite();
  let database: DatabaseSync | undefined;
  try {
    const isNew = isToBeMade(path);
    if (!isNew) checkAsItLies(path);
    database = new DatabaseSync(path, { timeout: lockTimeoutMs });
    if (isNew) create(database);
    else database.exec(keepLock);
    checkFormat(database, path);
    checkContent(database, path);
    // What is committed is with the system at once, so that it survives the process; it is forced onto the disk now and then, so
    // that a machine that loses its power loses the last of it at most. Less often than by default: it takes long.
    database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 4000");
    // Also where it is the same: takes the lock, and finds out whether the file can be written.
    database.prepare("INSERT OR REPLACE INTO meta VALUES ('writtenBy', ?)").run(version);
    return { path, database };
  } catch (error) {
    database?.close();
    throw error instanceof DataError ? error : problemOf(error, directory, path);
  }
}

function makeDirectory(directory: string): void {
  try {
    process.getBuiltinModule("node:fs").mkdirSync(directory, { recursive: true });
  } catch (error) {
    throw new DataError(`the data directory ${directory} cannot be made: ${textOf(error)}`, { cause: error });
  }
}

/** Whether there is no file, or what is left of one whose making did not come to its end. */
function isToBeMade(path: string): boolean {
  const { existsSync, statSync } = process.getBuiltinModule("node:fs");
  return (statSync(path, { throwIfNoEntry: false })?.size ?? 0) === 0 || existsSync(`${path}-journal`);
}

/**
 * Looks at the file alone, and leaves it and what lies beside it untouched. To open it for good is to write into it, at the latest
 * when it is closed, what an emulator that was killed has left in the log beside it.
 */
function checkAsItLies(path: string): void {
  const url = process.getBuiltinModule("node:url").pathToFileURL(path);
  url.search = "immutable=1";
  const database = new (loadSqlite().DatabaseSync)(url, { readOnly: true });
  try {
    checkFormat(database, path);
  } finally {
    database.close();
  }
}

/** The lock is asked for in one, and kept only then: two who had each begun to read would keep one another from it. */
function create(database: DatabaseSync): void {
  database.exec(`BEGIN EXCLUSIVE; ${keepLock}`);
  // Another may have made it in this moment, and ended.
  const isEmpty = numberOf(database, "SELECT count(*) AS number FROM sqlite_schema") === 0;
  database.exec(`${isEmpty ? schema : ""} COMMIT`);
}

function checkFormat(database: DatabaseSync, path: string): void {
  if (numberOf(database, "SELECT application_id AS number FROM pragma_application_id") !== applicationId)
    throw new DataError(`${path} is not a file of LocalEmu's; it is left as it is`);
  const written = numberOf(database, "SELECT user_version AS number FROM pragma_user_version");
  if (written !== format) {
    throw new DataError(
      `${path} has format ${written}, and this LocalEmu knows format ${format}: it was written by ${writerOf(database)}. ` +
        "Use that one, or another data directory.",
    );
  }
}

function checkContent(database: DatabaseSync, path: string): void {
  const found = database.prepare("PRAGMA quick_check(1)").get();
  const finding = String(found?.["quick_check"]);
  if (finding !== "ok") throw damaged(path, finding.replaceAll("\n", " "));
}

/** What future formats have of this is not known. */
function writerOf(database: DatabaseSync): string {
  try {
    const written = database.prepare("SELECT value FROM meta WHERE name = 'writtenBy'").get();
    return written === undefined ? "another LocalEmu" : `LocalEmu ${String(written["value"])}`;
  } catch {
    return "another LocalEmu";
  }
}

function numberOf(database: DatabaseSync, sql: string): number {
  return Number(database.prepare(sql).get()?.["number"]);
}

function problemOf(error: unknown, directory: string, path: string): Error {
  const options = { cause: error };
  switch (resultCodeOf(error)) {
    case undefined:
      return error instanceof Error ? error : new Error(String(error));
    case resultCodes.busy:
      return new DataError(`the data directory ${directory} is in use by another LocalEmu`, options);
    case resultCodes.notADatabase:
      return new DataError(`${path} is not a file of LocalEmu's; it is left as it is`, options);
    case resultCodes.corrupt:
      return damaged(path, textOf(error));
    default:
      return new DataError(`the data directory ${directory} cannot be used: ${textOf(error)}`, options);
  }
}

function damaged(path: string, how: string): DataError {
  return new DataError(`${path} is damaged and is left as it is (${how}); remove it to start with nothing`);
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
