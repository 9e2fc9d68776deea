/** Where a record stands in a log: by sequence, and among records of one sequence by arrival. */
export interface LogPosition {
  /** A whole number; grows from record to record, with gaps. */
  readonly sequence: number;
  /** World time, milliseconds since the epoch; never falls from record to record. */
  readonly arrival: number;
}

export interface ReadLimits {
  readonly records: number;
  /** Key and data bytes together. The first record is read whatever its size. */
  readonly bytes: number;
}

/** Takes one record that was read. `data` is a view of the log's own memory, which it keeps alive: do not write to it. */
export type RecordVisitor = (sequence: number, arrival: number, key: string, data: Buffer) => void;

/** An append-only log of one shard's records. Everything is synchronous, so that each call is atomic. */
export interface LogStore {
  /** Where the newest record stands, also where it was dropped since; undefined when there never was one. */
  readonly newest: LogPosition | undefined;
  /** Where the newest record stood of those that were dropped for their age. */
  readonly newestDropped: LogPosition | undefined;
  /** Copies the record in. `sequence` must be greater, and `arrival` not smaller, than those of the record before. */
  append(sequence: number, arrival: number, key: string, data: Uint8Array): void;
  /** Visits records at or after `from`, oldest first. Answers the arrival of the first record that the limits left out. */
  read(from: LogPosition, max: ReadLimits, visit: RecordVisitor): number | undefined;
  /** The position of the oldest record that arrived at or after `time`. */
  firstSince(time: number): LogPosition | undefined;
  /** Drops the records that arrived before `time`. Answers the position of the newest one that it dropped. */
  truncateBefore(time: number): LogPosition | undefined;
  /** Drops everything, and what is known of it. */
  clear(): void;
}

/** Finds the log of that name or makes one. A name begins with that of its service and a slash. */
export type OpenLog = (name: string) => LogStore;
