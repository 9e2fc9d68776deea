import { type AttributeMap, attributesOf, type PlainItem } from "../table-values.ts";

/** The event that a function gets from a table's stream, as `DynamoDBStreamEvent` of `@types/aws-lambda` has it. */
export interface DynamoDbEvent {
  Records: DynamoDbEventRecord[];
}

export interface DynamoDbEventRecord {
  eventID: string;
  eventName: "INSERT" | "MODIFY" | "REMOVE";
  eventVersion: string;
  eventSource: string;
  awsRegion: string;
  dynamodb: {
    /** Seconds since the epoch. */
    ApproximateCreationDateTime: number;
    Keys: AttributeMap;
    NewImage?: AttributeMap;
    OldImage?: AttributeMap;
    SequenceNumber: string;
    /** Here the length of keys and images as JSON; AWS counts less. */
    SizeBytes: number;
    StreamViewType: "NEW_AND_OLD_IMAGES";
  };
  eventSourceARN: string;
}

/** An item before and after a change: one that was put has no `old`, one that was deleted no `new`. */
export interface ItemChange {
  readonly old?: PlainItem;
  readonly new?: PlainItem;
}

/** Where the records of an event come from. */
export interface DynamoDbEventOptions {
  /** Name of the table. Default `table`. */
  readonly table?: string;
  /** Names of the key's attributes. Default `["id"]`. */
  readonly keys?: readonly string[];
  /** When the items were changed. Default 2026-01-01T00:00:00Z. */
  readonly changed?: Date;
  /** Default `us-east-1`. */
  readonly region?: string;
}

const account = "000000000000";
/** All of an event's sequence numbers begin like this; 10 digits follow. */
const sequencePrefix = "176722560000000000";

/**
 * Makes the event with which a function would be invoked: a record for each change. Two calls with the same arguments give equal
 * events.
 *
 * @example
 * ```ts
 * const event = dynamoDbEvent([{ new: { id: "a", total: 1 } }, { old: { id: "b" } }], { table: "orders" });
 * const { retried } = evaluateBatchResult(event, await handler(event));
 * ```
 */
export function dynamoDbEvent(changes: readonly ItemChange[], options: DynamoDbEventOptions = {}): DynamoDbEvent {
  const { table = "table", keys = ["id"], region = "us-east-1" } = options;
  const changed = options.changed ?? new Date("2026-01-01T00:00:00Z");
  const streamArn = `arn:aws:dynamodb:${region}:${account}:table/${table}/stream/2026-01-01T00:00:00.000`;
  return {
    Records: changes.map(({ old, new: item }, index) => {
      const [NewImage, OldImage] = [item && attributesOf(item), old && attributesOf(old)];
      const key = attributesOf(Object.fromEntries(keys.map((name) => [name, (item ?? old ?? {})[name]])));
      const images = { Keys: key, ...(NewImage && { NewImage }), ...(OldImage && { OldImage }) };
      const number = String(index + 1);
      return {
        eventID: number.padStart(32, "0"),
        eventName: old === undefined ? "INSERT" : item === undefined ? "REMOVE" : "MODIFY",
        eventVersion: "1.1",
        eventSource: "aws:dynamodb",
        awsRegion: region,
        dynamodb: {
          ApproximateCreationDateTime: Math.floor(changed.getTime() / 1000),
          ...images,
          SequenceNumber: sequencePrefix + number.padStart(10, "0"),
          SizeBytes: Buffer.byteLength(JSON.stringify(images)),
          StreamViewType: "NEW_AND_OLD_IMAGES",
        },
        eventSourceARN: streamArn,
      };
    }),
  };
}
