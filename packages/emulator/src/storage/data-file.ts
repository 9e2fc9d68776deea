import type { DatabaseSync, SQLInputValue, StatementSync } from "node:sqlite";
import { DataError } from "../core/data-error.ts";
import { openDatabase } from "./open-database.ts";

/**
 * What outlives the emulator, in one file. A write begins a transaction, and the end of the step of the event loop that it
 * belongs to commits it: all that the step has written, or nothing.
 *
 * That end is a microtask, queued by the step's first write. What answers the caller comes later: it continues after an `await`
 * or another microtask that the step queues after its write, and microtasks run in the order in which they were queued; or it is
 * a timer or the arrival of data, which wait until there are no microtasks. Earlier come only what the step itself does after
 * the write, and `process.nextTick`. Nothing of ours answers in these, and the gateway commits once more before it does.
 */
export class DataFile {
  readonly path: string;
  readonly #database: DatabaseSync;
  readonly #begin: StatementSync;
  readonly #commit: StatementSync;
  readonly #onFailure: (error: DataError) => void;
  #failure: DataError | undefined;
  #isWriting = false;

  /** Throws DataError where the directory cannot hold it, has one of another format, or is in use. */
  constructor(directory: string, version: string, onFailure: (error: DataError) => void) {
    const { path, database } = openDatabase(directory, version);
    this.path = path;
    this.#database = database;
    this.#begin = database.prepare("BEGIN");
    this.#commit = database.prepare("COMMIT");
    this.#onFailure = onFailure;
  }

  /**
   * Why nothing is written any more. What is in memory is then ahead of the file, and whatever would be written on top of it would
   * not fit: so nothing is, until the emulator is started again with what it acknowledged.
   */
  get failure(): DataError | undefined {
    return this.#failure;
  }

  prepare(sql: string): StatementSync {
    return this.#database.prepare(sql);
  }

  /**
   * Throws DataError when it cannot be written, and ever after. Answers the number of the row that was inserted. Does nothing once
   * the file is closed: what ends later than its emulator is answered by nobody.
   */
  write(statement: StatementSync, values: readonly SQLInputValue[]): number {
    if (this.#failure !== undefined) throw this.#failure;
    if (!this.#database.isOpen) return 0;
    try {
      if (!this.#isWriting) {
        this.#begin.run();
        this.#isWriting = true;
        void Promise.resolve().then(() => this.#endStep());
      }
      return Number(statement.run(...values).lastInsertRowid);
    } catch (error) {
      throw this.#fail(error);
    }
  }

  /** Writes what there is to write now. Throws DataError when that fails. */
  commit(): void {
    if (!this.#isWriting || !this.#database.isOpen) return;
    this.#isWriting = false;
    try {
      this.#commit.run();
    } catch (error) {
      throw this.#fail(error);
    }
  }

  /** The last thing to do with it. */
  close(): void {
    if (!this.#database.isOpen) return;
    try {
      this.commit();
    } finally {
      this.#database.close();
    }
  }

  /** Whoever waits for the step sees by `failure` that it failed. */
  #endStep(): void {
    try {
      this.commit();
    } catch (error) {
      if (!(error instanceof DataError)) throw error;
    }
  }

  #fail(error: unknown): DataError {
    if (this.#failure !== undefined) return this.#failure;
    const reason = error instanceof Error ? error.message : String(error);
    this.#failure = new DataError(
      `LocalEmu cannot write to ${this.path}: ${reason}. It refuses every change until it is started again.`,
      { cause: error },
    );
    this.#isWriting = false;
    if (this.#database.isTransaction) this.#database.exec("ROLLBACK");
    this.#onFailure(this.#failure);
    return this.#failure;
  }
}
