import fc from "fast-check";
import { rawRequest, signature } from "../../emulator/raw-http.ts";
import { zipOf } from "../../lambda/zips.ts";
import { mutated, times } from "../bytes.ts";
import { campaign } from "../campaign.ts";
import { sendBytes, sendHttp } from "../send.ts";
import type { HttpInput } from "../send.ts";

const patienceMs = 100;
const role = "arn:aws:iam::000000000000:role/any";

/** Tells where its Runtime API is, so that others can speak to it in its name. */
const traitor = `exports.handler = async () => ({ api: process.env.AWS_LAMBDA_RUNTIME_API });`;

const lambda = { ...signature("lambda"), "content-type": "application/json" };

async function createTraitor(endpoint: string): Promise<void> {
  const body = JSON.stringify({
    FunctionName: "traitor",
    Runtime: "nodejs24.x",
    Handler: "index.handler",
    Role: role,
    Timeout: 1,
    Code: { ZipFile: Buffer.from(zipOf({ "index.js": traitor })).toString("base64") },
  });
  const { status } = await rawRequest(`${endpoint}/2015-03-31/functions`, { headers: lambda, body });
  if (status !== 201) throw new Error(`the function was not created: ${status}`);
  await rawRequest(`${endpoint}/_localemu/runtime/attached`, { body: '{"Timeout":1}' });
}

/** Undefined where the environment of the last invocation was made to fail. */
async function runtimeApi(endpoint: string): Promise<string | undefined> {
  const path = "/2015-03-31/functions/traitor/invocations";
  const { status, body } = await rawRequest(`${endpoint}${path}`, { headers: lambda, body: "{}" });
  if (status !== 200) throw new Error(`an invocation was answered with ${status} ${body}`);
  return /"api":"([\d.]+:\d+)"/.exec(body)?.[1];
}

const paths = [
  "runtime/invocation/next",
  "runtime/invocation/00000000-0000-0000-0000-000000000000/response",
  "runtime/invocation/00000000-0000-0000-0000-000000000000/error",
  "runtime/invocation//response",
  "runtime/invocation/%zz/response",
  "runtime/invocation/__proto__/error",
  "runtime/init/error",
  "ping",
];
const others = [
  "/2020-01-01/extension/register",
  "/2020-01-01/extension/event/next",
  "/2020-01-01/extension/init/error",
  "/2020-01-01/extension/exit/error",
  "/2022-07-01/telemetry",
  "/2020-08-15/logs",
];
const bodies = [
  "",
  "{}",
  '{"errorMessage":"m","errorType":"T","stackTrace":["a"]}',
  '{"events":["INVOKE","SHUTDOWN"]}',
  '{"schemaVersion":"2022-12-13","types":["function","platform"],"destination":{"protocol":"HTTP","URI":"http://sandbox.localdomain:1"},"buffering":{"maxItems":1000,"maxBytes":262144,"timeoutMs":25}}',
  times("[", 50_000),
  times("x", 7_000_000),
];
const headers: readonly Readonly<Record<string, string>>[] = [
  {},
  { "lambda-runtime-function-response-mode": "streaming", "transfer-encoding": "chunked" },
  { "lambda-runtime-function-response-mode": "no-such-mode" },
  { "lambda-runtime-function-error-type": times("x", 10_000) },
  { "lambda-runtime-function-xray-error-cause": "{".repeat(1_000) },
  { "lambda-extension-name": "e", "lambda-extension-identifier": "x" },
  { "lambda-extension-name": "../e", "lambda-extension-accept-feature": "accountId" },
  { "content-type": "application/vnd.awslambda.http-integration-response" },
];

const request: fc.Arbitrary<HttpInput> = fc.record({
  method: fc.constantFrom("GET", "POST", "POST", "PUT", "DELETE"),
  path: fc.oneof(fc.constantFrom(...paths.map((path) => `/2018-06-01/${path}`)), fc.constantFrom(...others)),
  headers: fc.constantFrom(...headers),
  body: fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(...bodies) },
    {
      weight: 1,
      arbitrary: mutated(
        bodies.slice(0, 5).map((text) => Buffer.from(text)),
        ["\\ud800", "__proto__", "\0"],
      ),
    },
  ),
});

const raw = mutated(
  [
    "GET /2018-06-01/runtime/invocation/next HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
    "POST /2018-06-01/runtime/invocation/x/response HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\nTrailer: A\r\n\r\n1\r\nx\r\n0\r\nA: b\r\n\r\n",
    "POST /2018-06-01/runtime/init/error HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 2\r\n\r\n{}",
  ].map((text) => Buffer.from(text)),
  ["\r\n", "\0", "Content-Length: 9\r\n", "FFFFFFFF\r\n"],
);

/** A function that lies: what its runtime should say comes from elsewhere, and is nonsense. */
export const processRuntime = campaign("the Runtime API of a function's process", {
  prepare: createTraitor,
  inputs: fc.array(fc.oneof(request, raw), { minLength: 1, maxLength: 4 }),
  send: async (endpoint, inputs) => {
    const api = await runtimeApi(endpoint);
    if (api === undefined) return;
    for (const input of inputs) {
      if (Buffer.isBuffer(input))
        await sendBytes(`http://${api}`, { bytes: input, cut: input.length % 2 === 0 }).catch(() => {});
      else await sendHttp(`http://${api}`, input, patienceMs);
    }
  },
});

/** The same from a process that attached itself, with an event to answer or without. */
export const attachedRuntime = campaign("the Runtime API of an attached function", {
  prepare: (endpoint) => rawRequest(`${endpoint}/_localemu/runtime/attached`, { body: '{"Timeout":1}' }),
  inputs: fc.record({ request, invoked: fc.boolean() }),
  send: (endpoint, { request: input, invoked }) =>
    Promise.all([
      sendHttp(endpoint, { ...input, path: `/_localemu/runtime/attached${input.path}` }, patienceMs),
      ...(invoked
        ? [
            sendHttp(endpoint, {
              method: "POST",
              path: "/2015-03-31/functions/attached/invocations",
              headers: { ...lambda, "x-amz-invocation-type": "Event" },
              body: "{}",
            }),
          ]
        : []),
    ]),
});
