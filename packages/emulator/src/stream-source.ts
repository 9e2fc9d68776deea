import type { MetFault } from "./faults.ts";
import type { AwsError } from "./protocols/errors.ts";
import type { SourceRead, SourceRefusal, StreamSource } from "./services/lambda/event-source-mappings/ports.ts";
import type { StreamPosition } from "./services/lambda/event-source-mappings/stream/checkpoint.ts";
import type { ReadAfter, ShardReader } from "./services/shard-reader.ts";

/** What a read is to suffer; undefined for one that goes on unharmed. */
export type ReadGate = () => MetFault | undefined;

/** A stream as an event source mapping reads it: through `gate`, like everybody who calls GetRecords or SubscribeToShard. */
export function streamSource(reader: ShardReader, gate: ReadGate): StreamSource {
  /** Reads that wait for their latency to pass, by shard, and how they go on then. */
  const late = new Map<string, MetFault>();
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
      const waited = late.get(shardId);
      const met = waited ?? gate();
      late.delete(shardId);
      if (met !== undefined && met.latencyMs > 0 && waited === undefined) {
        late.set(shardId, met);
        return { kind: "delayed", ms: met.latencyMs };
      }
      if (met?.error !== undefined) return refusalOf(met.error);
      const read = reader.read(shardId, readAfter(after), most);
      if (read === undefined) return { kind: "gone" };
      if (read.throttled !== undefined) return { kind: "refused", reason: "transient", error: read.throttled };
      if (read.delayMs !== undefined) return { kind: "delayed", ms: read.delayMs };
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
      const stopGone = reader.onGone(listener);
      return () => {
        stopAppends();
        stopGone();
      };
    },
  };
}

/** How a source that answers with an error is read again. */
export function refusalOf({ code, message }: AwsError): SourceRefusal {
  return { kind: "refused", reason: isDenial.test(code) ? "denied" : "transient", error: `${code}: ${message}` };
}

const isDenial = /^(AccessDenied|UnrecognizedClient|KMS(AccessDenied|Disabled|InvalidState|NotFound))/;

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
