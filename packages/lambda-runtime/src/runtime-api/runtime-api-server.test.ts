import { Agent, request as httpRequest, type IncomingHttpHeaders } from "node:http";
import { connect } from "node:net";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { hostTime } from "../host-time.ts";
import { RuntimeApiServer, type Answer } from "./runtime-api-server.ts";

interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

const NEXT = "/2018-06-01/runtime/invocation/next";
const answerPath = (id: string, what = "response"): string => `/2018-06-01/runtime/invocation/${id}/${what}`;

const mode = (value: string): Record<string, string> => ({ "lambda-runtime-function-response-mode": value });

let agent: Agent;
let server: RuntimeApiServer;
let port: number;
let host: string;
let happened: unknown[];
let graceTimers: (() => void)[];
let onHappened: () => void;

beforeEach(async () => {
  agent = new Agent({ keepAlive: true });
  happened = [];
  graceTimers = [];
  onHappened = () => undefined;
  const note = (what: unknown): void => {
    happened.push(what);
    onHappened();
  };
  const fakeTime = {
    ...hostTime,
    setTimeout: (fire: () => void) => {
      graceTimers.push(fire);
      onHappened();
      return () => graceTimers.splice(graceTimers.indexOf(fire), 1);
    },
  };
  server = new RuntimeApiServer(fakeTime, {
    ready: () => note("ready"),
    initError: (payload, errorType) => note(["initError", Buffer.from(payload).toString(), errorType]),
    answered: (answer) => note(readable(answer)),
  });
  host = await server.listen();
  port = Number(host.split(":")[1]);
});

afterEach(() => {
  agent.destroy();
  server.close();
});

function readable(answer: Answer): unknown {
  return "payload" in answer ? [answer.kind, Buffer.from(answer.payload).toString()] : [answer.kind];
}

function until(condition: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    onHappened = () => {
      if (condition()) {
        resolve();
      }
    };
    onHappened();
  });
}

function send(method: string, path: string, body = "", headers: Record<string, string> = {}): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest({ port, host: "127.0.0.1", agent, method, path, headers }, (incoming) => {
      let text = "";
      incoming.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
      incoming.on("end", () => resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, body: text }));
    });
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}

function deliver(requestId: string, payload = '{"n":1}', more: Record<string, string> = {}): void {
  server.deliver({
    request: { requestId, payload: Buffer.from(payload), invokedFunctionArn: "arn:f", ...more },
    deadline: 1_700_000_000_123,
  });
}

async function take(requestId: string): Promise<Reply> {
  const before = happened.length;
  const next = send("GET", NEXT);
  await until(() => happened.length > before);
  deliver(requestId);
  return next;
}

function error(errorType: string, errorMessage: string): string {
  return JSON.stringify({ errorMessage, errorType });
}

const INVALID_ID = { status: 400, body: error("InvalidRequestID", "Invalid request ID") };
const forbidden = (from: string, to: string): { status: number; body: string } => ({
  status: 403,
  body: error(
    "InvalidStateTransition",
    `State transition from ${from} to ${to} failed for runtime. Error: State transition is not allowed`,
  ),
});

describe("next", () => {
  test("gives the event with its headers, and leaves out those without a value", async () => {
    const next = send("GET", NEXT);
    await until(() => happened.length === 1);
    deliver("id-1", '{"ä":1}', {
      traceId: "Root=1-2;Sampled=0",
      clientContext: '{"ü":1}',
      cognitoIdentity: "",
      tenantId: "t",
    });
    const { status, headers, body } = await next;
    expect(status).toBe(200);
    expect(body).toBe('{"ä":1}');
    expect(headers).toEqual({
      "content-type": "application/json",
      "content-length": "8",
      "lambda-runtime-aws-request-id": "id-1",
      "lambda-runtime-deadline-ms": "1700000000123",
      "lambda-runtime-invoked-function-arn": "arn:f",
      "lambda-runtime-trace-id": "Root=1-2;Sampled=0",
      "lambda-runtime-client-context": Buffer.from('{"ü":1}').toString("latin1"),
      "lambda-runtime-aws-tenant-id": "t",
      connection: "keep-alive",
    });
  });

  test("a poll that breaks does not lose the event", async () => {
    const socket = connect(port, "127.0.0.1").on("error", () => undefined);
    socket.write(`GET ${NEXT} HTTP/1.1\r\nHost: x\r\n\r\n`);
    await until(() => happened.length === 1);
    // The event is handed over in the moment in which the connection is gone.
    socket.resetAndDestroy();
    deliver("id-1");
    expect((await send("GET", NEXT)).headers["lambda-runtime-aws-request-id"]).toBe("id-1");
    expect(happened).toEqual(["ready"]);
  });

  test("an event that comes when no poll waits is given to the next one", async () => {
    const socket = connect(port, "127.0.0.1").on("error", () => undefined);
    socket.write(`GET ${NEXT} HTTP/1.1\r\nHost: x\r\n\r\n`);
    await until(() => happened.length === 1);
    const closed = new Promise((resolve) => socket.once("close", resolve));
    socket.destroy();
    await closed;
    // The server has seen the end of the one connection when it answers on another.
    await send("GET", "/2018-06-01/ping");
    deliver("id-1");
    expect((await send("GET", NEXT)).headers["lambda-runtime-aws-request-id"]).toBe("id-1");
  });

  test("while the answer is owed it waits a moment, then the same event is given again", async () => {
    await take("id-1");
    const again = send("GET", NEXT);
    await until(() => graceTimers.length === 1);
    graceTimers[0]?.();
    expect((await again).headers["lambda-runtime-aws-request-id"]).toBe("id-1");
    expect((await send("POST", answerPath("id-1"), "1")).status).toBe(202);
  });

  test("a poll that overtakes the response is parked until the response is there", async () => {
    await take("id-1");
    const early = send("GET", NEXT);
    await until(() => graceTimers.length === 1);
    expect((await send("POST", answerPath("id-1"), "1")).status).toBe(202);
    expect(happened).toEqual(["ready", ["response", "1"], "ready"]);
    deliver("id-2");
    expect((await early).headers["lambda-runtime-aws-request-id"]).toBe("id-2");
  });
});

describe("response and error", () => {
  test("are acknowledged once", async () => {
    await take("id-1");
    const reply = await send("POST", answerPath("id-1"), '{"ok":true}');
    expect(reply).toMatchObject({
      status: 202,
      body: '{"status":"OK"}\n',
      headers: { "content-type": "application/json" },
    });
    expect(await send("POST", answerPath("id-1"), "again")).toMatchObject(
      forbidden("ResponseSent", "InvocationResponse"),
    );
    expect(await send("POST", answerPath("id-1", "error"), "{}")).toMatchObject(
      forbidden("ResponseSent", "InvocationErrorResponse"),
    );
    await take("id-2");
    expect(await send("POST", answerPath("id-1"), "late")).toMatchObject(INVALID_ID);
    expect(await send("POST", answerPath("id-2", "error"), '{"errorType":"E"}')).toMatchObject({ status: 202 });
    expect(happened).toEqual(["ready", ["response", '{"ok":true}'], "ready", ["error", '{"errorType":"E"}']]);
  });

  test("with another id are refused, in every state", async () => {
    expect(await send("POST", answerPath("id-1"), "x")).toMatchObject(INVALID_ID);
    await take("id-1");
    expect(await send("POST", answerPath("id-2"), "x")).toMatchObject(INVALID_ID);
    expect(await send("POST", answerPath("id-2", "error"), "x")).toMatchObject(INVALID_ID);
    expect((await send("POST", answerPath("%69d-1"), "x")).status).toBe(202);
  });

  test("an unknown response mode fails the invocation; any case of `streaming` is known", async () => {
    await take("id-1");
    expect(await send("POST", answerPath("id-1"), "x", mode("chunky"))).toMatchObject({
      status: 400,
      body: error("InvalidFunctionResponseMode", "Invalid function response mode"),
    });
    await take("id-2");
    expect((await send("POST", answerPath("id-2"), "x", mode("Streaming"))).status).toBe(202);
    expect(happened).toEqual(["ready", ["invalidMode"], "ready", ["response", "x"]]);
  });

  test("a body over the limit gets 413", async () => {
    await take("id-1");
    expect(await send("POST", answerPath("id-1"), "x".repeat(6_291_557))).toMatchObject({
      status: 413,
      body: error("RequestEntityTooLarge", "Exceeded maximum allowed payload size (6291556 bytes)."),
    });
    expect(happened).toEqual(["ready", ["tooLarge"]]);
  });

  test("a body that breaks off fails the invocation", async () => {
    await take("id-1");
    const socket = connect(port, "127.0.0.1");
    socket.write(`POST ${answerPath("id-1")} HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf`, () =>
      socket.destroy(),
    );
    await until(() => happened.length === 2);
    expect(happened).toEqual(["ready", ["truncated"]]);
    await take("id-2");
  });

  test("a cause of 200 KB in a header is taken", async () => {
    await take("id-1");
    const headers = { "lambda-runtime-function-xray-error-cause": "x".repeat(200 * 1024) };
    expect((await send("POST", answerPath("id-1", "error"), "{}", headers)).status).toBe(202);
  });
});

describe("init error and routes", () => {
  test("an init error is final", async () => {
    const headers = { "lambda-runtime-function-error-type": "Runtime.ImportModuleError" };
    expect((await send("POST", "/2018-06-01/runtime/init/error", '{"errorType":"E"}', headers)).status).toBe(202);
    expect(happened).toEqual([["initError", '{"errorType":"E"}', "Runtime.ImportModuleError"]]);
    expect(await send("GET", NEXT)).toMatchObject(forbidden("InitError", "Ready"));
    expect(await send("POST", "/2018-06-01/runtime/init/error")).toMatchObject(forbidden("InitError", "InitError"));
  });

  test("an init error after the init is refused", async () => {
    await take("id-1");
    expect(await send("POST", "/2018-06-01/runtime/init/error")).toMatchObject(forbidden("Running", "InitError"));
  });

  test("unknown routes are not found", async () => {
    for (const [method, path] of [
      ["GET", "/"],
      ["POST", NEXT],
      ["GET", answerPath("id-1")],
      ["GET", "/2018-06-01/runtime/restore/next"],
      ["POST", "/2019-01-01/runtime/init/error"],
    ] as const) {
      expect(await send(method, path)).toMatchObject({ status: 404, body: "404 page not found\n" });
    }
    expect(await send("GET", "/2018-06-01/ping")).toMatchObject({ status: 200, body: "pong" });
  });
});
