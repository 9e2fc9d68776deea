import { Agent, request } from "node:http";
import type { OutgoingHttpHeaders } from "node:http";

/** Every part of a signature, but no signing: the client must cost as little as possible. */
const signature =
  "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20260101/us-east-1/kinesis/aws4_request, " +
  "SignedHeaders=host;x-amz-date, Signature=0000000000000000000000000000000000000000000000000000000000000000";

/** Bare HTTP/1.1 with connections that are kept. */
export interface Client {
  /** Calls an operation of Kinesis and answers the reply's body. Rejects when the status is not 200. */
  call(operation: string, body: string | Buffer, headers?: OutgoingHttpHeaders): Promise<Buffer>;
  /** Calls an operation whose answer does not end; `onData` gets what comes of it. */
  follow(operation: string, body: string, onData: (bytes: Buffer) => void): void;
  post(path: string, body: string): Promise<Buffer>;
  /** Calls an operation of SQS. */
  callQueues(operation: string, body: string): Promise<Buffer>;
  close(): void;
}

export function createClient(endpoint: string): Client {
  const { hostname: host, port } = new URL(endpoint);
  const agent = new Agent({ keepAlive: true, noDelay: true });
  const send = (path: string, body: string | Buffer, headers: OutgoingHttpHeaders): Promise<Buffer> =>
    new Promise((resolve, reject) => {
      const all = {
        authorization: signature,
        "x-amz-date": "20260101T000000Z",
        "content-length": Buffer.byteLength(body),
        ...headers,
      };
      const outgoing = request({ host, port, agent, method: "POST", path, headers: all }, (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
        incoming.on("error", reject);
        incoming.on("end", () => {
          const reply = Buffer.concat(chunks);
          if (incoming.statusCode === 200) resolve(reply);
          else reject(new Error(`${path}: status ${String(incoming.statusCode)}: ${reply.toString()}`));
        });
      });
      outgoing.on("error", reject);
      outgoing.end(body);
    });
  const kinesis = (operation: string) => ({
    "content-type": "application/x-amz-json-1.1",
    "x-amz-target": `Kinesis_20131202.${operation}`,
  });
  return {
    call: (operation, body, headers = {}) => send("/", body, { ...kinesis(operation), ...headers }),
    follow(operation, body, onData) {
      const headers = { ...kinesis(operation), authorization: signature, "x-amz-date": "20260101T000000Z" };
      const outgoing = request({ host, port, agent, method: "POST", headers }, (incoming) => {
        incoming.on("data", onData);
        // It ends with the server or the client, and nobody waits for more by then.
        incoming.on("error", () => {});
      });
      outgoing.on("error", () => {});
      outgoing.end(body);
    },
    post: (path, body) =>
      send(path, body, {
        "content-type": "application/json",
        authorization: signature.replace("/kinesis/", "/lambda/"),
      }),
    callQueues: (operation, body) =>
      send("/", body, {
        "content-type": "application/x-amz-json-1.0",
        "x-amz-target": `AmazonSQS.${operation}`,
        authorization: signature.replace("/kinesis/", "/sqs/"),
      }),
    close: () => agent.destroy(),
  };
}

const kibibyte = Buffer.alloc(1024, "LocalEmu");
const data = kibibyte.toString("base64");

/** The body of a PutRecord of 1 KiB; the key differs from call to call. */
export function putRecordBody(stream: string, key: number): string {
  return `{"StreamName":"${stream}","Data":"${data}","PartitionKey":"key-${key % 10_007}"}`;
}

/** An event of so many of these records, as a mapping hands it to a function. */
export function kinesisEvent(records: number): string {
  const record = (index: number) => ({
    kinesis: {
      kinesisSchemaVersion: "1.0",
      partitionKey: `key-${index % 10_007}`,
      sequenceNumber: "4".repeat(56),
      data,
      approximateArrivalTimestamp: 1_767_225_600.123,
    },
    eventSource: "aws:kinesis",
    eventVersion: "1.0",
    eventID: `shardId-000000000000:${"4".repeat(56)}`,
    eventName: "aws:kinesis:record",
    invokeIdentityArn: "arn:aws:iam::000000000000:role/bench",
    awsRegion: "us-east-1",
    eventSourceARN: "arn:aws:kinesis:us-east-1:000000000000:stream/drained",
  });
  return JSON.stringify({ Records: Array.from({ length: records }, (_, index) => record(index)) });
}

/** The same in CBOR. */
export function putRecordCbor(stream: string, key: number): Buffer {
  const size = Buffer.from([0x59, 0x04, 0x00]);
  const text = (value: string) => Buffer.from([0x78, value.length, ...Buffer.from(value)]);
  const [name, partitionKey] = [text(stream), text(`key-${key % 10_007}`)];
  const parts = [Buffer.from([0xa3]), text("StreamName"), name, text("Data"), size, kibibyte, text("PartitionKey")];
  return Buffer.concat([...parts, partitionKey]);
}

export const batchSize = 500;

/** So many records of 1 KiB, or of other data; in base64. */
export function putRecordsBody(stream: string, firstKey: number, base64 = data): string {
  const records = Array.from(
    { length: batchSize },
    (_, index) => `{"Data":"${base64}","PartitionKey":"key-${(firstKey + index) % 10_007}"}`,
  );
  return `{"StreamName":"${stream}","Records":[${records.join(",")}]}`;
}

/** An iterator from the oldest record of a shard. */
export async function iteratorOf(client: Client, stream: string, shard: number): Promise<string> {
  const shardId = `shardId-${String(shard).padStart(12, "0")}`;
  const body = JSON.stringify({ StreamName: stream, ShardId: shardId, ShardIteratorType: "TRIM_HORIZON" });
  const reply: { readonly ShardIterator: string } = JSON.parse(
    (await client.call("GetShardIterator", body)).toString(),
  );
  return reply.ShardIterator;
}
