import { once } from "node:events";
import http from "node:http";
import type { IncomingMessage } from "node:http";
import { connect } from "node:http2";
import https from "node:https";
import { describe, expect } from "vitest";
import { emulatorTest } from "../emulator/emulator-test.ts";
import { kinesisTarget, signature } from "../emulator/raw-http.ts";

const test = emulatorTest();
const transports = ["HTTP/1.1", "h2c", "HTTP/1.1 over TLS", "h2 over TLS"] as const;
type Transport = (typeof transports)[number];

interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}

async function send(
  transport: Transport,
  plain: string,
  headers: Readonly<Record<string, string>>,
  body: string | Uint8Array,
  path = "/",
): Promise<Reply> {
  const secure = transport.endsWith("TLS");
  const endpoint = secure ? plain.replace(/^http:/, "https:") : plain;
  const options = { rejectUnauthorized: false };
  if (transport.startsWith("h2")) {
    const session = connect(endpoint, options);
    const stream = session.request({ ":method": "POST", ":path": path, ...headers });
    stream.end(body);
    const [{ ":status": status, ...replied }] = await once(stream, "response");
    const text = Buffer.concat(await stream.toArray()).toString("latin1");
    session.close();
    return { status, headers: replied, body: text };
  }
  const client = secure ? https : http;
  const request = client.request(`${endpoint}${path}`, { ...options, method: "POST", headers, agent: false });
  request.end(body);
  const [response]: IncomingMessage[] = await once(request, "response");
  if (response === undefined) throw new Error("there was no response");
  const text = Buffer.concat(await response.toArray()).toString("latin1");
  return { status: response.statusCode ?? 0, headers: response.headers, body: text };
}

const json = "application/x-amz-json-1.1";
const cbor = "application/x-amz-cbor-1.1";
const target = (operation: string) => ({ "x-amz-target": `${kinesisTarget}.${operation}` });
const signed = signature("kinesis");
const { authorization } = signed;

const requests: readonly (readonly [
  what: string,
  headers: Readonly<Record<string, string>>,
  body: string | Uint8Array,
  answer: string,
  type: string | undefined,
])[] = [
  [
    "a constraint that is violated",
    { ...target("DescribeStream"), ...signed, "content-type": json },
    '{"StreamName":""}',
    "2 validation errors detected: Value '' at 'streamName' failed to satisfy constraint",
    json,
  ],
  [
    "a member of the wrong type",
    { ...target("DescribeStream"), ...signed, "content-type": json },
    '{"StreamName":true}',
    '{"__type":"SerializationException","Message":"class java.lang.Boolean can not be converted to an String"}',
    json,
  ],
  [
    "a stream that is not there",
    { ...target("DescribeStream"), ...signed, "content-type": json },
    '{"StreamName":"none"}',
    '{"__type":"ResourceNotFoundException","message":"Stream none under account 000000000000 not found."}',
    json,
  ],
  [
    "a call that is not signed",
    { ...target("DescribeStream"), "content-type": json },
    '{"StreamName":"none"}',
    '{"__type":"MissingAuthenticationTokenException","message":"Missing Authentication Token"}',
    json,
  ],
  [
    "a signature that lacks its parts",
    { ...target("DescribeStream"), "content-type": json, authorization: "AWS4-HMAC-SHA256 Signature=0" },
    '{"StreamName":"none"}',
    '{"__type":"IncompleteSignatureException","message":"Authorization header requires \'Credential\' parameter. ',
    json,
  ],
  [
    "a signature without a date",
    { ...target("DescribeStream"), "content-type": json, authorization: String(authorization) },
    '{"StreamName":"none"}',
    '{"__type":"IncompleteSignatureException","message":"Authorization header requires existence of either a \'X-Amz-Date\'',
    json,
  ],
  [
    "an operation that there is not",
    { ...target("Nothing"), ...signed, "content-type": json },
    "{}",
    '{"__type":"UnknownOperationException"}',
    json,
  ],
  [
    "a body that is no document",
    { ...target("DescribeStream"), ...signed, "content-type": json },
    "[",
    '{"__type":"SerializationException"}',
    json,
  ],
  ["no body, no type", { ...target("DescribeStream"), ...signed }, "", "SerializationException", cbor],
  [
    "a call that is not signed, in CBOR",
    { ...target("DescribeStream"), "content-type": cbor },
    Uint8Array.of(0xa0),
    "MissingAuthenticationTokenException",
    cbor,
  ],
  [
    "another type",
    { ...target("DescribeStream"), ...signed, "content-type": "text/plain" },
    "{}",
    "<UnknownOperationException/>\n",
    undefined,
  ],
];

describe.each(transports)("over %s", (transport) => {
  test.for(requests)("%s is answered as on AWS", async ([, headers, body, answer, type], { emulator }) => {
    const reply = await send(transport, emulator.emu.endpoint, headers, body);
    expect(reply.body).toContain(answer);
    expect(reply.status).toBe(type === undefined ? 404 : 400);
    expect(reply.headers["content-type"]).toBe(type);
    expect(reply.headers["x-amzn-requestid"]).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  });

  test("a signature that is given twice is answered as on AWS", async ({ emulator }) => {
    const headers = { ...target("ListStreams"), ...signed, "content-type": json };
    const reply = await send(transport, emulator.emu.endpoint, headers, "{}", "/?X-Amz-Algorithm=x");
    expect(reply.body).toBe(
      '{"__type":"InvalidSignatureException","message":"Found both \'X-Amz-Algorithm\' as a query-string param and ' +
        "'Authorization' as HTTP header.\"}",
    );
  });

  test("each answer has ids of its own, and one without a value has no body", async ({
    emulator,
    uniqueName: name,
  }) => {
    const call = (operation: string, input: object) => {
      const headers = { ...target(operation), ...signed, "content-type": json };
      return send(transport, emulator.emu.endpoint, headers, JSON.stringify(input));
    };
    const StreamName = `${name}-${transports.indexOf(transport)}`;
    const created = await call("CreateStream", { StreamName, ShardCount: 1 });
    expect(created).toMatchObject({ status: 200, body: "", headers: { "content-type": json } });
    const deleted = await call("DeleteStream", { StreamName });
    expect(deleted).toMatchObject({ status: 200, body: "" });
    for (const id of ["x-amzn-requestid", "x-amz-id-2"]) {
      expect(created.headers[id]).toEqual(expect.any(String));
      expect(created.headers[id]).not.toBe(deleted.headers[id]);
    }
  });
});
