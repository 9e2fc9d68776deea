import type { PeekedTable } from "@localemu/control";
import type { RegionTables } from "./region-tables.ts";
import type { TableStreams } from "./state/table-streams.ts";

export function peekTable(
  tables: RegionTables | undefined,
  streams: TableStreams,
  region: string,
  tableName: string,
): PeekedTable | undefined {
  const items = tables?.items(tableName);
  if (items === undefined) return undefined;
  const now = streams.now();
  const stream = streams.latestOf(region, tableName);
  if (stream === undefined || stream.isGone(now)) return { tableName, items, shards: [] };
  const records = stream.all(now).map(({ sequenceNumber, key, data, arrival }) => ({
    sequenceNumber,
    partitionKey: key,
    approximateArrival: arrival,
    data: data.toString("base64"),
  }));
  return { tableName, items, streamArn: stream.arn, shards: [{ shardId: stream.shardId, records }] };
}
