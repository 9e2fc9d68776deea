import { once } from "node:events";
import http from "node:http";
import type { IncomingMessage } from "node:http";
import { connect, constants } from "node:http2";
import https from "node:https";
import type { Socket } from "node:net";
import type { TLSSocket } from "node:tls";
import { DeregisterStreamConsumerCommand, KinesisClient, PutRecordsCommand } from "@aws-sdk/client-kinesis";
import type { KinesisClientConfig } from "@aws-sdk/client-kinesis";
import { NodeHttp2Handler, NodeHttpHandler } from "@smithy/node-http-handler";
import type { TestEmulator } from "../emulator/emulator.ts";
import { describe, expect } from "vitest";
import { emulatorTest } from "../emulator/emulator-test.ts";
import { kinesisTarget, rawRequest, signature } from "../emulator/raw-http.ts";
import { latencyMs, put, shardId } from "./streams.ts";
import { consumerOf, subscribe } from "./subscriber.ts";

const test = emulatorTest({ clock: "frozen", kinesisLatencyMs: latencyMs });
const transports = ["h2c", "HTTP/1.1", "h2 over TLS", "HTTP/1.1 over TLS"] as const;
type Transport = (typeof transports)[number];

/** An SDK client that speaks to the emulator in this way alone. */
async function clientOver(transport: Transport, { emu }: TestEmulator): Promise<KinesisClient & Disposable> {
  const config = emu.getClientConfig();
  const secure = transport.endsWith("TLS");
  const ca = secure ? (await rawRequest(emu.endpoint, { method: "GET", path: "/_localemu/ca.pem" })).body : "";
  const requestHandler: KinesisClientConfig["requestHandler"] = transport.startsWith("h2")
    ? new NodeHttp2Handler(secure ? { nodeHttp2ConnectOptions: { ca } } : {})
    : new NodeHttpHandler(secure ? { httpsAgent: new https.Agent({ ca, keepAlive: true }) } : {});
  const endpoint = secure ? config.endpoint.replace(/^http:/, "https:") : config.endpoint;
  const client = new KinesisClient({ ...config, endpoint, requestHandler });
  return Object.assign(client, { [Symbol.dispose]: () => client.destroy() });
}

/** Resolves when a subscription to this stream has ended on the emulator's side. */
async function subscriptionEnded({ emu }: TestEmulator, stream: string): Promise<void> {
  const found = new AbortController();
  for await (const entry of emu.control.followTimeline({ after: 0, signal: found.signal }))
    if (entry.type === "stream.subscriptionEnded" && entry.stream === stream) found.abort();
}

describe.each(transports)("a subscription over %s", (transport) => {
  test("is pushed what is put, and ends without an error after five minutes", async ({
    emulator,
    uniqueName: name,
  }) => {
    using client = await clientOver(transport, emulator);
    const arn = await consumerOf(emulator, name);
    const subscriber = await subscribe(client, arn);
    for (const key of ["a", "b"]) {
      await put(client, name, key);
      expect(await subscriber.keys()).toEqual([key]);
    }
    await emulator.emu.clock.advance(299_999);
    expect(await subscriber.keys()).toEqual([]);
    await put(client, name, "c");
    let keys = await subscriber.keys();
    while (keys?.length === 0) keys = await subscriber.keys();
    expect(keys).toEqual(["c"]);
    await emulator.emu.clock.advance(1);
    expect(await subscriber.keys()).toBeUndefined();
    await subscriptionEnded(emulator, name);
    // The connection is as good as before.
    expect(await put(client, name, "d")).toMatch(/^\d{56}$/);
  });

  test("is told of its error in the stream", async ({ emulator, uniqueName: name }) => {
    using client = await clientOver(transport, emulator);
    const arn = await consumerOf(emulator, name);
    const subscriber = await subscribe(client, arn);
    await client.send(new DeregisterStreamConsumerCommand({ ConsumerARN: arn }));
    await emulator.emu.clock.advance(latencyMs);
    await expect(subscriber.next()).rejects.toMatchObject({ name: "ResourceNotFoundException" });
  });

  test("reads no further than its client takes", async ({ emulator, uniqueName: name }) => {
    using client = await clientOver(transport, emulator);
    const arn = await consumerOf(emulator, name);
    const subscriber = await subscribe(client, arn, { Type: "LATEST" });
    const events = 12;
    for (let event = 0; event < events; event++) {
      const record = { PartitionKey: "k", Data: Buffer.alloc(1024 * 1024 - 1) };
      await emulator.kinesis.send(new PutRecordsCommand({ StreamName: name, Records: [record, record] }));
    }
    await emulator.emu.clock.advance(60_000);
    const behind: (number | undefined)[] = [];
    while (behind.length < events) {
      const event = await subscriber.next();
      expect(event?.Records).toHaveLength(2);
      behind.push(event?.MillisBehindLatest);
    }
    // Sockets may hold the first ones; what came after them was read from the shard a minute later.
    expect(behind[0]).toBe(0);
    expect(behind.slice(-3)).toEqual([60_000, 60_000, 0]);
    await subscriber.close();
  });
});

/** A subscription that is open, by a client that no SDK keeps from going as it likes. */
async function rawSubscription(transport: Transport, { emu }: TestEmulator, ConsumerARN: string): Promise<Departure> {
  const secure = transport.endsWith("TLS");
  const endpoint = secure ? emu.endpoint.replace(/^http:/, "https:") : emu.endpoint;
  const options = { rejectUnauthorized: false };
  const headers = {
    ...signature("kinesis"),
    "content-type": "application/x-amz-json-1.1",
    "x-amz-target": `${kinesisTarget}.SubscribeToShard`,
  };
  const position = { ShardId: shardId(0), StartingPosition: { Type: "LATEST" } };
  const body = JSON.stringify({ ConsumerARN, ...position });
  if (transport.startsWith("h2")) {
    const session = connect(endpoint, options);
    let socket: Socket | TLSSocket | undefined;
    session.on("connect", (_, connection) => (socket = connection));
    const stream = session.request({ ":method": "POST", ":path": "/", ...headers });
    stream.on("error", () => {});
    session.on("error", () => {});
    stream.end(body);
    await once(stream, "data");
    return {
      "cancels its request": () => stream.close(constants.NGHTTP2_CANCEL),
      "ends its session": () => session.destroy(),
      "breaks its connection": () => socket?.destroy(),
    };
  }
  const request = (secure ? https : http).request(endpoint, { ...options, method: "POST", headers, agent: false });
  request.on("error", () => {});
  request.end(body);
  const [response]: IncomingMessage[] = await once(request, "response");
  response?.on("error", () => {});
  await once(response ?? request, "data");
  return {
    "cancels its request": () => request.destroy(),
    "ends its session": () => request.socket?.end(),
    "breaks its connection": () => request.socket?.destroy(),
  };
}

const departures = ["cancels its request", "ends its session", "breaks its connection"] as const;
type Departure = Readonly<Record<(typeof departures)[number], () => void>>;

describe.each(transports)("a subscription over %s ends when its client", (transport) => {
  test.for(departures)("%s", async (how, { emulator, uniqueName: name }) => {
    const arn = await consumerOf(emulator, name);
    const leave = await rawSubscription(transport, emulator, arn);
    const ended = subscriptionEnded(emulator, name);
    leave[how]();
    await ended;
    // Nobody minds records that come after.
    await put(emulator.kinesis, name, "a");
    expect((await emulator.emu.timeline()).filter(({ type }) => type === "internalError")).toEqual([]);
  });
});

test("a client that cancels its HTTP/2 stream keeps its session", async ({ emulator, uniqueName: name }) => {
  const ConsumerARN = await consumerOf(emulator, name);
  const session = connect(emulator.emu.endpoint);
  const headers = {
    ":method": "POST",
    ":path": "/",
    ...signature("kinesis"),
    "content-type": "application/x-amz-json-1.1",
  };
  const request = (operation: string, input: object) => {
    const stream = session.request({ ...headers, "x-amz-target": `${kinesisTarget}.${operation}` });
    stream.end(JSON.stringify(input));
    return stream;
  };
  const subscription = request("SubscribeToShard", {
    ConsumerARN,
    ShardId: shardId(0),
    StartingPosition: { Type: "LATEST" },
  });
  await once(subscription, "data");
  subscription.close();
  await subscriptionEnded(emulator, name);
  const after = request("ListStreamConsumers", { StreamARN: ConsumerARN.split("/consumer/")[0] });
  const [answer] = await once(after, "response");
  expect(answer[":status"]).toBe(200);
  session.destroy();
});
