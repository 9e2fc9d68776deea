import { isDeepStrictEqual } from "node:util";
import {
  type ClockMode,
  ControlError,
  type IdleReport,
  type PeekedMessage,
  type PeekedRecord,
  type PeekedShard,
  type PeekedStream,
  type TimelineEntry,
  type TimelineEvent,
} from "@localemu/control";
import { decodeShards } from "../stream-shards.ts";
import type { BucketObject } from "../bucket-handle.ts";
import { decodeBytes, decodeText } from "../decode.ts";
import type { FunctionHistory, FunctionInvocation } from "../delivered.ts";
import type { MappingProgress, ShardProgress } from "../mapping-progress.ts";
import type { TopicMessage } from "../topic-handle.ts";
import type { Matcher } from "./result.ts";
import {
  type BucketSubject,
  type FunctionSubject,
  type MappingSubject,
  type ObservedWorld,
  type QueueSubject,
  type StreamSubject,
  subject,
  type TopicSubject,
} from "./subject.ts";

/** 2026-01-01T12:00:00Z; every event is 10 ms after the one before. */
const start = 1_767_268_800_000;

const uuid = "6a3f41c2-0000-4000-8000-000000000000";

interface WaitOptions {
  readonly signal?: AbortSignal | undefined;
}

/** A world of one stream, queue, topic, bucket, function and mapping that does what a test tells it to. */
export class FakeWorld implements ObservedWorld {
  readonly entries: TimelineEntry[] = [];
  readonly messages: PeekedMessage[] = [];
  readonly published: TopicMessage[] = [];
  readonly objects: BucketObject[] = [];
  readonly invocations: FunctionInvocation[] = [];
  /** How many invocations there were that are no longer kept. */
  forgotten = 0;
  progress: readonly ShardProgress[] = [];
  readonly shards: { readonly shardId: string; readonly records: PeekedRecord[] }[] = [0, 1].map((index) => ({
    shardId: `shardId-00000000000${index}`,
    records: [],
  }));
  tableShards: readonly PeekedShard[] = [];
  mode: ClockMode = "running";
  /** What waiting for idle answers; undefined keeps it waiting until `settle`. */
  report: IdleReport | undefined = { state: "idle" };
  streamExists = true;
  /** What following the timeline fails with. */
  broken: Error | undefined;
  reads = 0;
  #sequence = 0;
  #change: () => void = () => {};
  #settle: (report: IdleReport) => void = () => {};

  #waits: () => void = () => {};
  /** Resolves when somebody waits for idle: what was there before has been read then. */
  readonly waiting = new Promise<void>((resolve) => (this.#waits = resolve));

  readonly clock = { read: () => Promise.resolve({ mode: this.mode, now: start }) };
  readonly peek = {
    stream: (name: string) => Promise.resolve(this.#peek(name)),
    table: (tableName: string) => Promise.resolve({ tableName, items: [], shards: this.tableShards }),
  };

  readonly stream: { readonly [subject]: StreamSubject } = {
    [subject]: {
      kind: "stream",
      name: "orders",
      world: this,
      read: () => {
        this.reads++;
        return Promise.resolve(decodeShards(this.#peek("orders")));
      },
    },
  };
  readonly queue: { readonly [subject]: QueueSubject } = {
    [subject]: {
      kind: "queue",
      name: "orders-dlq",
      world: this,
      read: () => Promise.resolve(this.messages.map((message) => ({ ...message, data: decodeText(message.body) }))),
    },
  };
  readonly topic: { readonly [subject]: TopicSubject } = {
    [subject]: { kind: "topic", name: "alerts", world: this, read: () => Promise.resolve([...this.published]) },
  };
  readonly bucket: { readonly [subject]: BucketSubject } = {
    [subject]: { kind: "bucket", name: "failures", world: this, read: () => Promise.resolve([...this.objects]) },
  };
  readonly function: { readonly [subject]: FunctionSubject } = {
    [subject]: { kind: "function", name: "orders-fn", world: this, read: () => Promise.resolve(this.#history()) },
  };
  readonly mapping: { readonly [subject]: MappingSubject } = {
    [subject]: { kind: "mapping", name: uuid, world: this, read: () => Promise.resolve(this.#progress()) },
  };

  put(data: string | Uint8Array, shard = 0): string {
    const sequenceNumber = `4964000000000000000000000000000000000000000000${String(++this.#sequence).padStart(10, "0")}`;
    this.shards[shard]?.records.push({
      sequenceNumber,
      partitionKey: `k${shard}`,
      approximateArrival: start + this.#sequence,
      data: Buffer.from(data).toString("base64"),
    });
    this.happen({
      type: "stream.recordsPut",
      stream: "orders",
      region: "us-east-1",
      records: 1,
      shardId: `shardId-00000000000${shard}`,
    });
    return sequenceNumber;
  }

  send(body: string, state: PeekedMessage["state"] = "visible", receiveCount = 0): void {
    this.messages.push({ messageId: `m-${this.messages.length + 1}`, body, state, receiveCount });
  }

  /** A message is sent, and the timeline says so. */
  arrive(body: string): void {
    this.send(body);
    const messageId = this.messages.at(-1)?.messageId ?? "";
    this.happen({ type: "queue.messageSent", queue: "orders-dlq", region: "us-east-1", messageId });
  }

  publish(message: string, about?: string): void {
    const messageId = `${this.published.length + 1}0000000-0000-4000-8000-000000000000`;
    const data = decodeText(message);
    const notification = { messageId, message, data, attributes: {}, publishedAt: start };
    this.published.push(about === undefined ? notification : { ...notification, subject: about });
    this.happen({ type: "topic.published", topic: "alerts", region: "us-east-1", messageId });
  }

  putObject(key: string, text: string): void {
    const bytes = Buffer.from(text);
    const contents = { size: bytes.length, data: decodeBytes(bytes), bytes };
    const lastModified = start + this.objects.length;
    this.objects.push({ key, contentType: "text/plain", metadata: {}, lastModified, ...contents });
    this.happen({ type: "bucket.objectPut", bucket: "failures", key });
  }

  /** The function is given a batch, and answers it or fails. */
  deliver(
    items: readonly unknown[],
    { shard = 0, error }: { readonly shard?: number; readonly error?: string } = {},
  ): void {
    const records = items.map((item, index) => ({
      kinesis: { data: Buffer.from(JSON.stringify(item)).toString("base64"), partitionKey: "k" },
      eventSource: "aws:kinesis",
      eventID: `shardId-00000000000${shard}:${index}`,
      eventSourceARN: "arn:aws:kinesis:us-east-1:000000000000:stream/orders",
    }));
    this.invoke({ Records: records }, error);
  }

  invoke(event: unknown, error?: string): void {
    const requestId = `${this.invocations.length + 1}0000000-0000-4000-8000-000000000000`;
    const ended =
      error === undefined
        ? ({ outcome: "success", response: null } as const)
        : ({ outcome: "error", response: {}, error } as const);
    this.invocations.push({ requestId, at: start, source: "Invoke", event, ...ended });
    this.happen({ type: "function.invoked", functionName: "orders-fn", requestId });
  }

  /** How far the mapping comes in the first shard. */
  proceed(sequenceNumber: string, behind: number): void {
    this.progress = [{ shardId: "shardId-000000000000", checkpoint: sequenceNumber, behind }];
    this.happen({
      type: "mapping.checkpointMoved",
      mapping: uuid,
      functionName: "orders-fn",
      stream: "orders",
      shardId: "shardId-000000000000",
      sequenceNumber,
    });
  }

  fail(from: string, to: string, batchSize: number, wrap: (body: string) => string = (body) => body): void {
    this.send(wrap(failureDocument(from, to, batchSize)));
    this.happen({
      type: "mapping.failureReported",
      mapping: uuid,
      functionName: "orders-fn",
      stream: "orders",
      shardId: "shardId-000000000000",
      records: batchSize,
      from,
      to,
      destination: "arn:aws:sqs:us-east-1:000000000000:orders-dlq",
    });
  }

  happen(event: TimelineEvent): void {
    const id = this.entries.length + 1;
    this.entries.push({ ...event, id, at: start + 10 * id });
    this.#change();
  }

  settle(report: IdleReport = { state: "idle" }): void {
    this.#settle(report);
  }

  timeline({ limit = Infinity }: { readonly limit?: number } = {}): Promise<readonly TimelineEntry[]> {
    return Promise.resolve(this.entries.slice(-limit));
  }

  idle({ signal }: WaitOptions = {}): Promise<IdleReport> {
    this.#waits();
    if (this.report !== undefined) return Promise.resolve(this.report);
    return new Promise((resolve, reject) => {
      this.#settle = resolve;
      signal?.addEventListener("abort", () => reject(new Error("aborted")));
    });
  }

  async *followTimeline({ after = 0, signal }: WaitOptions & { readonly after?: number } = {}): AsyncGenerator<
    TimelineEntry,
    void
  > {
    for (let next = after; ;) {
      if (this.broken !== undefined) throw this.broken;
      if (signal?.aborted === true) return;
      const entry = this.entries[next];
      if (entry !== undefined) {
        next++;
        yield entry;
      } else {
        await new Promise<void>((resolve) => {
          this.#change = resolve;
          signal?.addEventListener("abort", () => resolve());
        });
      }
    }
  }

  #history(): FunctionHistory {
    return { invoked: this.invocations.length + this.forgotten, invocations: [...this.invocations] };
  }

  #progress(): MappingProgress {
    const mapping = {
      uuid,
      functionName: "orders-fn",
      eventSourceArn: "arn:aws:kinesis:us-east-1:000000000000:stream/orders",
      state: "Enabled",
      lastProcessingResult: "PROBLEM: Function call failed",
      shards: [],
    };
    return { mapping, shards: this.progress, messages: 0 };
  }

  #peek(streamName: string): PeekedStream {
    if (!this.streamExists) throw new ControlError("NotFound", `there is no stream ${streamName}`, { status: 404 });
    const streamArn = `arn:aws:kinesis:us-east-1:000000000000:stream/${streamName}`;
    return { streamName, streamArn, status: "ACTIVE", shards: this.shards };
  }
}

export function failureDocument(startSequenceNumber: string, endSequenceNumber: string, batchSize: number): string {
  return JSON.stringify({
    requestContext: {
      requestId: "8f2c1d34-0000-4000-8000-000000000000",
      functionArn: "arn:aws:lambda:us-east-1:000000000000:function:orders-fn",
      condition: "RetryAttemptsExhausted",
      approximateInvokeCount: 3,
    },
    responseContext: { statusCode: 200, executedVersion: "$LATEST", functionError: "Unhandled" },
    version: "1.0",
    timestamp: "2026-01-01T12:00:00.021Z",
    KinesisBatchInfo: {
      shardId: "shardId-000000000000",
      startSequenceNumber,
      endSequenceNumber,
      approximateArrivalOfFirstRecord: "2026-01-01T12:00:00.001Z",
      approximateArrivalOfLastRecord: "2026-01-01T12:00:00.002Z",
      batchSize,
      streamArn: "arn:aws:kinesis:us-east-1:000000000000:stream/orders",
    },
  });
}

/** How a matcher is called: `check` gives whether the assertion holds, `failure` the text with which it fails. */
export function caller<Expected>(matcher: Matcher<Expected>): {
  check: (received: unknown, expected: Expected, isNot?: boolean) => Promise<boolean>;
  failure: (received: unknown, expected: Expected, isNot?: boolean) => Promise<string>;
} {
  const call = async (received: unknown, expected: Expected, isNot: boolean): Promise<string | undefined> => {
    const { pass, message } = await matcher(received, expected, { equals: isDeepStrictEqual, isNot });
    return pass === isNot ? message() : undefined;
  };
  return {
    check: async (received, expected, isNot = false) => (await call(received, expected, isNot)) === undefined,
    failure: async (received, expected, isNot = false) => {
      const text = await call(received, expected, isNot);
      if (text === undefined) throw new Error("the assertion holds");
      return text;
    },
  };
}
