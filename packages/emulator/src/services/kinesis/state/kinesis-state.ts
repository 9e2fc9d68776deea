import type { KinesisPorts } from "../ports.ts";
import { TokenSeal } from "../token-seal.ts";
import type { Shard } from "./shard.ts";
import { ShardThroughput } from "./shard-throughput.ts";
import type { PushThroughput } from "./shard-throughput.ts";
import type { StreamConsumer } from "./stream-consumer.ts";
import type { Replacement, Stream } from "./stream.ts";
import { noCommitment } from "./throughput-commitment.ts";
import type { ThroughputCommitment } from "./throughput-commitment.ts";

export type StatePorts = Required<Omit<KinesisPorts, "initialStreams">>;

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
    this.seal = new TokenSeal(ports.ids);
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

  commitmentOf(region: string): ThroughputCommitment {
    return this.#commitments.get(region) ?? noCommitment;
  }

  setCommitment(region: string, commitment: ThroughputCommitment): void {
    this.#commitments.set(region, commitment);
  }

  /** Keeps a new stream; it becomes ACTIVE after a latency, that of the settings unless another is given. */
  add(stream: Stream, latencyMs = this.ports.settings.latencyMs): void {
    let streams = this.#regions.get(stream.region);
    if (streams === undefined) this.#regions.set(stream.region, (streams = new Map()));
    streams.set(stream.name, stream);
    const activate = (): void => {
      stream.status = "ACTIVE";
      this.#tellCreated(stream.arn);
    };
    this.#afterLatency(stream, `creation of stream ${stream.name}`, activate, latencyMs);
  }

  /** Calls `listener` when a stream or consumer has become ACTIVE that was not there before. Answers a function that ends that. */
  onSourceCreated(listener: (arn: string) => void): () => void {
    this.#createdListeners.add(listener);
    return () => this.#createdListeners.delete(listener);
  }

  /** The stream is UPDATING for the latency of the settings; `change` is made at its end. */
  update(stream: Stream, change: () => void): void {
    stream.status = "UPDATING";
    this.#afterLatency(stream, `update of stream ${stream.name}`, () => {
      change();
      stream.status = "ACTIVE";
    });
  }

  /** Puts new shards in the place of open ones, one replacement after the other. To be called in an update's change. */
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
    for (const parent of parents) parent.wake();
    return children;
  }

  /** The stream is gone after the latency of the settings. */
  remove(stream: Stream): void {
    stream.status = "DELETING";
    this.#afterLatency(stream, `deletion of stream ${stream.name}`, () => {
      this.#regions.get(stream.region)?.delete(stream.name);
      this.#cancelTimers(stream);
      stream.drop();
      this.ports.record({ type: "stream.deleted", stream: stream.name, region: stream.region });
    });
  }

  /** Keeps a new consumer; it becomes ACTIVE after the latency of the settings. */
  addConsumer(stream: Stream, consumer: StreamConsumer): void {
    stream.consumers.set(consumer.name, consumer);
    this.#afterLatency(consumer, `registration of consumer ${consumer.name} of stream ${stream.name}`, () => {
      consumer.status = "ACTIVE";
      this.#tellCreated(consumer.arn);
    });
  }

  /** The consumer is gone after the latency of the settings. */
  removeConsumer(stream: Stream, consumer: StreamConsumer): void {
    consumer.status = "DELETING";
    this.#afterLatency(consumer, `deregistration of consumer ${consumer.name} of stream ${stream.name}`, () => {
      stream.consumers.delete(consumer.name);
      consumer.drop();
    });
  }

  #tellCreated(arn: string): void {
    for (const listener of this.#createdListeners) listener(arn);
  }

  clear(): void {
    const streams = [...this.#regions.values()].flatMap((region) => [...region.values()]);
    this.#regions.clear();
    this.#commitments.clear();
    for (const stream of streams) {
      this.#cancelTimers(stream);
      stream.drop();
    }
  }

  #cancelTimers(stream: Stream): void {
    for (const changing of [stream, ...stream.consumers.values()]) this.#cancelTransition(changing);
  }

  #cancelTransition(changing: Stream | StreamConsumer): void {
    this.#transitions.get(changing)?.();
    this.#transitions.delete(changing);
  }

  /** A stream or consumer has one change of state at a time: a new one takes the place of the one under way. */
  #afterLatency(
    changing: Stream | StreamConsumer,
    label: string,
    change: () => void,
    latencyMs = this.ports.settings.latencyMs,
  ): void {
    this.#cancelTransition(changing);
    if (latencyMs === 0) return change();
    const cancel = this.ports.clock.schedule(latencyMs, { kind: "work", label }, () => {
      this.#transitions.delete(changing);
      change();
    });
    this.#transitions.set(changing, cancel);
  }
}
