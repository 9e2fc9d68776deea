import { buildApp, S3Store, SnsStore, SqsStore } from "localemu:fauxqs";
import type { SqsMessage, SqsQueue } from "localemu:fauxqs";
import type { PeekedBucket, PeekedMessage, PeekedQueue, PeekedTopic, TimelineEvent } from "@localemu/control";
import { accountId, parseArn } from "../../core/arns.ts";
import type { Clock } from "../../core/clock.ts";
import { nothingKept } from "../../storage/document-store.ts";
import type { DocumentStore } from "../../storage/document-store.ts";
import { keptBuckets, restoreBuckets } from "./kept-buckets.ts";
import { KeptQueue } from "./kept-queue.ts";
import { readRegions } from "./kept-regions.ts";
import type { KeptRegion } from "./kept-regions.ts";
import { keptTopics, restoreSubscription, restoreTopic } from "./kept-topics.ts";
import type { BucketNotification } from "./notifications/bucket-notifications.ts";
import { Notifier } from "./notifications/notifier.ts";
import { objectOperation } from "./object-operation.ts";
import { peekBucket } from "./peek-bucket.ts";
import { Publications } from "./publications.ts";
import { QueueWatch } from "./queue-watch.ts";
import { storedQueueUrl } from "./queue-url.ts";
import { restoreQueue } from "./restore-queue.ts";
import type { NotifiedFunctions } from "./ports.ts";
import type { Answer, HostedRequest, RouteTable } from "./route-table.ts";
import type { S3Address } from "./s3-address.ts";
import { callTraceHeader } from "./world-time.ts";

interface Region {
  readonly routes: RouteTable;
  readonly sqs: SqsStore;
  readonly sns: SnsStore;
  readonly watch: QueueWatch;
}

/** Who is told of what happens in the stores. */
export interface StoreListener {
  readonly functions: NotifiedFunctions;
  queueChanged(region: string, queueName: string): void;
  record(event: TimelineEvent): void;
}

/** What fauxqs keeps for one world. Queues and topics belong to a region, as everything does; buckets to none. */
export class WorldStores {
  readonly #clock: Clock;
  readonly #documents: DocumentStore;
  readonly #listener: StoreListener;
  readonly #regions = new Map<string, Region>();
  /** One for all regions: a topic may deliver to a queue of another region. */
  readonly #queuesByArn = new Map<string, SqsQueue>();
  /** Trace headers go with their messages. */
  readonly #traces = new WeakMap<SqsMessage, string>();
  readonly #s3 = new S3Store();
  readonly #publications: Publications;
  readonly #notifier: Notifier;
  #closed = false;

  /** Has from the start what `documents` keeps. */
  constructor(clock: Clock, documents: DocumentStore, listener: StoreListener) {
    this.#clock = clock;
    this.#documents = documents;
    this.#listener = listener;
    this.#publications = new Publications(clock, (event) => listener.record(event));
    this.#notifier = new Notifier({
      clock,
      documents,
      functions: listener.functions,
      record: (event) => listener.record(event),
      sqs: (...call) => this.sqs(...call),
      sns: (...call) => this.sns(...call),
      s3: (...call) => this.s3(...call),
    });
    this.#s3.spy = {
      addMessage: (event) => {
        const { status, bucket, key } = event;
        if (status === "downloaded") return;
        listener.record({ type: status === "deleted" ? "bucket.objectDeleted" : "bucket.objectPut", bucket, key });
        this.#notifier.objectChanged(this.#s3, event);
      },
    };
    if (documents === nothingKept) return;
    restoreBuckets(documents, this.#s3);
    this.#s3.persistence = keptBuckets(documents, this.#s3);
    for (const [region, kept] of readRegions(documents)) this.#openRegion(region, kept);
  }

  /** Calls an operation of SQS with its JSON input; a `QueueUrl` in it must be the stored one. */
  sqs(region: string, operation: string, input: object): Promise<Answer> {
    return this.#post(region, { "content-type": "application/x-amz-json-1.0", "x-amz-target": operation }, input);
  }

  /** Calls the operation of SNS that `input` names as its `Action`. */
  sns(region: string, input: Readonly<Record<string, string>>): Promise<Answer> {
    const headers = { "content-type": "application/x-www-form-urlencoded" };
    return this.#notifier.during(() => this.#post(region, headers, input));
  }

  /** Calls S3 at one of its routes. */
  async s3(method: string, route: S3Address["route"], request: HostedRequest): Promise<Answer> {
    const operation = objectOperation(method, { route, query: request.query }, request.headers);
    const { routes } = this.#region("us-east-1");
    const answer = await this.#notifier.during(() => routes.call(method, route, request), operation);
    const { bucket } = request.params;
    // What a bucket told goes with it.
    if (operation === "DeleteBucket" && bucket !== undefined && !this.#s3.hasBucket(bucket))
      await this.#notifier.configureBucket(bucket, []);
    return answer;
  }

  /** Whom a bucket notifies; undefined where there is no such bucket. */
  bucketNotifications(bucket: string): readonly BucketNotification[] | undefined {
    return this.#s3.hasBucket(bucket) ? this.#notifier.bucket(bucket) : undefined;
  }

  /** Replaces that. */
  notify(bucket: string, notifications: readonly BucketNotification[]): Promise<void> {
    return this.#notifier.configureBucket(bucket, notifications);
  }

  /** Whether there is a queue, a topic or a function of that ARN. */
  async hasTarget(arn: string): Promise<boolean> {
    const { service, region = "" } = parseArn(arn) ?? {};
    if (service === "lambda") return this.#listener.functions.exists(arn);
    if (service === "sns") return this.#regions.get(region)?.sns.getTopic(arn) !== undefined;
    // AWS: a FIFO queue cannot be one (AWS docs).
    return this.queueByArn(arn)?.isFifo() === false;
  }

  get closed(): boolean {
    return this.#closed;
  }

  queue(region: string, queueName: string): SqsQueue | undefined {
    return this.#regions.get(region)?.sqs.getQueue(storedQueueUrl(region, queueName));
  }

  queueByArn(arn: string): SqsQueue | undefined {
    return this.#queuesByArn.get(arn);
  }

  get queueCount(): number {
    return this.#queuesByArn.size;
  }

  /** The policy of a queue or a topic; buckets have none here. */
  policyOf(arn: string): string | undefined {
    const { service, region = "" } = parseArn(arn) ?? {};
    if (service === "sqs") return this.queueByArn(arn)?.attributes["Policy"];
    return service === "sns" ? this.#regions.get(region)?.sns.getTopic(arn)?.attributes["Policy"] : undefined;
  }

  /** The trace header with which a message was sent. */
  traceHeader(message: SqsMessage): string | undefined {
    return this.#traces.get(message);
  }

  /** The same, of a message that is in flight. */
  receivedTraceHeader(region: string, queueName: string, receiptHandle: string): string | undefined {
    const entry = this.queue(region, queueName)?.inflightMessages.get(receiptHandle);
    return entry && this.traceHeader(entry.message);
  }

  /** Takes note of a consumer of a queue, which need not exist; the returned function takes it back. */
  attach(region: string, queueName: string): () => void {
    return this.#region(region).watch.attach(queueName);
  }

  peekQueue(region: string, queueName: string): PeekedQueue | undefined {
    const queue = this.queue(region, queueName);
    if (queue === undefined) return undefined;
    const { ready, delayed, inflight } = queue.inspectMessages();
    const messages: PeekedMessage[] = [];
    for (const message of ready) messages.push(peeked(message, "visible"));
    for (const { message } of inflight) messages.push(peeked(message, "inFlight"));
    for (const message of delayed) messages.push(peeked(message, "delayed"));
    return { queueName, messages };
  }

  peekTopic(region: string, topicName: string): PeekedTopic | undefined {
    const sns = this.#regions.get(region)?.sns;
    // fauxqs knows of one partition alone.
    return sns && this.#publications.peek(sns, `arn:aws:sns:${region}:${accountId}:${topicName}`);
  }

  peekBucket(bucketName: string, key?: string): PeekedBucket | undefined {
    return peekBucket(this.#s3, bucketName, key);
  }

  /** Ends every poll and cancels every timer; what was stored is forgotten with this object. */
  close(): void {
    this.#closed = true;
    for (const { sqs, watch } of this.#regions.values()) {
      watch.close();
      sqs.purgeAll();
    }
  }

  #post(region: string, headers: Record<string, string>, body: object): Promise<Answer> {
    const request = { headers: { ...headers, host: "localhost" }, params: {}, query: {}, body };
    return this.#region(region).routes.call("POST", "/", request);
  }

  #region(name: string): Region {
    return this.#regions.get(name) ?? this.#openRegion(name);
  }

  #openRegion(name: string, kept?: KeptRegion): Region {
    const sqs = new SqsStore();
    const sns = new SnsStore();
    const watch = this.#watch(name);
    sqs.queuesByArn = this.#queuesByArn;
    if (kept !== undefined) this.#restore(kept, sqs, sns, watch);
    // What changes from now on is told.
    sqs.persistence = watch;
    sns.persistence = keptTopics(this.#documents, sns);
    this.#publications.listenTo(sns, name);
    sns.onFunctionNotified = (...notified) => this.#notifier.functionNotified(...notified);
    const stores = { sqsStore: sqs, snsStore: sns, s3Store: this.#s3 };
    const region = { routes: buildApp({ defaultRegion: name, stores }), sqs, sns, watch };
    this.#regions.set(name, region);
    return region;
  }

  #watch(region: string): QueueWatch {
    return new QueueWatch(
      this.#clock,
      (queue) => this.#listener.queueChanged(region, queue.name),
      (queue, message) => {
        const traceHeader = callTraceHeader();
        // A message that is moved keeps its own.
        if (traceHeader !== undefined) this.#traces.set(message, traceHeader);
        const { messageId } = message;
        this.#listener.record({ type: "queue.messageSent", queue: queue.name, region, messageId });
      },
      (queue) => this.#keep(queue, new Map()),
    );
  }

  #restore({ queues, topics, subscriptions }: KeptRegion, sqs: SqsStore, sns: SnsStore, watch: QueueWatch): void {
    for (const document of queues) {
      const { queue, traceHeaders, deduplicated } = restoreQueue(sqs, this.#documents, document, this.#clock);
      for (const [message, traceHeader] of traceHeaders) this.#traces.set(message, traceHeader);
      watch.watch(queue, this.#keep(queue, deduplicated));
    }
    for (const document of topics) restoreTopic(sns, document);
    for (const document of subscriptions) restoreSubscription(sns, document);
  }

  #keep(queue: SqsQueue, deduplicated: Map<string, number>): KeptQueue | undefined {
    // Every message would be made a document for nothing.
    if (this.#documents === nothingKept) return undefined;
    const traceHeaderOf = (message: SqsMessage) => callTraceHeader() ?? this.#traces.get(message);
    return new KeptQueue(this.#documents, queue, traceHeaderOf, deduplicated);
  }
}

function peeked(
  { messageId, body, approximateReceiveCount, messageGroupId }: SqsMessage,
  state: PeekedMessage["state"],
): PeekedMessage {
  const group = messageGroupId === undefined ? {} : { groupId: messageGroupId };
  return { messageId, body, state, receiveCount: approximateReceiveCount, ...group };
}
