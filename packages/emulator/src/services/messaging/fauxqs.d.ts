/** What the build makes of fauxqs (see build/fauxqs.ts), as far as it is used. Some of it is private in its own types. */
declare module "localemu:fauxqs" {
  import type { RouteTable } from "./route-table.ts";

  export interface SqsMessage {
    readonly messageId: string;
    readonly body: string;
    readonly md5OfBody: string;
    readonly messageAttributes: Readonly<Record<string, MessageAttribute>>;
    readonly md5OfMessageAttributes: string;
    /** World time, milliseconds since the epoch, as all times here. */
    readonly sentTimestamp: number;
    readonly approximateReceiveCount: number;
    readonly approximateFirstReceiveTimestamp?: number | undefined;
    readonly delayUntil?: number | undefined;
    readonly messageGroupId?: string | undefined;
    readonly messageDeduplicationId?: string | undefined;
    readonly sequenceNumber?: string | undefined;
  }

  export interface InFlightMessage {
    readonly message: SqsMessage;
    readonly receiptHandle: string;
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
    readonly url: string;
    readonly arn: string;
    readonly attributes: Readonly<Record<string, string>>;
    readonly tags: ReadonlyMap<string, string>;
    /** Seconds since the epoch, as the next. */
    readonly createdTimestamp: number;
    lastModifiedTimestamp: number;
    /** Of the last sequence number that was given. */
    sequenceCounter: number;
    /** Those that are visible, in a standard queue. */
    readonly messages: SqsMessage[];
    readonly delayedMessages: SqsMessage[];
    /** By group: those that are visible, or wait for others of their group, in a FIFO queue. */
    readonly fifoMessages: ReadonlyMap<string, SqsMessage[]>;
    readonly fifoDelayed: ReadonlyMap<string, SqsMessage[]>;
    /** How many messages of a group are in flight; a group that is missing has none. */
    readonly fifoLockedGroups: Map<string, number>;
    /** By receipt handle. */
    readonly inflightMessages: Map<string, InFlightMessage>;
    persistence: QueuePersistence;
    isFifo(): boolean;
    /** Refuses another message of that id for five minutes from now. */
    recordDeduplication(deduplicationId: string, messageId: string, sequenceNumber: string): void;
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

  /** Told of changes of a queue; not of a delay or a visibility time-out that ended. */
  export interface QueuePersistence {
    /** Its tags or its attributes have changed. */
    insertQueue(queue: SqsQueue): void;
    updateQueueAttributes(queueName: string): void;
    updateQueueSequenceCounter(queueName: string, counter: number): void;
    deleteQueueMessages(queueName: string): void;
    insertMessage(queueName: string, message: SqsMessage): void;
    updateMessageInflight(
      messageId: string,
      receiptHandle: string,
      visibilityDeadline: number,
      receiveCount: number,
      firstReceivedAt: number,
    ): void;
    updateMessageReady(messageId: string, message: SqsMessage): void;
    deleteMessage(messageId: string): void;
  }

  export class SqsStore {
    queuesByArn: Map<string, SqsQueue>;
    persistence?: StorePersistence;
    getQueue(url: string): SqsQueue | undefined;
    createQueue(
      name: string,
      url: string,
      arn: string,
      attributes: Readonly<Record<string, string>>,
      tags: Readonly<Record<string, string>>,
    ): SqsQueue;
    /** Ends all polls and forgets all queues. */
    purgeAll(): void;
  }

  export interface SnsTopic {
    readonly name: string;
    readonly arn: string;
    readonly attributes: Readonly<Record<string, string>>;
    readonly tags: ReadonlyMap<string, string>;
    readonly subscriptionArns: string[];
  }

  export interface SnsSubscription {
    readonly arn: string;
    readonly topicArn: string;
    readonly protocol: string;
    readonly endpoint: string;
    readonly confirmed: boolean;
    readonly attributes: Readonly<Record<string, string>>;
  }

  /** Told of changes of topics and subscriptions after they took effect in memory. */
  export interface TopicPersistence {
    insertTopic(topic: SnsTopic): void;
    updateTopicAttributes(arn: string): void;
    updateTopicSubscriptionArns(arn: string): void;
    deleteTopic(arn: string): void;
    insertSubscription(subscription: SnsSubscription): void;
    updateSubscriptionAttributes(arn: string): void;
    deleteSubscription(arn: string): void;
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

  export class SnsStore {
    onPublished?: (published: Published) => void;
    persistence?: TopicPersistence;
    readonly topics: Map<string, SnsTopic>;
    readonly subscriptions: Map<string, SnsSubscription>;
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
    /** Bytes. */
    readonly contentLength: number;
    /** In quotes. */
    readonly etag: string;
    readonly metadata: Readonly<Record<string, string>>;
    readonly lastModified: Date;
    readonly contentLanguage?: string | undefined;
    readonly contentDisposition?: string | undefined;
    readonly cacheControl?: string | undefined;
    readonly contentEncoding?: string | undefined;
    /** Where the parts of an upload lie in the object, in bytes. */
    readonly parts?: readonly ObjectPart[] | undefined;
    readonly checksumAlgorithm?: string | undefined;
    readonly checksumValue?: string | undefined;
    readonly checksumType?: string | undefined;
    readonly partChecksums?: readonly string[] | undefined;
  }

  export interface ObjectPart {
    readonly partNumber: number;
    readonly offset: number;
    readonly length: number;
  }

  /** Told of changes of buckets and objects, some before and some after they take effect in memory. */
  export interface BucketPersistence {
    insertBucket(name: string, creationDate: Date, type: string): void;
    deleteBucket(name: string): void;
    saveBucketLifecycleConfiguration(bucket: string, configuration: string): void;
    deleteBucketLifecycleConfiguration(bucket: string): void;
    upsertObject(bucket: string, object: S3Object): void;
    deleteObject(bucket: string, key: string): void;
    /** The object has its new key already. */
    renameObject(bucket: string, sourceKey: string, key: string): void;
    insertMultipartUpload(): void;
    upsertMultipartPart(): void;
    deleteMultipartUpload(): void;
    completeMultipartUpload(uploadId: string, bucket: string, object: S3Object): void;
  }

  export interface S3Event {
    readonly bucket: string;
    readonly key: string;
    /** A deletion is told of before it is done, everything else after. */
    readonly status: "uploaded" | "downloaded" | "deleted" | "renamed";
  }

  export class S3Store {
    spy?: { addMessage(event: S3Event): void };
    persistence?: BucketPersistence;
    createBucket(name: string, type: string): void;
    restoreBucketLifecycleConfiguration(bucket: string, configuration: string): void;
    restoreObject(bucket: string, object: S3Object): void;
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
