import type { OpenLog } from "../../../storage/log-store.ts";
import type { KinesisPorts } from "../ports.ts";
import { TokenSeal } from "../token-seal.ts";
import type { KeptStream } from "./kept-stream.ts";
import type { Shard } from "./shard.ts";
import { ShardThroughput } from "./shard-throughput.ts";
import type { PushThroughput } from "./shard-throughput.ts";
import type { StreamConsumer } from "./stream-consumer.ts";
import { makeChange } from "./stream-change.ts";
import type { StreamChange } from "./stream-change.ts";
import { Stream } from "./stream.ts";
import type { Replacement } from "./stream.ts";
import { noCommitment } from "./throughput-commitment.ts";
import type { ThroughputCommitment } from "./throughput-commitment.ts";

export interface StatePorts extends Omit<KinesisPorts, "initialStreams"> {
  readonly openLog: OpenLog;
}

/** Where what outlives the emulator is, by region and name, by region, and alone. */
const streamCollection = "kinesis.streams";
const commitmentCollection = "kinesis.commitments";
const sealCollection = "kinesis.seal";

/** Everything that Kinesis knows in one world. */
export class KinesisState {
  readonly ports: StatePorts;
  readonly seal: TokenSeal;
  readonly #regions = new Map<string, Map<string, Stream>>();
  readonly #commitments = new Map<string, ThroughputCommitment>();
  /** Ends the change of state that a stream or consumer is in. */
  readonly #transitions = new Map<Stream | StreamConsumer, () => void>();

  readonly #throughputs = new WeakMap<Shard, ShardThroughput>();
  readonly #createdListeners = new Set<(arn: string) => void>();

  constructor(ports: StatePorts) {
    this.ports = ports;
    this.seal = new TokenSeal(ports.ids, this.#sealKey());
  }

  /** Goes on with what another emulator kept, also with the changes that had not come to their end. */
  restore(): void {
    const { documents, openLog } = this.ports;
    for (const { key, value } of documents?.read<ThroughputCommitment>(commitmentCollection) ?? [])
      this.#commitments.set(key, value);
    for (const { value } of documents?.read<KeptStream>(streamCollection) ?? []) {
      const stream = Stream.restore(value, openLog);
      this.#setRegional(stream);
      this.#resume(stream);
    }
  }

  #resume(stream: Stream): void {
    if (stream.status === "CREATING") this.add(stream);
    else if (stream.status === "DELETING") this.remove(stream);
    else if (stream.pending !== undefined) this.update(stream, stream.pending);
    for (const consumer of stream.consumers.values()) {
      if (consumer.status === "CREATING") this.addConsumer(stream, consumer);
      else if (consumer.status === "DELETING") this.removeConsumer(stream, consumer);
    }
  }

  /** Keeps a stream as it is now, without its records; to be called after each change of it. */
  keep(stream: Stream): void {
    const { documents } = this.ports;
    if (documents === undefined) return;
    const key = `${stream.region}/${stream.name}`;
    const current = this.find(stream.region, stream.name);
    if (current === undefined) documents.delete(streamCollection, key);
    else if (current === stream) documents.put(streamCollection, key, stream.kept());
  }

  #sealKey(): Uint8Array {
    const { documents, ids } = this.ports;
    const key = documents?.read(sealCollection)[0]?.bytes ?? TokenSeal.newKey(ids);
    documents?.put(sealCollection, "key", null, key);
    return key;
  }

  /** What a shard may still take and give; undefined where nothing limits it. */
  throughputOf(shard: Shard): ShardThroughput | undefined {
    if (!this.ports.settings.throughputLimits) return undefined;
    let throughput = this.#throughputs.get(shard);
    if (throughput === undefined) this.#throughputs.set(shard, (throughput = new ShardThroughput()));
    return throughput;
  }

  /** What a shard may still push to a consumer; undefined where nothing limits it. */
  pushesOf(consumer: StreamConsumer, shard: Shard): PushThroughput | undefined {
    return this.ports.settings.throughputLimits ? consumer.pushesOf(shard.index) : undefined;
  }

  now(): number {
    return this.ports.clock.now();
  }

  find(region: string, name: string): Stream | undefined {
    return this.#regions.get(region)?.get(name);
  }

  /** The streams of a region, in no particular order. */
  streamsOf(region: string): readonly Stream[] {
    return [...(this.#regions.get(region)?.values() ?? [])];
  }

  /** How many there are in all regions. */
  get streamCount(): number {
    let count = 0;
    for (const streams of this.#regions.values()) count += streams.size;
    return count;
  }

  commitmentOf(region: string): ThroughputCommitment {
    return this.#commitments.get(region) ?? noCommitment;
  }

  setCommitment(region: string, commitment: ThroughputCommitment): void {
    this.#commitments.set(region, commitment);
    this.ports.documents?.put(commitmentCollection, region, commitment);
  }

  /** Keeps a new stream; it becomes ACTIVE after a latency, that of the settings unless another is given. */
  add(stream: Stream, latencyMs = this.ports.settings.latencyMs): void {
    this.#setRegional(stream);
    const activate = (): undefined => {
      stream.status = "ACTIVE";
      this.#tellCreated(stream.arn);
    };
    this.#afterLatency(stream, stream, `creation of stream ${stream.name}`, activate, latencyMs);
  }

  #setRegional(stream: Stream): void {
    let streams = this.#regions.get(stream.region);
    if (streams === undefined) this.#regions.set(stream.region, (streams = new Map()));
    streams.set(stream.name, stream);
  }

  /** Calls `listener` when a stream or consumer has become ACTIVE that was not there before. Answers a function that ends that. */
  onSourceCreated(listener: (arn: string) => void): () => void {
    this.#createdListeners.add(listener);
    return () => this.#createdListeners.delete(listener);
  }

  /** The stream is UPDATING for the latency of the settings; `change` is made at its end. */
  update(stream: Stream, change: StreamChange): void {
    stream.status = "UPDATING";
    stream.pending = change;
    this.#afterLatency(stream, stream, `update of stream ${stream.name}`, () => {
      const closed = makeChange(this, stream, change);
      stream.status = "ACTIVE";
      stream.pending = undefined;
      return closed;
    });
  }

  /** Puts new shards in the place of open ones, one replacement after the other. Answers those, for the end of the change to wake. */
  reshard(stream: Stream, replacements: readonly Replacement[]): readonly Shard[] {
    const now = this.now();
    const parents = replacements.flatMap((replacement) => replacement.parents);
    const children = stream.replaceShards(replacements, now);
    this.ports.record({
      type: "stream.resharded",
      stream: stream.name,
      region: stream.region,
      closed: parents.map(({ id }) => id),
      opened: children.map(({ id }) => id),
    });
    return parents;
  }

  /** Tells readers of shards that have records or have ended; what is kept of that is kept first, for readers tell others. */
  wake(shards: Iterable<Shard>): void {
    this.ports.commit?.();
    for (const shard of shards) shard.wake();
  }

  /** The stream is gone after the latency of the settings. */
  remove(stream: Stream): void {
    stream.status = "DELETING";
    stream.pending = undefined;
    this.#afterLatency(stream, stream, `deletion of stream ${stream.name}`, () => {
      this.#regions.get(stream.region)?.delete(stream.name);
      this.#cancelTimers(stream);
      stream.drop();
      this.ports.record({ type: "stream.deleted", stream: stream.name, region: stream.region });
    });
  }

  /** Keeps a new consumer; it becomes ACTIVE after the latency of the settings. */
  addConsumer(stream: Stream, consumer: StreamConsumer): void {
    stream.consumers.set(consumer.name, consumer);
    this.#afterLatency(stream, consumer, `registration of consumer ${consumer.name} of stream ${stream.name}`, () => {
      consumer.status = "ACTIVE";
      this.#tellCreated(consumer.arn);
    });
  }

  /** The consumer is gone after the latency of the settings. */
  removeConsumer(stream: Stream, consumer: StreamConsumer): void {
    consumer.status = "DELETING";
    this.#afterLatency(stream, consumer, `deregistration of consumer ${consumer.name} of stream ${stream.name}`, () => {
      stream.consumers.delete(consumer.name);
      consumer.drop();
    });
  }

  #tellCreated(arn: string): void {
    for (const listener of this.#createdListeners) listener(arn);
  }

  /** Ends every stream; what is kept stays for the next emulator. */
  close(): void {
    const streams = [...this.#regions.values()].flatMap((region) => [...region.values()]);
    this.#regions.clear();
    for (const stream of streams) {
      this.#cancelTimers(stream);
      stream.close();
    }
  }

  #cancelTimers(stream: Stream): void {
    for (const changing of [stream, ...stream.consumers.values()]) this.#cancelTransition(changing);
  }

  #cancelTransition(changing: Stream | StreamConsumer): void {
    this.#transitions.get(changing)?.();
    this.#transitions.delete(changing);
  }

  /**
   * A stream or consumer has one change of state at a time: a new one takes the place of the one under way. `change` answers which
   * shards it has closed.
   */
  #afterLatency(
    stream: Stream,
    changing: Stream | StreamConsumer,
    label: string,
    change: () => readonly Shard[] | undefined,
    latencyMs = this.ports.settings.latencyMs,
  ): void {
    this.#cancelTransition(changing);
    const finish = (): void => {
      const closed = change();
      this.keep(stream);
      if (closed !== undefined) this.wake(closed);
    };
    if (latencyMs === 0) return finish();
    const cancel = this.ports.clock.schedule(latencyMs, { kind: "work", label }, () => {
      this.#transitions.delete(changing);
      finish();
    });
    this.#transitions.set(changing, cancel);
    this.keep(stream);
  }
}
