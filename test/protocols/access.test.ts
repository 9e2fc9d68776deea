import { describe, expect } from "vitest";
import { emulatorTest } from "../emulator/emulator-test.ts";
import { kinesisTarget, rawRequest, signature } from "../emulator/raw-http.ts";
import type { RawRequest } from "../emulator/raw-http.ts";

const test = emulatorTest({ allowedOrigins: ["https://app.example"], allowedHosts: ["emu.example"] });

const calls: readonly (readonly [string, RawRequest])[] = [
  [
    "Kinesis",
    {
      headers: {
        ...signature("kinesis"),
        "content-type": "application/x-amz-json-1.1",
        "x-amz-target": `${kinesisTarget}.ListStreams`,
      },
      body: "{}",
    },
  ],
  ["Lambda", { method: "GET", path: "/2015-03-31/functions", headers: signature("lambda") }],
  ["SQS", { headers: { ...signature("sqs"), "x-amz-target": "AmazonSQS.ListQueues" }, body: "{}" }],
  ["the control API", { method: "GET", path: "/_localemu/clock" }],
];
const exposed = "x-amzn-RequestId,x-amzn-ErrorType,x-amz-request-id,x-amz-id-2,x-amzn-ErrorMessage,Date";

/** Services and the control API answer in their own forms. */
function errorIn(body: string): unknown {
  const { error, __type: code, message } = JSON.parse(body);
  return error ?? { code, message };
}

describe.each(calls)("%s", (_name, request) => {
  const send = (endpoint: string, headers: Record<string, string>) =>
    rawRequest(endpoint, { ...request, headers: { ...request.headers, ...headers } });

  test.for(["https://evil.example", "http://localhost.evil.example", "null"])(
    "refuses web pages of %s",
    async (origin, { emulator }) => {
      const reply = await send(emulator.emu.endpoint, { origin });
      expect(reply.status).toBe(403);
      expect(errorIn(reply.body)).toEqual({
        code: "ForbiddenOrigin",
        message: `LocalEmu does not answer to web pages of ${origin}. List it in LOCALEMU_ALLOWED_ORIGINS to let them in.`,
      });
      expect(reply.headers).not.toHaveProperty("access-control-allow-origin");
    },
  );

  test.for(["http://localhost:3000", "http://127.0.0.1", "https://[::1]:8443", "https://app.example"])(
    "answers web pages of %s so that they can read it",
    async (origin, { emulator }) => {
      const reply = await send(emulator.emu.endpoint, { origin });
      expect(reply.status).toBe(200);
      expect(reply.headers).toMatchObject({
        "access-control-allow-origin": "*",
        "access-control-expose-headers": exposed,
      });
    },
  );

  test("answers a preflight of a loopback page and refuses one of another", async ({ emulator }) => {
    const asked = {
      "access-control-request-headers": "x-amz-target,authorization",
      "access-control-request-method": "POST",
    };
    const preflight = (origin: string) =>
      rawRequest(emulator.emu.endpoint, {
        method: "OPTIONS",
        path: request.path ?? "/",
        headers: { origin, ...asked },
      });
    const reply = await preflight("http://localhost:3000");
    expect([reply.status, reply.body]).toEqual([200, ""]);
    expect(reply.headers).toMatchObject({
      "access-control-allow-origin": "*",
      "access-control-allow-headers": "x-amz-target,authorization",
      "access-control-allow-methods": "POST",
      "access-control-max-age": "172800",
    });
    expect(Object.keys(reply.headers)).not.toEqual(expect.arrayContaining(["x-amz-id-2"]));
    expect(Object.keys(reply.headers)).not.toEqual(expect.arrayContaining(["content-type"]));
    expect((await preflight("https://evil.example")).status).toBe(403);
  });

  test.for(["evil.example", "127.0.0.1.evil.example:4566", "kinesis.us-east-1.amazonaws.com"])(
    "does not answer to the name %s",
    async (host, { emulator }) => {
      const reply = await send(emulator.emu.endpoint, { host });
      expect(reply.status).toBe(403);
      expect(errorIn(reply.body)).toEqual({
        code: "ForbiddenHost",
        message: `LocalEmu does not answer to the host name ${host}. Use an IP address or localhost, or list it in LOCALEMU_ALLOWED_HOSTS.`,
      });
    },
  );

  test.for(["localemu", "LOCALEMU:4566", "host.docker.internal:4566", "10.1.2.3:4566", "emu.example"])(
    "answers to the name %s",
    async (host, { emulator }) => {
      expect((await send(emulator.emu.endpoint, { host })).status).toBe(200);
    },
  );
});

test("an error is readable for a loopback page too", async ({ emulator }) => {
  const origin = "http://localhost:3000";
  const statuses = await Promise.all(
    [
      { path: "/_world/none/", headers: signature("kinesis") },
      { headers: signature("redshift") },
      { headers: signature("kinesis") },
      { path: "/_localemu/none" },
    ].map(async (request) => {
      const { status, headers } = await rawRequest(emulator.emu.endpoint, {
        ...request,
        headers: { ...request.headers, origin },
      });
      return [status, headers["access-control-allow-origin"]];
    }),
  );
  expect(statuses).toEqual([
    [404, "*"],
    [501, "*"],
    [400, "*"],
    [404, "*"],
  ]);
});

test("health answers under any name, and to any page", async ({ emulator }) => {
  for (const headers of [{ host: "evil.example" }, { origin: "https://evil.example" }])
    for (const [path, body] of [
      ["/_localemu/health/live", '{"status":"live"}'],
      ["/_localemu/health/ready", '{"status":"ready"}'],
    ] as const)
      expect(await rawRequest(emulator.emu.endpoint, { method: "GET", path, headers })).toMatchObject({
        status: 200,
        body,
      });
});
