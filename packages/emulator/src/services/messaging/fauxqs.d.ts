/** What the build makes of fauxqs (see build/fauxqs.ts), as far as it is used. Some of it is private in its own types. */
declare module "localemu:fauxqs" {
  import type { RouteTable } from "./route-table.ts";

  export interface SqsMessage {
    readonly messageId: string;
    readonly body: string;
    /** World time, milliseconds since the epoch, as all times here. */
    readonly sentTimestamp: number;
    readonly approximateReceiveCount: number;
    readonly approximateFirstReceiveTimestamp?: number;
    readonly delayUntil?: number;
    readonly messageGroupId?: string;
    readonly messageDeduplicationId?: string;
    readonly sequenceNumber?: string;
  }

  export interface InFlightMessage {
    readonly message: SqsMessage;
    readonly visibilityDeadline: number;
  }

  export interface ReceivedMessage {
    readonly MessageId: string;
    readonly ReceiptHandle: string;
    readonly Body: string;
    readonly MD5OfBody: string;
    readonly MD5OfMessageAttributes?: string;
    readonly MessageAttributes?: Readonly<Record<string, MessageAttribute>>;
  }

  export interface MessageAttribute {
    readonly DataType: string;
    readonly StringValue?: string;
    /** In base64. */
    readonly BinaryValue?: string;
  }

  /** Where messages go that were received too often. */
  export interface DeadLetters {
    enqueue(message: SqsMessage): void;
  }

  export interface SqsQueue extends DeadLetters {
    readonly name: string;
    readonly attributes: Readonly<Record<string, string>>;
    /** Those that are visible, in a standard queue. */
    readonly messages: readonly SqsMessage[];
    /** By receipt handle. */
    readonly inflightMessages: ReadonlyMap<string, InFlightMessage>;
    persistence: QueuePersistence;
    isFifo(): boolean;
    hasAvailableFifoMessages(): boolean;
    /** Receives; without `visibilityTimeout` (seconds) it is the queue's. */
    dequeue(
      maxCount: number,
      visibilityTimeout: number | undefined,
      deadLetters: (arn: string) => DeadLetters | undefined,
    ): readonly ReceivedMessage[];
    /** False where the message is not in flight under this handle. */
    deleteMessage(receiptHandle: string): boolean;
    /** Does nothing where the message is not in flight under this handle. */
    changeVisibility(receiptHandle: string, timeoutSeconds: number): void;
    /** Makes visible what is due by now, and ends the polls that wait for it. */
    processTimers(): void;
    inspectMessages(): {
      readonly ready: readonly SqsMessage[];
      readonly delayed: readonly SqsMessage[];
      readonly inflight: readonly InFlightMessage[];
    };
  }

  export interface StorePersistence {
    /** May give the queue a persistence of its own. */
    insertQueue(queue: SqsQueue): void;
    deleteQueue(queueName: string): void;
  }

  /** Told of each change of a queue before it takes effect in memory; not of a delay or a visibility time-out that ended. */
  export interface QueuePersistence {
    updateQueueAttributes(): void;
    updateQueueSequenceCounter(): void;
    deleteQueueMessages(): void;
    insertMessage(queueName: string, message: SqsMessage): void;
    updateMessageInflight(messageId: string, receiptHandle: string, visibilityDeadline: number): void;
    updateMessageReady(messageId: string): void;
    deleteMessage(messageId: string): void;
  }

  export class SqsStore {
    queuesByArn: Map<string, SqsQueue>;
    persistence: StorePersistence;
    getQueue(url: string): SqsQueue | undefined;
    /** Ends all polls and forgets all queues. */
    purgeAll(): void;
  }

  export interface SnsTopic {
    readonly name: string;
    readonly arn: string;
    readonly subscriptionArns: readonly string[];
  }

  /** A message that a topic has taken, before it is delivered. */
  export interface Published {
    readonly topic: SnsTopic;
    readonly messageId: string;
    readonly message: string;
    readonly subject?: string;
    readonly messageGroupId?: string;
    readonly messageAttributes: Readonly<Record<string, MessageAttribute>>;
  }

  /** A notification as queues get it, without the link to unsubscribe. */
  export interface SnsEnvelope {
    readonly Type: string;
    readonly MessageId: string;
    readonly TopicArn: string;
    readonly Subject?: string;
    readonly Message: string;
    readonly Timestamp: string;
    readonly SignatureVersion: string;
    readonly Signature: string;
    readonly SigningCertURL: string;
    readonly MessageAttributes?: Readonly<Record<string, { readonly Type: string; readonly Value: string }>>;
  }

  export interface SnsSubscription {
    readonly arn: string;
    readonly protocol: string;
    readonly endpoint: string;
  }

  export class SnsStore {
    onPublished?: (published: Published) => void;
    /** Told of each message that a function is to get. */
    onFunctionNotified?: (topic: SnsTopic, subscription: SnsSubscription, envelope: SnsEnvelope) => void;
    getTopic(arn: string): SnsTopic | undefined;
    getSubscription(arn: string): SnsSubscription | undefined;
    purgeAll(): void;
  }

  export interface S3Object {
    readonly key: string;
    readonly body: Buffer;
    readonly contentType: string;
    readonly contentLength: number;
    /** In quotes. */
    readonly etag: string;
    readonly metadata: Readonly<Record<string, string>>;
    readonly lastModified: Date;
  }

  export interface S3Event {
    readonly bucket: string;
    readonly key: string;
    /** A deletion is told of before it is done, everything else after. */
    readonly status: "uploaded" | "downloaded" | "deleted" | "renamed";
  }

  export class S3Store {
    spy?: { addMessage(event: S3Event): void };
    hasBucket(name: string): boolean;
    /** Throws where there is no such object. */
    headObject(bucket: string, key: string): S3Object;
    /** By key. Throws where there is no such bucket. */
    listObjects(bucket: string, options: { readonly maxKeys: number }): { readonly objects: readonly S3Object[] };
    purgeAll(): void;
  }

  export function buildApp(options: {
    readonly defaultRegion: string;
    readonly stores: { readonly sqsStore: SqsStore; readonly snsStore: SnsStore; readonly s3Store: S3Store };
  }): RouteTable;
}
