import type { LogStore } from "../../../storage/log-store.ts";
import { createRouter, evenRanges } from "../hash-key.ts";
import { Shard, secondsOf } from "./shard.ts";
import type { NewShard, RecordCounter } from "./shard.ts";

export type StreamMode = "PROVISIONED" | "ON_DEMAND";
export type StreamStatus = "CREATING" | "ACTIVE" | "UPDATING" | "DELETING";
export type DistributionStrategy = "AUTO" | "USER_PARTITION_KEY";

export interface NewStream {
  readonly name: string;
  readonly region: string;
  readonly arn: string;
  readonly mode: StreamMode;
  readonly shardCount: number;
  readonly maxRecordSizeInKiB: number;
  readonly distribution: DistributionStrategy;
  readonly tags: ReadonlyMap<string, string>;
  /** World time, milliseconds since the epoch. */
  readonly now: number;
  /** Makes the log of a new shard. */
  readonly createLog: () => LogStore;
}

const hour = 3_600_000;
const defaultRetentionHours = 24;
const shardsPerCounter = 5;
/** AWS: initial shards are 2 to 7 s older than the call (kinesalite's suite). */
const initialShardsOlderBySeconds = 4;

export class Stream {
  readonly name: string;
  readonly region: string;
  readonly arn: string;
  readonly mode: StreamMode;
  readonly maxRecordSizeInKiB: number;
  readonly distribution: DistributionStrategy;
  readonly tags: ReadonlyMap<string, string>;
  readonly retentionHours = defaultRetentionHours;
  /** AWS: whole seconds, in milliseconds. */
  readonly createdAt: number;
  status: StreamStatus = "CREATING";
  readonly #createLog: () => LogStore;
  readonly #shards: Shard[] = [];
  readonly #counters: RecordCounter[] = [];
  #open: readonly Shard[] = [];
  #route: (hashHex: string) => Shard;
  /** Counts the records that an AUTO stream spreads over its shards. */
  #spread = 0;
  readonly #deletedListeners = new Set<() => void>();
  #dropped = false;

  constructor(stream: NewStream) {
    this.name = stream.name;
    this.region = stream.region;
    this.arn = stream.arn;
    this.mode = stream.mode;
    this.maxRecordSizeInKiB = stream.maxRecordSizeInKiB;
    this.distribution = stream.distribution;
    this.tags = stream.tags;
    this.#createLog = stream.createLog;
    this.createdAt = secondsOf(stream.now) * 1000;
    const createdSeconds = secondsOf(stream.now) - initialShardsOlderBySeconds;
    for (const range of evenRanges(stream.shardCount)) this.#newShard({ range, createdSeconds, parents: [] });
    this.#open = [...this.#shards];
    this.#route = createRouter(this.#open);
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
    return now - this.retentionHours * hour;
  }

  /** The shards that a caller may see. */
  visibleShards(now: number): readonly Shard[] {
    return this.#shards.filter((shard) => this.#isVisible(shard, now));
  }

  visibleShard(index: number, now: number): Shard | undefined {
    const shard = this.#shards[index];
    return shard !== undefined && this.#isVisible(shard, now) ? shard : undefined;
  }

  /** The open shard whose range has the hash key, given as 32 hex digits. */
  shardOfHash(hashHex: string): Shard {
    return this.#route(hashHex);
  }

  /** The open shard whose turn it is in a stream that spreads its records evenly. */
  nextShardInTurn(): Shard {
    const shard = this.#open[this.#spread++ % this.#open.length];
    if (shard === undefined) throw new Error("a stream without open shards cannot take records");
    return shard;
  }

  childrenOf(parent: Shard): readonly Shard[] {
    return this.#shards.filter((shard) => shard.parents.includes(parent.index));
  }

  /** Puts shards over `ranges` in the place of the open shards `parents`, whose ranges they tile. */
  replaceShards(parents: readonly Shard[], ranges: readonly NewShard["range"][], now: number): readonly Shard[] {
    const closedSeconds = secondsOf(now);
    // AWS: children are created exactly one second after their parents' end (kinesalite's suite).
    const child = { createdSeconds: closedSeconds + 1, parents: parents.map((parent) => parent.index) };
    const children = ranges.map((range) => this.#newShard({ range, ...child }));
    this.#open = [...this.#open.filter((shard) => !parents.includes(shard)), ...children];
    this.#route = createRouter(this.#open);
    for (const parent of parents) parent.close(closedSeconds);
    return children;
  }

  onDeleted(listener: () => void): () => void {
    this.#deletedListeners.add(listener);
    return () => this.#deletedListeners.delete(listener);
  }

  /** Forgets every record and tells whoever reads. */
  drop(): void {
    this.#dropped = true;
    for (const shard of this.#shards) shard.drop();
    const listeners = [...this.#deletedListeners];
    this.#deletedListeners.clear();
    for (const listener of listeners) listener();
  }

  /** A closed shard disappears with its last record. */
  #isVisible(shard: Shard, now: number): boolean {
    return shard.closedSeconds === undefined || shard.closedSeconds * 1000 >= this.horizon(now);
  }

  #newShard(shard: Omit<NewShard, "index">): Shard {
    const index = this.#shards.length;
    const group = Math.floor(index / shardsPerCounter);
    // From 1: the shard's own StartingSequenceNumber has 0, and every record comes after it.
    const counter = (this.#counters[group] ??= { next: 1 });
    const created = new Shard({ ...shard, index }, counter, this.#createLog());
    this.#shards.push(created);
    return created;
  }
}
