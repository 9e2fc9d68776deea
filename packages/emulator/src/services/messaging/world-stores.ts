import { buildApp, S3Store, SnsStore, SqsStore } from "localemu:fauxqs";
import type { SqsMessage, SqsQueue } from "localemu:fauxqs";
import type { PeekedBucket, PeekedMessage, PeekedQueue, PeekedTopic, TimelineEvent } from "@localemu/control";
import { accountId } from "../../core/arns.ts";
import type { Clock } from "../../core/clock.ts";
import { peekBucket } from "./peek-bucket.ts";
import { Publications } from "./publications.ts";
import { QueueWatch } from "./queue-watch.ts";
import { storedQueueUrl } from "./queue-url.ts";
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
  queueChanged(region: string, queueName: string): void;
  record(event: TimelineEvent): void;
}

/** What fauxqs keeps for one world. Queues and topics belong to a region, as everything does; buckets to none. */
export class WorldStores {
  readonly #clock: Clock;
  readonly #listener: StoreListener;
  readonly #regions = new Map<string, Region>();
  /** One for all regions: a topic may deliver to a queue of another region. */
  readonly #queuesByArn = new Map<string, SqsQueue>();
  /** Trace headers go with their messages. */
  readonly #traces = new WeakMap<SqsMessage, string>();
  readonly #s3 = new S3Store();
  readonly #publications: Publications;
  #closed = false;

  constructor(clock: Clock, listener: StoreListener) {
    this.#clock = clock;
    this.#listener = listener;
    this.#publications = new Publications(clock, (event) => listener.record(event));
    this.#s3.spy = {
      addMessage({ status, bucket, key }) {
        if (status === "downloaded") return;
        listener.record({ type: status === "deleted" ? "bucket.objectDeleted" : "bucket.objectPut", bucket, key });
      },
    };
  }

  /** Calls an operation of SQS with its JSON input; a `QueueUrl` in it must be the stored one. */
  sqs(region: string, operation: string, input: object): Promise<Answer> {
    return this.#post(region, { "content-type": "application/x-amz-json-1.0", "x-amz-target": operation }, input);
  }

  /** Calls the operation of SNS that `input` names as its `Action`. */
  sns(region: string, input: Readonly<Record<string, string>>): Promise<Answer> {
    return this.#post(region, { "content-type": "application/x-www-form-urlencoded" }, input);
  }

  /** Calls S3 at one of its routes. */
  s3(method: string, route: S3Address["route"], request: HostedRequest): Promise<Answer> {
    return this.#region("us-east-1").routes.call(method, route, request);
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

  /** The trace header with which a message was sent. */
  traceHeader(message: SqsMessage): string | undefined {
    return this.#traces.get(message);
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
    const known = this.#regions.get(name);
    if (known !== undefined) return known;
    const sqs = new SqsStore();
    const watch = new QueueWatch(
      this.#clock,
      (queue) => this.#listener.queueChanged(name, queue.name),
      (queue, message) => {
        const traceHeader = callTraceHeader();
        // A message that is moved keeps its own.
        if (traceHeader !== undefined) this.#traces.set(message, traceHeader);
        const { messageId } = message;
        this.#listener.record({ type: "queue.messageSent", queue: queue.name, region: name, messageId });
      },
    );
    const sns = new SnsStore();
    this.#publications.listenTo(sns, name);
    sqs.persistence = watch;
    sqs.queuesByArn = this.#queuesByArn;
    const stores = { sqsStore: sqs, snsStore: sns, s3Store: this.#s3 };
    const region = { routes: buildApp({ defaultRegion: name, stores }), sqs, sns, watch };
    this.#regions.set(name, region);
    return region;
  }
}

function peeked(
  { messageId, body, approximateReceiveCount, messageGroupId }: SqsMessage,
  state: PeekedMessage["state"],
): PeekedMessage {
  const group = messageGroupId === undefined ? {} : { groupId: messageGroupId };
  return { messageId, body, state, receiveCount: approximateReceiveCount, ...group };
}
