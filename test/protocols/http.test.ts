import { once } from "node:events";
import { connect, constants } from "node:http2";
import type { ClientHttp2Session, ClientHttp2Stream } from "node:http2";
import { ListStreamsCommand, PutRecordCommand } from "@aws-sdk/client-kinesis";
import { startEmulator } from "@localemu/emulator";
import { afterEach, describe, expect } from "vitest";
import { emulatorTest } from "../emulator/emulator-test.ts";
import { kinesisTarget, rawKinesis, rawRequest, signature } from "../emulator/raw-http.ts";
import { rawSocket } from "../emulator/raw-socket.ts";

const base = emulatorTest();
/** Whatever a test sends: nothing of it is a bug of ours, and the emulator goes on. */
const test = base.extend("unharmed", { auto: true }, async ({ emulator }, { onCleanup }) => {
  const rejections: unknown[] = [];
  const onRejection = (reason: unknown): void => void rejections.push(reason);
  process.on("unhandledRejection", onRejection);
  onCleanup(async () => {
    const { emu, kinesis } = emulator;
    await kinesis.send(new ListStreamsCommand({}));
    process.off("unhandledRejection", onRejection);
    expect(rejections).toEqual([]);
    expect((await emu.timeline()).filter(({ type }) => type === "internalError")).toEqual([]);
  });
  return true;
});

const listStreams = {
  ...signature("kinesis"),
  "content-type": "application/x-amz-json-1.1",
  "x-amz-target": `${kinesisTarget}.ListStreams`,
};
const empty = '{"StreamNames":[],"HasMoreStreams":false,"StreamSummaries":[]}';
/** A region where no test makes a stream. */
const elsewhere = { ...listStreams, ...signature("kinesis", "eu-south-1") };

const http1 = (headers: Readonly<Record<string, string>>, body = "{}", method = "POST / HTTP/1.1"): string =>
  [
    method,
    "host: 127.0.0.1",
    `content-length: ${body.length}`,
    ...Object.entries(headers).map((header) => header.join(": ")),
    "",
    body,
  ].join("\r\n");

const sessions: ClientHttp2Session[] = [];
afterEach(() => {
  for (const session of sessions.splice(0)) session.destroy();
});

function h2(endpoint: string): ClientHttp2Session {
  const session = connect(endpoint);
  sessions.push(session);
  return session;
}

/** Resolves when a stream has ended, in whatever way. */
function closeOf(stream: ClientHttp2Stream): Promise<void> {
  stream.on("error", () => {});
  return new Promise((resolve) => stream.once("close", () => resolve()));
}

async function h2Call(session: ClientHttp2Session, headers: Readonly<Record<string, string>>, body = "{}") {
  const stream = session.request({ ":method": "POST", ":path": "/", ...headers });
  stream.end(body);
  const [response] = await once(stream, "response");
  const text = Buffer.concat(await stream.toArray()).toString();
  return { status: Number(response[":status"]), body: text };
}

describe("one port", () => {
  test("takes HTTP/1.1 and HTTP/2 with prior knowledge", async ({ emulator }) => {
    const { endpoint } = emulator.emu;
    expect((await rawRequest(endpoint, { headers: elsewhere, body: "{}" })).body).toBe(empty);
    const session = h2(endpoint);
    const answers = await Promise.all(Array.from({ length: 50 }, () => h2Call(session, elsewhere)));
    expect(new Set(answers.map(({ status, body }) => `${status} ${body}`))).toEqual(new Set([`200 ${empty}`]));
  });

  test("takes HTTP/1.1 whose bytes come one by one", async ({ emulator }) => {
    const client = await rawSocket(emulator.emu.endpoint);
    await client.sendSlowly(http1(elsewhere));
    expect(await client.received(empty)).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    // And again on the same connection.
    client.socket.end(http1({ ...elsewhere, connection: "close" }));
    expect((await client.ended()).split(empty)).toHaveLength(3);
  });

  test("takes HTTP/2 whose preface comes byte by byte", async ({ emulator }) => {
    const client = await rawSocket(emulator.emu.endpoint);
    const settings = Uint8Array.of(0, 0, 0, 4, 0, 0, 0, 0, 0);
    const ping = Uint8Array.of(0, 0, 8, 6, 0, 0, 0, 0, 0, ...Buffer.from("are you?"));
    await client.sendSlowly("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
    await client.sendSlowly(settings);
    await client.sendSlowly(ping);
    expect(await client.received("are you?")).not.toContain("HTTP/1.1");
    client.socket.destroy();
  });

  test("takes requests one after another without waiting for the answers", async ({ emulator }) => {
    const client = await rawSocket(emulator.emu.endpoint);
    client.socket.write(http1(elsewhere).repeat(2) + http1({ ...elsewhere, connection: "close" }));
    expect((await client.ended()).split(empty)).toHaveLength(4);
  });

  test("takes 500 short sessions", async ({ emulator }) => {
    const { endpoint } = emulator.emu;
    const once500 = async (): Promise<number> => {
      let ok = 0;
      for (let call = 0; call < 50; call++) {
        const session = connect(endpoint);
        ok += Number((await h2Call(session, elsewhere)).status === 200);
        session.close();
      }
      return ok;
    };
    const counts = await Promise.all(Array.from({ length: 10 }, once500));
    expect(counts.reduce((sum, count) => sum + count)).toBe(500);
  });

  test("takes 7 MB over both", async ({ emulator, uniqueName: StreamName }) => {
    const { emu, kinesis } = emulator;
    const Data = Buffer.alloc(7_000_000, "data");
    await rawKinesis(emu.endpoint, "CreateStream", { StreamName, ShardCount: 1, MaxRecordSizeInKiB: 10_240 });
    await kinesis.send(new PutRecordCommand({ StreamName, PartitionKey: "h2", Data }));
    const record = { StreamName, PartitionKey: "h1", Data: Data.toString("base64") };
    expect((await rawKinesis(emu.endpoint, "PutRecord", record)).status).toBe(200);
    const { shards } = await emu.control.peek.stream(StreamName);
    const records = shards.flatMap((shard) => shard.records);
    expect(records.map(({ partitionKey }) => partitionKey)).toEqual(["h2", "h1"]);
    for (const { data } of records) expect(data === record.Data).toBe(true);
  });
});

describe("clients that misbehave", () => {
  test.for<readonly [string, string]>([
    ["garbage", "\u0001\u0003 garbage\r\n\r\n"],
    ["a header without a name", "POST / HTTP/1.1\r\n: x\r\n\r\n"],
    ["a header with a control character", "POST / HTTP/1.1\r\nhost: a\u0001b\r\n\r\n"],
    ["an impossible length", "POST / HTTP/1.1\r\nhost: a\r\ncontent-length: -1\r\n\r\n"],
    ["two lengths", "POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n"],
    ["no host", "POST / HTTP/1.1\r\n\r\n"],
  ])("are told so: %s", async ([, bytes], { emulator }) => {
    const client = await rawSocket(emulator.emu.endpoint);
    client.socket.write(bytes);
    expect(await client.ended()).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/);
  });

  test("are told of headers that are too long", async ({ emulator }) => {
    const client = await rawSocket(emulator.emu.endpoint);
    client.socket.write(`POST / HTTP/1.1\r\nhost: a\r\nx: ${"x".repeat(20_000)}\r\n\r\n`);
    expect(await client.ended()).toMatch(/^HTTP\/1\.1 431 /);
  });

  test("may go at once, or after a letter or the preface", async ({ emulator }) => {
    for (const bytes of [
      "",
      "P",
      "PRI",
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\ngarbage garbage",
    ]) {
      const client = await rawSocket(emulator.emu.endpoint);
      client.socket.end(bytes);
      await client.ended();
    }
  });

  test("may go in the middle of a body", async ({ emulator }) => {
    const { endpoint } = emulator.emu;
    const client = await rawSocket(endpoint);
    client.socket.write(http1(elsewhere, " ".repeat(1000)).slice(0, -500), () => client.socket.resetAndDestroy());
    await client.ended();

    for (const code of [constants.NGHTTP2_CANCEL, constants.NGHTTP2_INTERNAL_ERROR]) {
      const session = h2(endpoint);
      const stream = session.request({ ":method": "POST", ":path": "/", ...elsewhere, "content-length": "1000" });
      const closed = closeOf(stream);
      stream.write("{");
      // The server has seen what came before.
      await new Promise<void>((resolve) => session.ping(() => resolve()));
      stream.close(code);
      await closed;
      // The session is not harmed.
      expect((await h2Call(session, elsewhere)).status).toBe(200);
    }
  });

  test("may break off a request that is refused before its body was read", async ({ emulator }) => {
    const session = h2(emulator.emu.endpoint);
    const refused = { ...elsewhere, origin: "https://evil.example", "content-length": "1000" };
    const stream = session.request({ ":method": "POST", ":path": "/", ...refused });
    const closed = closeOf(stream);
    stream.write("{");
    const [response] = await once(stream, "response");
    expect(response[":status"]).toBe(403);
    stream.close(constants.NGHTTP2_INTERNAL_ERROR);
    await closed;
    expect((await h2Call(session, elsewhere)).status).toBe(200);
  });

  test("are told of a body over the limit", async ({ emulator }) => {
    const limit = 70_167_211;
    const reply = await rawRequest(emulator.emu.endpoint, { headers: listStreams, body: Buffer.alloc(limit + 1, " ") });
    expect([reply.status, JSON.parse(reply.body)]).toEqual([
      413,
      { __type: "RequestEntityTooLargeException", message: `the request body is larger than ${limit} bytes` },
    ]);
  });
});

test("a request that is under way is answered when the emulator stops, and a silent connection is closed", async () => {
  const emulator = await startEmulator();
  const idle = await rawSocket(emulator.endpoint);
  idle.socket.write(http1(elsewhere));
  await idle.received(empty);
  const busy = await rawSocket(emulator.endpoint);
  busy.socket.write(http1(elsewhere).slice(0, -1));
  // Answered after what the other connection sent was read.
  expect((await rawRequest(emulator.endpoint, { headers: elsewhere, body: "{}" })).body).toBe(empty);

  const stopped = emulator.stop();
  await idle.ended();
  busy.socket.write("}");
  expect(await busy.ended()).toContain(empty);
  await stopped;
});
