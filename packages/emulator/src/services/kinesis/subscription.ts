import type { SubscribeToShardEventStream } from "@aws-sdk/client-kinesis";
import type { CallContext } from "../../protocols/operations.ts";
import { consumerNotFound, streamNotFound } from "./errors.ts";
import { pageSize, readPage } from "./record-page.ts";
import type { KinesisState } from "./state/kinesis-state.ts";
import type { Position, Shard } from "./state/shard.ts";
import type { StreamConsumer } from "./state/stream-consumer.ts";
import type { Stream } from "./state/stream.ts";

/** AWS: a subscription lives for five minutes, and sends an event at least every five seconds (AWS docs; LocalStack's suite). */
const lifeMs = 300_000;
const quietMs = 5000;

/** Assumed: how much an event holds. AWS: 2 MiB a second (AWS docs). */
const eventLimits = { records: 10_000, bytes: 2 * 1024 * 1024 };

export interface SubscriptionOptions {
  readonly state: KinesisState;
  readonly stream: Stream;
  readonly shard: Shard;
  readonly consumer: StreamConsumer;
  readonly position: Position;
  readonly call: CallContext;
}

/** A consumer's subscription to a shard: records are pushed as they are put, and read only as fast as the client takes them. */
export class Subscription {
  /** World time of the call, milliseconds. */
  readonly since: number;
  readonly #options: SubscriptionOptions;
  #end: { readonly error: Error | undefined } | undefined;
  #isQuiet = false;
  #wake: () => void = () => {};

  constructor(options: SubscriptionOptions) {
    this.#options = options;
    this.since = options.state.now();
  }

  /** Ends it, cleanly or with an error that the client is told. */
  end(error?: Error): void {
    this.#end ??= { error };
    this.#wake();
  }

  async *events(): AsyncGenerator<SubscribeToShardEventStream> {
    const { stream, shard } = this.#options;
    const release = this.#listen();
    let cancelQuiet = this.#expectQuiet();
    const pushes = this.#options.state.pushesOf(this.#options.consumer, shard);
    let from = this.#options.position;
    this.#tell("stream.subscribed");
    try {
      while (this.#end === undefined) {
        const now = this.#options.state.now();
        const page = readPage(stream, shard, from, eventLimits, now);
        if (page.records.length === 0 && page.childShards === undefined && !this.#isQuiet) {
          await this.#woken();
          continue;
        }
        if (pushes !== undefined) {
          const bytes = pageSize(page.records);
          const waitMs = pushes.waitMs(bytes, now);
          if (waitMs > 0) {
            await this.#wokenIn(waitMs);
            continue;
          }
          pushes.gave(bytes, now);
        }
        from = page.next;
        cancelQuiet();
        this.#isQuiet = false;
        const ContinuationSequenceNumber =
          page.records.at(-1)?.SequenceNumber ?? shard.sequenceNumber(shard.tip().counter - 1, now);
        const event = { Records: page.records, MillisBehindLatest: page.millisBehindLatest };
        if (page.childShards !== undefined) {
          // AWS: without a continuation, by which clients know that the shard has ended (amazon-kinesis-client).
          yield {
            SubscribeToShardEvent: { ...event, ContinuationSequenceNumber: undefined, ChildShards: page.childShards },
          };
          return;
        }
        yield { SubscribeToShardEvent: { ...event, ContinuationSequenceNumber } };
        cancelQuiet = this.#expectQuiet();
      }
      if (this.#end.error !== undefined) throw this.#end.error;
    } finally {
      cancelQuiet();
      release();
      this.#tell("stream.subscriptionEnded");
    }
  }

  #woken(): Promise<void> {
    return new Promise<void>((resolve) => (this.#wake = resolve));
  }

  async #wokenIn(ms: number): Promise<void> {
    const { state, consumer } = this.#options;
    const timer = { kind: "housekeeping", label: `push to ${consumer.name}` } as const;
    const cancel = state.ports.clock.schedule(ms, timer, () => this.#wake());
    await this.#woken();
    cancel();
  }

  /** Wakes the loop for whatever may come next, until the returned function is called. */
  #listen(): () => void {
    const { state, stream, shard, consumer, call } = this.#options;
    const label = `subscription of ${consumer.name} to ${shard.id} of ${stream.name}`;
    const onGone = () => this.end();
    call.signal.addEventListener("abort", onGone);
    if (call.signal.aborted) onGone();
    const stops = [
      shard.onAppend(() => this.#wake()),
      stream.onDeleted(() => this.end(streamNotFound(stream.name, call.accountId))),
      consumer.onDeregistered(() => this.end(consumerNotFound(consumer.arn, call.accountId))),
      state.ports.clock.schedule(lifeMs, { kind: "housekeeping", label }, () => this.end()),
      () => call.signal.removeEventListener("abort", onGone),
    ];
    return () => {
      for (const stop of stops) stop();
    };
  }

  #expectQuiet(): () => void {
    const label = `event without records for ${this.#options.consumer.name}`;
    return this.#options.state.ports.clock.schedule(quietMs, { kind: "housekeeping", label }, () => {
      this.#isQuiet = true;
      this.#wake();
    });
  }

  #tell(type: "stream.subscribed" | "stream.subscriptionEnded"): void {
    const { state, stream, shard, consumer } = this.#options;
    const where = { stream: stream.name, region: stream.region, shardId: shard.id, consumer: consumer.name };
    state.ports.record({ type, ...where });
  }
}
