import { describe, expect } from "vitest";
import { emulatorTest } from "../emulator/emulator-test.ts";
import { kinesisTarget, rawKinesis, rawRequest, signature } from "../emulator/raw-http.ts";
import type { RawRequest } from "../emulator/raw-http.ts";

const test = emulatorTest();
const target = { "x-amz-target": `${kinesisTarget}.DescribeStream` };
const json = { "content-type": "application/x-amz-json-1.1" };
const date = { "x-amz-date": "20260101T000000Z" };
const body = '{"StreamName":"none"}';
const reached =
  '400 {"__type":"ResourceNotFoundException","message":"Stream none under account 000000000000 not found."}';

async function answerTo(endpoint: string, request: RawRequest): Promise<string> {
  const reply = await rawRequest(endpoint, request);
  return `${reply.status} ${reply.body}`;
}

describe("a request for Kinesis", () => {
  test.for([[""], ["{"], ["[]"], ["1"], ["null"], ['"text"'], ["{} {}"], ["\u0000\u0001"]])(
    "whose body is %j is answered without a text",
    async ([document = ""], { emulator }) => {
      const reply = await rawKinesis(emulator.emu.endpoint, "DescribeStream", document);
      expect(reply).toMatchObject({
        status: 400,
        body: '{"__type":"SerializationException"}',
        headers: { "content-type": "application/x-amz-json-1.1", "x-amzn-requestid": expect.any(String) },
      });
    },
  );

  test("is told of its body before its signature and its target", async ({ emulator }) => {
    const { endpoint } = emulator.emu;
    const answer = (headers: Record<string, string>, document: string) =>
      answerTo(endpoint, { headers: { ...json, ...headers }, body: document });
    const unknown = { "x-amz-target": `${kinesisTarget}.Nothing`, ...signature("kinesis") };
    expect(await answer(target, "[")).toBe('400 {"__type":"SerializationException"}');
    expect(await answer(target, "")).toBe('400 {"__type":"SerializationException"}');
    expect(await answer(unknown, "[")).toBe('400 {"__type":"SerializationException"}');
    expect(await answer(unknown, "")).toBe('400 {"__type":"UnknownOperationException"}');
  });

  test.for([
    [{ "x-amz-target": `${kinesisTarget}.Nothing` }],
    [{ "x-amz-target": `${kinesisTarget}.` }],
    [{ "x-amz-target": `${kinesisTarget}.describeStream` }],
    [{ "x-amz-target": "DescribeStream", ...signature("kinesis") }],
    [{ "x-amz-target": "Kinesis_20200101.DescribeStream", ...signature("kinesis") }],
  ])("with %j is for no operation", async ([headers = {}], { emulator }) => {
    const answer = await answerTo(emulator.emu.endpoint, { headers: { ...json, ...headers }, body });
    expect(answer).toBe('400 {"__type":"UnknownOperationException"}');
  });

  const unsigned = "<AccessDeniedException>\n  <Message>Unable to determine service/operation name to be authorized";
  const coral = (name: string) => `{"Output":{"__type":"com.amazon.coral.service#${name}"},"Version":"1.0"}`;

  test.for<[what: string, request: RawRequest, answer: string]>([
    [
      "by another method",
      { method: "PUT", headers: { ...json, ...target, ...signature("kinesis") } },
      `403 ${unsigned}`,
    ],
    ["of no type", { headers: target }, "404 <UnknownOperationException/>\n"],
    ["of another type", { headers: { ...target, "content-type": "text/plain" } }, "404 <UnknownOperationException/>\n"],
    ["of another type, without a target", { headers: signature("kinesis") }, `403 ${unsigned}`],
    [
      "in plain JSON",
      { headers: { ...target, "content-type": "application/json" } },
      `404 ${coral("UnknownOperationException")}`,
    ],
    [
      "in broken plain JSON",
      { headers: { ...target, "content-type": "application/json" }, body: "{" },
      `400 ${coral("SerializationException")}`,
    ],
  ])("%s is in none of its protocols", async ([, request, answer], { emulator }) => {
    const reply = await rawRequest(emulator.emu.endpoint, { body, ...request });
    expect(`${reply.status} ${reply.body}`.slice(0, answer.length)).toBe(answer);
    expect(reply.headers).not.toHaveProperty("content-type");
  });

  test("that is too large is answered without a text", async ({ emulator }) => {
    const sent = (bytes: number) =>
      answerTo(emulator.emu.endpoint, { headers: { ...json, ...target }, body: Buffer.alloc(bytes, " ") });
    const limit = 16 * 1024 * 1024;
    expect(await sent(limit + 1)).toBe("413 ");
    expect(await sent(limit)).toBe('400 {"__type":"SerializationException"}');
  });

  test("without a body and a type is answered in CBOR", async ({ emulator }) => {
    const reply = await rawRequest(emulator.emu.endpoint, { headers: { ...target, ...signature("kinesis") } });
    expect(reply).toMatchObject({ status: 400, headers: { "content-type": "application/x-amz-cbor-1.1" } });
    expect(reply.body).toContain("SerializationException");
  });

  test("for a service that is not emulated says so, not only to be tried again", async ({ emulator }) => {
    const answer = (headers: Record<string, string>) => answerTo(emulator.emu.endpoint, { headers, body: "{}" });
    const message = (service: string) =>
      `501 {"__type":"NotImplementedException","message":"not implemented by LocalEmu: the service ${service}"}`;
    expect(await answer({ "x-amz-target": "Redshift_20121201.ListTables" })).toBe(message("Redshift_20121201"));
    expect(await answer({ "x-amz-target": "Redshift_20121201.ListTables", ...signature("redshift") })).toBe(
      message("redshift"),
    );
    expect(await answer(signature("ecs"))).toBe(message("ecs"));
  });

  test("may come on any path, with any query", async ({ emulator }) => {
    const { endpoint } = emulator.emu;
    const headers = { ...json, ...target, ...signature("kinesis") };
    for (const path of ["/", "/any/path", "/?a=b", "/%zz", "//", "/_world/default"])
      expect(await answerTo(endpoint, { path, headers, body })).toBe(reached);
    expect(await answerTo(endpoint, { path: "/_world/none/", headers, body })).toBe(
      '404 {"__type":"UnknownWorldException","message":"LocalEmu has no world \\"none\\": it was never created, or its test file has ended"}',
    );
  });
});

describe("a signature", () => {
  const missing = (name: string) => `Authorization header requires '${name}' parameter. `;
  const noDate = "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. ";
  const incomplete = (message: string) => `400 ${JSON.stringify({ __type: "IncompleteSignatureException", message })}`;
  const [all, credential, signedHeaders, signed] = [
    "AWS4-HMAC-SHA256 Credential=a/20260101/us-east-1/kinesis/aws4_request, SignedHeaders=host, Signature=0",
    "Credential=a/20260101/us-east-1/kinesis/aws4_request",
    "SignedHeaders=host",
    "Signature=0",
  ];

  test.for([
    [{}, '400 {"__type":"MissingAuthenticationTokenException","message":"Missing Authentication Token"}'],
    [{ authorization: all, ...date }, reached],
    [{ authorization: all, date: "Thu, 01 Jan 2026 00:00:00 GMT" }, reached],
    [{ authorization: `AWS4-HMAC-SHA256 ${signed} ${credential},${signedHeaders}`, ...date }, reached],
    [
      { authorization: "X" },
      incomplete(`${missing("Credential")}${missing("Signature")}${missing("SignedHeaders")}${noDate}Authorization=X`),
    ],
    [
      { authorization: `AWS4-HMAC-SHA256 ${credential}`, ...date },
      incomplete(`${missing("Signature")}${missing("SignedHeaders")}Authorization=AWS4-HMAC-SHA256 ${credential}`),
    ],
    [
      { authorization: `AWS4-HMAC-SHA256 ${signed}, ${signedHeaders}`, ...date },
      incomplete(`${missing("Credential")}Authorization=AWS4-HMAC-SHA256 ${signed}, ${signedHeaders}`),
    ],
    [{ authorization: all }, incomplete(`${noDate}Authorization=${all}`)],
  ] as const)("in the headers %j is checked for its parts", async ([headers, answer], { emulator }) => {
    const sent = { ...json, ...target, ...headers };
    expect(await answerTo(emulator.emu.endpoint, { headers: sent, body })).toBe(answer);
  });

  const query = {
    "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
    "X-Amz-Credential": "a/20260101/us-east-1/kinesis/aws4_request",
    "X-Amz-Signature": "0",
    "X-Amz-SignedHeaders": "host",
    "X-Amz-Date": "20260101T000000Z",
  };
  const presigned = (members: Record<string, string>) => `/?${new URLSearchParams(members).toString()}`;
  const lacks = (name: string) => `AWS query-string parameters must include '${name}'. `;

  test("in the query is checked for its parts", async ({ emulator }) => {
    const answer = (members: Record<string, string>, headers: Record<string, string> = {}) =>
      answerTo(emulator.emu.endpoint, { path: presigned(members), headers: { ...json, ...target, ...headers }, body });
    expect(await answer(query)).toBe(reached);
    expect(await answer({ "X-Amz-Algorithm": "x" })).toBe(
      incomplete(
        `${lacks("X-Amz-Credential")}${lacks("X-Amz-Signature")}${lacks("X-Amz-SignedHeaders")}${lacks("X-Amz-Date")}Re-examine the query-string parameters.`,
      ),
    );
    const { "X-Amz-Signature": _signature, ...unsigned } = query;
    expect(await answer(unsigned)).toBe(
      incomplete(`${lacks("X-Amz-Signature")}Re-examine the query-string parameters.`),
    );
    expect(await answer(query, { authorization: all, ...date })).toBe(
      `400 ${JSON.stringify({
        __type: "InvalidSignatureException",
        message: "Found both 'X-Amz-Algorithm' as a query-string param and 'Authorization' as HTTP header.",
      })}`,
    );
  });

  test("names the region", async ({ emulator }) => {
    const { endpoint } = emulator.emu;
    const call = (operation: string, region: string) => {
      const headers = { ...json, ...signature("kinesis", region), "x-amz-target": `${kinesisTarget}.${operation}` };
      return answerTo(endpoint, { headers, body: '{"StreamName":"here","ShardCount":1}' });
    };
    expect(await call("CreateStream", "eu-central-1")).toBe("200 ");
    expect(await call("DescribeStreamSummary", "eu-central-1")).toContain("arn:aws:kinesis:eu-central-1:");
    expect(await call("DescribeStreamSummary", "eu-central-2")).toContain("ResourceNotFoundException");
  });
});
