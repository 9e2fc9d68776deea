import type { Clock } from "../../../../core/clock.ts";
import type { SourceRead, SourceRefusal, StreamRecord, StreamSource } from "../ports.ts";
import type { StreamPosition } from "./checkpoint.ts";
import { sequenceOf } from "./example-records.ts";
import { compareSequences } from "./record.ts";
import type { ShardOfSet } from "./shard-set.ts";

interface Shard {
  readonly shardId: string;
  readonly parents: readonly string[];
  /** The hash keys that it takes: from `low` to before `high`. */
  readonly low: number;
  readonly high: number;
  /** World time at which its children took its place. */
  ends: number;
  records: readonly StreamRecord[];
  /** The newest record that it lost. */
  trimmedThrough: string | undefined;
  readonly listeners: Set<() => void>;
}

export interface StoredRecord {
  readonly shardId: string;
  readonly record: StreamRecord;
}

/** How many keys there are: key 0 has the lowest hash key. */
export const keys = 8;

/** A stream in memory that does what Kinesis does to a mapping: split, merge, trim, expire, be deleted. */
export class FakeStream implements StreamSource {
  readonly arn = "arn:aws:kinesis:us-east-1:000000000000:stream/orders";
  readonly name = "orders";
  readonly region = "us-east-1";
  readonly retentionMs = 600_000;
  readonly streamId: string;
  deleted = false;
  /** What it answers whoever reads, if anything but records. */
  refusal: SourceRefusal | undefined;
  readonly #clock: Clock;
  readonly #shards: Shard[] = [];
  #sequence = 0;

  constructor(streamId: string, shards: number, clock: Clock) {
    this.streamId = streamId;
    this.#clock = clock;
    for (let index = 0; index < shards; index++) {
      const [low, high] = [index, index + 1].map((part) => Math.round((part * keys) / shards));
      this.#add([], low ?? 0, high ?? keys);
    }
  }

  get listeners(): number {
    return this.#shards.reduce((sum, { listeners }) => sum + listeners.size, 0);
  }

  shards(): readonly ShardOfSet[] {
    if (this.deleted) return [];
    const now = this.#clock.now();
    return this.#visible().map(({ shardId, parents, ends }) => ({ shardId, parents, open: now < ends }));
  }

  latest(): StreamPosition {
    return { kind: "afterSequence", sequence: sequenceOf(this.#sequence) };
  }

  read(shardId: string, after: StreamPosition, most: { readonly records: number }): SourceRead {
    const shard = this.#find(shardId);
    if (shard === undefined) return { kind: "gone" };
    if (this.refusal !== undefined) return this.refusal;
    this.#trimExpired(shard);
    const { trimmedThrough } = shard;
    if (after.kind === "afterSequence" && trimmedThrough !== undefined && isAfter(trimmedThrough, after.sequence)) {
      return { kind: "trimmed", oldest: { kind: "afterSequence", sequence: trimmedThrough } };
    }
    const all = shard.records.filter(
      ({ sequence, arrival }) =>
        after.kind === "trimHorizon" ||
        (after.kind === "atTimestamp" ? arrival >= after.timestamp : isAfter(sequence, after.sequence)),
    );
    // Few at once, so that shards take several reads.
    const records = all.slice(0, Math.min(3, most.records));
    const closed = this.#clock.now() >= shard.ends && records.length === all.length;
    return { kind: "records", records, through: records.at(-1)?.sequence, closed };
  }

  onChange(shardId: string, listener: () => void): () => void {
    const listeners = this.#find(shardId)?.listeners;
    listeners?.add(listener);
    return () => listeners?.delete(listener);
  }

  /** Whether a record can still be read. */
  holds(shardId: string, sequence: string): boolean {
    const shard = this.#find(shardId);
    if (shard === undefined) return false;
    this.#trimExpired(shard);
    return shard.records.some((record) => record.sequence === sequence);
  }

  /** Calls `stored` before it wakes who reads. */
  put(key: number, data: string, stored: (put: StoredRecord) => void): StoredRecord {
    const now = this.#clock.now();
    const shard = this.#open().find(({ low, high }) => low <= key && key < high);
    if (shard === undefined) throw new Error(`no shard takes key ${key}`);
    this.#sequence++;
    const record: StreamRecord = {
      sequence: sequenceOf(this.#sequence),
      partitionKey: `key-${key}`,
      data: Buffer.from(data),
      arrival: now,
    };
    shard.records = [...shard.records, record];
    const put = { shardId: shard.shardId, record };
    stored(put);
    this.#wake(shard);
    return put;
  }

  /** All shards whose records come before those of this one, expired ones too. */
  ancestorsOf(shardId: string): readonly string[] {
    const parents = this.#shards.find((shard) => shard.shardId === shardId)?.parents ?? [];
    return parents.flatMap((parent) => [parent, ...this.ancestorsOf(parent)]);
  }

  /** Splits one of the shards that are not closed; tells what it did. */
  split(which: number): string {
    const open = this.#open().filter(({ low, high }) => high - low > 1);
    const shard = open[which % open.length];
    if (shard === undefined) return "nothing to split";
    const middle = Math.ceil((shard.low + shard.high) / 2);
    const low = this.#add([shard.shardId], shard.low, middle);
    const high = this.#add([shard.shardId], middle, shard.high);
    this.#close(shard);
    return `${shard.shardId} becomes ${low} and ${high}`;
  }

  /** Merges two neighbours that are not closed. */
  merge(which: number): string {
    const open = this.#open().toSorted((a, b) => a.low - b.low);
    const index = which % Math.max(1, open.length - 1);
    const [low, high] = [open[index], open[index + 1]];
    if (low === undefined || high === undefined) return "nothing to merge";
    const child = this.#add([low.shardId, high.shardId], low.low, high.high);
    this.#close(low, high);
    return `${low.shardId} and ${high.shardId} become ${child}`;
  }

  /** Loses the oldest records of a shard, as when its retention period is made shorter. */
  trim(which: number, count: number): string {
    const shard = this.#shards[which % this.#shards.length];
    if (shard === undefined) return "nothing to trim";
    const lost = shard.records.slice(0, count);
    this.#drop(shard, lost.length);
    return `${lost.length} records of ${shard.shardId}`;
  }

  delete(): void {
    this.deleted = true;
    for (const shard of this.#shards) this.#wake(shard);
  }

  #open(): readonly Shard[] {
    return this.#shards.filter(({ ends }) => ends === Infinity);
  }

  #visible(): readonly Shard[] {
    const horizon = this.#clock.now() - this.retentionMs;
    return this.#shards.filter(({ ends }) => ends > horizon);
  }

  #find(shardId: string): Shard | undefined {
    return this.deleted ? undefined : this.#visible().find((shard) => shard.shardId === shardId);
  }

  #add(parents: readonly string[], low: number, high: number): string {
    const shardId = `shard-${this.#shards.length}`;
    const empty = { records: [], trimmedThrough: undefined, listeners: new Set<() => void>() };
    this.#shards.push({ shardId, parents, low, high, ends: Infinity, ...empty });
    return shardId;
  }

  #close(...shards: readonly Shard[]): void {
    for (const shard of shards) shard.ends = this.#clock.now();
    for (const shard of shards) this.#wake(shard);
  }

  #trimExpired(shard: Shard): void {
    const horizon = this.#clock.now() - this.retentionMs;
    this.#drop(shard, shard.records.filter(({ arrival }) => arrival < horizon).length);
  }

  #drop(shard: Shard, count: number): void {
    shard.trimmedThrough = shard.records[count - 1]?.sequence ?? shard.trimmedThrough;
    shard.records = shard.records.slice(count);
  }

  #wake(shard: Shard): void {
    for (const listener of shard.listeners) listener();
  }
}

function isAfter(sequence: string, other: string): boolean {
  return compareSequences(sequence, other) > 0;
}
