import type { PeekedBucket, PeekedQueue, PeekedTopic, TimelineEvent } from "@localemu/control";
import type { Activity } from "../../activity.ts";
import type { Clock } from "../../core/clock.ts";
import type { AwsError } from "../../protocols/errors.ts";
import type { CallContext } from "../../protocols/operations.ts";
import type { DocumentStore } from "../../storage/document-store.ts";

export type MessagingService = "sqs" | "sns" | "s3";

/** What a call must be allowed: an action such as `sqs:SendMessage`, and the ARN of what it is done to. */
export interface NeededPermission {
  readonly action: string;
  readonly resource: string;
}

/** What the messaging services of a world need from it. */
export interface MessagingPorts {
  readonly clock: Clock;
  /** What outlives the emulator. */
  readonly documents: DocumentStore;
  readonly activity: Activity;
  readonly record: (event: TimelineEvent) => void;
  /** Lets a client's call suffer its faults; resolves with the error that it is to fail with, if any. */
  readonly suffer: (service: MessagingService, operation: string) => Promise<AwsError | undefined>;
  /** The error for a caller who may not; undefined where nobody is asked. */
  readonly authorize?:
    | ((
        service: MessagingService,
        needed: readonly NeededPermission[],
        call: MessagingCall,
      ) => Promise<AwsError | undefined>)
    | undefined;
  readonly functions: NotifiedFunctions;
}

/** Functions that topics and buckets notify. */
export interface NotifiedFunctions {
  /** Whether there is a function, with its version or alias, of that ARN. */
  exists(arn: string): Promise<boolean>;
  /** Hands an event to a function, which gets it later. Rejects where there is none. */
  invokeLater(event: FunctionEvent): Promise<void>;
}

export interface FunctionEvent {
  readonly functionArn: string;
  /** JSON. */
  readonly payload: string;
  /** Who invokes, for people. */
  readonly source: string;
  /** The value of `X-Amzn-Trace-Id` of what caused it. */
  readonly traceHeader: string | undefined;
}

/** An HTTP request whose world was found already. */
export interface MessagingRequest {
  readonly method: string;
  /** Path and query as they came in, without the world's prefix. */
  readonly url: string;
  /** With lower-case names, as Node gives them. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer | AsyncIterable<Uint8Array>;
}

export interface MessagingReply {
  readonly status: number;
  /** What was called, and AWS's code of the error, where `handle` knows them. */
  readonly operation?: string;
  readonly code?: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Absent where the reply has none (HEAD, 204, 304). */
  readonly body?: string | Buffer;
}

/** A part of the context that every call has. */
export type MessagingCall = Pick<CallContext, "origin" | "region" | "requestId" | "trace" | "signal"> &
  Partial<Pick<CallContext, "accessKeyId">>;

/** Where records go that a function could not process. */
export interface FailureDestination {
  /**
   * Sends one report. `key` is the object's key in a bucket, `subject` a notification's subject.
   * Throws the AwsError that the service answers, e.g. `QueueDoesNotExist`.
   */
  send(body: string, options?: ReportOptions): Promise<void>;
}

/** What goes with a report: `attributes` are a message's. */
export interface ReportOptions {
  readonly key?: string;
  readonly subject?: string;
  /** The value of `X-Amzn-Trace-Id`: messages carry it on. */
  readonly traceHeader?: string | undefined;
  readonly attributes?: Readonly<Record<string, { readonly type: "String" | "Number"; readonly value: string }>>;
}

/** A queue as a consumer inside the world reads it: by the rules of ReceiveMessage, but never over HTTP. */
export interface QueueReader {
  readonly arn: string;
  readonly name: string;
  readonly region: string;
  readonly fifo: boolean;
  /** The queue's visibility time-out as it is now. */
  visibilityTimeoutMs(): number;
  /** Whether a receive would take something from the queue now; false once the queue is gone. */
  isReceivable(): boolean;
  /** Receives up to 10 messages without waiting, for the queue's visibility time-out. */
  receive(max: number): QueueRead;
  /** False where the message is not in flight under this handle: it has become visible, or is gone. */
  delete(receiptHandle: string): boolean;
  /** Makes a message visible at once. */
  release(receiptHandle: string): void;
  /** When a message in flight becomes visible, world time; undefined where it is not in flight under this handle. */
  visibleAt(receiptHandle: string): number | undefined;
  /** Calls `listener` when receiving may give something else than before; the returned function ends that. */
  onChange(listener: () => void): () => void;
  /**
   * Until the returned function is called, messages that are delayed or in flight are work: somebody receives them when they
   * become visible. Otherwise nothing comes of them.
   */
  attach(): () => void;
}

export type QueueRead =
  | {
      readonly kind: "received";
      readonly messages: readonly ReadMessage[];
      /** Messages that went to the dead-letter queue instead. */
      readonly redriven: readonly RedrivenMessage[];
    }
  | { readonly kind: "gone" };

/** Times are world time in milliseconds. */
export interface ReadMessage {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  readonly md5OfBody: string;
  /** Undefined where there are no attributes. */
  readonly md5OfMessageAttributes: string | undefined;
  readonly messageAttributes: readonly ReadMessageAttribute[];
  readonly senderId: string;
  readonly sentAt: number;
  readonly firstReceivedAt: number;
  /** This time included. */
  readonly receiveCount: number;
  /** When its visibility time-out ends. */
  readonly visibleAt: number;
  /** These three are undefined in standard queues. */
  readonly sequenceNumber: string | undefined;
  readonly groupId: string | undefined;
  readonly deduplicationId: string | undefined;
  /** The value of `X-Amzn-Trace-Id` with which it was sent. */
  readonly traceHeader: string | undefined;
}

export interface ReadMessageAttribute {
  readonly name: string;
  readonly dataType: string;
  readonly stringValue: string | undefined;
  /** In base64. */
  readonly binaryValue: string | undefined;
}

export interface RedrivenMessage {
  readonly messageId: string;
  /** Its ARN. */
  readonly deadLetterQueue: string;
}

/** SQS, SNS and S3 of one world. */
export interface Messaging {
  /** Makes what was kept, which shows before the first call then: the first call would do it otherwise. */
  open(): Promise<void>;
  /** Serves one request of `service`; what goes wrong is in the reply. */
  handle(service: MessagingService, request: MessagingRequest, call: MessagingCall): Promise<MessagingReply>;
  /** A queue, a topic or a bucket by its ARN; undefined for any other ARN. Whether it exists shows when something is sent. */
  failureDestination(arn: string): FailureDestination | undefined;
  /** The policy document of a queue or a topic; undefined where there is none. */
  policyOf(arn: string): string | undefined;
  /** The queue of an ARN; undefined where there is none. */
  openQueue(arn: string): Promise<QueueReader | undefined>;
  /** How many queues there are in all regions. */
  countQueues(): number;
  /** Everything that a queue holds; nothing is consumed. Undefined where there is no such queue. */
  peekQueue(region: string, queueName: string): PeekedQueue | undefined;
  /** What a topic took; undefined where there is no such topic. */
  peekTopic(region: string, topicName: string): PeekedTopic | undefined;
  /** Every object of a bucket, or the one that has `key`; undefined where there is no such bucket. */
  peekBucket(bucketName: string, key?: string): PeekedBucket | undefined;
  /**
   * Calls `listener` after a queue's messages changed: arrived, were received, became visible or went away.
   * Several changes at once are one call, which comes before the work that caused them stops counting as activity.
   */
  onQueueChanged(listener: (region: string, queueName: string) => void): () => void;
  /** Ends all polls, as if their time were over, and forgets all queues, topics and buckets; what is kept stays. */
  close(): void;
}
