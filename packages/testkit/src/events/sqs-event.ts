import { createHash } from "node:crypto";
import { asText } from "../decode.ts";

/** The event that a function gets from a queue, as `SQSEvent` of `@types/aws-lambda` has it. */
export interface SqsEvent {
  Records: SqsEventRecord[];
}

export interface SqsEventRecord {
  messageId: string;
  receiptHandle: string;
  body: string;
  attributes: {
    ApproximateReceiveCount: string;
    /** Milliseconds since the epoch. */
    SentTimestamp: string;
    SenderId: string;
    ApproximateFirstReceiveTimestamp: string;
    /** These three are of FIFO queues. */
    SequenceNumber?: string;
    MessageGroupId?: string;
    MessageDeduplicationId?: string;
  };
  messageAttributes: Record<string, { stringValue?: string; dataType: string }>;
  md5OfBody: string;
  eventSource: string;
  eventSourceARN: string;
  awsRegion: string;
}

/** Where the messages of an event come from. */
export interface SqsEventOptions<Value = unknown> {
  /** Name of the queue; one that ends in `.fifo` is a FIFO queue. Default `queue`. */
  readonly queue?: string;
  /** Of a FIFO queue's messages. Default `group`. */
  readonly groupId?: string | ((value: Value) => string);
  /** How often each message has been received, this time included. Default 1. */
  readonly receiveCount?: number;
  /** String attributes of each message. */
  readonly attributes?: Readonly<Record<string, string>>;
  /** When the messages were sent. Default 2026-01-01T00:00:00Z. */
  readonly sent?: Date;
  /** Default `us-east-1`. */
  readonly region?: string;
}

const account = "000000000000";

/**
 * Makes the event with which a function would be invoked: a message for each value, text as it is, anything else as JSON. Two
 * calls with the same arguments give equal events.
 *
 * @example
 * ```ts
 * const event = sqsEvent([{ job: 1 }, { job: 2 }], { queue: "jobs" });
 * ```
 */
export function sqsEvent<Value>(values: readonly Value[], options: SqsEventOptions<Value> = {}): SqsEvent {
  const { queue = "queue", region = "us-east-1", receiveCount = 1, groupId = "group", attributes = {} } = options;
  const sent = String((options.sent ?? new Date("2026-01-01T00:00:00Z")).getTime());
  return {
    Records: values.map((value, index) => {
      const body = asText(value);
      const number = String(index + 1);
      return {
        messageId: `00000000-0000-4000-8000-${number.padStart(12, "0")}`,
        receiptHandle: `receipt-${number}`,
        body,
        attributes: {
          ApproximateReceiveCount: String(receiveCount),
          SentTimestamp: sent,
          ...(queue.endsWith(".fifo") && {
            SequenceNumber: number.padStart(20, "0"),
            MessageGroupId: typeof groupId === "string" ? groupId : groupId(value),
            MessageDeduplicationId: `deduplication-${number}`,
          }),
          SenderId: account,
          ApproximateFirstReceiveTimestamp: sent,
        },
        messageAttributes: Object.fromEntries(
          Object.entries(attributes).map(([name, stringValue]) => [name, { stringValue, dataType: "String" }]),
        ),
        md5OfBody: createHash("md5").update(body).digest("hex"),
        eventSource: "aws:sqs",
        eventSourceARN: `arn:aws:sqs:${region}:${account}:${queue}`,
        awsRegion: region,
      };
    }),
  };
}
