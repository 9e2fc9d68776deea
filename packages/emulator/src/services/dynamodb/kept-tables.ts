import type { DocumentStore, DocumentValue } from "../../storage/document-store.ts";
import type { Item, JsonObject } from "./attribute-value.ts";

/** By region and name. */
const tablesCollection = "dynamodb.tables";
/** By key, as dynalite makes them. Indexes are not kept: they are made from the items. */
const itemsOf = (region: string, table: string): string => `dynamodb.items/${region}/${table}`;

type TableDocument = {
  readonly region: string;
  readonly name: string;
  /** As `DescribeTable` tells it, without its streams. */
  readonly description: { readonly [member: string]: DocumentValue };
  readonly tags: Readonly<Record<string, string>>;
  /** The attribute that says when items expire. */
  readonly timeToLive: string | undefined;
};

/** What a table is besides its items. */
export interface TableState {
  /** JSON of what `DescribeTable` tells. */
  readonly description: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly timeToLive: string | undefined;
}

export interface KeptTable {
  readonly name: string;
  readonly description: JsonObject;
  readonly tags: Readonly<Record<string, string>>;
  readonly timeToLive: string | undefined;
  /** In the order of their keys. */
  readonly items: readonly (readonly [key: string, item: DocumentValue])[];
}

/** The tables of one region, as far as they outlive the emulator. */
export class KeptTables {
  readonly #documents: DocumentStore;
  readonly #region: string;

  constructor(documents: DocumentStore, region: string) {
    this.#documents = documents;
    this.#region = region;
  }

  read(): readonly KeptTable[] {
    const tables = this.#documents.read<TableDocument>(tablesCollection).map(({ value }) => value);
    return tables
      .filter(({ region }) => region === this.#region)
      .map(({ name, description, tags, timeToLive }) => ({
        name,
        description,
        tags,
        timeToLive,
        items: this.#items(name),
      }));
  }

  put(name: string, { description, tags, timeToLive }: TableState): void {
    const document: TableDocument = {
      region: this.#region,
      name,
      description: JSON.parse(description),
      tags,
      timeToLive,
    };
    this.#documents.put(tablesCollection, `${this.#region}/${name}`, document);
  }

  /** Drops a table with its items. */
  delete(name: string): void {
    this.#documents.delete(tablesCollection, `${this.#region}/${name}`);
    this.#documents.clear(itemsOf(this.#region, name));
  }

  putItem(table: string, key: string, item: Item): void {
    this.#documents.put(itemsOf(this.#region, table), key, item);
  }

  deleteItem(table: string, key: string): void {
    this.#documents.delete(itemsOf(this.#region, table), key);
  }

  #items(table: string): KeptTable["items"] {
    const items = this.#documents.read(itemsOf(this.#region, table));
    return items.map(({ key, value }) => [key, value] as const).toSorted(([a], [b]) => (a < b ? -1 : 1));
  }
}

/** The regions that have tables. */
export function keptRegions(documents: DocumentStore): ReadonlySet<string> {
  return new Set(documents.read<TableDocument>(tablesCollection).map(({ value }) => value.region));
}
