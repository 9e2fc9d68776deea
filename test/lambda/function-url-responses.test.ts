import { describe, expect, test } from "vitest";
import { rawRequest } from "../emulator/raw-http.ts";
import type { RawReply } from "../emulator/raw-http.ts";
import { lambdaServer } from "./lambda-api.ts";
import { deploy, streaming, urlOf, withMetadata } from "./streaming-api.ts";

const server = lambdaServer();
let count = 0;

async function replyOf(
  source: string,
  method = "GET",
  mode: "BUFFERED" | "RESPONSE_STREAM" = "BUFFERED",
): Promise<RawReply> {
  const { lambda } = server.current;
  const name = `answers-${++count}`;
  await deploy(lambda, name, source, { Timeout: 1 });
  const url = await urlOf(lambda, name, { InvokeMode: mode });
  return rawRequest(url, { method, path: new URL(url).pathname });
}

const returning = (value: string): string => `exports.handler = async () => (${value});`;

describe("what a function returns becomes a response", () => {
  test.each<[value: string, status: number, body: string]>([
    ["{ a: 1, b: 'x' }", 200, '{"a":1,"b":"x"}'],
    ["'hello'", 200, "hello"],
    ["['hello', 3, true]", 200, '["hello",3,true]'],
    ["3.1", 200, "3.1"],
    ["true", 200, "true"],
    ["null", 200, "null"],
    ["undefined", 200, "null"],
    ["{ statusCode: 201, body: 'made' }", 201, "made"],
    ["{ statusCode: '418', body: 'tea' }", 418, "tea"],
    ["{ statusCode: 202 }", 202, ""],
  ])("%s", async (value, status, body) => {
    const headers = { "content-type": "application/json", "content-length": String(Buffer.byteLength(body)) };
    expect(await replyOf(returning(value))).toMatchObject({ status, body, headers });
  });

  test("without a body where the status has none", async () => {
    const reply = await replyOf(returning("{ statusCode: 204, body: 'none' }"));
    expect(reply).toMatchObject({ status: 204, body: "" });
    expect(reply.headers).not.toHaveProperty("content-length");
  });

  test("its headers, cookies and bytes", async () => {
    const reply = await replyOf(
      returning(`{ statusCode: 200, isBase64Encoded: true, body: "AAEC/w==", cookies: ["a=1; Secure", "b=2"],
        headers: { "Content-Type": "image/png", "X-Number": 7, "Transfer-Encoding": "gzip", "Content-Length": "9" } }`),
    );
    expect(reply.bytes).toEqual(Buffer.from([0, 1, 2, 255]));
    expect(reply.headers).toMatchObject({
      "content-type": "image/png",
      "x-number": "7",
      "set-cookie": ["a=1; Secure", "b=2"],
      "content-length": "4",
    });
    expect(reply.headers).not.toHaveProperty("transfer-encoding");
  });

  test("to HEAD without the body", async () => {
    const reply = await replyOf(returning("{ statusCode: 200, body: 'hello', headers: { 'x-a': 'b' } }"), "HEAD");
    expect(reply).toMatchObject({ status: 200, body: "", headers: { "content-length": "5", "x-a": "b" } });
  });

  test("also when it streams: the response is its text, or begins with its metadata", async () => {
    expect(await replyOf(streaming(`stream.end('{"statusCode":203,"body":"x"}');`))).toMatchObject({
      status: 203,
      body: "x",
    });
    const metadata = { statusCode: 207, headers: { "x-a": "b" }, cookies: ["c=d"] };
    expect(await replyOf(withMetadata(metadata, "stream.write('two '); stream.end('parts');"))).toMatchObject({
      status: 207,
      body: "two parts",
      headers: { "x-a": "b", "set-cookie": ["c=d"], "content-type": "application/octet-stream" },
    });
  });
});

const failing: readonly [what: string, source: string][] = [
  ["that throws", "exports.handler = async () => { throw new Error('no'); };"],
  ["that is out of time", "exports.handler = () => new Promise(() => setInterval(() => {}, 1e6));"],
  ["whose process ends", "exports.handler = async () => process.exit(1);"],
  ["that cannot be loaded", "throw new Error('no');"],
];

describe.each(["BUFFERED", "RESPONSE_STREAM"] as const)("with %s the reply is 502 of a function", (mode) => {
  test.each(failing)("%s", async (_, source) => {
    const reply = await replyOf(source, "GET", mode);
    expect(reply).toMatchObject({ status: 502, body: "Internal Server Error" });
  });
});

test.each([
  ["no JSON", streaming("stream.end('hello');")],
  ["a status that is none", returning("{ statusCode: 99 }")],
  ["a status that is no number", returning("{ statusCode: 'ok' }")],
  ["headers that are none", returning("{ statusCode: 200, headers: 'x' }")],
  ["a header that cannot be sent", returning("{ statusCode: 200, headers: { 'a b': 'x' } }")],
  ["a header with a line break", returning("{ statusCode: 200, headers: { a: 'x\\r\\ny: z' } }")],
  ["a body that is no text", returning("{ statusCode: 200, body: { a: 1 } }")],
])("an answer with %s is 502, and the timeline says why", async (_, source) => {
  const { emu } = server.current;
  expect(await replyOf(source)).toMatchObject({ status: 502, body: "Internal Server Error" });
  const told = (await emu.timeline()).findLast(({ type }) => type === "call.failed");
  expect(told).toMatchObject({
    operation: "function URL",
    code: "502",
    reason: "the function's answer cannot be read as a response",
  });
});
