import { accountId } from "../../core/arns.ts";
import { rateExceeded } from "./errors.ts";
import type { Resource } from "./resource.ts";
import { parseSequenceNumber } from "./sequence-number.ts";
import { parseShardId, shardIdOf } from "./shard-id.ts";
import { trimHorizon } from "./state/shard.ts";
import type { Position, Shard } from "./state/shard.ts";
import type { KinesisState } from "./state/kinesis-state.ts";

/**
 * Reads a stream from inside the emulator: by positions, not by iterators, and woken by appends. One that reads as a registered
 * consumer shares no throughput with anybody, and ends with the consumer.
 */
export interface StreamReader {
  /** The stream's, or the consumer's. */
  readonly arn: string;
  /** What a client would read it with. */
  readonly readWith: "GetRecords" | "SubscribeToShard";
  readonly name: string;
  readonly region: string;
  /** Tells the stream from another that had its name. */
  readonly streamId: string;
  /** How long a record is kept, milliseconds of world time. */
  readonly retentionMs: number;
  /** The shards that have not expired, by index; none while stream or consumer is being created, or once it is gone. */
  shards(): readonly ReadableShard[];
  /** Undefined when the stream was deleted, the consumer deregistered, or the shard has expired. */
  read(
    shardId: string,
    after: ReadAfter,
    max: { readonly records: number; readonly bytes: number },
  ): ShardRead | undefined;
  /** The sequence number after which what is put from now on will be; undefined as in `read`. */
  latest(shardId: string): string | undefined;
  /**
   * Calls `listener` each time that records were put into the shard or it has ended: synchronously, once per call of a
   * producer, before that call is answered. Answers a function that ends it.
   */
  onAppend(shardId: string, listener: () => void): () => void;
  /** Calls `listener` once, synchronously, when the stream or the consumer is gone. Answers a function that ends it. */
  onGone(listener: () => void): () => void;
}

export interface ReadableShard {
  readonly shardId: string;
  /** None, the shard that was split, or the two that were merged; also where they have expired. */
  readonly parents: readonly string[];
  /** It takes records. */
  readonly open: boolean;
  readonly startingSequenceNumber: string;
}

/** A timestamp is in world time, milliseconds since the epoch, and means the first record at or after it. */
export type ReadAfter =
  | { readonly at: "trimHorizon" }
  | { readonly at: "latest" }
  | { readonly at: "timestamp"; readonly timestamp: number }
  | { readonly at: "sequence"; readonly sequence: string };

export interface ShardRead {
  readonly records: readonly RecordView[];
  /** The shard has ended and these are its last records. */
  readonly closed: boolean;
  /** Records after the given sequence were trimmed: the sequence number of the newest one that was lost. */
  readonly trimmedTo?: string;
  /** There are records, but the shard has given as many as it may; the text of the error. */
  readonly throttled?: string;
  /** There are records, but the consumer has been given as many as it may: how long until it gets more, milliseconds. */
  readonly delayMs?: number;
}

export interface RecordView {
  readonly sequenceNumber: string;
  /** Empty where the producer gave none. */
  readonly partitionKey: string;
  /** A view of the stream's own memory, which it keeps alive: do not write to it. */
  readonly data: Buffer;
  /** World time, milliseconds since the epoch. */
  readonly approximateArrival: number;
}

const hour = 3_600_000;

export function createStreamReader({ kind, stream, target }: Resource, state: KinesisState): StreamReader {
  const now = (): number => state.now();
  const consumer = kind === "consumer" ? target : undefined;
  const isGone = (): boolean => stream.dropped || consumer?.dropped === true;
  const find = (shardId: string): Shard | undefined => {
    const index = isGone() ? undefined : parseShardId(shardId);
    return index === undefined ? undefined : stream.visibleShard(index, now());
  };
  return {
    arn: target.arn,
    readWith: consumer === undefined ? "GetRecords" : "SubscribeToShard",
    name: stream.name,
    region: stream.region,
    streamId: stream.id,
    get retentionMs() {
      return stream.retentionHours * hour;
    },
    shards() {
      if (isGone() || target.status === "CREATING") return [];
      return stream.visibleShards(now()).map(describe);
    },
    read(shardId, after, max) {
      const shard = find(shardId);
      const read = shard && readShard(shard, after, max, stream.horizon(now()));
      // A reader that waits for records makes no call on AWS's terms before there are some.
      if (shard === undefined || read === undefined || read.records.length === 0) return read;
      if (consumer !== undefined) {
        const pushes = state.pushesOf(consumer, shard);
        if (pushes === undefined) return read;
        const bytes = sizeOf(read);
        const delayMs = pushes.waitMs(bytes, now());
        if (delayMs > 0) return { records: [], closed: false, delayMs };
        pushes.gave(bytes, now());
        return read;
      }
      const throughput = state.throughputOf(shard);
      if (throughput?.takesRead(now()) === false) {
        const { code, message } = rateExceeded(shardId, stream.name, accountId);
        return { records: [], closed: false, throttled: `${code}: ${message}` };
      }
      throughput?.gave(sizeOf(read), now());
      return read;
    },
    latest(shardId) {
      const shard = find(shardId);
      return shard?.sequenceNumber(shard.tip().counter - 1, now());
    },
    onAppend(shardId, listener) {
      return find(shardId)?.onAppend(listener) ?? (() => {});
    },
    onGone(listener) {
      const stopDeletion = stream.onDeleted(listener);
      const stopDeregistration = consumer?.onDeregistered(listener);
      return () => {
        stopDeletion();
        stopDeregistration?.();
      };
    },
  };
}

function sizeOf({ records }: ShardRead): number {
  return records.reduce((sum, { data, partitionKey }) => sum + data.length + Buffer.byteLength(partitionKey), 0);
}

function describe(shard: Shard): ReadableShard {
  return {
    shardId: shard.id,
    parents: shard.parents.map(shardIdOf),
    open: shard.isOpen,
    startingSequenceNumber: shard.startingSequenceNumber,
  };
}

function readShard(
  shard: Shard,
  after: ReadAfter,
  max: { readonly records: number; readonly bytes: number },
  horizon: number,
): ShardRead {
  const records: RecordView[] = [];
  const from = positionAfter(shard, after);
  const { unreadSince, lost } = shard.read(from, max, horizon, (sequence, arrival, partitionKey, data) => {
    const sequenceNumber = shard.sequenceNumber(sequence, arrival);
    records.push({ sequenceNumber, partitionKey, data, approximateArrival: arrival });
  });
  return {
    records,
    closed: !shard.isOpen && unreadSince === undefined,
    ...(after.at === "sequence" && lost && { trimmedTo: shard.sequenceNumber(lost.counter, lost.seconds * 1000) }),
  };
}

function positionAfter(shard: Shard, after: ReadAfter): Position {
  if (after.at === "trimHorizon") return trimHorizon;
  if (after.at === "latest") return shard.tip();
  if (after.at === "timestamp") return shard.positionAt(after.timestamp);
  const sequence = parseSequenceNumber(after.sequence);
  if (sequence.version === "unreadable") throw new Error(`${after.sequence} is not a sequence number`);
  return { counter: sequence.counter, seconds: sequence.seconds + 1 };
}
