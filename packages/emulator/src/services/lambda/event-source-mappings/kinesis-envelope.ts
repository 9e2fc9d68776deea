import { eventOf } from "./envelope.ts";
import type { Envelope, EnvelopeOptions } from "./envelope.ts";
import type { StreamRecord } from "./ports.ts";

/** AWS: the keys of a Kinesis event and their order (recorded on AWS). */
export function kinesisEnvelope(options: EnvelopeOptions): Envelope {
  const { shardId, eventSourceArn, region, role } = options;
  const tail =
    `","eventName":"aws:kinesis:record","invokeIdentityArn":${JSON.stringify(role)},` +
    `"awsRegion":"${region}","eventSourceARN":"${eventSourceArn}"}`;
  const write = ({ partitionKey, sequence, arrival }: StreamRecord, data: string): string =>
    `{"kinesis":{"kinesisSchemaVersion":"1.0","partitionKey":${JSON.stringify(partitionKey)},"sequenceNumber":"${sequence}",` +
    `"data":"${data}","approximateArrivalTimestamp":${arrival / 1000}},"eventSource":"aws:kinesis","eventVersion":"1.0",` +
    `"eventID":"${shardId}:${sequence}${tail}`;
  return {
    bytesOf: (record) => Buffer.byteLength(write(record, "")) + base64Length(record.data.length),
    event: (records, window) =>
      eventOf(records.map((record) => write(record, record.data.toString("base64"))).join(","), window, options),
  };
}

function base64Length(bytes: number): number {
  return Math.ceil(bytes / 3) * 4;
}
