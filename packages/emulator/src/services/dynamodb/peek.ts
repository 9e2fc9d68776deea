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
  const stream = streams.latestOf(region, tableName);
  const changes = stream?.isGone(streams.now()) === false ? stream.all(streams.now()) : [];
  const records = changes.map(({ data }) => JSON.parse(data.toString()));
  return { tableName, items, ...(stream !== undefined && { streamArn: stream.arn }), records };
}
