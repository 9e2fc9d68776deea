import { once } from "node:events";
import { connect as connectHttp2, constants } from "node:http2";
import { connect } from "node:net";
import { EventStreamCodec } from "@smithy/core/event-streams";
import fc from "fast-check";
import { kinesisTarget, rawKinesis, rawRequest, signature } from "../../emulator/raw-http.ts";
import { zipOf } from "../../lambda/zips.ts";
import { mutated } from "../bytes.ts";
import { campaign } from "../campaign.ts";

/** How long a client waits for more before it goes, in milliseconds. */
const patienceMs = 100;

const shards = 40;
const account = "us-east-1:000000000000";
const streamArn = `arn:aws:kinesis:${account}:stream/pushed`;

/** More than a client takes that has stopped to read: 4 MiB, as fast as they go. */
const talker = `const { Readable } = require("node:stream");
exports.handler = awslambda.streamifyResponse(async (event, stream) => {
  const pieces = Array.from({ length: 64 }, () => Buffer.alloc(65536, 120));
  await require("node:stream/promises").pipeline(Readable.from(pieces), stream);
});`;

/** The consumer of each emulator that was prepared. */
const consumers = new Map<string, string>();

async function prepare(endpoint: string): Promise<void> {
  await answered(rawKinesis(endpoint, "CreateStream", { StreamName: "pushed", ShardCount: shards }));
  const registered = await answered(
    rawKinesis(endpoint, "RegisterStreamConsumer", { StreamARN: streamArn, ConsumerName: "app" }),
  );
  consumers.set(endpoint, /"ConsumerARN":"([^"]+)"/.exec(registered)?.[1] ?? "");
  const Data = Buffer.alloc(20_000).toString("base64");
  const Records = Array.from({ length: 400 }, (_, index) => ({ PartitionKey: String(index), Data }));
  await answered(rawKinesis(endpoint, "PutRecords", { StreamName: "pushed", Records }));
  const code = Buffer.from(zipOf({ "index.js": talker })).toString("base64");
  const input = {
    FunctionName: "talker",
    Runtime: "nodejs24.x",
    Handler: "index.handler",
    Role: "arn:aws:iam::000000000000:role/any",
    Timeout: 5,
    Code: { ZipFile: code },
  };
  const headers = { ...signature("lambda"), "content-type": "application/json" };
  await answered(rawRequest(`${endpoint}/2015-03-31/functions`, { headers, body: JSON.stringify(input) }));
}

async function answered(reply: ReturnType<typeof rawRequest>): Promise<string> {
  const { status, body } = await reply;
  if (status >= 300) throw new Error(`it could not be prepared: ${status} ${body}`);
  return body;
}

const codec = new EventStreamCodec(
  (bytes) => Buffer.from(bytes).toString(),
  (text) => Buffer.from(text),
);

/** Frames as a client would send them, were there an operation that takes events. */
const frames = ["initial-request", "PayloadChunk", ""].map((type) =>
  Buffer.from(
    codec.encode({
      headers: {
        ":message-type": { type: "string", value: type === "" ? "error" : "event" },
        ":event-type": { type: "string", value: type },
        at: { type: "timestamp", value: new Date(0) },
        count: { type: "integer", value: -1 },
      },
      body: Buffer.from("{}"),
    }),
  ),
);

interface Listening {
  readonly what: "subscription" | "response" | "frames";
  readonly shard: number;
  readonly position: string;
  readonly type: string;
  readonly frames: Uint8Array;
  /** How many bytes it reads before it stops to. */
  readonly takes: number;
  /** How many bytes an HTTP/2 client allows; undefined is HTTP/1.1. */
  readonly window: number | undefined;
  readonly leaves: "at once" | "by a reset" | "in peace" | "by its stream alone";
}

const json = "application/x-amz-json-1.1";
const eventStream = "application/vnd.amazon.eventstream";

const input: fc.Arbitrary<Listening> = fc.record({
  what: fc.constantFrom("subscription", "subscription", "subscription", "response", "frames"),
  shard: fc.nat(shards),
  position: fc.constantFrom("TRIM_HORIZON", "TRIM_HORIZON", "LATEST", "AT_SEQUENCE_NUMBER"),
  type: fc.constantFrom(json, json, json, eventStream, "application/x-amz-cbor-1.1", "text/plain"),
  frames: mutated([...frames, Buffer.concat(frames)]),
  takes: fc.constantFrom(0, 1, 11, 12, 16, 100, 5_000, 70_000, 1_000_000),
  window: fc.constantFrom(undefined, undefined, 0, 1, 100, 65_535, 1_000_000),
  leaves: fc.constantFrom("at once", "by a reset", "in peace", "by its stream alone"),
});

interface Request {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

function requestOf(endpoint: string, { what, shard, position, type, frames: bytes }: Listening): Request {
  if (what === "response") {
    const path = "/2021-11-15/functions/talker/response-streaming-invocations";
    return { path, headers: { ...signature("lambda"), "content-type": type }, body: Buffer.from("{}") };
  }
  const subscription = {
    ConsumerARN: consumers.get(endpoint),
    ShardId: `shardId-${String(shard).padStart(12, "0")}`,
    StartingPosition: { Type: position },
  };
  return {
    path: "/",
    headers: {
      ...signature("kinesis"),
      "content-type": what === "frames" ? eventStream : type,
      "x-amz-target": `${kinesisTarget}.SubscribeToShard`,
    },
    body: what === "frames" ? bytes : Buffer.from(JSON.stringify(subscription)),
  };
}

/** Reads some of what comes, stops to read, and goes. */
async function listen(endpoint: string, listening: Listening): Promise<void> {
  const request = requestOf(endpoint, listening);
  if (listening.window === undefined) await overHttp1(endpoint, request, listening);
  else await overHttp2(endpoint, request, listening, listening.window);
}

async function overHttp1(endpoint: string, { path, headers, body }: Request, { takes, leaves }: Listening) {
  const { hostname, port, host } = new URL(endpoint);
  const socket = connect({ host: hostname, port: Number(port) });
  socket.on("error", () => {});
  const closed = new Promise((resolve) => socket.once("close", resolve));
  const fields = Object.entries({ host, ...headers, "content-length": body.length });
  socket.write(`POST ${path} HTTP/1.1\r\n${fields.map(([name, value]) => `${name}: ${value}\r\n`).join("")}\r\n`);
  socket.write(body);
  await stopReading(socket, takes);
  if (leaves === "by a reset") socket.resetAndDestroy();
  else if (leaves === "in peace") socket.end(() => socket.destroy());
  else socket.destroy();
  await closed;
}

async function overHttp2(
  endpoint: string,
  { path, headers, body }: Request,
  { takes, leaves }: Listening,
  initialWindowSize: number,
) {
  const session = connectHttp2(endpoint, { settings: { initialWindowSize } });
  session.on("error", () => {});
  const closed = new Promise((resolve) => session.once("close", resolve));
  const stream = session.request({ ":method": "POST", ":path": path, ...headers });
  stream.on("error", () => {});
  stream.end(body);
  await stopReading(stream, takes);
  if (leaves === "by a reset") session.socket.resetAndDestroy();
  else if (leaves === "at once") session.destroy();
  else {
    // Closed alone, it would wait for somebody to read what has come.
    stream.close(constants.NGHTTP2_CANCEL);
    stream.destroy();
    session.close();
  }
  await closed;
}

/** Resolves when that much was read, when all was, or when nothing has come for a while. */
async function stopReading(source: NodeJS.ReadableStream & NodeJS.EventEmitter, takes: number): Promise<void> {
  let taken = 0;
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), patienceMs);
  source.on("data", (chunk: Buffer) => {
    taken += chunk.length;
    if (taken >= takes) source.pause();
  });
  await once(source, "close", { signal: patience.signal }).catch(() => {});
  clearTimeout(timer);
}

/** Clients of what is pushed, who stop to read or go in the middle of it; and bodies that are frames of events. */
export const eventStreams = campaign("event streams", { inputs: input, prepare, send: listen });
