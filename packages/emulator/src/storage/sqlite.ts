import type * as Sqlite from "node:sqlite";

/**
 * Node.js's own SQLite. The first to load it in a process gets a warning that it is experimental, which says nothing to those
 * who run an emulator: loading is one synchronous step, and nothing else can warn in it.
 */
export function loadSqlite(): typeof Sqlite {
  const warning = Object.getOwnPropertyDescriptor(process, "emitWarning");
  process.emitWarning = () => {};
  try {
    return process.getBuiltinModule("node:sqlite");
  } finally {
    if (warning !== undefined) Object.defineProperty(process, "emitWarning", warning);
  }
}

/** SQLite's primary result codes (https://sqlite.org/rescode.html). */
export const resultCodes = { busy: 5, corrupt: 11, notADatabase: 26 } as const;

/** The primary result code of what SQLite threw; undefined for any other error. */
export function resultCodeOf(error: unknown): number | undefined {
  if (!(error instanceof Error && "errcode" in error && typeof error.errcode === "number")) return undefined;
  return error.errcode & 0xff;
}
