import { accountId } from "../../core/arns.ts";
import type { ReadableShard, ReadAfter, RecordView, ShardRead, ShardReader } from "../shard-reader.ts";
import { rateExceeded } from "./errors.ts";
import type { Resource } from "./resource.ts";
import { parseSequenceNumber } from "./sequence-number.ts";
import { parseShardId, shardIdOf } from "./shard-id.ts";
import { trimHorizon } from "./state/shard.ts";
import type { Position, Shard } from "./state/shard.ts";
import type { KinesisState } from "./state/kinesis-state.ts";

/** Reads as GetRecords or, as a registered consumer, which shares no throughput with anybody and ends with the consumer. */
export interface StreamReader extends ShardReader {
  /** What a client would read it with. */
  readonly readWith: "GetRecords" | "SubscribeToShard";
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
  if (after.at === "timestamp") return shard.positionAt(after.timestamp);
  const sequence = parseSequenceNumber(after.sequence);
  if (sequence.version === "unreadable") throw new Error(`${after.sequence} is not a sequence number`);
  return { counter: sequence.counter, seconds: sequence.seconds + 1 };
}
