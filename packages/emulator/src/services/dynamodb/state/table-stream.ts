import type { LogStore, OpenLog } from "../../../storage/log-store.ts";
import type { ViewType } from "../stream-record.ts";

/** AWS: a stream keeps its records for 24 hours (AWS docs). */
export const retentionMs = 24 * 3_600_000;

export interface NewTableStream {
  readonly region: string;
  readonly tableName: string;
  readonly tableArn: string;
  /** Tells the table from others of its name. */
  readonly tableId: string;
  /** World time of its creation, unlike that of any other stream of the table. */
  readonly createdAt: number;
  readonly viewType: ViewType;
  /** The table's `KeySchema`. */
  readonly keySchema: readonly KeyElement[];
  /** What its shard's name ends with. */
  readonly shardSuffix: string;
}

export interface KeyElement {
  readonly AttributeName: string;
  readonly KeyType: "HASH" | "RANGE";
}

/** One record of a stream: `data` is the record that functions get, JSON without the stream's ARN. */
export interface LoggedChange {
  readonly sequenceNumber: string;
  /** The item's keys, JSON. */
  readonly key: string;
  readonly data: Buffer;
  /** World time, milliseconds. */
  readonly arrival: number;
}

export interface ChangesRead {
  readonly changes: readonly LoggedChange[];
  /** The stream takes no more records, and these are its last. */
  readonly closed: boolean;
  /** Sequence number of the newest record that was wanted and is kept no longer. */
  readonly lost: string | undefined;
}

const counterDigits = 18;
const everything = { records: Infinity, bytes: Infinity };

/**
 * The stream of a table from when it is switched on until it is switched off. Assumed: it has one shard for all of its life;
 * AWS's have one for each partition of the table, and another one every few hours.
 */
export class TableStream implements NewTableStream {
  readonly region: string;
  readonly tableName: string;
  readonly tableArn: string;
  readonly tableId: string;
  readonly createdAt: number;
  readonly viewType: ViewType;
  readonly keySchema: readonly KeyElement[];
  readonly shardSuffix: string;
  /** AWS: the time of its creation in UTC, without a zone (AWS docs). */
  readonly label: string;
  readonly arn: string;
  readonly shardId: string;
  readonly #log: LogStore;
  readonly #listeners = new Set<() => void>();
  /** How many records it has had. */
  #count: number;
  #closedAt: number | undefined;

  /** Goes on where its log ends. */
  constructor(stream: NewTableStream, openLog: OpenLog) {
    this.region = stream.region;
    this.tableName = stream.tableName;
    this.tableArn = stream.tableArn;
    this.tableId = stream.tableId;
    this.createdAt = stream.createdAt;
    this.viewType = stream.viewType;
    this.keySchema = stream.keySchema;
    this.label = new Date(stream.createdAt).toISOString().slice(0, -1);
    this.arn = `${stream.tableArn}/stream/${this.label}`;
    this.shardSuffix = stream.shardSuffix;
    this.shardId = `shardId-${String(stream.createdAt).padStart(20, "0")}-${stream.shardSuffix}`;
    this.#log = openLog(`dynamodb/${this.arn}`);
    this.#count = this.#log.newest?.sequence ?? 0;
  }

  get keyNames(): readonly string[] {
    const isHash = ({ KeyType }: KeyElement): boolean => KeyType === "HASH";
    const [hash, range] = [this.keySchema.find(isHash), this.keySchema.find((key) => !isHash(key))];
    return [hash, range].flatMap((key) => (key === undefined ? [] : [key.AttributeName]));
  }

  get isOpen(): boolean {
    return this.#closedAt === undefined;
  }

  /** When it was switched off, world time. */
  get closedAt(): number | undefined {
    return this.#closedAt;
  }

  /** A stream that was switched off is there as long as its records are. */
  isGone(now: number): boolean {
    return this.#closedAt !== undefined && this.#closedAt + retentionMs <= now;
  }

  /** Sequence number of the newest record; before the first one, that of none. */
  get newest(): string {
    return this.#sequenceNumber(this.#count);
  }

  get startingSequenceNumber(): string {
    return this.#sequenceNumber(1);
  }

  get endingSequenceNumber(): string | undefined {
    return this.isOpen ? undefined : this.newest;
  }

  /** Stores a record, which `write` makes for its sequence number, and wakes its readers before it returns. */
  append(key: string, now: number, write: (sequenceNumber: string) => string): void {
    this.#trim(now);
    const count = ++this.#count;
    this.#log.append(count, now, key, Buffer.from(write(this.#sequenceNumber(count))));
    this.#wake();
  }

  close(now: number): void {
    if (this.#closedAt !== undefined) return;
    this.#closedAt = now;
    this.#wake();
  }

  /** What follows after `sequenceNumber`, oldest first; from the oldest record without one. */
  read(
    after: string | undefined,
    most: { readonly records: number; readonly bytes: number },
    now: number,
  ): ChangesRead {
    this.#trim(now);
    const from = after === undefined ? 0 : this.#counterOf(after);
    const lastLost = this.#lastLost;
    const changes: LoggedChange[] = [];
    const unread = this.#log.read({ sequence: from + 1, arrival: 0 }, most, (sequence, arrival, key, data) =>
      changes.push({ sequenceNumber: this.#sequenceNumber(sequence), key, data, arrival }),
    );
    return {
      changes,
      closed: !this.isOpen && unread === undefined,
      lost: after !== undefined && from < lastLost ? this.#sequenceNumber(lastLost) : undefined,
    };
  }

  all(now: number): readonly LoggedChange[] {
    return this.read(undefined, everything, now).changes;
  }

  /** Whether a number is one that this stream has given, or the one before the first. */
  hasNumber(sequenceNumber: string): boolean {
    const counter = this.#counterOf(sequenceNumber);
    return counter <= this.#count && this.#sequenceNumber(counter) === sequenceNumber;
  }

  /** Whether the record with this number is kept no longer. */
  hasLost(sequenceNumber: string, now: number): boolean {
    this.#trim(now);
    return this.#counterOf(sequenceNumber) <= this.#lastLost;
  }

  /** The number before another one. */
  before(sequenceNumber: string): string {
    return this.#sequenceNumber(Math.max(0, this.#counterOf(sequenceNumber) - 1));
  }

  /** Calls `listener`, synchronously, each time that a record was stored, and when the stream was switched off. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Drops its records for good. */
  forgetRecords(): void {
    this.#log.clear();
  }

  get #lastLost(): number {
    return this.#log.newestDropped?.sequence ?? 0;
  }

  #wake(): void {
    for (const listener of this.#listeners) listener();
  }

  #trim(now: number): void {
    this.#log.truncateBefore(now - retentionMs);
  }

  /** AWS: 21 to 40 digits that grow (AWS's model). Assumed: those of the second of its creation, and of a counter. */
  #sequenceNumber(counter: number): string {
    return `${Math.floor(this.createdAt / 1000)}${String(counter).padStart(counterDigits, "0")}`;
  }

  #counterOf(sequenceNumber: string): number {
    return Number(sequenceNumber.slice(-counterDigits));
  }
}
