import { retentionMs } from "./state/table-stream.ts";
import type { TableStreams } from "./state/table-streams.ts";

/** Reads a table's stream from inside the emulator: by positions, not by iterators, and woken by writes. */
export interface TableStreamReader {
  readonly arn: string;
  /** The table's. */
  readonly name: string;
  readonly region: string;
  /** Tells the stream from every other. */
  readonly streamId: string;
  /** How long a record is kept, milliseconds of world time. */
  readonly retentionMs: number;
  /** None once the stream is gone. */
  shards(): readonly ReadableShard[];
  /** Undefined when the shard is gone. */
  read(
    shardId: string,
    after: ReadAfter,
    max: { readonly records: number; readonly bytes: number },
  ): ShardRead | undefined;
  /** The sequence number after which what is written from now on will be; undefined as in `read`. */
  latest(shardId: string): string | undefined;
  /** Calls `listener`, synchronously, when records were stored or the shard has ended. Answers a function that ends that. */
  onAppend(shardId: string, listener: () => void): () => void;
  /** Calls `listener` when the stream is gone. Answers a function that ends that. */
  onGone(listener: () => void): () => void;
}

export interface ReadableShard {
  readonly shardId: string;
  readonly parents: readonly string[];
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
}

export interface RecordView {
  readonly sequenceNumber: string;
  /** The item's keys: what is written to one item stays in order. */
  readonly partitionKey: string;
  /** The record as functions get it, JSON without the stream's ARN. */
  readonly data: Buffer;
  /** World time, milliseconds since the epoch. */
  readonly approximateArrival: number;
}

/** Undefined where there is no such stream. */
export function openTableStream(streams: TableStreams, arn: string): TableStreamReader | undefined {
  const stream = streams.find(arn);
  if (stream === undefined) return undefined;
  const isThere = (shardId?: string): boolean =>
    streams.find(arn) === stream && (shardId === undefined || shardId === stream.shardId);
  return {
    arn,
    name: stream.tableName,
    region: stream.region,
    streamId: arn,
    retentionMs,
    shards: () => (isThere() ? [{ shardId: stream.shardId, parents: [], open: stream.isOpen }] : []),
    read(shardId, after, max) {
      if (!isThere(shardId)) return undefined;
      const { changes, closed, lost } = stream.read(
        after.at === "sequence" ? after.sequence : undefined,
        max,
        streams.now(),
      );
      const records = changes.map(({ sequenceNumber, key, data, arrival }) => ({
        sequenceNumber,
        partitionKey: key,
        data,
        approximateArrival: arrival,
      }));
      return { records, closed, ...(lost !== undefined && { trimmedTo: lost }) };
    },
    latest: (shardId) => (isThere(shardId) ? stream.newest : undefined),
    onAppend: (shardId, listener) => (isThere(shardId) ? stream.onChange(listener) : () => {}),
    // A stream that was switched off ends its shard; when its records have expired, nobody waits for them.
    onGone: () => () => {},
  };
}
