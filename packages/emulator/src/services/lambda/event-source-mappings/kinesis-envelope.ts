import type { StreamRecord } from "./ports.ts";
import type { InvokeWindow } from "./stream/tumbling-window.ts";

/** Writes a batch of records as the event that a function gets. */
export interface Envelope {
  /** How many bytes a record takes in the event, apart from the comma before it. */
  bytesOf(record: StreamRecord): number;
  /** The whole event, JSON; with `window` that of a tumbling window, which may have no records. */
  event(records: readonly StreamRecord[], window?: InvokeWindow): string;
}

export interface KinesisEnvelopeOptions {
  readonly shardId: string;
  readonly eventSourceArn: string;
  readonly region: string;
  /** The function's execution role. */
  readonly role: string;
}

/** AWS: the keys of a Kinesis event and their order (recorded on AWS). */
export function kinesisEnvelope({ shardId, eventSourceArn, region, role }: KinesisEnvelopeOptions): Envelope {
  const tail =
    `","eventName":"aws:kinesis:record","invokeIdentityArn":${JSON.stringify(role)},` +
    `"awsRegion":"${region}","eventSourceARN":"${eventSourceArn}"}`;
  const write = ({ partitionKey, sequence, arrival }: StreamRecord, data: string): string =>
    `{"kinesis":{"kinesisSchemaVersion":"1.0","partitionKey":${JSON.stringify(partitionKey)},"sequenceNumber":"${sequence}",` +
    `"data":"${data}","approximateArrivalTimestamp":${arrival / 1000}},"eventSource":"aws:kinesis","eventVersion":"1.0",` +
    `"eventID":"${shardId}:${sequence}${tail}`;
  return {
    bytesOf: (record) => Buffer.byteLength(write(record, "")) + base64Length(record.data.length),
    event: (records, window) => {
      const list = records.map((record) => write(record, record.data.toString("base64"))).join(",");
      return `{"Records":[${list}]${window === undefined ? "" : windowMembers(window)}}`;
    },
  };

  // AWS: the keys and their order (AWS docs).
  function windowMembers({ start, end, state, isFinal, isTerminatedEarly }: InvokeWindow): string {
    return (
      `,"window":{"start":"${wholeSeconds(start)}","end":"${wholeSeconds(end)}"},"state":${state},"shardId":"${shardId}",` +
      `"eventSourceARN":"${eventSourceArn}","isFinalInvokeForWindow":${isFinal},"isWindowTerminatedEarly":${isTerminatedEarly}`
    );
  }
}

function wholeSeconds(time: number): string {
  return `${new Date(time).toISOString().slice(0, 19)}Z`;
}

function base64Length(bytes: number): number {
  return Math.ceil(bytes / 3) * 4;
}
