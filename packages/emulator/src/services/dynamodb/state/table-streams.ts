import type { LogStore } from "../../../storage/log-store.ts";
import { TableStream } from "./table-stream.ts";
import type { NewTableStream } from "./table-stream.ts";

export interface StreamSurroundings {
  readonly now: () => number;
  /** Eight hexadecimal digits. */
  readonly shardSuffix: () => string;
  readonly createLog: () => LogStore;
}

/** The streams of all tables of a world: those that are on, and those that were switched off less than a day ago. */
export class TableStreams {
  readonly #surroundings: StreamSurroundings;
  readonly #byArn = new Map<string, TableStream>();
  /** The last stream that each table has had. */
  readonly #latest = new Map<string, TableStream>();

  constructor(surroundings: StreamSurroundings) {
    this.#surroundings = surroundings;
  }

  now(): number {
    return this.#surroundings.now();
  }

  /** Switches on a new stream of a table that has none. */
  enable(stream: Omit<NewTableStream, "createdAt">): TableStream {
    const { now, shardSuffix, createLog } = this.#surroundings;
    const newest = this.latestOf(stream.region, stream.tableName)?.createdAt ?? 0;
    // Its name is the time: where that stands still, names must differ all the same.
    const createdAt = Math.max(Math.floor(now()), newest + 1);
    const made = new TableStream({ ...stream, createdAt }, shardSuffix(), createLog());
    this.#byArn.set(made.arn, made);
    this.#latest.set(nameOf(stream.region, stream.tableName), made);
    return made;
  }

  find(arn: string): TableStream | undefined {
    const stream = this.#byArn.get(arn);
    if (stream?.isGone(this.now()) !== true) return stream;
    this.#byArn.delete(arn);
    return undefined;
  }

  /** The stream that a table has, if it is on. */
  enabledOf(region: string, tableName: string): TableStream | undefined {
    const latest = this.latestOf(region, tableName);
    return latest?.isOpen === true ? latest : undefined;
  }

  /** The last stream that tables of this name have had. */
  latestOf(region: string, tableName: string): TableStream | undefined {
    return this.#latest.get(nameOf(region, tableName));
  }

  /** Those of one table, or of all; in the order in which they were made. */
  list(region: string, tableName?: string): readonly TableStream[] {
    const now = this.now();
    return [...this.#byArn.values()].filter(
      (stream) =>
        stream.region === region && (tableName === undefined || stream.tableName === tableName) && !stream.isGone(now),
    );
  }

  clear(): void {
    this.#byArn.clear();
    this.#latest.clear();
  }
}

function nameOf(region: string, tableName: string): string {
  return `${region}/${tableName}`;
}
