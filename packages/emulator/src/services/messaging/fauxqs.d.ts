/** What the build makes of fauxqs (see build/fauxqs.ts), as far as it is used. Some of it is private in its own types. */
declare module "localemu:fauxqs" {
  import type { RouteTable } from "./route-table.ts";

  export interface SqsMessage {
    readonly messageId: string;
    readonly body: string;
    readonly approximateReceiveCount: number;
    /** World time, milliseconds since the epoch. */
    readonly delayUntil?: number;
  }

  export interface SqsQueue {
    readonly name: string;
    readonly attributes: Readonly<Record<string, string>>;
    persistence: QueuePersistence;
    /** Makes visible what is due by now, and ends the polls that wait for it. */
    processTimers(): void;
    inspectMessages(): {
      readonly ready: readonly SqsMessage[];
      readonly delayed: readonly SqsMessage[];
      readonly inflight: readonly { readonly message: SqsMessage }[];
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

  export class SnsStore {
    purgeAll(): void;
  }

  export class S3Store {
    purgeAll(): void;
  }

  export function buildApp(options: {
    readonly defaultRegion: string;
    readonly stores: { readonly sqsStore: SqsStore; readonly snsStore: SnsStore; readonly s3Store: S3Store };
  }): RouteTable;
}
