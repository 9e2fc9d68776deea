import type { DocumentStore } from "../../../storage/document-store.ts";
import type { Notification } from "./notification.ts";
import { s3Event } from "./s3-event.ts";
import type { ObjectEvent } from "./s3-event.ts";

export type NotifiedService = "sns" | "sqs" | "lambda";

/** Whom a bucket tells of which events of which objects. */
export interface BucketNotification {
  readonly id: string;
  readonly service: NotifiedService;
  readonly arn: string;
  /** Such as `s3:ObjectCreated:*`. */
  readonly events: readonly string[];
  /** What the keys begin and end with; undefined where that is not filtered. */
  readonly prefix: string | undefined;
  readonly suffix: string | undefined;
}

/** By bucket. */
const collection = "s3.notifications";

type NotificationsDocument = {
  readonly notifications: readonly {
    readonly id: string;
    readonly service: NotifiedService;
    readonly arn: string;
    readonly events: readonly string[];
    readonly prefix: string | undefined;
    readonly suffix: string | undefined;
  }[];
};

/** The notification configurations of one world's buckets. */
export class BucketNotifications {
  readonly #documents: DocumentStore;
  readonly #byBucket: Map<string, readonly BucketNotification[]>;

  /** Has from the start what is kept. */
  constructor(documents: DocumentStore) {
    this.#documents = documents;
    const kept = documents.read<NotificationsDocument>(collection);
    this.#byBucket = new Map(kept.map(({ key, value }) => [key, value.notifications]));
  }

  get(bucket: string): readonly BucketNotification[] {
    return this.#byBucket.get(bucket) ?? [];
  }

  /** Replaces all that a bucket has. */
  set(bucket: string, notifications: readonly BucketNotification[]): void {
    if (notifications.length === 0) {
      this.#byBucket.delete(bucket);
      this.#documents.delete(collection, bucket);
    } else {
      this.#byBucket.set(bucket, notifications);
      const document: NotificationsDocument = { notifications: notifications.map(encode) };
      this.#documents.put(collection, bucket, document);
    }
  }

  /** Whom an event is told to, and how. */
  notify(event: ObjectEvent): Notification[] {
    return this.get(event.bucket)
      .filter((notification) => isFor(notification, event))
      .map(({ id, arn, service }) => ({
        from: `bucket ${event.bucket}`,
        to: arn,
        body: s3Event(event, id),
        ...(service === "sns" && { subject: "Amazon S3 Notification" }),
      }));
  }
}

function encode(notification: BucketNotification): NotificationsDocument["notifications"][number] {
  const { id, service, arn, events, prefix, suffix } = notification;
  return { id, service, arn, events, prefix, suffix };
}

function isFor({ events, prefix = "", suffix = "" }: BucketNotification, { name, key }: ObjectEvent): boolean {
  const isKind = events.some((event) => event === `s3:${name}` || event === `s3:${name.split(":")[0] ?? ""}:*`);
  return isKind && key.startsWith(prefix) && key.endsWith(suffix);
}

/** Whether two would be told of one event of one object. */
export function overlap(one: BucketNotification, other: BucketNotification): boolean {
  const { prefix: a = "", suffix: x = "" } = one;
  const { prefix: b = "", suffix: y = "" } = other;
  const isOneKind = one.events.some((event) => other.events.some((another) => sameKind(event, another)));
  return isOneKind && (a.startsWith(b) || b.startsWith(a)) && (x.endsWith(y) || y.endsWith(x));
}

function sameKind(event: string, another: string): boolean {
  if (event === another) return true;
  const [wide, narrow] = event.endsWith("*") ? [event, another] : [another, event];
  return wide.endsWith(":*") && narrow.startsWith(wide.slice(0, -1));
}
