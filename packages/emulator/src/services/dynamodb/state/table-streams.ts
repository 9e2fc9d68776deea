import type { DocumentStore } from "../../../storage/document-store.ts";
import type { OpenLog } from "../../../storage/log-store.ts";
import { TableStream } from "./table-stream.ts";
import type { NewTableStream } from "./table-stream.ts";

/** By ARN. Of its records the log is the store. */
const collection = "dynamodb.streams";

/** Times are world time, milliseconds since the epoch. */
type StreamDocument = {
  readonly region: string;
  readonly tableName: string;
  readonly tableArn: string;
  readonly tableId: string;
  readonly createdAt: number;
  readonly viewType: NewTableStream["viewType"];
  readonly keySchema: readonly { readonly AttributeName: string; readonly KeyType: "HASH" | "RANGE" }[];
  readonly shardSuffix: string;
  readonly closedAt: number | undefined;
};

export interface StreamSurroundings {
  readonly now: () => number;
  /** Eight hexadecimal digits. */
  readonly shardSuffix: () => string;
  readonly documents: DocumentStore;
  readonly openLog: OpenLog;
}

/** The streams of all tables of a world: those that are on, and those that were switched off less than a day ago. */
export class TableStreams {
  readonly #surroundings: StreamSurroundings;
  readonly #byArn = new Map<string, TableStream>();
  /** The last stream that each table has had. */
  readonly #latest = new Map<string, TableStream>();

  /** Has from the start what is kept. */
  constructor(surroundings: StreamSurroundings) {
    this.#surroundings = surroundings;
    for (const { value } of surroundings.documents.read<StreamDocument>(collection)) this.#add(value);
    this.#forgetGone();
  }

  now(): number {
    return this.#surroundings.now();
  }

  /** Switches on a new stream of a table that has none. */
  enable(stream: Omit<NewTableStream, "createdAt" | "shardSuffix">): TableStream {
    const { now, shardSuffix } = this.#surroundings;
    this.#forgetGone();
    const newest = this.latestOf(stream.region, stream.tableName)?.createdAt ?? 0;
    // Its name is the time: where that stands still, names must differ all the same.
    const createdAt = Math.max(Math.floor(now()), newest + 1);
    const made = this.#add({ ...stream, createdAt, shardSuffix: shardSuffix() });
    this.#keep(made);
    return made;
  }

  /** Switches off the stream of a table, if it is on. */
  disable(region: string, tableName: string): void {
    const stream = this.enabledOf(region, tableName);
    if (stream === undefined) return;
    stream.close(this.now());
    this.#keep(stream);
  }

  find(arn: string): TableStream | undefined {
    const stream = this.#byArn.get(arn);
    if (stream?.isGone(this.now()) !== true) return stream;
    this.#forget(stream);
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

  /** Forgets all; what is kept stays. */
  clear(): void {
    this.#byArn.clear();
    this.#latest.clear();
  }

  #add(stream: NewTableStream & { readonly closedAt?: number | undefined }): TableStream {
    const added = new TableStream(stream, this.#surroundings.openLog);
    if (stream.closedAt !== undefined) added.close(stream.closedAt);
    this.#byArn.set(added.arn, added);
    this.#latest.set(nameOf(added.region, added.tableName), added);
    return added;
  }

  #keep(stream: TableStream): void {
    const { region, tableName, tableArn, tableId, createdAt, viewType, shardSuffix, closedAt } = stream;
    const keySchema = stream.keySchema.map(({ AttributeName, KeyType }) => ({ AttributeName, KeyType }));
    const document: StreamDocument = {
      region,
      tableName,
      tableArn,
      tableId,
      createdAt,
      viewType,
      keySchema,
      shardSuffix,
      closedAt,
    };
    this.#surroundings.documents.put(collection, stream.arn, document);
  }

  #forgetGone(): void {
    const now = this.now();
    for (const stream of this.#byArn.values()) if (stream.isGone(now)) this.#forget(stream);
  }

  #forget(stream: TableStream): void {
    this.#byArn.delete(stream.arn);
    this.#surroundings.documents.delete(collection, stream.arn);
    stream.forgetRecords();
  }
}

function nameOf(region: string, tableName: string): string {
  return `${region}/${tableName}`;
}
