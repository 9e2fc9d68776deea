import type { PeekedRecord, PeekedShard, PeekedStream } from "@localemu/control";
import { trimHorizon } from "./state/shard.ts";
import type { Shard } from "./state/shard.ts";
import type { Stream } from "./state/stream.ts";

const everything = { records: Infinity, bytes: Infinity };

export function peekStream(stream: Stream, now: number): PeekedStream {
  const shards = stream.visibleShards(now).map((shard) => peekShard(shard, stream.horizon(now)));
  return { streamName: stream.name, streamArn: stream.arn, status: stream.status, shards };
}

function peekShard(shard: Shard, horizon: number): PeekedShard {
  const records: PeekedRecord[] = [];
  shard.read(trimHorizon, everything, horizon, (sequence, arrival, partitionKey, data) => {
    const sequenceNumber = shard.sequenceNumber(sequence, arrival);
    records.push({ sequenceNumber, partitionKey, approximateArrival: arrival, data: data.toString("base64") });
  });
  return { shardId: shard.id, records };
}
