import type * as sdk from "@aws-sdk/client-dynamodb";
import type * as streamsSdk from "@aws-sdk/client-dynamodb-streams";
import type { PeekedTable } from "@localemu/control";
import type { CallContext, OperationsOf, ServiceImplementation } from "../../protocols/operations.ts";
import { MemoryLog } from "../../storage/memory-log.ts";
import type { Dynalite } from "./actions.ts";
import type { JsonObject } from "./attribute-value.ts";
import { keptRegions } from "./kept-tables.ts";
import { notImplemented } from "./not-implemented.ts";
import { describeStream } from "./operations/describe-stream.ts";
import { getRecords } from "./operations/get-records.ts";
import { getShardIterator } from "./operations/get-shard-iterator.ts";
import { listStreams } from "./operations/list-streams.ts";
import { peekTable } from "./peek.ts";
import type { DynamoDbPorts } from "./ports.ts";
import { RegionTables } from "./region-tables.ts";
import { TableStreams } from "./state/table-streams.ts";
import type { ShardReader } from "../shard-reader.ts";
import { openTableStream } from "./stream-reader.ts";

/** An operation on tables: documents go through as they are. */
export type TableOperation = (input: JsonObject, call: CallContext) => Promise<JsonObject> | JsonObject;

/** One that is left out without being declined fails to compile. */
type OwnOperations = {
  readonly [Name in Exclude<keyof OperationsOf<typeof sdk>, keyof typeof notImplemented>]: TableOperation;
};

export type StreamOperations = ServiceImplementation<typeof streamsSdk, CallContext>;

/** DynamoDB of one world: tables, and their streams. */
export interface DynamoDb {
  readonly operations: { readonly [operation: string]: TableOperation };
  readonly streamOperations: StreamOperations;
  /** The operations on tables that are declined, each with its reason. */
  readonly notImplemented: Readonly<Record<string, string>>;
  /** Reads a table's stream from inside the emulator; undefined when there is none. */
  openStream(arn: string): Promise<ShardReader | undefined>;
  /** A table's items and the records of its last stream; nothing is consumed. Undefined when there is no such table. */
  peek(region: string, name: string): PeekedTable | undefined;
  close(): void;
}

export async function createDynamoDb(ports: DynamoDbPorts): Promise<DynamoDb> {
  const dynalite: Dynalite = await import("localemu:dynalite");
  const { clock, ids, documents, openLog = () => new MemoryLog() } = ports;
  const streams = new TableStreams({ now: () => clock.now(), shardSuffix: () => ids.hex(4), documents, openLog });
  const regions = new Map<string, RegionTables>();
  const tablesOf = ({ region }: Pick<CallContext, "region">): RegionTables => {
    let tables = regions.get(region);
    if (tables === undefined) {
      tables = new RegionTables(region, dynalite, streams, ports);
      regions.set(region, tables);
    }
    return tables;
  };
  for (const region of keptRegions(documents)) tablesOf({ region });
  const performing = (operation: string) => (input: JsonObject, call: CallContext) =>
    tablesOf(call).perform(operation, input);
  return {
    operations: {
      BatchGetItem: performing("BatchGetItem"),
      BatchWriteItem: performing("BatchWriteItem"),
      CreateTable: (input, call) => tablesOf(call).createTable(input),
      DeleteItem: performing("DeleteItem"),
      DeleteTable: (input, call) => tablesOf(call).deleteTable(input),
      DescribeTable: (input, call) => tablesOf(call).describeTable(input),
      DescribeTimeToLive: (input, call) => tablesOf(call).describeTimeToLive(input),
      GetItem: performing("GetItem"),
      ListTables: performing("ListTables"),
      ListTagsOfResource: performing("ListTagsOfResource"),
      PutItem: performing("PutItem"),
      Query: performing("Query"),
      Scan: performing("Scan"),
      TagResource: (input, call) => tablesOf(call).changeTags("TagResource", input),
      TransactGetItems: (input, call) => tablesOf(call).transactGetItems(input),
      TransactWriteItems: (input, call) => tablesOf(call).transactWriteItems(input),
      UntagResource: (input, call) => tablesOf(call).changeTags("UntagResource", input),
      UpdateItem: performing("UpdateItem"),
      UpdateTable: (input, call) => tablesOf(call).updateTable(input),
      UpdateTimeToLive: (input, call) => tablesOf(call).updateTimeToLive(input),
    } satisfies OwnOperations,
    streamOperations: {
      DescribeStream: (input) => describeStream(streams, input),
      GetRecords: (input) => getRecords(streams, input),
      GetShardIterator: (input) => getShardIterator(streams, input),
      ListStreams: (input, call) => listStreams(streams, input, call),
    },
    notImplemented,
    openStream: async (arn) => openTableStream(streams, arn),
    peek: (region, name) => peekTable(regions.get(region), streams, region, name),
    close() {
      for (const tables of regions.values()) tables.close();
      regions.clear();
      streams.clear();
    },
  };
}
