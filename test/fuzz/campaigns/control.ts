import fc from "fast-check";
import { mutated } from "../bytes.ts";
import { campaign } from "../campaign.ts";
import { sendHttp } from "../send.ts";
import type { HttpInput } from "../send.ts";

/** How long whoever asks for something that may wait does wait, in milliseconds. */
const patienceMs = 100;

const routes: readonly (readonly [method: string, path: string, body: string])[] = [
  ["GET", "health/ready", ""],
  ["GET", "info", ""],
  ["GET", "health", ""],
  ["GET", "metrics", ""],
  ["GET", "ca.pem", ""],
  ["GET", "worlds", ""],
  ["POST", "worlds", '{"name":"fired-at","lease":true}'],
  ["DELETE", "worlds/fired-at", ""],
  ["GET", "worlds/fired-at/lease", ""],
  ["POST", "idle", '{"timeoutMs":10}'],
  ["GET", "clock", ""],
  ["POST", "clock", '{"advance":1}'],
  ["POST", "clock", '{"mode":"frozen","now":1700000000000}'],
  [
    "POST",
    "faults",
    '{"service":"sts","operation":"GetCallerIdentity","error":"Throttling","probability":0.1,"times":1}',
  ],
  ["DELETE", "faults/1", ""],
  ["GET", "runtime/fired-at", ""],
  ["POST", "runtime/fired-at", '{"Timeout":3}'],
  ["POST", "runtime/fired-at/pause", ""],
  ["POST", "runtime/fired-at/resume", ""],
  ["GET", "timeline?after=1&limit=2", ""],
  ["GET", "timeline", ""],
  ["GET", "peek/streams/x?region=us-east-1", ""],
  ["GET", "peek/queues/x", ""],
  ["GET", "peek/buckets/x?key=k", ""],
  ["GET", "peek/functions", ""],
  ["GET", "peek/mappings/x", ""],
  ["GET", "code/AAAA.zip", ""],
  ["POST", "aws/kinesis/ListStreams", "{}"],
  ["POST", "aws/s3/PutObject", '{"Bucket":"b","Key":"k","Body":"eA=="}'],
  ["POST", "aws/sns/Publish", '{"TopicArn":"t","MessageAttributes":{"a":{"DataType":"String"}}}'],
  ["POST", "aws/sqs/CreateQueue?region=x", '{"QueueName":"q"}'],
];

const bodyTokens = [
  "__proto__",
  "null",
  "-1",
  "1e999",
  '"',
  "{",
  "[",
  "\\ud800",
  "\xff",
  "constructor",
  "toString",
  "../",
];
const pathTokens = [
  "/",
  "..",
  "%2f",
  "%00",
  "%",
  "%ff",
  "*",
  "__proto__",
  "constructor",
  "toString",
  "?after=-1",
  "&limit=99999999999999999999",
  "&limit=0",
  "&after=1e9",
  "default",
  "a".repeat(3_000),
];

const input: fc.Arbitrary<HttpInput> = fc.constantFrom(...routes).chain(([method, path, body]) =>
  fc.record({
    method: fc.constantFrom(method, method, method, method, "GET", "POST", "DELETE", "PATCH", "OPTIONS"),
    path: fc
      .tuple(
        fc.constantFrom(
          "/_localemu/",
          "/_localemu/",
          "/_world/fired-at/_localemu/",
          "/_world/__proto__/_localemu/",
          "/_world/%00",
        ),
        fc.oneof(fc.constant(Buffer.from(path)), mutated([Buffer.from(path)], pathTokens)),
      )
      .map(([prefix, bytes]) => prefix + bytes.toString("latin1").replaceAll(/[^\x21-\xff]/g, "%")),
    headers: fc.constantFrom<Readonly<Record<string, string>>[]>(
      {},
      { accept: "text/event-stream" },
      { "x-localemu-region": "__proto__" },
      { "x-localemu-region": "../" },
      { "last-event-id": "x" },
    ),
    body: fc.oneof(fc.constant(Buffer.from(body)), mutated([Buffer.from(body)], bodyTokens)),
  }),
);

export const control = campaign("the control API", {
  inputs: input,
  send: (endpoint, request) => sendHttp(endpoint, request, patienceMs),
});
