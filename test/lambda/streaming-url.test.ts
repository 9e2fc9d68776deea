import { request } from "node:http";
import type { IncomingMessage } from "node:http";
import { connect } from "node:http2";
import { describe, expect, test } from "vitest";
import { rawRequest } from "../emulator/raw-http.ts";
import { rawSocket } from "../emulator/raw-socket.ts";
import { lambdaServer } from "./lambda-api.ts";
import { deploy, openGate, streaming, urlOf, waitAtGate, withMetadata } from "./streaming-api.ts";

const server = lambdaServer();
let count = 0;

async function deployed(source: string): Promise<string> {
  const { lambda } = server.current;
  const name = `streams-${++count}`;
  await deploy(lambda, name, source, { Timeout: 2 });
  return urlOf(lambda, name);
}

const reply = async (source: string, method = "GET") => {
  const url = await deployed(source);
  return rawRequest(url, { method, path: new URL(url).pathname });
};

describe("a reply comes as the function makes it", () => {
  test("head and first chunk while it still runs, each chunk by itself", async () => {
    await using gate = await openGate();
    const url = await deployed(
      withMetadata(
        { statusCode: 201, headers: { "x-a": "b" } },
        `stream.write("one"); ${waitAtGate} stream.write("two"); stream.end();`,
      ),
    );
    const response = await fetch(`${url}?gate=${encodeURIComponent(gate.url)}`);
    expect(response.status).toBe(201);
    expect(response.headers.get("x-a")).toBe("b");
    expect(response.headers.get("transfer-encoding")).toBe("chunked");
    const reader = response.body?.getReader();
    const next = async () => Buffer.from((await reader?.read())?.value ?? []).toString();
    expect(await next()).toBe("one");
    await gate.reached;
    gate.open();
    expect(await next()).toBe("two");
    expect(await next()).toBe("");
  });

  test("the head alone, before any of the body", async () => {
    await using gate = await openGate();
    const url = await deployed(
      withMetadata(
        { headers: { "content-type": "text/event-stream" } },
        `stream.write(""); ${waitAtGate} stream.end("x");`,
      ),
    );
    const response = await fetch(`${url}?gate=${encodeURIComponent(gate.url)}`);
    expect(response.headers.get("content-type")).toBe("text/event-stream");
    gate.open();
    expect(await response.text()).toBe("x");
  });

  test("chunks stay apart, also those that are written together", async () => {
    const url = new URL(await deployed(streaming("for (const chunk of 'abc') stream.write(chunk); stream.end();")));
    const raw = await rawSocket(url.origin);
    raw.socket.write(`GET ${url.pathname} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
    expect((await raw.ended()).split("\r\n\r\n")[1]).toBe("1\r\na\r\n1\r\nb\r\n1\r\nc\r\n0");
  });

  test("server-sent events, one by one", async () => {
    await using gate = await openGate();
    const url = await deployed(
      withMetadata(
        { statusCode: 200, headers: { "content-type": "text/event-stream", "cache-control": "no-cache" } },
        `stream.write("data: 1\\n\\n"); ${waitAtGate} stream.write("data: 2\\n\\n"); stream.end();`,
      ),
    );
    const response = await fetch(`${url}?gate=${encodeURIComponent(gate.url)}`);
    const events = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    expect((await events?.read())?.value).toBe("data: 1\n\n");
    gate.open();
    expect((await events?.read())?.value).toBe("data: 2\n\n");
    expect((await events?.read())?.done).toBe(true);
  });
});

describe("what begins the stream", () => {
  test("no metadata: status 200 and the stream's own type", async () => {
    expect(await reply(streaming("stream.end('Hello, world!');"))).toMatchObject({
      status: 200,
      body: "Hello, world!",
      headers: { "content-type": "application/octet-stream" },
    });
    expect(await reply(streaming("stream.setContentType('text/html'); stream.end('x');"))).toMatchObject({
      headers: { "content-type": "text/html" },
    });
  });

  test("metadata with cookies, lists and without a status", async () => {
    const metadata = {
      headers: { "X-List": ["a", "b"], "Content-Length": "5", "Transfer-Encoding": "gzip", Connection: "close" },
      multiValueHeaders: { ignored: ["by URLs"] },
      cookies: ["a=1", "b=2; HttpOnly"],
    };
    const { status, headers, body } = await reply(withMetadata(metadata, "stream.write('x'); stream.end();"));
    expect({ status, body }).toEqual({ status: 200, body: "x" });
    expect(headers).toMatchObject({
      "x-list": "a,b",
      "set-cookie": ["a=1", "b=2; HttpOnly"],
      "content-type": "application/octet-stream",
      "transfer-encoding": "chunked",
      connection: "close",
    });
    expect(headers).not.toHaveProperty("content-length");
    expect(headers).not.toHaveProperty("ignored");
  });

  test("metadata and an empty body", async () => {
    expect(await reply(withMetadata({ statusCode: 404 }, "stream.write(''); stream.end();"))).toMatchObject({
      status: 404,
      body: "",
    });
  });

  test("metadata and binary bytes", async () => {
    const { bytes } = await reply(withMetadata({}, "stream.write(Buffer.from([0, 0, 255, 0])); stream.end();"));
    expect(bytes).toEqual(Buffer.from([0, 0, 255, 0]));
  });

  test("metadata that were never written: nothing of them is left", async () => {
    expect(await reply(withMetadata({ statusCode: 201, headers: { "x-a": "b" } }, "stream.end();"))).toMatchObject({
      status: 200,
      body: "",
      headers: { "content-type": "application/octet-stream" },
    });
  });

  test.each([
    ["are missing", withMetadata({ statusCode: 201 }, "stream.end('text');")],
    [
      "are no JSON",
      streaming(
        `stream.setContentType("application/vnd.awslambda.http-integration-response"); stream.write("{"); stream.write(Buffer.alloc(8)); stream.end("x");`,
      ),
    ],
    ["have a bad status", withMetadata({ statusCode: 1000 }, "stream.write('x'); stream.end();")],
    ["have a bad header", withMetadata({ headers: { "a b": "c" } }, "stream.write('x'); stream.end();")],
    [
      "are too long",
      streaming(
        `stream.setContentType("application/vnd.awslambda.http-integration-response"); stream.write("x".repeat(2e6)); stream.end();`,
      ),
    ],
  ])("metadata that %s: 502, as where nothing streams", async (_, source) => {
    const { emu } = server.current;
    expect(await reply(source)).toMatchObject({ status: 502, body: "Internal Server Error" });
    expect((await emu.timeline()).findLast(({ type }) => type === "call.failed")).toMatchObject({
      reason: "the metadata before the function's stream cannot be read",
    });
  });

  test("a function that does not stream is not interpreted", async () => {
    expect(await reply("exports.handler = async () => ({ statusCode: 201, body: 'x' });")).toMatchObject({
      status: 200,
      body: '{"statusCode":201,"body":"x"}',
      headers: { "content-type": "application/json" },
    });
  });

  test("HEAD has the head and no body, and the function runs to its end", async () => {
    const { emu } = server.current;
    const source = withMetadata(
      { statusCode: 206, headers: { "x-a": "b" } },
      "for (let i = 0; i < 40; i++) stream.write('x'.repeat(100000)); stream.end();",
    );
    expect(await reply(source, "HEAD")).toMatchObject({ status: 206, body: "", headers: { "x-a": "b" } });
    await emu.idle();
    expect((await emu.timeline()).at(-1)).not.toHaveProperty("error");
  });
});

describe("a stream that breaks off", () => {
  test.each([
    ["by an error", `throw new Error("secret");`],
    ["out of time", `await new Promise(() => setInterval(() => {}, 1e6));`],
    ["with its process", `process.exit(1);`],
  ])("%s has the bytes until then, and no proper end", async (_, end) => {
    await using gate = await openGate();
    const url = await deployed(withMetadata({ statusCode: 201 }, `stream.write("some"); ${waitAtGate} ${end}`));
    const reading = await readUntilCut(`${url}?gate=${encodeURIComponent(gate.url)}`);
    expect(reading.status).toBe(201);
    expect(await reading.first).toBe("some");
    gate.open();
    expect(await reading.error).toMatchObject({ code: "ECONNRESET" });
    expect(reading.text()).toBe("some");
  });
});

/** Reads a reply to its end, and tells the error that it ends with. */
async function readUntilCut(url: string) {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  request(url, { agent: false }, resolve).on("error", reject).end();
  const response = await promise;
  const first = Promise.withResolvers<string>();
  let text = "";
  response.on("data", (bytes: Buffer) => {
    text += bytes.toString();
    first.resolve(text);
  });
  const error = new Promise<unknown>((settle) => {
    response.on("error", settle);
    response.on("end", () => settle(undefined));
  });
  return { status: response.statusCode, first: first.promise, error, text: () => text };
}

describe("over HTTP/2", () => {
  /** Reads a stream, and tells the code of the error that it ends with. */
  function http2Reading(url: string, gate: string) {
    const { origin, pathname } = new URL(url);
    const session = connect(origin);
    const stream = session.request({ ":path": `${pathname}?gate=${encodeURIComponent(gate)}` });
    const first = Promise.withResolvers<string>();
    let text = "";
    stream.setEncoding("utf8").on("data", (chunk: string) => {
      text += chunk;
      first.resolve(text);
    });
    const error = new Promise<string | undefined>((settle) => {
      stream.on("error", (reason: NodeJS.ErrnoException) => settle(reason.code));
      stream.on("end", () => settle(undefined));
    });
    return { first: first.promise, error, text: () => text, [Symbol.dispose]: () => session.destroy() };
  }

  test.each([
    ["chunks come as they are made", "stream.end('!');", "some!", undefined],
    ["a stream that breaks off has no proper end", "throw new Error('no');", "some", "ERR_HTTP2_STREAM_ERROR"],
  ])("%s", async (_, end, text, code) => {
    await using gate = await openGate();
    const url = await deployed(withMetadata({ statusCode: 201 }, `stream.write("some"); ${waitAtGate} ${end}`));
    using reading = http2Reading(url, gate.url);
    expect(await reading.first).toBe("some");
    gate.open();
    expect(await reading.error).toBe(code);
    expect(reading.text()).toBe(text);
  });
});
