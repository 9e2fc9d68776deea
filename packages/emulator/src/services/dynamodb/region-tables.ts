import { accountId } from "../../core/arns.ts";
import { perform } from "./actions.ts";
import type { Dynalite } from "./actions.ts";
import type { Item, JsonObject } from "./attribute-value.ts";
import { invalid, notImplemented } from "./errors.ts";
import { KeptTables } from "./kept-tables.ts";
import type { DynamoDbPorts } from "./ports.ts";
import { restoreTable } from "./restore-table.ts";
import type { TableStreams } from "./state/table-streams.ts";
import { describeChange, timeToLiveService } from "./stream-record.ts";
import type { ViewType } from "./stream-record.ts";
import { keySchemaOf, requestedView } from "./stream-specification.ts";
import { RegionStore } from "./table-store.ts";
import type { ItemWrite } from "./table-store.ts";
import { TimeToLive } from "./time-to-live.ts";
import { readTransaction, writeTransaction } from "./transaction.ts";

/** The tables of one region: dynalite's, with streams, transactions and expiry. */
export class RegionTables {
  readonly #region: string;
  readonly #ports: DynamoDbPorts;
  readonly #dynalite: Dynalite;
  readonly #streams: TableStreams;
  readonly #store: RegionStore;
  readonly #timeToLive: TimeToLive;
  readonly #kept: KeptTables;

  /** Has from the start what is kept. */
  constructor(region: string, dynalite: Dynalite, streams: TableStreams, ports: DynamoDbPorts) {
    this.#region = region;
    this.#ports = ports;
    this.#dynalite = dynalite;
    this.#streams = streams;
    const onWrite = (write: ItemWrite): void => this.#written(write);
    this.#store = new RegionStore({ region, account: accountId, now: () => ports.clock.now(), onWrite });
    this.#timeToLive = new TimeToLive(ports.clock, (table, keys) => this.#expire(table, keys));
    this.#kept = new KeptTables(ports.documents, region);
    for (const table of this.#kept.read()) {
      restoreTable(dynalite, this.#store, table);
      const { name, timeToLive } = table;
      if (timeToLive !== undefined) this.#timeToLive.enable(name, timeToLive, this.#store.allItems(name));
    }
  }

  /** An operation that dynalite has. Rejects with AwsError. */
  async perform(operation: string, input: JsonObject): Promise<JsonObject> {
    const output = await perform(this.#dynalite, operation, input, this.#store.store);
    this.#store.settle();
    return output;
  }

  /** `TagResource` or `UntagResource`. Rejects with AwsError. */
  async changeTags(operation: string, input: JsonObject): Promise<JsonObject> {
    const output = await this.perform(operation, input);
    const arn = String(input["ResourceArn"]);
    this.#keep(arn.slice(arn.lastIndexOf("/") + 1));
    return output;
  }

  async createTable({ StreamSpecification, ...input }: JsonObject): Promise<JsonObject> {
    const viewType = requestedView(StreamSpecification);
    const { TableDescription: made } = await this.perform("CreateTable", input);
    const table = asObject(made);
    const name = String(table["TableName"]);
    this.#keep(name);
    this.#ports.record({ type: "table.created", table: name, region: this.#region });
    if (viewType !== undefined && viewType !== "off") this.#enable(table, viewType);
    return { TableDescription: this.#described(table) };
  }

  async deleteTable(input: JsonObject): Promise<JsonObject> {
    const output = await this.perform("DeleteTable", input);
    const table = asObject(output["TableDescription"]);
    const name = String(table["TableName"]);
    const described = this.#described(table);
    this.#timeToLive.disable(name);
    this.#keep(name);
    // AWS: what was written before can be read for a day (AWS docs).
    this.#streams.disable(this.#region, name);
    this.#ports.record({ type: "table.deleted", table: name, region: this.#region });
    return { TableDescription: described };
  }

  async describeTable(input: JsonObject): Promise<JsonObject> {
    const { Table } = await this.perform("DescribeTable", input);
    return { Table: this.#described(asObject(Table)) };
  }

  async updateTable({ StreamSpecification, ...input }: JsonObject): Promise<JsonObject> {
    const viewType = requestedView(StreamSpecification);
    const updates = input["GlobalSecondaryIndexUpdates"];
    if (Array.isArray(updates) && updates.some((update) => !("Update" in asObject(update)))) {
      throw notImplemented("UpdateTable that creates or deletes an index: create the table with its indexes");
    }
    const { Table: found } = await this.perform("DescribeTable", { TableName: input["TableName"] });
    const name = String(asObject(found)["TableName"]);
    const enabled = this.#streams.enabledOf(this.#region, name);
    // Assumed: both texts. AWS docs: a ValidationException.
    if (viewType === "off" && enabled === undefined)
      throw invalid(`Table has no stream to disable: TableName: ${name}`);
    if (viewType !== undefined && viewType !== "off" && enabled !== undefined) {
      throw invalid(`Table already has an enabled stream: TableName: ${name}`);
    }
    const others = Object.keys(input).filter((member) => member !== "TableName" && member !== "AttributeDefinitions");
    const table =
      viewType !== undefined && others.length === 0
        ? { ...asObject(found), TableStatus: "UPDATING" }
        : asObject((await this.perform("UpdateTable", input))["TableDescription"]);
    this.#keep(name);
    if (viewType === "off") {
      this.#streams.disable(this.#region, name);
      this.#ports.record({ type: "table.streamDisabled", table: name, region: this.#region });
    } else if (viewType !== undefined) {
      this.#enable(table, viewType);
    }
    return { TableDescription: this.#described(table) };
  }

  async describeTimeToLive(input: JsonObject): Promise<JsonObject> {
    const { Table: table } = await this.perform("DescribeTable", input);
    const AttributeName = this.#timeToLive.attributeOf(String(asObject(table)["TableName"]));
    if (AttributeName === undefined) return { TimeToLiveDescription: { TimeToLiveStatus: "DISABLED" } };
    return { TimeToLiveDescription: { TimeToLiveStatus: "ENABLED", AttributeName } };
  }

  async updateTimeToLive({ TableName, TimeToLiveSpecification }: JsonObject): Promise<JsonObject> {
    const { Table: table } = await this.perform("DescribeTable", { TableName });
    const name = String(asObject(table)["TableName"]);
    const { Enabled: enabled, AttributeName: attribute } = asObject(TimeToLiveSpecification);
    if (typeof enabled !== "boolean" || typeof attribute !== "string" || attribute === "") {
      throw invalid("TimeToLiveSpecification must have an AttributeName and say whether it is Enabled");
    }
    const current = this.#timeToLive.attributeOf(name);
    // Assumed: these texts.
    if (enabled && current !== undefined) throw invalid("TimeToLive is already enabled");
    if (!enabled && current === undefined) throw invalid("TimeToLive is already disabled");
    if (!enabled && current !== attribute) {
      throw invalid(`TimeToLive is active on a different AttributeName: current AttributeName is ${current}`);
    }
    if (enabled) this.#timeToLive.enable(name, attribute, this.#store.allItems(name));
    else this.#timeToLive.disable(name);
    this.#keep(name);
    return { TimeToLiveSpecification: { Enabled: enabled, AttributeName: attribute } };
  }

  transactWriteItems(input: JsonObject): JsonObject {
    writeTransaction(this.#dynalite, this.#store, (write) => this.#written(write), input);
    return {};
  }

  transactGetItems(input: JsonObject): JsonObject {
    return readTransaction(this.#dynalite, this.#store, input);
  }

  /** Every item of a table with its name; undefined where there is no such table. */
  items(table: string): readonly Item[] | undefined {
    if (this.#store.table(table) === undefined) return undefined;
    return [...this.#store.allItems(table)].map(([, item]) => item);
  }

  close(): void {
    this.#timeToLive.close();
  }

  /** Keeps a table as it is now, without its items: each of them is kept when it is written. */
  #keep(name: string): void {
    const description = this.#store.part("table").get(name);
    if (description === undefined) return this.#kept.delete(name);
    const timeToLive = this.#timeToLive.attributeOf(name);
    this.#kept.put(name, { description, tags: this.#store.tags(name), timeToLive });
  }

  #enable(table: JsonObject, viewType: ViewType): void {
    const tableName = String(table["TableName"]);
    const keySchema = keySchemaOf(table);
    const tableArn = String(table["TableArn"]);
    const tableId = String(table["TableId"]);
    const stream = this.#streams.enable({
      region: this.#region,
      tableName,
      tableArn,
      tableId,
      viewType,
      keySchema,
    });
    const { arn } = stream;
    this.#ports.record({ type: "table.streamEnabled", table: tableName, region: this.#region, stream: arn, viewType });
  }

  /** What a table says of itself, with its stream. */
  #described(table: JsonObject): JsonObject {
    const latest = this.#streams.latestOf(this.#region, String(table["TableName"]));
    // Another table of this name may have had one.
    if (latest === undefined || latest.tableId !== table["TableId"]) return table;
    const { label, arn, viewType } = latest;
    const specification = { StreamSpecification: { StreamEnabled: true, StreamViewType: viewType } };
    return { ...table, ...(latest.isOpen && specification), LatestStreamLabel: label, LatestStreamArn: arn };
  }

  #written({ table, key, before, after }: ItemWrite, by?: typeof timeToLiveService): void {
    const change = { before: itemOf(before), after: itemOf(after) };
    if (change.after === undefined) this.#kept.deleteItem(table, key);
    else this.#kept.putItem(table, key, change.after);
    this.#timeToLive.written(table, key, change.after);
    const stream = this.#streams.enabledOf(this.#region, table);
    const record = stream && describeChange(change, stream);
    if (stream === undefined || record === undefined) return;
    const now = this.#ports.clock.now();
    stream.append(JSON.stringify(record.keys), now, (sequenceNumber) => {
      const made = {
        ...record.at({ eventId: this.#ports.ids.hex(16), sequenceNumber, now }),
        ...(by && { userIdentity: by }),
      };
      const { eventName } = made;
      this.#ports.record({ type: "table.itemChanged", table, region: this.#region, change: eventName, sequenceNumber });
      return JSON.stringify(made);
    });
  }

  #expire(table: string, keys: readonly string[]): void {
    const token = this.#ports.activity.begin(`deleting expired items of ${table}`);
    const { store } = this.#store;
    const byService = {
      ...store,
      getItemDb: (name: string) => this.#store.items(name, (write) => this.#written(write, timeToLiveService)),
    };
    const expired = new Set(keys);
    const keyNames = keySchemaOf(this.#store.table(table) ?? {}).map(({ AttributeName }) => AttributeName);
    const items = [...this.#store.allItems(table)].filter(([key]) => expired.has(key));
    const deletions = items.map(([, item]) => {
      const Key = Object.fromEntries(keyNames.map((name) => [name, item[name]]));
      return perform(this.#dynalite, "DeleteItem", { TableName: table, Key }, byService);
    });
    Promise.all(deletions)
      .catch((error: unknown) => this.#ports.reportInternalError(`expiry of items of ${table}`, error))
      .finally(() => token.release());
  }
}

function itemOf(text: string | undefined): Item | undefined {
  return text === undefined ? undefined : JSON.parse(text);
}

function asObject(value: unknown): JsonObject {
  return typeof value === "object" && value !== null ? { ...value } : {};
}
