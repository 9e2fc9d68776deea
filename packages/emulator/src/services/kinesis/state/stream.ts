import type { OpenLog } from "../../../storage/log-store.ts";
import { createRouter, evenRanges } from "../hash-key.ts";
import { Shard, secondsOf } from "./shard.ts";
import type { NewShard, RecordCounter } from "./shard.ts";
import { rangeOf } from "./kept-stream.ts";
import type { KeptShard, KeptStream } from "./kept-stream.ts";
import { RollingWindow } from "./rolling-window.ts";
import type { StreamChange } from "./stream-change.ts";
import { StreamConsumer } from "./stream-consumer.ts";

export type StreamMode = "PROVISIONED" | "ON_DEMAND";
export type StreamStatus = "CREATING" | "ACTIVE" | "UPDATING" | "DELETING";
export type DistributionStrategy = "AUTO" | "USER_PARTITION_KEY";

/** What shards can be measured by, in AWS's order. */
export const shardLevelMetrics = [
  "IncomingBytes",
  "IncomingRecords",
  "OutgoingBytes",
  "OutgoingRecords",
  "WriteProvisionedThroughputExceeded",
  "ReadProvisionedThroughputExceeded",
  "IteratorAgeMilliseconds",
] as const;
export type ShardLevelMetric = (typeof shardLevelMetrics)[number];

export interface NewStream {
  readonly id: string;
  readonly name: string;
  readonly region: string;
  readonly arn: string;
  readonly mode: StreamMode;
  readonly shardCount: number;
  readonly maxRecordSizeInKiB: number;
  readonly distribution: DistributionStrategy;
  readonly tags: ReadonlyMap<string, string>;
  readonly warmThroughputMiBps: number | undefined;
  /** World time, milliseconds since the epoch. */
  readonly now: number;
  /** Finds or makes the log of a shard. */
  readonly openLog: OpenLog;
}

const hour = 3_600_000;
const defaultRetentionHours = 24;
const shardsPerCounter = 5;
/** AWS: initial shards are 2 to 7 s older than the call (kinesalite's suite). */
const initialShardsOlderBySeconds = 4;

/** Shards that take the place of others. */
export interface Replacement {
  /** Open shards, and the ranges that tile theirs. */
  readonly parents: readonly Shard[];
  readonly ranges: readonly NewShard["range"][];
}

export class Stream {
  /** Tells it from others that had its name; no caller sees it. */
  readonly id: string;
  readonly name: string;
  readonly region: string;
  readonly arn: string;
  readonly tags: Map<string, string>;
  mode: StreamMode;
  maxRecordSizeInKiB: number;
  distribution: DistributionStrategy;
  /** MiB a second that an on-demand stream is kept ready for. */
  warmThroughputMiBps: number | undefined;
  /** The policy document. */
  policy: string | undefined;
  metrics: readonly ShardLevelMetric[] = [];
  /** By name. */
  readonly consumers = new Map<string, StreamConsumer>();
  /** The changes of the last 24 hours that AWS allows only so many of, by operation. */
  readonly changes = new Map<string, RollingWindow>();
  #retentionHours = defaultRetentionHours;
  #encryptionKey: string | undefined;
  /** AWS: whole seconds, in milliseconds. */
  readonly createdAt: number;
  status: StreamStatus = "CREATING";
  /** What it is UPDATING for. */
  pending: StreamChange | undefined;
  readonly #openLog: OpenLog;
  readonly #shards: Shard[] = [];
  readonly #expired = new Set<Shard>();
  readonly #counters: RecordCounter[] = [];
  #open: readonly Shard[] = [];
  #route: (hashHex: string) => Shard;
  /** Counts the records that an AUTO stream spreads over its shards. */
  #spread = 0;
  readonly #deletedListeners = new Set<() => void>();
  #dropped = false;

  /** @param shards Those that another emulator kept; without them it begins with new ones. */
  constructor(stream: NewStream, shards?: readonly KeptShard[]) {
    this.id = stream.id;
    this.name = stream.name;
    this.region = stream.region;
    this.arn = stream.arn;
    this.mode = stream.mode;
    this.maxRecordSizeInKiB = stream.maxRecordSizeInKiB;
    this.distribution = stream.distribution;
    this.tags = new Map(stream.tags);
    this.warmThroughputMiBps = stream.warmThroughputMiBps;
    this.#openLog = stream.openLog;
    this.createdAt = secondsOf(stream.now) * 1000;
    if (shards === undefined) this.#begin(stream.shardCount);
    else for (const shard of shards) this.#newShard({ ...shard, range: rangeOf(shard.range) }, shard);
    this.#open = this.#shards.filter((shard) => shard.isOpen);
    this.#route = createRouter(this.#open);
  }

  /** The stream as another emulator kept it. */
  static restore(kept: KeptStream, openLog: OpenLog): Stream {
    const { createdAt: now, shards, warmThroughputMiBps } = kept;
    const tags = new Map(kept.tags);
    const stream = new Stream({ ...kept, now, tags, warmThroughputMiBps, shardCount: shards.length, openLog }, shards);
    stream.status = kept.status;
    stream.pending = kept.pending;
    stream.policy = kept.policy;
    stream.metrics = kept.metrics;
    stream.#retentionHours = kept.retentionHours;
    stream.#encryptionKey = kept.encryptionKey;
    for (const consumer of kept.consumers)
      stream.consumers.set(consumer.name, StreamConsumer.restore(consumer, kept.arn));
    for (const [operation, { capacity, lengthMs, taken }] of kept.changes)
      stream.changes.set(operation, new RollingWindow(capacity, lengthMs, taken));
    return stream;
  }

  kept(): KeptStream {
    const { id, name, region, arn, createdAt, status, mode, maxRecordSizeInKiB, distribution } = this;
    const { retentionHours, encryptionKey, metrics, warmThroughputMiBps, policy, pending } = this;
    const identity = { id, name, region, arn, createdAt };
    const settings = { mode, maxRecordSizeInKiB, distribution, retentionHours, encryptionKey, metrics, policy };
    return {
      ...identity,
      ...settings,
      status,
      pending,
      warmThroughputMiBps,
      tags: [...this.tags],
      shards: this.#shards.map((shard) => shard.kept(this.#expired.has(shard))),
      consumers: [...this.consumers.values()].map((consumer) => consumer.kept()),
      changes: [...this.changes].map(([operation, window]) => [operation, window.kept()] as const),
    };
  }

  get retentionHours(): number {
    return this.#retentionHours;
  }

  /** What has expired by now is gone for good: a longer retention period does not bring it back. */
  setRetention(hours: number, now: number): void {
    this.#dropExpired(now);
    this.#retentionHours = hours;
    this.#dropExpired(now);
  }

  /** What the records are encrypted with from now on, as it was given; undefined: they are not. */
  get encryptionKey(): string | undefined {
    return this.#encryptionKey;
  }

  encryptWith(key: string | undefined): void {
    const changes = (key === undefined) !== (this.#encryptionKey === undefined);
    this.#encryptionKey = key;
    if (changes) for (const shard of this.#shards) shard.setEncrypted(key !== undefined);
  }

  /** Every shard, by index; also those that are closed or expired. */
  get shards(): readonly Shard[] {
    return this.#shards;
  }

  get openShards(): readonly Shard[] {
    return this.#open;
  }

  /** True once the stream is gone: nothing can be read any more. */
  get dropped(): boolean {
    return this.#dropped;
  }

  /** What arrived before this time is no longer returned. */
  horizon(now: number): number {
    return now - this.#retentionHours * hour;
  }

  /** The shards that a caller may see. */
  visibleShards(now: number): readonly Shard[] {
    this.#dropExpired(now);
    return this.#shards.filter((shard) => this.#isVisible(shard, now));
  }

  visibleShard(index: number, now: number): Shard | undefined {
    const shard = this.#shards[index];
    return shard !== undefined && this.#isVisible(shard, now) ? shard : undefined;
  }

  /** The shard that takes records with this hash key, given as 32 hex digits. */
  shardOfHash(hashHex: string): Shard {
    return this.#route(hashHex);
  }

  /** The shard whose turn it is in a stream that spreads its records evenly. */
  nextShardInTurn(): Shard {
    const shard = this.#open[this.#spread++ % this.#open.length];
    if (shard === undefined) throw new Error("a stream without open shards cannot take records");
    return shard;
  }

  childrenOf(parent: Shard): readonly Shard[] {
    return this.#shards.filter((shard) => shard.parents.includes(parent.index));
  }

  /** Answers the new shards, which take the records from now on. All at once: a stream may have thousands of shards. */
  replaceShards(replacements: readonly Replacement[], now: number): readonly Shard[] {
    const children = replacements.flatMap((replacement) => this.#replace(replacement, now));
    const closed = new Set(replacements.flatMap(({ parents }) => parents));
    this.#open = [...this.#open.filter((shard) => !closed.has(shard)), ...children];
    this.#route = createRouter(this.#open);
    return children;
  }

  #replace({ parents, ranges }: Replacement, now: number): readonly Shard[] {
    // Without a latency a shard may be split before the second that its numbers begin at: it has that second all the same.
    const closedSeconds = Math.max(secondsOf(now), ...parents.map((parent) => parent.createdSeconds));
    // AWS: children are created exactly one second after their parents' end (kinesalite's suite).
    const child = { createdSeconds: closedSeconds + 1, begins: now, parents: parents.map((parent) => parent.index) };
    const children = ranges.map((range) => this.#newShard({ range, ...child }));
    for (const parent of parents) parent.close(closedSeconds, now);
    return children;
  }

  onDeleted(listener: () => void): () => void {
    this.#deletedListeners.add(listener);
    return () => this.#deletedListeners.delete(listener);
  }

  /** Forgets every record and tells whoever reads. */
  drop(): void {
    for (const shard of this.#shards) shard.drop();
    this.close();
  }

  /** Nothing can be read any more, and whoever reads is told. What is kept stays for the next emulator. */
  close(): void {
    this.#dropped = true;
    for (const shard of this.#shards) shard.release();
    const listeners = [...this.#deletedListeners];
    this.#deletedListeners.clear();
    for (const listener of listeners) listener();
  }

  #isVisible(shard: Shard, now: number): boolean {
    return !this.#expired.has(shard) && shard.ends >= this.horizon(now);
  }

  /**
   * AWS: a closed shard disappears with the last record that it can have (AWS docs). Nobody puts into it, which is when
   * the records of an open one are dropped.
   */
  #dropExpired(now: number): void {
    const horizon = this.horizon(now);
    for (const shard of this.#shards) {
      shard.trim(horizon);
      if (shard.ends < horizon) this.#expired.add(shard);
    }
  }

  #begin(shardCount: number): void {
    const createdSeconds = this.createdAt / 1000 - initialShardsOlderBySeconds;
    const begins = createdSeconds * 1000;
    for (const range of evenRanges(shardCount)) this.#newShard({ range, createdSeconds, begins, parents: [] });
  }

  #newShard(shard: Omit<NewShard, "index">, kept?: KeptShard): Shard {
    const index = this.#shards.length;
    const group = Math.floor(index / shardsPerCounter);
    // From 1: the shard's own StartingSequenceNumber has 0, and every record comes after it.
    const counter = (this.#counters[group] ??= { next: 1 });
    const created = new Shard({ ...shard, index }, counter, this.#openLog(`kinesis/${this.id}/${index}`), kept);
    if (kept === undefined && this.#encryptionKey !== undefined) created.setEncrypted(true);
    if (kept?.expired === true) this.#expired.add(created);
    this.#shards.push(created);
    return created;
  }
}
