import { request } from "node:http";
import type { IncomingHttpHeaders } from "node:http";

/** A request that no SDK would send. */
export interface RawRequest {
  readonly method?: string;
  readonly path?: string;
  /** A list is that header several times. */
  readonly headers?: Readonly<Record<string, string | string[]>>;
  readonly body?: string | Uint8Array;
}

export interface RawReply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly bytes: Buffer;
}

/** Sends one request on a connection of its own, over HTTP/1.1. */
export function rawRequest(endpoint: string, { body = "", ...message }: RawRequest): Promise<RawReply> {
  const { promise, resolve, reject } = Promise.withResolvers<RawReply>();
  const options = { method: "POST", agent: false, ...message };
  const sent = request(endpoint, options, (response) => {
    const chunks: Buffer[] = [];
    response.on("data", (chunk: Buffer) => chunks.push(chunk));
    response.on("error", reject);
    response.on("end", () => {
      const { statusCode: status = 0, headers } = response;
      const bytes = Buffer.concat(chunks);
      resolve({ status, headers, body: bytes.toString(), bytes });
    });
  });
  sent.on("error", reject);
  sent.end(body);
  return promise;
}

/** What a signed request has, as far as anybody looks. */
export function signature(service: string, region = "us-east-1"): Record<string, string> {
  const scope = `AKIDEXAMPLE/20260101/${region}/${service}/aws4_request`;
  return {
    authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host;x-amz-date, Signature=${"0".repeat(64)}`,
    "x-amz-date": "20260101T000000Z",
  };
}

export const kinesisTarget = "Kinesis_20131202";

/** Calls an operation of Kinesis with whatever stands in `body`; anything but text is sent as JSON. */
export function rawKinesis(endpoint: string, operation: string, body: unknown): Promise<RawReply> {
  const headers = {
    ...signature("kinesis"),
    "content-type": "application/x-amz-json-1.1",
    "x-amz-target": `${kinesisTarget}.${operation}`,
  };
  return rawRequest(endpoint, { headers, body: typeof body === "string" ? body : JSON.stringify(body) });
}

/** The error that a call with such a body is answered with, as `status Name: message`; `no failure` where there is none. */
export async function rawFailureOf(endpoint: string, operation: string, body: unknown): Promise<string> {
  const reply = await rawKinesis(endpoint, operation, body);
  if (reply.status === 200) return "no failure";
  const { __type: type, ...members }: Record<string, unknown> = JSON.parse(reply.body);
  // AWS: the one error whose message has a capital letter (kinesalite's suite).
  const messageKey = type === "SerializationException" ? "Message" : "message";
  const { [messageKey]: message, ...more } = members;
  return `${reply.status} ${String(type)}: ${[message, ...Object.keys(more)].join(" ")}`;
}
