/** Reads a stream from inside the emulator, of Kinesis or of a table: by positions, not by iterators, and woken by writes. */
export interface ShardReader {
  /** The stream's, or a consumer's. */
  readonly arn: string;
  /** The stream's, or the table's. */
  readonly name: string;
  readonly region: string;
  /** Tells the stream from another that had its name. */
  readonly streamId: string;
  /** How long a record is kept, milliseconds of world time. */
  readonly retentionMs: number;
  /** The shards that have not expired, the oldest first; none once the stream is gone. */
  shards(): readonly ReadableShard[];
  /** Undefined when the stream is gone or the shard has expired. */
  read(
    shardId: string,
    after: ReadAfter,
    max: { readonly records: number; readonly bytes: number },
  ): ShardRead | undefined;
  /** The sequence number after which what is written from now on will be; undefined as in `read`. */
  latest(shardId: string): string | undefined;
  /**
   * Calls `listener` each time that records were written to the shard or it has ended: synchronously, once per call of a
   * producer, before that call is answered. Answers a function that ends it.
   */
  onAppend(shardId: string, listener: () => void): () => void;
  /** Calls `listener` once, synchronously, when the stream is gone. Answers a function that ends it. */
  onGone(listener: () => void): () => void;
}

export interface ReadableShard {
  readonly shardId: string;
  /** None, the shard that was split, or the two that were merged; also where they have expired. */
  readonly parents: readonly string[];
  /** It takes records. */
  readonly open: boolean;
}

/** A timestamp is in world time, milliseconds since the epoch, and means the first record at or after it. */
export type ReadAfter =
  | { readonly at: "trimHorizon" }
  | { readonly at: "timestamp"; readonly timestamp: number }
  | { readonly at: "sequence"; readonly sequence: string };

export interface ShardRead {
  readonly records: readonly RecordView[];
  /** The shard has ended and these are its last records. */
  readonly closed: boolean;
  /** Records after the given sequence are kept no longer: the number of the newest of these. */
  readonly trimmedTo?: string;
  /** It cannot be read now; the text of the error. */
  readonly throttled?: string;
  /** There are records, but the reader has been given as many as it may: how long until it gets more, milliseconds. */
  readonly delayMs?: number;
}

export interface RecordView {
  readonly sequenceNumber: string;
  /** Empty where the producer gave none; of a table, the item's keys: what is written to one item stays in order. */
  readonly partitionKey: string;
  /** Of a table, JSON without the stream's ARN. A view of the stream's own memory, which it keeps alive: do not write to it. */
  readonly data: Buffer;
  /** World time, milliseconds since the epoch. */
  readonly approximateArrival: number;
}
