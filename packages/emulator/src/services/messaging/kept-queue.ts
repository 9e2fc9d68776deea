import type { MessageAttribute, SqsMessage, SqsQueue } from "localemu:fauxqs";
import type { Document, DocumentStore } from "../../storage/document-store.ts";
import type { QueueListener } from "./queue-listener.ts";

/** How queues are kept: each in a document by its ARN, and what belongs to it in collections that end with its ARN. */
export const queuesCollection = "sqs.queues";
/** One document, of a FIFO queue: it changes with every message. */
const sequenceOf = (queueArn: string): string => `sqs.sequence/${queueArn}`;
/** By message id. A message is kept once, when it comes in; what receiving it changes is kept beside it. */
const messagesOf = (queueArn: string): string => `sqs.messages/${queueArn}`;
const receivesOf = (queueArn: string): string => `sqs.receives/${queueArn}`;
/** By deduplication id. */
const deduplicationOf = (queueArn: string): string => `sqs.deduplication/${queueArn}`;

type Texts = Readonly<Record<string, string>>;

/** Times of queues are in seconds since the epoch, all others in milliseconds; all are world time. */
export type QueueDocument = {
  readonly name: string;
  readonly url: string;
  readonly attributes: Texts;
  readonly tags: Texts;
  readonly createdAt: number;
  readonly changedAt: number;
};

type SequenceDocument = { readonly last: number };

export type MessageDocument = {
  readonly body: string;
  readonly md5OfBody: string;
  readonly attributes: { readonly [name: string]: AttributeDocument };
  readonly md5OfAttributes: string;
  readonly sentAt: number;
  readonly delayedUntil: number | undefined;
  readonly groupId: string | undefined;
  readonly deduplicationId: string | undefined;
  readonly sequenceNumber: string | undefined;
  readonly traceHeader: string | undefined;
  /** Of a message that came from another queue. */
  readonly receiveCount: number;
  readonly firstReceivedAt: number | undefined;
};

type AttributeDocument = {
  readonly type: string;
  readonly text: string | undefined;
  /** In base64. */
  readonly binary: string | undefined;
};

export type ReceiveDocument = {
  readonly receiveCount: number;
  readonly firstReceivedAt: number | undefined;
  /** Of a message in flight, or of one whose visibility time-out has ended. */
  readonly inFlight: { readonly receiptHandle: string; readonly visibleAt: number } | undefined;
};

export type DeduplicationDocument = {
  readonly messageId: string;
  readonly sequenceNumber: string;
  readonly sentAt: number;
};

/** AWS: a message with the deduplication id of another is not delivered for five minutes (SQS developer guide). */
export const deduplicationMs = 5 * 60_000;

/** Keeps one queue with its messages. What a queue tells is kept at once, before whoever caused it is answered. */
export class KeptQueue implements QueueListener {
  readonly #documents: DocumentStore;
  readonly #queue: SqsQueue;
  readonly #traceHeaderOf: (message: SqsMessage) => string | undefined;
  /** When the messages came whose deduplication ids are kept, the oldest first. */
  readonly #deduplicated: Map<string, number>;

  constructor(
    documents: DocumentStore,
    queue: SqsQueue,
    traceHeaderOf: (message: SqsMessage) => string | undefined,
    deduplicated: Map<string, number>,
  ) {
    this.#documents = documents;
    this.#queue = queue;
    this.#traceHeaderOf = traceHeaderOf;
    this.#deduplicated = deduplicated;
  }

  insertQueue(): void {
    const { name, url, arn, attributes, tags, createdTimestamp, lastModifiedTimestamp } = this.#queue;
    this.#documents.put(queuesCollection, arn, {
      name,
      url,
      attributes: { ...attributes },
      tags: Object.fromEntries(tags),
      createdAt: createdTimestamp,
      changedAt: lastModifiedTimestamp,
    } satisfies QueueDocument);
  }

  updateQueueAttributes(): void {
    this.insertQueue();
  }

  updateQueueSequenceCounter(_queueName: string, last: number): void {
    this.#documents.put(sequenceOf(this.#queue.arn), "last", { last } satisfies SequenceDocument);
  }

  insertMessage(_queueName: string, message: SqsMessage): void {
    const document = encodeMessage(message, this.#traceHeaderOf(message));
    this.#documents.put(messagesOf(this.#queue.arn), message.messageId, document);
    this.#keepDeduplication(message);
  }

  updateMessageInflight(
    messageId: string,
    receiptHandle: string,
    visibleAt: number,
    receiveCount: number,
    firstReceivedAt: number,
  ): void {
    const document: ReceiveDocument = { receiveCount, firstReceivedAt, inFlight: { receiptHandle, visibleAt } };
    this.#documents.put(receivesOf(this.#queue.arn), messageId, document);
  }

  updateMessageReady(messageId: string, message: SqsMessage): void {
    const { approximateReceiveCount: receiveCount, approximateFirstReceiveTimestamp: firstReceivedAt } = message;
    const document: ReceiveDocument = { receiveCount, firstReceivedAt, inFlight: undefined };
    this.#documents.put(receivesOf(this.#queue.arn), messageId, document);
  }

  deleteMessage(messageId: string): void {
    this.#documents.delete(messagesOf(this.#queue.arn), messageId);
    this.#documents.delete(receivesOf(this.#queue.arn), messageId);
  }

  deleteQueueMessages(): void {
    this.#documents.clear(messagesOf(this.#queue.arn));
    this.#documents.clear(receivesOf(this.#queue.arn));
  }

  deleteQueue(): void {
    const { arn } = this.#queue;
    this.deleteQueueMessages();
    this.#documents.clear(deduplicationOf(arn));
    this.#documents.clear(sequenceOf(arn));
    this.#documents.delete(queuesCollection, arn);
  }

  #keepDeduplication(message: SqsMessage): void {
    const { messageDeduplicationId: id, sequenceNumber, messageId, sentTimestamp: sentAt } = message;
    // One that was received comes from another queue, where it counts.
    if (id === undefined || sequenceNumber === undefined || message.approximateReceiveCount > 0) return;
    const collection = deduplicationOf(this.#queue.arn);
    for (const [known, knownSince] of this.#deduplicated) {
      if (knownSince + deduplicationMs > sentAt) break;
      this.#deduplicated.delete(known);
      this.#documents.delete(collection, known);
    }
    this.#deduplicated.set(id, sentAt);
    this.#documents.put(collection, id, { messageId, sequenceNumber, sentAt } satisfies DeduplicationDocument);
  }
}

/** What is kept of a queue's messages. */
export interface KeptMessages {
  /** The last sequence number that was given, without its zeros. */
  readonly lastSequence: number;
  /** In the order in which they came. */
  readonly messages: readonly Document<MessageDocument>[];
  /** By message id. */
  readonly receives: ReadonlyMap<string, ReceiveDocument>;
  /** By deduplication id. */
  readonly deduplication: readonly Document<DeduplicationDocument>[];
}

export function readMessages(documents: DocumentStore, queueArn: string): KeptMessages {
  const receives = documents.read<ReceiveDocument>(receivesOf(queueArn));
  return {
    lastSequence: documents.read<SequenceDocument>(sequenceOf(queueArn))[0]?.value.last ?? 0,
    messages: documents.read<MessageDocument>(messagesOf(queueArn)),
    receives: new Map(receives.map(({ key, value }) => [key, value])),
    deduplication: documents.read<DeduplicationDocument>(deduplicationOf(queueArn)),
  };
}

function encodeMessage(message: SqsMessage, traceHeader: string | undefined): MessageDocument {
  const attributes = Object.entries(message.messageAttributes).map(([name, attribute]) => {
    const { DataType: type, StringValue: text, BinaryValue: binary } = attribute;
    return [name, { type, text, binary } satisfies AttributeDocument] as const;
  });
  return {
    body: message.body,
    md5OfBody: message.md5OfBody,
    attributes: Object.fromEntries(attributes),
    md5OfAttributes: message.md5OfMessageAttributes,
    sentAt: message.sentTimestamp,
    delayedUntil: message.delayUntil,
    groupId: message.messageGroupId,
    deduplicationId: message.messageDeduplicationId,
    sequenceNumber: message.sequenceNumber,
    traceHeader,
    receiveCount: message.approximateReceiveCount,
    firstReceivedAt: message.approximateFirstReceiveTimestamp,
  };
}

export function decodeMessage(
  { key, value }: Document<MessageDocument>,
  { receiveCount, firstReceivedAt }: Pick<ReceiveDocument, "receiveCount" | "firstReceivedAt"> = value,
): SqsMessage {
  const attributes = Object.entries(value.attributes).map(([name, { type, text, binary }]) => {
    const attribute: MessageAttribute = {
      DataType: type,
      ...(text === undefined ? {} : { StringValue: text }),
      ...(binary === undefined ? {} : { BinaryValue: binary }),
    };
    return [name, attribute] as const;
  });
  return {
    messageId: key,
    body: value.body,
    md5OfBody: value.md5OfBody,
    messageAttributes: Object.fromEntries(attributes),
    md5OfMessageAttributes: value.md5OfAttributes,
    sentTimestamp: value.sentAt,
    delayUntil: value.delayedUntil,
    messageGroupId: value.groupId,
    messageDeduplicationId: value.deduplicationId,
    sequenceNumber: value.sequenceNumber,
    approximateReceiveCount: receiveCount,
    approximateFirstReceiveTimestamp: firstReceivedAt,
  };
}
