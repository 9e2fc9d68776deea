import { createFunction, invoke } from "../emulator/functions.ts";
import { connect } from "node:http2";
import { CreateFunctionUrlConfigCommand } from "@aws-sdk/client-lambda";
import { describe, expect } from "vitest";
import { emulatorTest } from "../emulator/emulator-test.ts";
import { rawRequest, signature } from "../emulator/raw-http.ts";
import type { RawRequest } from "../emulator/raw-http.ts";
import { rawSocket } from "../emulator/raw-socket.ts";

const test = emulatorTest();

/** A call of every kind that there is, by its shape on the wire. */
const calls: readonly (readonly [kind: string, request: RawRequest])[] = [
  target("kinesis", "Kinesis_20131202.ListStreams"),
  target("logs", "Logs_20140328.DescribeLogGroups"),
  target("dynamodb", "DynamoDB_20120810.ListTables"),
  target("sqs", "AmazonSQS.ListQueues"),
  ["Kinesis in CBOR", cbor()],
  ["Lambda", { method: "GET", path: "/2015-03-31/functions", headers: signature("lambda") }],
  ["Lambda without a signature", { method: "GET", path: "/2015-03-31/functions" }],
  ["sns", form("sns", "ListTopics")],
  ["iam", form("iam", "ListRoles")],
  ["sts", form("sts", "GetCallerIdentity")],
  ["S3 by its path", { method: "GET", path: "/", headers: signature("s3") }],
  ["S3 by a signed link", { method: "GET", path: "/?X-Amz-Credential=A%2F20260101%2Fus-east-1%2Fs3%2Faws4_request" }],
  ["the control API", { method: "GET", path: "/_localemu/timeline" }],
  ["what ends worlds", { path: "/_localemu/reset" }],
  ["a lease", { method: "GET", path: "/_localemu/worlds/none/lease" }],
  ["a function's code", { method: "GET", path: "/_localemu/code/AAAA.zip" }],
  ["a world's API", { method: "GET", path: "/_world/default/2015-03-31/functions", headers: signature("lambda") }],
  ["the Runtime API", { method: "GET", path: "/_localemu/runtime/none/2018-06-01/runtime/invocation/next" }],
];

function target(service: string, name: string): [string, RawRequest] {
  const headers = { ...signature(service), "content-type": "application/x-amz-json-1.1", "x-amz-target": name };
  return [service, { headers, body: "{}" }];
}

function cbor(): RawRequest {
  const headers = { ...signature("kinesis"), "content-type": "application/cbor", "smithy-protocol": "rpc-v2-cbor" };
  return { path: "/service/Kinesis_20131202/operation/ListStreams", headers, body: Uint8Array.of(0xa0) };
}

function form(service: string, action: string): RawRequest {
  const headers = { ...signature(service), "content-type": "application/x-www-form-urlencoded" };
  return { headers, body: `Action=${action}` };
}

describe.each(calls)("%s", (_, request) => {
  const statusFor = async (endpoint: string, headers: Readonly<Record<string, string>>) =>
    (await rawRequest(endpoint, { ...request, headers: { ...request.headers, ...headers } })).status;

  test("answers nobody but local callers", async ({ emulator }) => {
    const { endpoint } = emulator.emu;
    const crossSite = { "sec-fetch-site": "cross-site" };
    const refused: readonly Readonly<Record<string, string>>[] = [
      { origin: "https://evil.example" },
      // Of a page in a sandboxed frame, and of a form that hides where it comes from.
      { origin: "null" },
      { host: "evil.example" },
      { host: "bucket.s3.evil.example" },
      { host: "evil.example", origin: "http://evil.example" },
      // What a picture, a link or a script asks for.
      { ...crossSite, "sec-fetch-mode": "no-cors", "sec-fetch-dest": "image" },
      { ...crossSite, "sec-fetch-mode": "navigate", referer: "https://evil.example/" },
    ];
    const statuses = await Promise.all(refused.map((headers) => statusFor(endpoint, headers)));
    expect(statuses).toEqual(refused.map(() => 403));
    const preflight = { origin: "https://evil.example", "access-control-request-method": "POST" };
    const { status, headers } = await rawRequest(endpoint, {
      ...request,
      method: "OPTIONS",
      headers: preflight,
      body: "",
    });
    expect([status, headers["access-control-allow-origin"]]).toEqual([403, undefined]);
  });
});

test("a page of this machine may show objects", async ({ emulator }) => {
  const headers = { "sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors", referer: "http://localhost:3000/" };
  const reply = await rawRequest(emulator.emu.endpoint, { method: "GET", path: "/none/picture.png", headers });
  expect(reply.status).toBe(404);
});

test("a bucket is found by the name of a local host alone", async ({ emulator }) => {
  const { endpoint } = emulator.emu;
  await rawRequest(endpoint, { method: "PUT", path: "/pictures", headers: signature("s3") });
  const statusAt = async (host: string) => {
    const headers = { ...signature("s3"), host };
    return (await rawRequest(endpoint, { method: "GET", path: "/?list-type=2", headers })).status;
  };
  expect(await statusAt("pictures.localhost")).toBe(200);
  expect(await statusAt("pictures.s3.localhost:4566")).toBe(200);
  expect(await statusAt("pictures.s3.us-east-1.amazonaws.com")).toBe(403);
});

test("HTTP/2 is no way around", async ({ emulator }) => {
  const session = connect(emulator.emu.endpoint);
  const statusOf = async (headers: Readonly<Record<string, string>>): Promise<unknown> => {
    const stream = session.request({ ":path": "/2015-03-31/functions", ...headers });
    return new Promise((resolve, reject) => {
      stream.on("response", (reply) => resolve(reply[":status"]));
      stream.on("error", reject);
      stream.resume();
    });
  };
  expect(await statusOf({ ":authority": "localhost" })).toBe(200);
  expect(await statusOf({ ":authority": "evil.example" })).toBe(403);
  expect(await statusOf({ ":authority": "evil.example", host: "localhost" })).toBe(403);
  expect(await statusOf({ ":authority": "localhost", origin: "https://evil.example" })).toBe(403);
  session.close();
});

test("neither is another form of a request, nor a connection that is to become another", async ({ emulator }) => {
  const statusOf = async (...lines: string[]): Promise<string | undefined> => {
    const client = await rawSocket(emulator.emu.endpoint);
    client.socket.write([...lines, "Connection: close", "", ""].join("\r\n"));
    return /^HTTP\/1\.1 (\d+)/.exec(await client.ended())?.[1];
  };
  const get = "GET http://localhost/2015-03-31/functions HTTP/1.1";
  expect(await statusOf(get, "Host: evil.example")).toBe("403");
  expect(await statusOf("GET /2015-03-31/functions HTTP/1.1", "Host: evil.example", "Host: localhost")).toBe("403");
  const upgrade = ["Upgrade: websocket", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="];
  const page = "Origin: https://evil.example";
  expect(await statusOf("GET /_localemu/timeline HTTP/1.1", "Host: localhost", page, ...upgrade)).toBe("403");
});

test("a function URL is its function's business, under a local name", async ({ emulator, uniqueName: name }) => {
  const { lambda, emu } = emulator;
  await createFunction(lambda, name, "export const handler = async () => 'here';");
  const created = await lambda.send(new CreateFunctionUrlConfigCommand({ FunctionName: name, AuthType: "NONE" }));
  const { pathname } = new URL(created.FunctionUrl ?? "");
  const call = async (headers: Readonly<Record<string, string>>) =>
    (await rawRequest(emu.endpoint, { method: "GET", path: pathname, headers })).status;
  expect(await call({ origin: "https://app.example" })).toBe(200);
  expect(await call({ host: "evil.example" })).toBe(403);
  expect(await call({ host: `${pathname.split("/").at(-2)}.lambda-url.us-east-1.on.aws` })).toBe(403);
});

test("the Runtime API of a function's process is for the function alone", async ({ emulator, uniqueName: name }) => {
  await createFunction(emulator.lambda, name, "export const handler = async () => process.env.AWS_LAMBDA_RUNTIME_API;");
  const api = `http://${String(await invoke(emulator.lambda, name))}`;
  const call = async (headers: Readonly<Record<string, string>>) =>
    (await rawRequest(api, { method: "GET", path: "/2018-06-01/ping", headers })).status;
  expect(await call({})).toBe(200);
  expect(await call({ origin: "https://evil.example" })).toBe(403);
  expect(await call({ origin: "http://localhost:3000" })).toBe(403);
  expect(await call({ host: "evil.example:4567" })).toBe(403);
  expect(await call({ "sec-fetch-site": "cross-site" })).toBe(403);
});
