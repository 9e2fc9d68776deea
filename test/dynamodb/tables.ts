import { CreateTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { CreateTableCommandInput, StreamViewType } from "@aws-sdk/client-dynamodb";
import {
  DescribeStreamCommand,
  DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
} from "@aws-sdk/client-dynamodb-streams";
import type { _Record, GetShardIteratorCommandInput } from "@aws-sdk/client-dynamodb-streams";
import type { LocalEmu } from "@localemu/testkit";

/** Clients of a world, in a region. */
export function tableClients(emu: LocalEmu, region = "us-east-1") {
  const config = { ...emu.getClientConfig(), region, maxAttempts: 1 };
  return { dynamodb: new DynamoDBClient(config), streams: new DynamoDBStreamsClient(config) };
}

export type TableClients = ReturnType<typeof tableClients>;

/** Makes a table whose key is `id`, and its stream, if it has one; gives the stream's ARN. */
export async function createTable(
  { dynamodb }: Pick<TableClients, "dynamodb">,
  TableName: string,
  viewType: StreamViewType | "no stream" = "NEW_AND_OLD_IMAGES",
  change: Partial<CreateTableCommandInput> = {},
): Promise<string> {
  const { TableDescription: table } = await dynamodb.send(
    new CreateTableCommand({
      TableName,
      AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
      KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
      BillingMode: "PAY_PER_REQUEST",
      ...(viewType !== "no stream" && { StreamSpecification: { StreamEnabled: true, StreamViewType: viewType } }),
      ...change,
    }),
  );
  return table?.LatestStreamArn ?? "";
}

/** The one shard of a stream. */
export async function shardOf({ streams }: TableClients, StreamArn: string) {
  const { StreamDescription: stream } = await streams.send(new DescribeStreamCommand({ StreamArn }));
  return stream?.Shards?.[0];
}

export async function iteratorAt(
  clients: TableClients,
  StreamArn: string,
  at: Pick<GetShardIteratorCommandInput, "ShardIteratorType" | "SequenceNumber">,
): Promise<string> {
  const ShardId = (await shardOf(clients, StreamArn))?.ShardId;
  const { ShardIterator = "" } = await clients.streams.send(new GetShardIteratorCommand({ StreamArn, ShardId, ...at }));
  return ShardIterator;
}

/** All that a stream keeps. */
export async function recordsOf(clients: TableClients, streamArn: string): Promise<readonly _Record[]> {
  const ShardIterator = await iteratorAt(clients, streamArn, { ShardIteratorType: "TRIM_HORIZON" });
  const { Records = [] } = await clients.streams.send(new GetRecordsCommand({ ShardIterator }));
  return Records;
}

/** What the records say, in short. */
export async function changesOf(clients: TableClients, streamArn: string) {
  const records = await recordsOf(clients, streamArn);
  return records.map(({ eventName, dynamodb }) => [eventName, dynamodb?.OldImage, dynamodb?.NewImage]);
}
