import {
  CreateAliasCommand,
  DeleteAliasCommand,
  DeleteFunctionCommand,
  PutFunctionConcurrencyCommand,
} from "@aws-sdk/client-lambda";
import { beforeAll, describe, expect, test } from "vitest";
import { clientsOf } from "../emulator/emulator.ts";
import { rawRequest, signature } from "../emulator/raw-http.ts";
import type { RawReply, RawRequest } from "../emulator/raw-http.ts";
import { arnOf, call, lambdaServer, uuid } from "./lambda-api.ts";
import { deploy, urlOf } from "./streaming-api.ts";

const server = lambdaServer();
const events = `exports.handler = async (event, context) => ({ ...event, arn: context.invokedFunctionArn });`;
let url: string;

beforeAll(async () => {
  const { lambda } = server.current;
  await deploy(lambda, "events", events, { Publish: true });
  url = await urlOf(lambda, "events", { InvokeMode: "BUFFERED" });
});

/** What the tests look at. */
interface UrlEvent {
  readonly rawPath: string;
  readonly rawQueryString: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly cookies?: readonly string[];
  readonly queryStringParameters?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly isBase64Encoded: boolean;
}

async function eventOf(request: RawRequest, path = ""): Promise<{ event: UrlEvent; reply: RawReply }> {
  const { pathname } = new URL(url);
  const reply = await rawRequest(url, { ...request, path: pathname + path });
  return { event: JSON.parse(reply.body), reply };
}

test("the event has payload format 2.0", async () => {
  const { event, reply } = await eventOf(
    { method: "GET", headers: { "user-agent": "me", "X-Mine": "Yes" } },
    "a/b?c=1",
  );
  const id = url.split("/").at(-2);
  expect(event).toEqual({
    version: "2.0",
    routeKey: "$default",
    rawPath: "/a/b",
    rawQueryString: "c=1",
    headers: {
      host: new URL(url).host,
      "user-agent": "me",
      "x-mine": "Yes",
      "x-amzn-trace-id": expect.stringMatching(/^Root=1-[\da-f]{8}-[\da-f]{24}$/),
      "x-forwarded-for": "127.0.0.1",
      "x-forwarded-port": new URL(url).port,
      "x-forwarded-proto": "http",
    },
    queryStringParameters: { c: "1" },
    requestContext: {
      accountId: "anonymous",
      apiId: id,
      domainName: `${id}.lambda-url.us-east-1.localhost`,
      domainPrefix: id,
      http: { method: "GET", path: "/a/b", protocol: "HTTP/1.1", sourceIp: "127.0.0.1", userAgent: "me" },
      requestId: reply.headers["x-amzn-requestid"],
      routeKey: "$default",
      stage: "$default",
      time: expect.stringMatching(/^\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d \+0000$/),
      timeEpoch: expect.any(Number),
    },
    isBase64Encoded: false,
    arn: arnOf("events"),
  });
  expect(reply.headers["x-amzn-requestid"]).toMatch(uuid);
  expect(reply.headers["x-amzn-trace-id"]).toBe(event.headers["x-amzn-trace-id"]);
});

test("the path stays as it was sent, and the root is a slash", async () => {
  expect((await eventOf({}, "pa2%Fth/1")).event.rawPath).toBe("/pa2%Fth/1");
  const bare = await rawRequest(url.slice(0, -1), { method: "GET" });
  expect(JSON.parse(bare.body).rawPath).toBe("/");
  expect((await eventOf({}, "/_world/x/y")).event.rawPath).toBe("//_world/x/y");
});

test("parameters and headers of one name are joined by commas, and there is no query without one", async () => {
  const { event } = await eventOf({}, "?a=1&a=2&b=%20x+y");
  expect(event.rawQueryString).toBe("a=1&a=2&b=%20x+y");
  expect(event.queryStringParameters).toEqual({ a: "1,2", b: " x y" });
  expect((await eventOf({})).event).not.toHaveProperty("queryStringParameters");
  const twice = { "x-twice": ["1", "2"] };
  const joined = await eventOf({ headers: twice });
  expect(joined.event.headers["x-twice"]).toBe("1,2");
});

test("cookies are a list", async () => {
  const { event } = await eventOf({ headers: { cookie: "a=1; b=2" } });
  expect(event.cookies).toEqual(["a=1", "b=2"]);
  expect(event.headers).not.toHaveProperty("cookie");
});

test.each<[type: string | undefined, isText: boolean]>([
  ["text/plain; charset=utf-8", true],
  ["application/json", true],
  ["application/xml", true],
  ["application/javascript", true],
  ["application/vnd.api+json", true],
  ["image/svg+xml", true],
  ["application/x-www-form-urlencoded", false],
  ["multipart/form-data; boundary=x", false],
  ["application/octet-stream", false],
  [undefined, false],
])("a body of type %s: as text %s", async (type, isText) => {
  const { event } = await eventOf({ headers: type === undefined ? {} : { "content-type": type }, body: "hällo" });
  expect(event.isBase64Encoded).toBe(!isText);
  expect(Buffer.from(event.body ?? "", isText ? "utf8" : "base64").toString()).toBe("hällo");
});

test("a caller that signs is told to a function whose URL wants signatures", async () => {
  const { lambda } = server.current;
  await deploy(lambda, "signed", events);
  const signed = await urlOf(lambda, "signed", { InvokeMode: "BUFFERED", AuthType: "AWS_IAM" });
  for (const headers of [signature("lambda"), {}]) {
    const event = JSON.parse((await rawRequest(signed, { path: new URL(signed).pathname, headers })).body);
    expect(event.requestContext).toMatchObject({
      accountId: "000000000000",
      authorizer: { iam: { accountId: "000000000000", accessKey: "authorization" in headers ? "AKIDEXAMPLE" : "" } },
    });
  }
});

test("the host form leads to the same function, whatever its path", async () => {
  const id = url.split("/").at(-2) ?? "";
  const host = `${id}.lambda-url.us-east-1.localhost:${new URL(url).port}`;
  const reply = await rawRequest(url, { path: "/_world/none/x", headers: { host } });
  expect(JSON.parse(reply.body)).toMatchObject({ rawPath: "/_world/none/x", headers: { host }, arn: arnOf("events") });
});

test("an alias has a URL of its own, which outlives it", async () => {
  const { lambda } = server.current;
  await lambda.send(new CreateAliasCommand({ FunctionName: "events", Name: "live", FunctionVersion: "1" }));
  const ofAlias = await urlOf(lambda, "events", { InvokeMode: "BUFFERED", Qualifier: "live" });
  const reply = await fetch(ofAlias);
  expect(await reply.json()).toMatchObject({ arn: `${arnOf("events")}:live` });
  await lambda.send(new DeleteAliasCommand({ FunctionName: "events", Name: "live" }));
  const after = await fetch(ofAlias);
  expect(after.status).toBe(403);
  expect(after.headers.get("x-amzn-errortype")).toBe("AccessDeniedException");
  expect(await after.json()).toEqual({
    Message:
      "Forbidden. For troubleshooting Function URL authorization issues, see: https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html",
  });
});

describe("refused as on AWS", () => {
  test("a URL that does not exist, or whose function is gone", async () => {
    const { emu, lambda } = server.current;
    await deploy(lambda, "gone", events);
    const gone = await urlOf(lambda, "gone");
    await lambda.send(new DeleteFunctionCommand({ FunctionName: "gone" }));
    const unknown = `${emu.endpoint}/_localemu/url/${"0".repeat(32)}/`;
    for (const target of [gone, unknown]) {
      const reply = await fetch(target);
      expect(reply.status).toBe(403);
      expect(reply.headers.get("x-amzn-errortype")).toBe("AccessDeniedException");
      expect(await reply.text()).toBe('{"Message":null}');
    }
  });

  test.each(["BUFFERED", "RESPONSE_STREAM"] as const)("too many at once: %s", async (InvokeMode) => {
    const { lambda } = server.current;
    const name = `stopped-${InvokeMode}`;
    await deploy(lambda, name, events);
    await lambda.send(new PutFunctionConcurrencyCommand({ FunctionName: name, ReservedConcurrentExecutions: 0 }));
    const reply = await fetch(await urlOf(lambda, name, { InvokeMode }));
    expect(reply.status).toBe(429);
    expect(await reply.json()).toEqual({
      Reason: "ReservedFunctionConcurrentInvocationLimitExceeded",
      Type: "User",
      message: "Rate Exceeded.",
    });
  });

  test("a request of more than 6 MB", async () => {
    for (const size of [6_291_457, 5_000_000]) {
      const reply = await fetch(url, { method: "POST", body: Buffer.alloc(size) });
      expect(reply.status).toBe(413);
      expect(reply.headers.get("x-amzn-errortype")).toBe("RequestEntityTooLargeException");
    }
  });

  test("a host name that is not local, but not a foreign page", async () => {
    const { pathname } = new URL(url);
    const foreignHost = await rawRequest(url, { path: pathname, headers: { host: "evil.example" } });
    expect(foreignHost.status).toBe(403);
    expect(foreignHost.body).toContain("ForbiddenHost");
    const page = { path: pathname, headers: { origin: "https://app.example" } };
    expect((await rawRequest(url, page)).status).toBe(200);
  });
});

test("the URL of a world's function leads to that world, by its id alone as well", async () => {
  const { emu } = server.current;
  const world = await emu.createWorld("urls");
  const { lambda } = clientsOf(world);
  await deploy(lambda, "events", events.replace("...event", 'world: "urls", ...event'));
  const own = await urlOf(lambda, "events", { InvokeMode: "BUFFERED" });
  expect(own).toContain("/_world/urls/_localemu/url/");
  for (const target of [own, own.replace("/_world/urls", "")]) {
    expect(await (await fetch(`${target}x`)).json()).toMatchObject({ world: "urls", rawPath: "/x" });
  }
  expect((await fetch(own.replace("/_world/urls", "/_world/nobody"))).status).toBe(404);
  expect((await call(emu, "GET", `/_world/urls${new URL(url).pathname}`)).status).toBe(403);
});
