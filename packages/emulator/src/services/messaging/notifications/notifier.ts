import type { S3Event, S3Store, SnsEnvelope, SnsSubscription, SnsTopic } from "localemu:fauxqs";
import type { TimelineEvent } from "@localemu/control";
import { parseArn } from "../../../core/arns.ts";
import type { Clock } from "../../../core/clock.ts";
import { DataError } from "../../../core/data-error.ts";
import type { DocumentStore } from "../../../storage/document-store.ts";
import { awsError } from "../../../protocols/errors.ts";
import { errorOf } from "../http-forms.ts";
import type { NotifiedFunctions } from "../ports.ts";
import type { Answer } from "../route-table.ts";
import { sendTo } from "../send-to.ts";
import type { SendingStores } from "../send-to.ts";
import { callFacts, callOrigin, callTraceHeader } from "../world-time.ts";
import { BucketNotifications } from "./bucket-notifications.ts";
import type { BucketNotification } from "./bucket-notifications.ts";
import type { Notification } from "./notification.ts";
import { sequencerOf, testEvent } from "./s3-event.ts";
import { snsEvent } from "./sns-event.ts";

/** Whom the notifications of topics and buckets reach. */
export interface Notified extends SendingStores {
  readonly clock: Clock;
  readonly documents: DocumentStore;
  readonly functions: NotifiedFunctions;
  record(event: TimelineEvent): void;
}

/** Tells functions of what is published to topics, and whom they name of what happens in buckets. */
export class Notifier {
  readonly #to: Notified;
  readonly #buckets: BucketNotifications;
  /** What the step that is being done leads to. */
  readonly #outbox: Notification[] = [];
  /** The operation of S3 that is being done. */
  #operation: string | undefined;
  #events = 0;

  constructor(to: Notified) {
    this.#to = to;
    this.#buckets = new BucketNotifications(to.documents);
  }

  /**
   * Has fauxqs do `work`, which it does in one step, and sends what that leads to before it is answered: who asked for it is
   * still busy, and everybody has got it when the answer is there.
   */
  async during(work: () => Promise<Answer>, operation?: string): Promise<Answer> {
    this.#operation = operation;
    const answering = work();
    const notifications = this.#outbox.splice(0);
    const answer = await answering;
    for (const notification of notifications) await this.#send(notification);
    return answer;
  }

  /** What a bucket tells whom. */
  bucket(bucket: string): readonly BucketNotification[] {
    return this.#buckets.get(bucket);
  }

  /** Replaces that. Queues and topics get a message that tells of it. */
  async configureBucket(bucket: string, notifications: readonly BucketNotification[]): Promise<void> {
    this.#buckets.set(bucket, notifications);
    const at = this.#to.clock.now();
    const requestId = callFacts().requestId ?? sequencerOf(at, this.#events);
    for (const { arn, service } of notifications) {
      // AWS: not to functions (recorded on AWS).
      if (service === "lambda") continue;
      const body = testEvent({ bucket, at, requestId });
      await this.#send({ from: `bucket ${bucket}`, to: arn, body, subject: "Amazon S3 Notification" });
    }
  }

  functionNotified(topic: SnsTopic, { arn, endpoint }: SnsSubscription, envelope: SnsEnvelope): void {
    const unsubscribe = `${callOrigin()}/?Action=Unsubscribe&SubscriptionArn=${arn}`;
    this.#outbox.push({ from: `topic ${topic.name}`, to: endpoint, body: snsEvent(arn, envelope, unsubscribe) });
  }

  objectChanged(s3: S3Store, { bucket, key, status }: S3Event): void {
    if (this.#buckets.get(bucket).length === 0) return;
    const { region = "us-east-1", requestId } = callFacts();
    const about = { bucket, key, at: this.#to.clock.now(), count: this.#events++, region, requestId };
    const isGone = status === "deleted";
    const name = isGone ? "ObjectRemoved:Delete" : `ObjectCreated:${creations.get(this.#operation ?? "") ?? "Post"}`;
    this.#outbox.push(
      ...this.#buckets.notify({ ...about, name, content: isGone ? undefined : contentOf(s3, bucket, key) }),
    );
  }

  async #send({ from, to, body, subject }: Notification): Promise<void> {
    try {
      const arn = parseArn(to);
      if (arn?.service === "lambda") {
        await this.#to.functions.invokeLater({
          functionArn: to,
          payload: body,
          source: from,
          traceHeader: callTraceHeader(),
        });
        return;
      }
      if (arn === undefined) throw new Error("it is no ARN");
      const answer = await sendTo(this.#to, arn, to, body, subject === undefined ? {} : { subject });
      if (answer.status < 400) return;
      const { code, message } = errorOf(answer);
      throw awsError(code, message);
    } catch (thrown) {
      // What is lost was not taken: who published must know.
      if (thrown instanceof DataError) throw thrown;
      // AWS: who published, or put the object, is not told.
      const error = thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown);
      this.#to.record({ type: "notification.failed", from, destination: to, error });
    }
  }
}

/** By operation, what has created an object: a form in a browser where it is none of these. */
const creations: ReadonlyMap<string, string> = new Map([
  ["PutObject", "Put"],
  ["CopyObject", "Copy"],
  ["CompleteMultipartUpload", "CompleteMultipartUpload"],
]);

function contentOf(s3: S3Store, bucket: string, key: string): { readonly size: number; readonly etag: string } {
  const { contentLength: size, etag } = s3.headObject(bucket, key);
  return { size, etag: etag.replaceAll('"', "") };
}
