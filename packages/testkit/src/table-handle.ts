import type { ControlClient, JsonObject } from "@localemu/control";
import { isPlainObject } from "./matchers/match.ts";
import { subject, type TableSubject } from "./matchers/subject.ts";
import { decodeTableShards, type TableChange } from "./table-changes.ts";
import { attributesOf, type PlainItem, plainItem } from "./table-values.ts";

/** A key's attribute; a name alone is that of a text. */
export type KeyAttribute = string | { readonly name: string; readonly type: "S" | "N" | "B" };

/** How a table is made. */
export interface TableOptions {
  /** Default `id`, a text. */
  readonly partitionKey?: KeyAttribute;
  /** Default: none. */
  readonly sortKey?: KeyAttribute;
  /** What the table's stream has of each change; false for no stream. Default `NEW_AND_OLD_IMAGES`. */
  readonly stream?: "KEYS_ONLY" | "NEW_IMAGE" | "OLD_IMAGE" | "NEW_AND_OLD_IMAGES" | false;
}

/**
 * A DynamoDB table of a world. It may be given to `expect` for the matchers of streams, which look at the table's stream: each
 * record is `{ eventName, keys, newImage, oldImage }`.
 *
 * @example
 * ```ts
 * const table = await emu.createTable("orders");
 * await table.put({ id: "1", total: 3 });
 * await expect(table).toHaveRecord({ eventName: "INSERT", newImage: { id: "1" } });
 * ```
 */
export class TableHandle {
  readonly name: string;
  /** The table's; that of its stream is `streamArn()`. */
  readonly arn: string;
  readonly #control: ControlClient;

  /** Use `emu.createTable(…)` or `emu.table(…)`. */
  constructor(control: ControlClient, name: string, arn: string) {
    this.#control = control;
    this.name = name;
    this.arn = arn;
  }

  /** Puts items one after the other. Throws ControlError as PutItem does. */
  async put(...items: readonly PlainItem[]): Promise<void> {
    for (const item of items) {
      await this.#control.call("dynamodb", "PutItem", { TableName: this.name, Item: attributesOf(item) });
    }
  }

  /** The item with this key; undefined where there is none. Throws ControlError as GetItem does. */
  async get(key: PlainItem): Promise<PlainItem | undefined> {
    const { Item } = await this.#control.call("dynamodb", "GetItem", { TableName: this.name, Key: attributesOf(key) });
    return plainItem(Item);
  }

  /** Deletes the item with this key. Throws ControlError as DeleteItem does. */
  async delete(key: PlainItem): Promise<void> {
    await this.#control.call("dynamodb", "DeleteItem", { TableName: this.name, Key: attributesOf(key) });
  }

  /** Every item, in no order of meaning. */
  async items(): Promise<readonly PlainItem[]> {
    const { items } = await this.#control.peek.table(this.name);
    return items.map((item) => plainItem(item) ?? {});
  }

  /**
   * ARN of the table's stream, or of the last one that it had. Throws an Error where it never had one, and
   * ControlError as DescribeTable does.
   */
  async streamArn(): Promise<string> {
    const { Table: table } = await this.#control.call("dynamodb", "DescribeTable", { TableName: this.name });
    const streamArn = isPlainObject(table) ? table["LatestStreamArn"] : undefined;
    if (typeof streamArn !== "string") throw new Error(`The table ${this.name} has no stream`);
    return streamArn;
  }

  /** What the table's stream keeps, oldest first; nothing is consumed. */
  async changes(): Promise<readonly TableChange[]> {
    const { shards } = await this.#control.peek.table(this.name);
    return decodeTableShards(shards).flatMap(({ records }) =>
      records.flatMap(({ data }) => (isChange(data) ? [data] : [])),
    );
  }

  /** What the matchers read. */
  get [subject](): TableSubject {
    return {
      kind: "table",
      name: this.name,
      world: this.#control,
      read: async () => decodeTableShards((await this.#control.peek.table(this.name)).shards),
    };
  }
}

function isChange(data: unknown): data is TableChange {
  return typeof data === "object" && data !== null && "eventName" in data;
}

/** CreateTable's input. */
export function tableInput(
  name: string,
  { partitionKey = "id", sortKey, stream = "NEW_AND_OLD_IMAGES" }: TableOptions,
): JsonObject {
  const keys = [partitionKey, ...(sortKey === undefined ? [] : [sortKey])].map((key) =>
    typeof key === "string" ? { name: key, type: "S" } : key,
  );
  return {
    TableName: name,
    BillingMode: "PAY_PER_REQUEST",
    AttributeDefinitions: keys.map((key) => ({ AttributeName: key.name, AttributeType: key.type })),
    KeySchema: keys.map((key, index) => ({ AttributeName: key.name, KeyType: index === 0 ? "HASH" : "RANGE" })),
    ...(stream !== false && { StreamSpecification: { StreamEnabled: true, StreamViewType: stream } }),
  };
}
