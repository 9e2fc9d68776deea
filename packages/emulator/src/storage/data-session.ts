import type { SQLInputValue, StatementSync } from "node:sqlite";
import type { DataFile } from "./data-file.ts";

/** One life of a world in its file. What a reset has ended can write no more into what came after it. */
export class DataSession {
  readonly #file: DataFile;
  #ended = false;

  constructor(file: DataFile) {
    this.#file = file;
  }

  prepare(sql: string): StatementSync {
    return this.#file.prepare(sql);
  }

  /** Throws DataError when it cannot be written. Answers the number of the row that was inserted; does nothing after the end. */
  write(statement: StatementSync, ...values: readonly SQLInputValue[]): number {
    return this.#ended ? 0 : this.#file.write(statement, values);
  }

  end(): void {
    this.#ended = true;
  }
}
