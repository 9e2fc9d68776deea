import type { LogPosition, LogStore, ReadLimits, RecordVisitor } from "../../../storage/log-store.ts";
import type { HashKeyRange } from "../hash-key.ts";
import { endingSequenceNumber, sequenceNumbersOf } from "../sequence-number.ts";
import { shardIdOf } from "../shard-id.ts";
import { keepRange } from "./kept-stream.ts";
import type { KeptShard, ShardEnd } from "./kept-stream.ts";

/** A place between two records of a shard: what has this counter and second, or greater ones, comes after it. */
export interface Position {
  readonly counter: number;
  readonly seconds: number;
}

export const trimHorizon: Position = { counter: 0, seconds: 0 };

/** AWS: five neighbouring shards count their records together (kinesalite's suite). */
export interface RecordCounter {
  next: number;
}

export type EncryptionChange = {
  /** The counter of the first record that it holds for. */
  readonly from: number;
  readonly encrypted: boolean;
};

export interface NewShard {
  readonly index: number;
  readonly range: HashKeyRange;
  /** Second since the epoch that the shard's sequence numbers begin at. */
  readonly createdSeconds: number;
  /** World time from which on it takes records, milliseconds. */
  readonly begins: number;
  /** Indexes of the shard that was split, or of the two that were merged. */
  readonly parents: readonly number[];
}

export interface ReadEnd {
  /** Where the next read goes on. */
  readonly next: Position;
  /** Arrival of the first record that was left unread; absent when everything was read. */
  readonly unreadSince: number | undefined;
  /** Position of the newest record that was wanted but had been trimmed. */
  readonly lost: Position | undefined;
}

/** The records of one range of hash keys. */
export class Shard implements NewShard {
  readonly index: number;
  readonly id: string;
  readonly range: HashKeyRange;
  readonly createdSeconds: number;
  readonly begins: number;
  readonly parents: readonly number[];
  readonly startingSequenceNumber: string;
  readonly #log: LogStore;
  readonly #counter: RecordCounter;
  readonly #listeners = new Set<() => void>();
  #end: ShardEnd | undefined;
  /** From which counter on the records are encrypted, or not any more; the newest last. */
  readonly #encryptionChanges: EncryptionChange[];
  readonly #sequenceNumber: (counter: number, seconds: number) => string;

  /** @param kept What another emulator kept of the shard. */
  constructor(shard: NewShard, counter: RecordCounter, log: LogStore, kept?: KeptShard) {
    const { index, range, createdSeconds, begins, parents } = shard;
    this.index = index;
    this.id = shardIdOf(index);
    this.range = range;
    this.createdSeconds = createdSeconds;
    this.begins = begins;
    this.parents = parents;
    this.#sequenceNumber = sequenceNumbersOf(createdSeconds, index);
    this.startingSequenceNumber = this.#sequenceNumber(0, createdSeconds);
    this.#counter = counter;
    this.#log = log;
    this.#end = kept?.closed;
    this.#encryptionChanges = [...(kept?.encryptionChanges ?? [])];
    // What was numbered once is not numbered again.
    if (log.newest !== undefined) counter.next = Math.max(counter.next, log.newest.sequence + 1);
  }

  kept(expired: boolean): KeptShard {
    const { range, createdSeconds, begins, parents } = this;
    const encryptionChanges = this.#encryptionChanges;
    return { range: keepRange(range), createdSeconds, begins, parents, closed: this.#end, expired, encryptionChanges };
  }

  get endingSequenceNumber(): string | undefined {
    return this.#end && endingSequenceNumber(this.createdSeconds, this.index, this.#end.seconds);
  }

  get isOpen(): boolean {
    return this.#end === undefined;
  }

  /** World time from which on its children take the records, milliseconds; none while it is open. */
  get ends(): number {
    return this.#end?.at ?? Infinity;
  }

  /** @param seconds The last second that its sequence numbers may have. */
  close(seconds: number, now: number): void {
    this.#end = { seconds, at: now };
  }

  /**
   * AWS: a shard's numbers begin a second after its parents' end, so that a record that arrives before has a number of that
   * second (kinesalite's suite).
   */
  sequenceNumber(counter: number, arrival: number): string {
    return this.#sequenceNumber(counter, this.#secondsOf(arrival));
  }

  /**
   * Stores a record and answers its sequence number; drops those that arrived before `horizon`.
   * Nobody is woken: the caller does that once for all of its records.
   */
  append(key: string, data: Uint8Array, now: number, horizon: number): string {
    const counter = this.#counter.next++;
    this.trim(horizon);
    this.#log.append(counter, now, key, data);
    return this.sequenceNumber(counter, now);
  }

  /** Says whether the records from now on are encrypted. */
  setEncrypted(encrypted: boolean): void {
    this.#encryptionChanges.push({ from: this.#counter.next, encrypted });
  }

  /** Whether the record with this counter was encrypted when it was put. */
  isEncrypted(counter: number): boolean {
    return this.#encryptionChanges.findLast(({ from }) => from <= counter)?.encrypted ?? false;
  }

  /** Visits the records after `from`. Those that arrived before `horizon` are dropped first. */
  read(from: Position, max: ReadLimits, horizon: number, visit: RecordVisitor): ReadEnd {
    this.trim(horizon);
    let next = from;
    const unreadSince = this.#log.read(this.#logPosition(from), max, (sequence, arrival, key, data) => {
      next = { counter: sequence, seconds: this.#secondsOf(arrival) + 1 };
      visit(sequence, arrival, key, data);
    });
    const dropped = this.#log.newestDropped;
    const trimmed = dropped && { counter: dropped.sequence, seconds: this.#secondsOf(dropped.arrival) };
    return { next, unreadSince, lost: trimmed !== undefined && isBefore(trimmed, from) ? undefined : trimmed };
  }

  /** Where the records that are put from now on will be. */
  tip(): Position {
    return { counter: this.#counter.next, seconds: 0 };
  }

  /** The position before the oldest record that arrived at or after `time`; the tip when there is none. */
  positionAt(time: number): Position {
    const first = this.#log.firstSince(time);
    return first === undefined ? this.tip() : { counter: first.sequence, seconds: this.#secondsOf(first.arrival) };
  }

  trim(horizon: number): void {
    this.#log.truncateBefore(horizon);
  }

  /** Calls `listener`, synchronously, each time that records were put or the shard has ended. */
  onAppend(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  wake(): void {
    for (const listener of this.#listeners) listener();
  }

  /** Forgets every record. */
  drop(): void {
    this.#log.clear();
    this.release();
  }

  /** Tells nobody any more. */
  release(): void {
    this.#listeners.clear();
  }

  /** The second that is in the number of a record that arrived then. */
  #secondsOf(arrival: number): number {
    return Math.max(secondsOf(arrival), this.createdSeconds);
  }

  #logPosition({ counter, seconds }: Position): LogPosition {
    return { sequence: counter, arrival: seconds <= this.createdSeconds ? 0 : seconds * 1000 };
  }
}

export function secondsOf(time: number): number {
  return Math.floor(time / 1000);
}

function isBefore(a: Position, b: Position): boolean {
  return a.counter < b.counter || (a.counter === b.counter && a.seconds < b.seconds);
}
