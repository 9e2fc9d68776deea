import { connect } from "node:net";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { answerPath, ApiLab, error, INVALID_ID, NEXT } from "./api-lab.test.fixture.ts";

let lab: ApiLab;

beforeEach(async () => {
  lab = new ApiLab();
  await lab.listen();
});

afterEach(() => lab.close());

const mode = (value: string): Record<string, string> => ({ "lambda-runtime-function-response-mode": value });

const forbidden = (from: string, to: string): { status: number; body: string } => ({
  status: 403,
  body: error(
    "InvalidStateTransition",
    `State transition from ${from} to ${to} failed for runtime. Error: State transition is not allowed`,
  ),
});

describe("next", () => {
  test("gives the event with its headers, and leaves out those without a value", async () => {
    const next = lab.send("GET", NEXT);
    await lab.until(() => lab.happened.length === 1);
    lab.deliver("id-1", '{"ä":1}', {
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
    const socket = connect(lab.port, "127.0.0.1").on("error", () => undefined);
    socket.write(`GET ${NEXT} HTTP/1.1\r\nHost: x\r\n\r\n`);
    await lab.until(() => lab.happened.length === 1);
    // The event is handed over in the moment in which the connection is gone.
    socket.resetAndDestroy();
    lab.deliver("id-1");
    expect((await lab.send("GET", NEXT)).headers["lambda-runtime-aws-request-id"]).toBe("id-1");
    expect(lab.happened).toEqual(["ready"]);
  });

  test("an event that comes when no poll waits is given to the next one", async () => {
    const socket = connect(lab.port, "127.0.0.1").on("error", () => undefined);
    socket.write(`GET ${NEXT} HTTP/1.1\r\nHost: x\r\n\r\n`);
    await lab.until(() => lab.happened.length === 1);
    const closed = new Promise((resolve) => socket.once("close", resolve));
    socket.destroy();
    await closed;
    // The server has seen the end of the one connection when it answers on another.
    await lab.send("GET", "/2018-06-01/ping");
    lab.deliver("id-1");
    expect((await lab.send("GET", NEXT)).headers["lambda-runtime-aws-request-id"]).toBe("id-1");
  });

  test("while the answer is owed it waits a moment, then the same event is given again", async () => {
    await lab.take("id-1");
    const again = lab.send("GET", NEXT);
    await lab.until(() => lab.graceTimers.length === 1);
    lab.graceTimers[0]?.();
    expect((await again).headers["lambda-runtime-aws-request-id"]).toBe("id-1");
    expect((await lab.send("POST", answerPath("id-1"), "1")).status).toBe(202);
  });

  test("a poll that overtakes the response is parked until the response is there", async () => {
    await lab.take("id-1");
    const early = lab.send("GET", NEXT);
    await lab.until(() => lab.graceTimers.length === 1);
    expect((await lab.send("POST", answerPath("id-1"), "1")).status).toBe(202);
    expect(lab.happened).toEqual(["ready", ["response", "1"], "ready"]);
    lab.deliver("id-2");
    expect((await early).headers["lambda-runtime-aws-request-id"]).toBe("id-2");
  });
});

describe("response and error", () => {
  test("are acknowledged once", async () => {
    await lab.take("id-1");
    const reply = await lab.send("POST", answerPath("id-1"), '{"ok":true}');
    expect(reply).toMatchObject({
      status: 202,
      body: '{"status":"OK"}\n',
      headers: { "content-type": "application/json" },
    });
    expect(await lab.send("POST", answerPath("id-1"), "again")).toMatchObject(
      forbidden("ResponseSent", "InvocationResponse"),
    );
    expect(await lab.send("POST", answerPath("id-1", "error"), "{}")).toMatchObject(
      forbidden("ResponseSent", "InvocationErrorResponse"),
    );
    await lab.take("id-2");
    expect(await lab.send("POST", answerPath("id-1"), "late")).toMatchObject(INVALID_ID);
    expect(await lab.send("POST", answerPath("id-2", "error"), '{"errorType":"E"}')).toMatchObject({ status: 202 });
    expect(lab.happened).toEqual(["ready", ["response", '{"ok":true}'], "ready", ["error", '{"errorType":"E"}']]);
  });

  test("with another id are refused, in every state", async () => {
    expect(await lab.send("POST", answerPath("id-1"), "x")).toMatchObject(INVALID_ID);
    await lab.take("id-1");
    expect(await lab.send("POST", answerPath("id-2"), "x")).toMatchObject(INVALID_ID);
    expect(await lab.send("POST", answerPath("id-2", "error"), "x")).toMatchObject(INVALID_ID);
    expect((await lab.send("POST", answerPath("%69d-1"), "x")).status).toBe(202);
  });

  test("an unknown response mode fails the invocation; any case of `streaming` is known", async () => {
    await lab.take("id-1");
    expect(await lab.send("POST", answerPath("id-1"), "x", mode("chunky"))).toMatchObject({
      status: 400,
      body: error("InvalidFunctionResponseMode", "Invalid function response mode"),
    });
    await lab.take("id-2");
    expect((await lab.send("POST", answerPath("id-2"), "x", mode("Streaming"))).status).toBe(202);
    expect(lab.happened).toEqual(["ready", ["invalidMode"], "ready", ["response", "x"]]);
  });

  test("a body over the limit gets 413", async () => {
    await lab.take("id-1");
    expect(await lab.send("POST", answerPath("id-1"), "x".repeat(6_291_557))).toMatchObject({
      status: 413,
      body: error("RequestEntityTooLarge", "Exceeded maximum allowed payload size (6291556 bytes)."),
    });
    expect(lab.happened).toEqual(["ready", ["tooLarge"]]);
  });

  test("a body that breaks off fails the invocation", async () => {
    await lab.take("id-1");
    const socket = connect(lab.port, "127.0.0.1");
    socket.write(`POST ${answerPath("id-1")} HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf`, () =>
      socket.destroy(),
    );
    await lab.until(() => lab.happened.length === 2);
    expect(lab.happened).toEqual(["ready", ["truncated"]]);
    await lab.take("id-2");
  });

  test("a cause of 200 KB in a header is taken", async () => {
    await lab.take("id-1");
    const headers = { "lambda-runtime-function-xray-error-cause": "x".repeat(200 * 1024) };
    expect((await lab.send("POST", answerPath("id-1", "error"), "{}", headers)).status).toBe(202);
  });
});

describe("init error and routes", () => {
  test("an init error is final", async () => {
    const headers = { "lambda-runtime-function-error-type": "Runtime.ImportModuleError" };
    expect((await lab.send("POST", "/2018-06-01/runtime/init/error", '{"errorType":"E"}', headers)).status).toBe(202);
    expect(lab.happened).toEqual([["initError", '{"errorType":"E"}', "Runtime.ImportModuleError"]]);
    expect(await lab.send("GET", NEXT)).toMatchObject(forbidden("InitError", "Ready"));
    expect(await lab.send("POST", "/2018-06-01/runtime/init/error")).toMatchObject(forbidden("InitError", "InitError"));
  });

  test("an init error after the init is refused", async () => {
    await lab.take("id-1");
    expect(await lab.send("POST", "/2018-06-01/runtime/init/error")).toMatchObject(forbidden("Running", "InitError"));
  });

  test("unknown routes are not found", async () => {
    for (const [method, path] of [
      ["GET", "/"],
      ["POST", NEXT],
      ["GET", answerPath("id-1")],
      ["GET", "/2018-06-01/runtime/restore/next"],
      ["POST", "/2019-01-01/runtime/init/error"],
    ] as const) {
      expect(await lab.send(method, path)).toMatchObject({ status: 404, body: "404 page not found\n" });
    }
    expect(await lab.send("GET", "/2018-06-01/ping")).toMatchObject({ status: 200, body: "pong" });
  });
});

describe("an answer that polls as well", () => {
  const asks = { "localemu-answer-polls": "true" };
  const eventOf = async (next: ReturnType<ApiLab["send"]>): Promise<unknown> => {
    const { status, headers, body } = await next;
    return [status, headers["lambda-runtime-aws-request-id"], headers["localemu-answer-polls"], body];
  };

  test("is one for runtimes that ask, and its reply the next event", async () => {
    const first = lab.send("GET", NEXT, "", asks);
    await lab.until(() => lab.happened.length === 1);
    lab.deliver("id-1");
    expect(await eventOf(first)).toEqual([200, "id-1", "true", '{"n":1}']);
    const second = lab.send("POST", answerPath("id-1"), "1", asks);
    await lab.until(() => lab.happened.length === 3);
    expect(lab.happened).toEqual(["ready", ["response", "1"], "ready"]);
    expect(lab.ready).toEqual([undefined, "id-1"]);
    lab.deliver("id-2", '{"n":2}');
    expect(await eventOf(second)).toEqual([200, "id-2", "true", '{"n":2}']);
    // It is free to poll by itself again.
    expect(await lab.send("POST", answerPath("id-2"), "2")).toMatchObject({ status: 202 });
    expect(await eventOf(lab.take("id-3"))).toEqual([200, "id-3", undefined, '{"n":1}']);
  });

  test("is no poll where it is refused, or an error", async () => {
    await lab.take("id-1");
    expect(await lab.send("POST", answerPath("other"), "1", asks)).toMatchObject(INVALID_ID);
    expect(await lab.send("POST", answerPath("id-1", "error"), "{}", asks)).toMatchObject({ status: 202 });
    expect(lab.happened).toEqual(["ready", ["error", "{}"]]);
  });

  test("loses nothing when its connection breaks", async () => {
    await lab.take("id-1");
    const socket = connect(lab.port, "127.0.0.1").on("error", () => undefined);
    socket.write(
      `POST ${answerPath("id-1")} HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nlocalemu-answer-polls: true\r\n\r\n1`,
    );
    await lab.until(() => lab.happened.length === 3);
    socket.resetAndDestroy();
    lab.deliver("id-2");
    expect((await lab.send("GET", NEXT)).headers["lambda-runtime-aws-request-id"]).toBe("id-2");
  });
});
