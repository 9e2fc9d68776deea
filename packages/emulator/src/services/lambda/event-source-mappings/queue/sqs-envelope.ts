import type { JsonObject } from "../filter/json.ts";
import type { SourceMessage, SourceMessageAttribute } from "./queue-source.ts";

/** Writes messages as the event that a function gets. The keys and their order are AWS's (recorded on AWS; AWS docs). */
export interface SqsEnvelope {
  /** What stands in the event with a message's body; filters see this. */
  metadata(message: SourceMessage): JsonObject;
  /** A message as it stands in the event, JSON. */
  record(message: SourceMessage): string;
}

export interface SqsEnvelopeOptions {
  readonly eventSourceArn: string;
  readonly region: string;
  /** Whether the mapping has a batching window. */
  readonly windowed: boolean;
}

export function sqsEnvelope({ eventSourceArn, region, windowed }: SqsEnvelopeOptions): SqsEnvelope {
  const tail = { eventSource: "aws:sqs", eventSourceARN: eventSourceArn, awsRegion: region } as const;
  const write = (message: SourceMessage, body: { readonly body?: string }) => ({
    messageId: message.messageId,
    receiptHandle: message.receiptHandle,
    ...body,
    attributes: attributesOf(message),
    messageAttributes: Object.fromEntries(
      message.messageAttributes.map((attribute) => [attribute.name, valueOf(attribute)]),
    ),
    ...hashOf(message, windowed),
    md5OfBody: message.md5OfBody,
    ...tail,
  });
  return {
    metadata: (message) => write(message, {}),
    // The body is a string within the event, so its bytes are those that were sent, whatever they are.
    record: (message) => JSON.stringify(write(message, { body: message.body })),
  };
}

/** The whole event, of records that were written before. */
export function sqsEvent(records: readonly string[]): string {
  return `{"Records":[${records.join(",")}]}`;
}

function attributesOf(message: SourceMessage) {
  const { sequenceNumber, groupId, deduplicationId, traceHeader } = message;
  return {
    ApproximateReceiveCount: String(message.receiveCount),
    ...(traceHeader === undefined ? {} : { AWSTraceHeader: traceHeader }),
    SentTimestamp: String(message.sentAt),
    ...(sequenceNumber === undefined ? {} : { SequenceNumber: sequenceNumber }),
    ...(groupId === undefined ? {} : { MessageGroupId: groupId }),
    SenderId: message.senderId,
    ...(deduplicationId === undefined ? {} : { MessageDeduplicationId: deduplicationId }),
    ApproximateFirstReceiveTimestamp: String(message.firstReceivedAt),
  };
}

// AWS: the two lists are always there and empty (recorded on AWS).
function valueOf({ dataType, stringValue, binaryValue }: SourceMessageAttribute) {
  return {
    ...(stringValue === undefined ? {} : { stringValue }),
    ...(binaryValue === undefined ? {} : { binaryValue }),
    stringListValues: [],
    binaryListValues: [],
    dataType,
  };
}

// AWS: without attributes there is no such key, or null where the mapping has a batching window (recorded on AWS).
function hashOf({ md5OfMessageAttributes }: SourceMessage, windowed: boolean) {
  if (md5OfMessageAttributes !== undefined) return { md5OfMessageAttributes };
  return windowed ? { md5OfMessageAttributes: null } : {};
}
