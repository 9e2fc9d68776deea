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

/** The notification configurations of one world's buckets. */
export class BucketNotifications {
  readonly #byBucket = new Map<string, readonly BucketNotification[]>();

  get(bucket: string): readonly BucketNotification[] {
    return this.#byBucket.get(bucket) ?? [];
  }

  /** Replaces all that a bucket has. */
  set(bucket: string, notifications: readonly BucketNotification[]): void {
    if (notifications.length === 0) this.#byBucket.delete(bucket);
    else this.#byBucket.set(bucket, notifications);
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
