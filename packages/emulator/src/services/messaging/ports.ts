import type { PeekedQueue, TimelineEvent } from "@localemu/control";
import type { Activity } from "../../activity.ts";
import type { Clock } from "../../core/clock.ts";
import type { CallContext } from "../../protocols/operations.ts";

export type MessagingService = "sqs" | "sns" | "s3";

/** What the messaging services of a world need from it. */
export interface MessagingPorts {
  readonly clock: Clock;
  readonly activity: Activity;
  readonly record: (event: TimelineEvent) => void;
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
  readonly headers: Readonly<Record<string, string>>;
  /** Absent where the reply has none (HEAD, 204, 304). */
  readonly body?: string | Buffer;
}

/** A part of the context that every call has. */
export type MessagingCall = Pick<CallContext, "origin" | "region" | "requestId" | "signal">;

/** Where records go that a function could not process. */
export interface FailureDestination {
  /**
   * Sends one report. `key` is the object's key in a bucket, `subject` a notification's subject.
   * Throws the AwsError that the service answers, e.g. `QueueDoesNotExist`.
   */
  send(body: string, options?: { readonly key?: string; readonly subject?: string }): Promise<void>;
}

/** SQS, SNS and S3 of one world. */
export interface Messaging {
  /** Serves one request of `service`; what goes wrong is in the reply. */
  handle(service: MessagingService, request: MessagingRequest, call: MessagingCall): Promise<MessagingReply>;
  /** A queue, a topic or a bucket by its ARN; undefined for any other ARN. Whether it exists shows when something is sent. */
  failureDestination(arn: string): FailureDestination | undefined;
  /** Everything that a queue holds; nothing is consumed. Undefined where there is no such queue. */
  peekQueue(region: string, queueName: string): PeekedQueue | undefined;
  /**
   * Calls `listener` after a queue's messages changed: arrived, were received, became visible or went away.
   * Several changes at once are one call, which comes before the work that caused them stops counting as activity.
   */
  onQueueChanged(listener: (region: string, queueName: string) => void): () => void;
  /** Ends all polls and forgets all queues, topics and buckets. */
  reset(): void;
  /** As `reset`, for good: polls that wait are answered as if their time were over. */
  close(): void;
}
