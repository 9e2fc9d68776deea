import { createServer, type Server } from "node:http";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { EnvironmentPool } from "./index.ts";
import { Lab, request } from "./temporary-function.test.fixture.ts";

interface Told {
  readonly time: string;
  readonly type: string;
  readonly record: unknown;
}

let lab: Lab;
let server: Server;
let port: number;
let told: Told[];
let answers: { readonly status: number; readonly body: string }[];
let onTold: () => void;

beforeEach(async () => {
  lab = new Lab();
  [told, answers, onTold] = [[], [], () => undefined];
  server = createServer((incoming, response) => {
    let text = "";
    incoming.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
    incoming.on("end", () => {
      if (incoming.url === "/telemetry") {
        const batch: readonly Told[] = JSON.parse(text);
        told.push(...batch);
      } else {
        answers.push({ status: Number(incoming.headers["x-status"]), body: text });
      }
      response.end();
      onTold();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  port = typeof address === "object" && address !== null ? address.port : 0;
});

afterEach(async () => {
  await lab.dispose();
  server.closeAllConnections();
  server.close();
});

function until(condition: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    onTold = () => {
      if (condition()) resolve();
    };
    onTold();
  });
}

/** A function with an internal extension that subscribes as it is told, and tells what it was answered. */
function deploy(
  subscription: object,
  handler = "console.log('hello');",
  more: object = {},
  route = "2022-07-01/telemetry",
): EnvironmentPool {
  const code = `
    const api = "http://" + process.env.AWS_LAMBDA_RUNTIME_API;
    const registered = await fetch(api + "/2020-01-01/extension/register",
      { method: "POST", headers: { "Lambda-Extension-Name": "inner" }, body: '{"events":[]}' });
    const headers = { "Lambda-Extension-Identifier": registered.headers.get("lambda-extension-identifier") };
    const subscribed = await fetch(api + "/${route}", { method: "PUT", headers, body: ${JSON.stringify(JSON.stringify(subscription))} });
    await fetch("http://127.0.0.1:${port}/answer", { method: "POST", headers: { "x-status": subscribed.status }, body: await subscribed.text() });
    void fetch(api + "/2020-01-01/extension/event/next", { headers }).catch(() => {});
    export const handler = async (event) => { ${handler} return "result"; };`;
  return lab.deploy({ "index.mjs": code }, more);
}

const subscription = (more: object = {}): object => ({
  schemaVersion: "2022-12-13",
  types: ["platform", "function"],
  destination: { protocol: "HTTP", URI: `http://sandbox.localdomain:${port}/telemetry` },
  buffering: { timeoutMs: 25 },
  ...more,
});

const reported = (n: number) => () => told.filter(({ type }) => type === "platform.report").length === n;
const records = (type: string): unknown[] => told.filter((event) => event.type === type).map(({ record }) => record);

describe("the Telemetry API", () => {
  test("tells everything from the start of the environment on, in its order", async () => {
    const pool = deploy(subscription());
    const first = request();
    await pool.invoke(first);
    // The report comes when the runtime has asked for more.
    await until(reported(1));
    const second = request();
    await pool.invoke(second);
    await until(reported(2));
    expect(answers).toEqual([{ status: 200, body: '"OK"' }]);
    expect(told.map(({ type }) => type)).toEqual([
      "platform.initStart",
      "platform.telemetrySubscription",
      "platform.extension",
      "platform.initRuntimeDone",
      "platform.initReport",
      "platform.start",
      "function",
      "platform.runtimeDone",
      "platform.report",
      "platform.start",
      "function",
      "platform.runtimeDone",
      "platform.report",
    ]);
    expect(told.every(({ time }) => /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(time))).toBe(true);
    expect(records("platform.telemetrySubscription")).toEqual([
      { name: "inner", state: "Subscribed", types: ["platform", "function"] },
    ]);
    expect(records("platform.extension")).toEqual([{ name: "inner", state: "Ready", events: [] }]);
    const of = { initializationType: "on-demand", phase: "init" };
    expect(records("platform.initRuntimeDone")).toEqual([{ ...of, status: "success" }]);
    expect(records("platform.initReport")).toEqual([
      { ...of, status: "success", metrics: { durationMs: expect.any(Number) } },
    ]);
    const tracing = { type: "X-Amzn-Trace-Id", value: expect.stringMatching(/^Root=/) };
    expect(records("platform.runtimeDone")[0]).toEqual({
      requestId: first.requestId,
      status: "success",
      metrics: { durationMs: expect.any(Number), producedBytes: 8 },
      tracing,
      spans: ["responseLatency", "responseDuration", "runtimeOverhead"].map((name) => ({
        name,
        start: expect.stringMatching(/Z$/),
        durationMs: expect.any(Number),
      })),
    });
    expect(records("function")[0]).toMatch(new RegExp(`\\t${first.requestId}\\tINFO\\thello$`));
    expect(records("platform.report")[1]).toMatchObject({ requestId: second.requestId, status: "success" });
  });

  test("tells how an invocation failed", async () => {
    const pool = deploy(subscription({ types: ["platform"] }), "if (event.fail) throw new Error('no'); for (;;);", {
      timeoutMs: 1000,
    });
    await pool.invoke(request({ fail: true }));
    await until(reported(1));
    await pool.invoke(request());
    const ended = (type: string): unknown[] =>
      records(type).map((record) =>
        typeof record === "object" && record !== null && "status" in record ? record.status : record,
      );
    expect(ended("platform.runtimeDone")).toEqual(["error"]);
    expect(ended("platform.report")).toEqual(["error"]);
  });

  test("lines are objects with JSON format, but text in the first version of the schema", async () => {
    for (const [schemaVersion, expected] of [
      ["2022-12-13", expect.objectContaining({ level: "INFO", message: "hello" })],
      ["2022-07-01", expect.stringContaining('"message":"hello"')],
    ] as const) {
      told = [];
      const pool = deploy(subscription({ types: ["function"], schemaVersion }), undefined, { logFormat: "JSON" });
      await pool.invoke(request());
      await until(() => told.length > 0);
      expect(records("function")).toEqual([expected]);
    }
  });

  test("the older Logs API says that nothing will come", async () => {
    await deploy(subscription(), "", {}, "2020-08-15/logs").invoke(request());
    const body = JSON.stringify({ errorMessage: "Logs API is not supported", errorType: "Logs.NotSupported" });
    expect(answers).toEqual([{ status: 202, body }]);
  });

  test.for([
    [
      "another version",
      { schemaVersion: "2020-01-01" },
      "schemaVersion must be one of 2022-07-01, 2022-12-13, 2025-01-29",
    ],
    ["no types", { types: [] }, "types must name at least one of platform, function, extension"],
    [
      "another host",
      { destination: { protocol: "HTTP", URI: "http://example.com:80" } },
      "destination.URI must be http://sandbox.localdomain:<port>",
    ],
    ["another protocol", { destination: { protocol: "UDP", port: 1 } }, "destination.protocol must be HTTP or TCP"],
    [
      "TCP to nowhere",
      { destination: { protocol: "TCP", port: 0 } },
      "destination.URI must be a URL, or destination.port a port",
    ],
    [
      "TCP to another host",
      { destination: { protocol: "TCP", URI: "tcp://example.com:80" } },
      "destination.URI must be tcp://sandbox.localdomain:<port>",
    ],
    ["too small a buffer", { buffering: { maxItems: 1 } }, "buffering.maxItems must be between 1000 and 10000"],
  ] as const)("refuses %s", async ([, change, errorMessage]) => {
    await deploy(subscription(change)).invoke(request());
    expect(answers).toEqual([{ status: 400, body: JSON.stringify({ errorMessage, errorType: "ValidationError" }) }]);
  });
});
