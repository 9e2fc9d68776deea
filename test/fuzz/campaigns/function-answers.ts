import fc from "fast-check";
import { rawRequest, signature } from "../../emulator/raw-http.ts";
import { zipOf } from "../../lambda/zips.ts";
import { mutated, times } from "../bytes.ts";
import { campaign } from "../campaign.ts";
import { sendHttp } from "../send.ts";

/** Answers with what its caller sends: a value, or the bytes of a stream with a head of its own. */
const parrot = `
exports.buffered = async ({ body }) => eval("(" + body + ")");
exports.streamed = awslambda.streamifyResponse(async ({ body }, stream) => {
  stream.setContentType("application/vnd.awslambda.http-integration-response");
  stream.write(Buffer.from(body, "base64"));
  stream.end();
});`;

const lambda = { ...signature("lambda"), "content-type": "application/json" };

async function createParrots(endpoint: string): Promise<void> {
  for (const [name, mode] of [
    ["buffered", "BUFFERED"],
    ["streamed", "RESPONSE_STREAM"],
  ] as const) {
    const created = await rawRequest(`${endpoint}/2015-03-31/functions`, {
      headers: lambda,
      body: JSON.stringify({
        FunctionName: name,
        Runtime: "nodejs24.x",
        Handler: `index.${name}`,
        Role: "arn:aws:iam::000000000000:role/any",
        Code: { ZipFile: Buffer.from(zipOf({ "index.js": parrot })).toString("base64") },
      }),
    });
    const url = await rawRequest(`${endpoint}/2021-10-31/functions/${name}/url`, {
      headers: lambda,
      body: JSON.stringify({ AuthType: "NONE", InvokeMode: mode }),
    });
    if (created.status !== 201 || url.status !== 201) throw new Error(`no function: ${created.body} ${url.body}`);
  }
}

async function pathOf(endpoint: string, name: string): Promise<string> {
  const at = `${endpoint}/2021-10-31/functions/${name}/url`;
  const { FunctionUrl }: { FunctionUrl: string } = JSON.parse(
    (await rawRequest(at, { method: "GET", headers: lambda })).body,
  );
  return new URL(FunctionUrl).pathname;
}

const values = [
  "undefined",
  "null",
  "0",
  '""',
  "[]",
  "'\\ud800'",
  "-1",
  "99",
  "100",
  "101",
  "103",
  "204",
  "304",
  "999",
  "1000",
  "1e400",
  '"200"',
  "200.5",
  "true",
  "{}",
  '{ "x": "a\\r\\nb: c" }',
  '{ "x y": "1" }',
  '{ "": "1" }',
  '{ "x": "ü" }',
  '{ "x": "\\u2028" }',
  '{ "x": "\\u0000" }',
  '{ "x": ["1", 2] }',
  '{ "x": {} }',
  '{ "content-length": "5" }',
  '{ "Content-Length": "-1", "content-length": "7" }',
  '{ "transfer-encoding": "chunked" }',
  '{ "connection": "close", "upgrade": "h2c" }',
  '{ "set-cookie": "a=1", "__proto__": "x" }',
  '["a=b\\r\\nc: d"]',
  '["a=b", null, 1]',
  `'${times("x", 100_000)}'`,
  `({ x: '${times("y", 100_000)}' })`,
];

const value = fc.constantFrom(...values);
const answer = fc.oneof(
  value,
  fc
    .record(
      { statusCode: value, headers: value, body: value, cookies: value, isBase64Encoded: value },
      { requiredKeys: [] },
    )
    .map(
      (members) =>
        `({ ${Object.entries(members)
          .map((member) => member.join(": "))
          .join(", ")} })`,
    ),
);

const end = "\0".repeat(8);
const heads = [
  `{"statusCode":200,"headers":{"x":"1"},"cookies":["a=b"]}${end}body`,
  `{"statusCode":200}`,
  `${end}body`,
  `{"statusCode":"x","headers":{"x":"a\\r\\nb"}}${end}`,
  `{"statusCode":101,"headers":{"content-length":"1"}}${end}body`,
  `{"headers":{"x y":[1]},"cookies":{"a":1}}${end}body`,
  times(`{"a":`, 5_000) + end,
  `{"headers":{"x":"${times("y", 100_000)}"}}${end}`,
];

/** A function has the last word on its own page's reply, and may say what no reply can be. */
export const functionAnswers = campaign("what functions answer to their URLs", {
  prepare: createParrots,
  atATime: 4,
  inputs: fc.oneof(
    answer.map((body) => ({ to: "buffered", body })),
    fc
      .oneof(
        fc.constantFrom(...heads).map((head) => Buffer.from(head)),
        mutated(
          heads.map((head) => Buffer.from(head)),
          ["\0", "\\r\\n", end],
        ),
      )
      .map((head) => ({ to: "streamed", body: head.toString("base64") })),
  ),
  send: async (endpoint, { to, body }) =>
    sendHttp(endpoint, {
      method: "POST",
      path: await pathOf(endpoint, to),
      headers: { "content-type": "text/plain" },
      body,
    }),
});
