import type { StatementSync } from "node:sqlite";
import type { DataSession } from "./data-session.ts";
import type { LogPosition, LogStore, ReadLimits, RecordVisitor } from "./log-store.ts";
import { MemoryLog } from "./memory-log.ts";

/** The statements that all logs of a session share. */
export interface LogStatements {
  readonly session: DataSession;
  readonly find: StatementSync;
  readonly select: StatementSync;
  readonly create: StatementSync;
  readonly append: StatementSync;
  readonly truncate: StatementSync;
  readonly setDropped: StatementSync;
  readonly clear: StatementSync;
  readonly remove: StatementSync;
}

export function logStatements(session: DataSession): LogStatements {
  return {
    session,
    find: session.prepare("SELECT number, dropped_sequence, dropped_arrival FROM logs WHERE name = ?"),
    select: session.prepare("SELECT sequence, arrival, key, data FROM records WHERE log = ? ORDER BY sequence"),
    create: session.prepare("INSERT INTO logs (name) VALUES (?)"),
    append: session.prepare("INSERT INTO records VALUES (?, ?, ?, ?, ?)"),
    truncate: session.prepare("DELETE FROM records WHERE log = ? AND sequence <= ?"),
    setDropped: session.prepare("UPDATE logs SET dropped_sequence = ?, dropped_arrival = ? WHERE number = ?"),
    clear: session.prepare("DELETE FROM records WHERE log = ?"),
    remove: session.prepare("DELETE FROM logs WHERE number = ?"),
  };
}

/**
 * A log in memory, where it is read, and in a data file, from which it is read once. Each change is made in the file first: what
 * cannot be written is not there for readers either.
 */
export class DurableLog implements LogStore {
  readonly #name: string;
  readonly #statements: LogStatements;
  readonly #memory: MemoryLog;
  /** Of its row; none as long as it has never had a record. */
  #number: number | undefined;

  constructor(name: string, statements: LogStatements) {
    this.#name = name;
    this.#statements = statements;
    const row = statements.find.get(name);
    const { dropped_sequence: sequence, dropped_arrival: arrival } = row ?? {};
    this.#memory = new MemoryLog(
      typeof sequence === "number" && typeof arrival === "number" ? { sequence, arrival } : undefined,
    );
    if (row === undefined) return;
    this.#number = Number(row["number"]);
    for (const record of statements.select.iterate(this.#number)) {
      const { data } = record;
      if (!(data instanceof Uint8Array)) throw new Error(`a record of the log ${name} has no data`);
      this.#memory.append(Number(record["sequence"]), Number(record["arrival"]), String(record["key"]), data);
    }
  }

  get newest(): LogPosition | undefined {
    return this.#memory.newest;
  }

  get newestDropped(): LogPosition | undefined {
    return this.#memory.newestDropped;
  }

  append(sequence: number, arrival: number, key: string, data: Uint8Array): void {
    const { session, create, append } = this.#statements;
    this.#number ??= session.write(create, this.#name);
    session.write(append, this.#number, sequence, arrival, key, data);
    this.#memory.append(sequence, arrival, key, data);
  }

  read(from: LogPosition, max: ReadLimits, visit: RecordVisitor): number | undefined {
    return this.#memory.read(from, max, visit);
  }

  firstSince(time: number): LogPosition | undefined {
    return this.#memory.firstSince(time);
  }

  truncateBefore(time: number): LogPosition | undefined {
    const newest = this.#memory.truncateBefore(time);
    if (newest === undefined || this.#number === undefined) return newest;
    const { session, truncate, setDropped } = this.#statements;
    session.write(truncate, this.#number, newest.sequence);
    session.write(setDropped, newest.sequence, newest.arrival, this.#number);
    return newest;
  }

  clear(): void {
    if (this.#number !== undefined) {
      const { session, clear, remove } = this.#statements;
      session.write(clear, this.#number);
      session.write(remove, this.#number);
      this.#number = undefined;
    }
    this.#memory.clear();
  }
}
