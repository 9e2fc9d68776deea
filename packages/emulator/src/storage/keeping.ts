import type { DataError } from "../core/data-error.ts";
import { nothingKept } from "./document-store.ts";
import type { DocumentStore } from "./document-store.ts";
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
  /** What is there, whoever put it. */
  readonly documents: Pick<DocumentStore, "read">;
  /** Begins a life with what the one before has kept, or with nothing. */
  begin(withNothing: boolean): Keeping;
  close(): void;
}
