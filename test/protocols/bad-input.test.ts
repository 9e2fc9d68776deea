import { once } from "node:events";
import { connect, constants } from "node:http2";
import { startEmulator } from "@localemu/emulator";
import { connect as connectToEmulator } from "@localemu/testkit";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { kinesisTarget, rawRequest, signature } from "../emulator/raw-http.ts";
import { rawSocket } from "../emulator/raw-socket.ts";

/** What bad input has brought to light: none of it is a bug of ours, and none of it is worth a word on standard error. */

let emulator: Awaited<ReturnType<typeof startEmulator>>;
beforeEach(async () => void (emulator = await startEmulator()));
afterEach(() => emulator.stop());

async function bugs(): Promise<unknown[]> {
  const emu = await connectToEmulator(emulator.endpoint);
  const entries = await emu.timeline();
  await emu.close();
  return entries.filter(({ type }) => type === "internalError");
}

/** Answers when whatever came before is over. */
const putBucket = () => rawRequest(emulator.endpoint, { method: "PUT", path: "/bucket", headers: signature("s3") });

test("an object whose sender goes away over HTTP/1.1 is nobody's bug", async () => {
  await putBucket();
  const { socket } = await rawSocket(emulator.endpoint);
  const part = "PUT /bucket/key HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\nabc";
  await new Promise<void>((resolve) => void socket.write(part, () => resolve()));
  socket.destroy();
  await once(socket, "close");
  await putBucket();
  expect(await bugs()).toEqual([]);
});

test("an object whose chunks are broken is nobody's bug", async () => {
  await putBucket();
  const client = await rawSocket(emulator.endpoint);
  const { socket } = client;
  socket.write("PUT /bucket/key HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n1;");
  socket.write(`${"x".repeat(50_000)}\r\n{\r\n0\r\n\r\n`);
  await client.ended();
  await putBucket();
  expect(await bugs()).toEqual([]);
});

test.each(["with its session", "alone"])(
  "an object whose stream of HTTP/2 is reset %s is nobody's bug",
  async (how) => {
    await putBucket();
    const session = connect(emulator.endpoint);
    session.on("error", () => {});
    const stream = session.request(
      { ":method": "PUT", ":path": "/bucket/key", ...signature("s3") },
      { endStream: false },
    );
    stream.on("error", () => {});
    await new Promise<void>((resolve) => void stream.write("abc", () => resolve()));
    stream.close(constants.NGHTTP2_CANCEL);
    if (how === "alone") await once(stream, "close");
    session.destroy();
    await putBucket();
    expect(await bugs()).toEqual([]);
  },
);

test("calls of a session that ends at once are nobody's bug", async () => {
  await putBucket();
  const session = connect(emulator.endpoint);
  session.on("error", () => {});
  await once(session, "connect");
  for (let count = 0; count < 20; count++) {
    session.request({ ":path": "/bucket/key", ...signature("s3") }).on("error", () => {});
  }
  await new Promise<void>((resolve) => void session.ping(() => resolve()));
  session.destroy();
  await putBucket();
  expect(await bugs()).toEqual([]);
});

test.each(["x-amz-copy-source", "x-amz-rename-source"])("%s that is no percent encoding is refused", async (name) => {
  await putBucket();
  const headers = { ...signature("s3"), [name]: "/bucket/%zz" };
  const { status, body } = await rawRequest(emulator.endpoint, { method: "PUT", path: "/bucket/key", headers });
  expect([status, /<Code>(\w+)</.exec(body)?.[1]]).toEqual([400, "InvalidArgument"]);
  expect(await bugs()).toEqual([]);
});

test.each(["5bffffffffffffffff", "9bffffffffffffffff", "bbffffffffffffffff", "a16161bb0fffffffffffffff"])(
  "CBOR with a length beyond all measure (%s) is refused without a word",
  async (hex) => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
    const headers = {
      ...signature("kinesis"),
      "content-type": "application/x-amz-cbor-1.1",
      "x-amz-target": `${kinesisTarget}.ListStreams`,
    };
    const { status, body } = await rawRequest(emulator.endpoint, { headers, body: Buffer.from(hex, "hex") });
    expect([status, body.includes("SerializationException")]).toEqual([400, true]);
    expect(warn).not.toHaveBeenCalled();
    warn.mockRestore();
  },
);
