import { AwsError } from "../../protocols/errors.ts";
import { checkedInput, performNow } from "./actions.ts";
import type { Dynalite } from "./actions.ts";
import type { JsonObject } from "./attribute-value.ts";
import { asAwsError, invalid, transactionCanceled } from "./errors.ts";
import type { CancellationReason } from "./errors.ts";
import { databaseOf, indexOf, itemsOf } from "./table-store.ts";
import type { Database, ItemWrite, RegionStore, TableStore } from "./table-store.ts";

/** AWS: of a transaction (AWS docs). */
const mostItems = 100;

const operations = {
  Put: "PutItem",
  Update: "UpdateItem",
  Delete: "DeleteItem",
  ConditionCheck: "DeleteItem",
} as const;
type Kind = keyof typeof operations;

interface Part {
  readonly kind: Kind;
  /** As the action of its operation takes it. */
  readonly input: JsonObject;
  readonly tellsItem: boolean;
}

/**
 * All of its writes or none: each is done on top of the tables, where only those of the transaction are seen, and all of them go into the
 * tables in one step. Nothing comes in between, for none of it waits. Throws AwsError.
 */
export function writeTransaction(
  dynalite: Dynalite,
  region: RegionStore,
  onWrite: (write: ItemWrite) => void,
  input: JsonObject,
): void {
  const parts = itemsOfTransaction(input).map((item) => partOf(dynalite, region.store, item));
  const draft = new Draft(region);
  const targets = new Set<string>();
  for (const { input: checked } of parts) {
    const target = JSON.stringify([checked["TableName"], keyOf(dynalite, region.store, checked)]);
    // Assumed: the text.
    if (targets.has(target)) throw invalid("Transaction request cannot include multiple operations on one item");
    targets.add(target);
  }
  const reasons = parts.map((part) => reasonAgainst(dynalite, draft.store, part));
  if (reasons.some(({ Code }) => Code !== "None")) throw transactionCanceled(reasons);
  draft.commit(onWrite);
}

/** The items as they are together at one moment. Throws AwsError. */
export function readTransaction(dynalite: Dynalite, region: RegionStore, input: JsonObject): JsonObject {
  const responses = itemsOfTransaction(input).map((item) => {
    const get = isObject(item["Get"]) ? item["Get"] : {};
    const checked = checkedInput(dynalite, "GetItem", get, region.store);
    const result = performNow(dynalite, "GetItem", checked, region.store);
    if ("error" in result) throw result.error;
    const { Item } = result.output;
    return Item === undefined ? {} : { Item };
  });
  return { Responses: responses };
}

function itemsOfTransaction({ TransactItems: items }: JsonObject): readonly JsonObject[] {
  if (!Array.isArray(items) || items.length === 0 || items.length > mostItems) {
    const given = Array.isArray(items) ? `[${items.length} items]` : "null";
    throw invalid(
      `1 validation error detected: Value '${given}' at 'transactItems' failed to satisfy constraint: ` +
        `Member must have length between 1 and ${mostItems}`,
    );
  }
  return items.filter(isObject);
}

function partOf(dynalite: Dynalite, store: TableStore, item: JsonObject): Part {
  const kinds = Object.keys(item).filter(isKind);
  const [kind] = kinds;
  if (kind === undefined || kinds.length !== 1) {
    // Assumed: the text.
    throw invalid("TransactItems can only contain one of Check, Put, Update or Delete");
  }
  const given = item[kind];
  const { ReturnValuesOnConditionCheckFailure: tells, ...input } = isObject(given) ? given : {};
  return { kind, input: checkedInput(dynalite, operations[kind], input, store), tellsItem: tells === "ALL_OLD" };
}

function reasonAgainst(dynalite: Dynalite, store: TableStore, { kind, input, tellsItem }: Part): CancellationReason {
  const { error, item } =
    kind === "ConditionCheck"
      ? checkCondition(dynalite, store, input)
      : write(dynalite, store, operations[kind], input, tellsItem);
  if (error === undefined) return { Code: "None" };
  if (!(error instanceof AwsError)) throw error;
  const { code, message } = error;
  if (code === "ConditionalCheckFailedException") {
    return { Code: "ConditionalCheckFailed", Message: message, ...(tellsItem && item !== undefined && { Item: item }) };
  }
  // AWS: what an item would become may be wrong; anything else refuses the whole call (AWS docs).
  if (code === "ValidationException") return { Code: "ValidationError", Message: message };
  throw error;
}

interface Outcome {
  readonly error?: unknown;
  /** The item as it was. */
  readonly item?: object | undefined;
}

function write(
  dynalite: Dynalite,
  store: TableStore,
  operation: "PutItem" | "UpdateItem" | "DeleteItem",
  input: JsonObject,
  tellsItem: boolean,
): Outcome {
  const item = tellsItem ? itemOf(dynalite, store, input) : undefined;
  const result = performNow(dynalite, operation, input, store);
  return "error" in result ? { error: result.error, item } : {};
}

function checkCondition(dynalite: Dynalite, store: TableStore, input: JsonObject): Outcome {
  const item = itemOf(dynalite, store, input);
  const error = dynalite.checkConditional(input, item);
  return error === null || error === undefined ? {} : { error: asAwsError(error), item };
}

function itemOf(dynalite: Dynalite, store: TableStore, input: JsonObject): ReturnType<typeof JSON.parse> {
  let item: unknown;
  store.getItemDb(String(input["TableName"])).get(keyOf(dynalite, store, input), (_error, value) => (item = value));
  return item;
}

function keyOf(dynalite: Dynalite, store: TableStore, input: JsonObject): string {
  let key = "";
  store.getTable(String(input["TableName"]), true, (error, table = {}) => {
    if (error !== null) throw asAwsError(error);
    key = dynalite.createKey(JSON.parse(JSON.stringify(input["Key"] ?? input["Item"])), table);
  });
  return key;
}

/** Writes that are not done yet: who reads through its store sees them. */
class Draft {
  readonly store: TableStore;
  readonly #region: RegionStore;
  readonly #writes = new Map<
    string,
    { readonly table: string | undefined; readonly texts: Map<string, string | undefined> }
  >();

  constructor(region: RegionStore) {
    this.#region = region;
    this.store = {
      ...region.store,
      getItemDb: (table) => this.#database(itemsOf(table), table),
      getIndexDb: (type, table, index) => this.#database(indexOf(type, table, index), undefined),
    };
  }

  commit(onWrite: (write: ItemWrite) => void): void {
    for (const [name, { table, texts }] of this.#writes) {
      const documents = this.#region.part(name);
      for (const [key, after] of texts) {
        const before = documents.get(key);
        if (after === undefined) documents.delete(key);
        else documents.put(key, after);
        if (table !== undefined && before !== after) onWrite({ table, key, before, after });
      }
    }
  }

  #database(name: string, table: string | undefined): Database {
    const documents = this.#region.part(name);
    const known = this.#writes.get(name);
    const texts = known?.texts ?? new Map<string, string | undefined>();
    if (known === undefined) this.#writes.set(name, { table, texts });
    return databaseOf({
      get: (key) => (texts.has(key) ? texts.get(key) : documents.get(key)),
      put: (key, text) => void texts.set(key, text),
      delete: (key) => void texts.set(key, undefined),
      keys: (range) => documents.keys(range),
    });
  }
}

function isKind(name: string): name is Kind {
  return Object.hasOwn(operations, name);
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
