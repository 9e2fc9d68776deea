import type { PeekedShard } from "@localemu/control";
import { decodeText } from "./decode.ts";
import { isPlainObject } from "./matchers/match.ts";
import type { StreamRecord, StreamShard } from "./stream-shards.ts";
import { type PlainItem, plainItem } from "./table-values.ts";

/** What a record of a table's stream says, with plain values. */
export interface TableChange {
  readonly eventName: "INSERT" | "MODIFY" | "REMOVE";
  readonly keys: PlainItem;
  /** The item after the change, where the stream has it. */
  readonly newImage?: PlainItem;
  /** The item before the change, where the stream has it. */
  readonly oldImage?: PlainItem;
}

/** The records of a table's stream: their data are changes. */
export function decodeTableShards(shards: readonly PeekedShard[]): readonly StreamShard[] {
  return shards.map(({ shardId, records }) => ({
    shardId,
    records: records.map(({ data, ...record }) => {
      const bytes = Buffer.from(data, "base64");
      return { shardId, ...record, data: changeIn(decodeText(bytes.toString())), bytes };
    }),
  }));
}

/** The record of an event, as it is kept in its stream but for its shard; undefined where it is of no table. */
export function changeOf(record: unknown): Omit<StreamRecord, "shardId"> | undefined {
  const data = changeIn(record);
  if (data === undefined || !isPlainObject(record) || !isPlainObject(record["dynamodb"])) return undefined;
  const { SequenceNumber, Keys, ApproximateCreationDateTime } = record["dynamodb"];
  return {
    sequenceNumber: String(SequenceNumber),
    partitionKey: JSON.stringify(Keys),
    approximateArrival: Number(ApproximateCreationDateTime) * 1000,
    data,
    bytes: Buffer.from(JSON.stringify(record)),
  };
}

function changeIn(record: unknown): TableChange | undefined {
  const { eventName, dynamodb } = isPlainObject(record) ? record : {};
  if (!isPlainObject(dynamodb) || !isEventName(eventName)) return undefined;
  const [newImage, oldImage] = [plainItem(dynamodb["NewImage"]), plainItem(dynamodb["OldImage"])];
  return {
    eventName,
    keys: plainItem(dynamodb["Keys"]) ?? {},
    ...(newImage !== undefined && { newImage }),
    ...(oldImage !== undefined && { oldImage }),
  };
}

function isEventName(value: unknown): value is TableChange["eventName"] {
  return value === "INSERT" || value === "MODIFY" || value === "REMOVE";
}
