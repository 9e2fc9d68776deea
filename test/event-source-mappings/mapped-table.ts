import { readFileSync } from "node:fs";
import { DeleteItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import type { StreamViewType } from "@aws-sdk/client-dynamodb";
import type { CreateEventSourceMappingCommandInput } from "@aws-sdk/client-lambda";
import { createTable, recordsOf, tableClients } from "../dynamodb/tables.ts";
import type { TableClients } from "../dynamodb/tables.ts";
import type { TestEmulator } from "../emulator/emulator.ts";
import { mappedStream } from "./mapped-stream.ts";
import type { MappedStream, Order } from "./mapped-stream.ts";

const handler = readFileSync(new URL("./function/table.mjs", import.meta.url));

export type TableOrder = Pick<Order, "id" | "times"> & {
  readonly fail?: "throw" | "report";
  readonly text?: string;
};

/** A world with a table `orders`, keyed by number, a queue `orders-dlq` and a function `tables-fn` for the table's stream. */
export interface MappedTable extends AsyncDisposable {
  readonly world: MappedStream;
  readonly clients: TableClients;
  readonly streamArn: string;
  /** Maps the table's stream to the function, from its beginning; gives the mapping's UUID. */
  map(change?: Partial<CreateEventSourceMappingCommandInput>): Promise<string>;
  put(...orders: readonly TableOrder[]): Promise<void>;
  delete(id: number): Promise<void>;
  /** The sequence numbers of the stream's records. */
  sequenceNumbers(): Promise<readonly string[]>;
}

export async function mappedTable(
  server: TestEmulator,
  { frozen = false, viewType }: { readonly frozen?: boolean; readonly viewType?: StreamViewType } = {},
): Promise<MappedTable> {
  const world = await mappedStream(server, { frozen });
  const clients = tableClients(world.emu);
  const streamArn = await createTable(clients, "orders", viewType, {
    AttributeDefinitions: [{ AttributeName: "id", AttributeType: "N" }],
  });
  await world.createFunction({ FunctionName: "tables-fn" }, handler);
  return {
    world,
    clients,
    streamArn,
    [Symbol.asyncDispose]: () => world.emu.close(),
    map: (change) => world.map({ EventSourceArn: streamArn, FunctionName: "tables-fn", ...change }),
    async put(...orders) {
      for (const { id, fail, times, text } of orders) {
        const Item = {
          id: { N: String(id) },
          ...(fail !== undefined && { fail: { S: fail } }),
          ...(times !== undefined && { times: { N: String(times) } }),
          ...(text !== undefined && { text: { S: text } }),
        };
        await clients.dynamodb.send(new PutItemCommand({ TableName: "orders", Item }));
      }
    },
    async delete(id) {
      await clients.dynamodb.send(new DeleteItemCommand({ TableName: "orders", Key: { id: { N: String(id) } } }));
    },
    async sequenceNumbers() {
      return (await recordsOf(clients, streamArn)).map(({ dynamodb }) => dynamodb?.SequenceNumber ?? "");
    },
  };
}
