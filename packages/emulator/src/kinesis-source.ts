import type { SourceRead, StreamSource } from "./services/lambda/event-source-mappings/ports.ts";
import type { StreamPosition } from "./services/lambda/event-source-mappings/stream/checkpoint.ts";
import type { ReadAfter, StreamReader } from "./services/kinesis/stream-reader.ts";

/** A Kinesis stream as an event source mapping reads it. */
export function kinesisSource(reader: StreamReader): StreamSource {
  return {
    arn: reader.arn,
    name: reader.name,
    region: reader.region,
    retentionMs: reader.retentionMs,
    streamId: reader.streamId,
    shards: () => reader.shards(),
    latest(shardId) {
      const sequence = reader.latest(shardId);
      return sequence === undefined ? { kind: "trimHorizon" } : { kind: "afterSequence", sequence };
    },
    read(shardId, after, most): SourceRead {
      const read = reader.read(shardId, readAfter(after), most);
      if (read === undefined) return { kind: "gone" };
      if (read.trimmedTo !== undefined) {
        return { kind: "trimmed", oldest: { kind: "afterSequence", sequence: read.trimmedTo } };
      }
      const records = read.records.map(({ sequenceNumber, approximateArrival, partitionKey, data }) => ({
        sequence: sequenceNumber,
        arrival: approximateArrival,
        partitionKey,
        data,
      }));
      return { kind: "records", records, through: records.at(-1)?.sequence, closed: read.closed };
    },
    onChange(shardId, listener) {
      const stopAppends = reader.onAppend(shardId, listener);
      const stopDeletion = reader.onDeleted(listener);
      return () => {
        stopAppends();
        stopDeletion();
      };
    },
  };
}

function readAfter(position: StreamPosition): ReadAfter {
  switch (position.kind) {
    case "trimHorizon":
      return { at: "trimHorizon" };
    case "atTimestamp":
      return { at: "timestamp", timestamp: position.timestamp };
    case "afterSequence":
      return { at: "sequence", sequence: position.sequence };
  }
}
