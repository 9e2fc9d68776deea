import type { Stream as NodeStream } from "node:stream";
import type { Item, JsonObject } from "./attribute-value.ts";
import { Documents } from "./state/documents.ts";
import type { KeyRange } from "./state/documents.ts";

type Done<Value = unknown> = (error: Error | null, value?: Value) => void;

/** What LevelDB's streams are to dynalite: an emitter of `data` and `end`. */
type Emitter = NodeStream;

/** One of dynalite's databases. It is called with callbacks, and answers before it returns: so that every action but a reading is atomic. */
export interface Database {
  get(key: string, done: Done): void;
  put(key: string, value: unknown, done: Done): void;
  del(key: string, done: Done): void;
  batch(changes: readonly Change[], done: Done): void;
  createKeyStream(range?: KeyRange): Emitter;
  createValueStream(range?: KeyRange): Emitter;
  /** Actions lock what they change. As none waits, nobody is ever in another's way. */
  lock(key: string, work: (release: <Released>(done: Released) => Released) => void): void;
}

type Change =
  | { readonly type: "put"; readonly key: string; readonly value: unknown }
  | { readonly type: "del"; readonly key: string };

/** The tables of one region, as dynalite's actions see them. */
export interface TableStore {
  readonly options: {
    readonly createTableMs: number;
    readonly deleteTableMs: number;
    readonly updateTableMs: number;
    readonly maxItemSize: number;
  };
  readonly tableDb: Database & { readonly awsAccountId: string; readonly awsRegion: string };
  getItemDb(table: string): Database;
  deleteItemDb(table: string, done: Done): void;
  getIndexDb(type: string, table: string, index: string): Database;
  deleteIndexDb(type: string, table: string, index: string, done: Done): void;
  getTagDb(table: string): Database;
  deleteTagDb(table: string, done: Done): void;
  getTable(name: string, checkStatus: boolean | Done<JsonObject>, done?: Done<JsonObject>): void;
  /** World time, milliseconds. */
  now(): number;
  /** Takes a step that is done once the call is answered: tables are ready then. */
  later(step: () => void): void;
}

/** An item that was written; what was there before, and what is there now. */
export interface ItemWrite {
  readonly table: string;
  readonly key: string;
  readonly before: string | undefined;
  readonly after: string | undefined;
}

const { Stream } = process.getBuiltinModule("node:stream");

/** dynalite's view of documents. `onWrite` is told of each write that changed the text. */
export function databaseOf(
  documents: Pick<Documents, "get" | "put" | "delete" | "keys">,
  onWrite?: (key: string, before: string | undefined, after: string | undefined) => void,
): Database {
  const write = (key: string, after: string | undefined): void => {
    const before = onWrite && documents.get(key);
    if (after === undefined) documents.delete(key);
    else documents.put(key, after);
    if (before !== after) onWrite?.(key, before, after);
  };
  const valueOf = (key: string): unknown => {
    const text = documents.get(key);
    return text === undefined ? undefined : JSON.parse(text);
  };
  return {
    get: (key, done) => done(null, valueOf(key)),
    put(key, value, done) {
      write(key, JSON.stringify(value));
      done(null);
    },
    del(key, done) {
      write(key, undefined);
      done(null);
    },
    batch(changes, done) {
      for (const change of changes) write(change.key, change.type === "put" ? JSON.stringify(change.value) : undefined);
      done(null);
    },
    createKeyStream: (range) => emitting(() => documents.keys(range)),
    createValueStream: (range) => emitting(() => documents.keys(range).map(valueOf)),
    lock: (_key, work) => work((done) => done),
  };
}

/** Emits values in the next turn, until its reader says by `pipe` that it has enough. */
function emitting(read: () => readonly unknown[]): Emitter {
  const stream = new Stream();
  let enough = false;
  stream.once("pipe", () => (enough = true));
  queueMicrotask(() => {
    try {
      for (const value of read()) {
        if (enough) break;
        stream.emit("data", value);
      }
      stream.emit("end");
    } catch (error) {
      stream.emit("error", error);
    }
  });
  return stream;
}

const largestItem = 400 * 1024;

/** All documents of one region, and how dynalite gets at them. */
export class RegionStore {
  readonly #parts = new Map<string, Documents>();
  readonly #later: (() => void)[] = [];
  readonly #onWrite: (write: ItemWrite) => void;
  /** As the actions of callers see it. */
  readonly store: TableStore;

  constructor(options: {
    readonly region: string;
    readonly account: string;
    readonly now: () => number;
    readonly onWrite: (write: ItemWrite) => void;
  }) {
    const { region, account, now, onWrite } = options;
    this.#onWrite = onWrite;
    const tableDb = { ...databaseOf(this.part("table")), awsAccountId: account, awsRegion: region };
    const drop = (name: string, done: Done): void => {
      this.#parts.delete(name);
      done(null);
    };
    this.store = {
      options: { createTableMs: 0, deleteTableMs: 0, updateTableMs: 0, maxItemSize: largestItem },
      tableDb,
      getItemDb: (table) => this.items(table, this.#onWrite),
      deleteItemDb: (table, done) => drop(itemsOf(table), done),
      getIndexDb: (type, table, index) => databaseOf(this.part(indexOf(type, table, index))),
      deleteIndexDb: (type, table, index, done) => drop(indexOf(type, table, index), done),
      getTagDb: (table) => databaseOf(this.part(tagsOf(table))),
      deleteTagDb: (table, done) => drop(tagsOf(table), done),
      getTable: (name, checkStatus, done) => this.#getTable(name, checkStatus, done),
      now,
      later: (step) => this.#later.push(step),
    };
  }

  /** The items of a table, whose writes are told to `onWrite`. */
  items(table: string, onWrite: (write: ItemWrite) => void): Database {
    return databaseOf(this.part(itemsOf(table)), (key, before, after) => onWrite({ table, key, before, after }));
  }

  /** Does what was to be done once the call was answered. */
  settle(): void {
    for (const step of this.#later.splice(0)) step();
  }

  table(name: string): JsonObject | undefined {
    const text = this.part("table").get(name);
    return text === undefined ? undefined : JSON.parse(text);
  }

  tags(table: string): Readonly<Record<string, string>> {
    const documents = this.part(tagsOf(table));
    return Object.fromEntries(documents.keys().map((key) => [key, JSON.parse(documents.get(key) ?? "")]));
  }

  /** Every item of a table by its key. */
  *allItems(table: string): Generator<readonly [key: string, item: Item]> {
    const documents = this.part(itemsOf(table));
    for (const key of documents.keys()) yield [key, JSON.parse(documents.get(key) ?? "{}")];
  }

  /** Documents by the name of what they are; made when they are first asked for. */
  part(name: string): Documents {
    let documents = this.#parts.get(name);
    if (documents === undefined) {
      documents = new Documents();
      this.#parts.set(name, documents);
    }
    return documents;
  }

  /** As dynalite's own does: where `checkStatus` is left out, tables that are not ready are missing. */
  #getTable(name: string, checkStatus: boolean | Done<JsonObject>, given?: Done<JsonObject>): void {
    const done = typeof checkStatus === "function" ? checkStatus : given;
    const table = this.table(name);
    const isReady = table !== undefined && table["TableStatus"] !== "CREATING" && table["TableStatus"] !== "DELETING";
    if (table !== undefined && (isReady || checkStatus === false)) return done?.(null, table);
    const message = `Requested resource not found${checkStatus === false ? `: Table: ${name} not found` : ""}`;
    const body = { __type: "com.amazonaws.dynamodb.v20120810#ResourceNotFoundException", message };
    done?.(Object.assign(new Error(message), { statusCode: 400, body }));
  }
}

export function itemsOf(table: string): string {
  return `item-${table}`;
}

export function tagsOf(table: string): string {
  return `tag-${table}`;
}

export function indexOf(type: string, table: string, index: string): string {
  return `index-${type.toLowerCase()}~${table}~${index}`;
}
