import { asText } from "../decode.ts";

/** The event that a function gets from a Kinesis stream, as `KinesisStreamEvent` of `@types/aws-lambda` has it. */
export interface KinesisEvent {
  Records: KinesisEventRecord[];
}

export interface KinesisEventRecord {
  kinesis: {
    kinesisSchemaVersion: string;
    partitionKey: string;
    /** 56 digits. */
    sequenceNumber: string;
    /** Base64. */
    data: string;
    /** Seconds since the epoch. */
    approximateArrivalTimestamp: number;
  };
  eventSource: string;
  eventVersion: string;
  /** `<shard>:<sequence number>` */
  eventID: string;
  eventName: string;
  invokeIdentityArn: string;
  awsRegion: string;
  eventSourceARN: string;
}

/** Where the records of an event come from. */
export interface KinesisEventOptions<Value = unknown> {
  /** Name of the stream. Default `stream`. */
  readonly stream?: string;
  /** Default `shardId-000000000000`. */
  readonly shardId?: string;
  /** Default `key`. */
  readonly partitionKey?: string | ((value: Value) => string);
  /** When the first record arrived; each other one is a millisecond later. Default 2026-01-01T00:00:00Z. */
  readonly arrival?: Date;
  /** Default `us-east-1`. */
  readonly region?: string;
}

const account = "000000000000";
/** All of an event's sequence numbers begin like this; 10 digits follow. */
const sequencePrefix = "4966000000000000000000000000000000000000000000";

/**
 * Makes the event with which a function would be invoked: a record for each value, text and bytes as they are, anything else as
 * JSON. Two calls with the same arguments give equal events.
 *
 * @example
 * ```ts
 * const event = kinesisEvent([{ id: 1 }, { id: "bad" }]);
 * const { retried } = evaluateBatchResult(event, await handler(event));
 * ```
 */
export function kinesisEvent<Value>(values: readonly Value[], options: KinesisEventOptions<Value> = {}): KinesisEvent {
  const { stream = "stream", shardId = "shardId-000000000000", region = "us-east-1", partitionKey = "key" } = options;
  const arrival = (options.arrival ?? new Date("2026-01-01T00:00:00Z")).getTime();
  return {
    Records: values.map((value, index) => {
      const sequenceNumber = sequencePrefix + String(index + 1).padStart(10, "0");
      return {
        kinesis: {
          kinesisSchemaVersion: "1.0",
          partitionKey: typeof partitionKey === "string" ? partitionKey : partitionKey(value),
          sequenceNumber,
          data: Buffer.from(value instanceof Uint8Array ? value : asText(value)).toString("base64"),
          approximateArrivalTimestamp: (arrival + index) / 1000,
        },
        eventSource: "aws:kinesis",
        eventVersion: "1.0",
        eventID: `${shardId}:${sequenceNumber}`,
        eventName: "aws:kinesis:record",
        invokeIdentityArn: `arn:aws:iam::${account}:role/function`,
        awsRegion: region,
        eventSourceARN: `arn:aws:kinesis:${region}:${account}:stream/${stream}`,
      };
    }),
  };
}
