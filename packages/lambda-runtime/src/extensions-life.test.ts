import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { hostTime, type EnvironmentPool, type HostTime } from "./index.ts";
import { isAlive, json, Lab, request, text } from "./temporary-function.test.fixture.ts";

let lab: Lab;

beforeEach(() => {
  lab = new Lab();
});

afterEach(() => lab.dispose());

const HANDLER = "exports.handler = async (event) => event;";

/** An extension that says what it is told; `onEvent` is code that may do more with `event`. */
function agent(events: readonly string[], onEvent = "", onStart = ""): string {
  return `#!${process.execPath}
const base = "http://" + process.env.AWS_LAMBDA_RUNTIME_API + "/2020-01-01/extension/";
const name = require("path").basename(process.argv[1]);
(async () => {
  console.log("starting");
  ${onStart}
  const headers = { "Lambda-Extension-Name": name };
  const registered = await fetch(base + "register", { method: "POST", headers, body: ${JSON.stringify(JSON.stringify({ events }))} });
  const id = { "Lambda-Extension-Identifier": registered.headers.get("lambda-extension-identifier") };
  const fail = (what, type) => fetch(base + what, { method: "POST", headers: { ...id, "Lambda-Extension-Function-Error-Type": type } });
  for (;;) {
    const event = await (await fetch(base + "event/next", { headers: id })).json();
    console.log(JSON.stringify(event));
    ${onEvent}
    if (event.eventType === "SHUTDOWN") process.exit(0);
  }
})();
`;
}

function deploy(extensions: Readonly<Record<string, string>>, code = HANDLER, more: object = {}): EnvironmentPool {
  const optRoot = join(lab.directory, "opt");
  mkdirSync(join(optRoot, "extensions"), { recursive: true });
  for (const [name, content] of Object.entries(extensions)) {
    writeFileSync(join(optRoot, "extensions", name), content);
    chmodSync(join(optRoot, "extensions", name), 0o755);
  }
  return lab.deploy(code, { optRoot, ...more });
}

const told = (type: string): unknown[] =>
  lab.log.filter((line) => line.includes(`"eventType":"${type}"`)).map((line): unknown => JSON.parse(line));

describe("an external extension", () => {
  test("is there before the runtime, is told of invocations and of the shutdown, and of nothing more", async () => {
    const pool = deploy(
      { observer: agent(["INVOKE", "SHUTDOWN"]), quiet: agent(["SHUTDOWN"]) },
      `console.log("runtime"); ${HANDLER}`,
    );
    const first = request(
      { n: 1 },
      { traceId: "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=0" },
    );
    expect(json(await pool.invoke(first))).toEqual({ n: 1 });
    const second = request({ n: 2 });
    await pool.invoke(second);
    await pool.close();
    const order = lab.log.map((line) => /starting|runtime(?!:)|EXTENSION/.exec(line)?.[0]).filter(Boolean);
    expect(order).toEqual(["starting", "starting", "runtime", "EXTENSION", "EXTENSION"]);
    expect(lab.log.filter((line) => line.startsWith("EXTENSION"))).toEqual([
      "EXTENSION\tName: observer\tState: Ready\tEvents: [INVOKE,SHUTDOWN]\n",
      "EXTENSION\tName: quiet\tState: Ready\tEvents: [SHUTDOWN]\n",
    ]);
    expect(told("INVOKE")).toMatchObject([
      {
        deadlineMs: expect.toSatisfy((at: number) => at > Date.now() && at < Date.now() + 10_000),
        requestId: first.requestId,
        invokedFunctionArn: first.invokedFunctionArn,
        tracing: {
          type: "X-Amzn-Trace-Id",
          value: expect.stringContaining("Root=1-5759e988-bd862e3fe1be46a994272793;"),
        },
      },
      { requestId: second.requestId },
    ]);
    const shutdown = { eventType: "SHUTDOWN", shutdownReason: "spindown", deadlineMs: expect.any(Number) };
    expect(told("SHUTDOWN")).toEqual([shutdown, shutdown]);
  });

  test("holds back the next invocation, and not the answer to this one", async () => {
    const pool = deploy(
      {
        slow: agent(
          ["INVOKE"],
          `while (!require("fs").existsSync(process.env.TMPDIR + "/go")) await new Promise((r) => setTimeout(r, 5)); console.log("done");`,
        ),
      },
      `${HANDLER} exports.handler = async (event) => process.env.TMPDIR;`,
    );
    const directory = json(await pool.invoke(request()));
    expect(lab.log).not.toContain("done\n");
    const next = pool.invoke(request());
    expect(pool.environments).toBe(1);
    writeFileSync(join(String(directory), "go"), "");
    await next;
    expect(lab.log.findIndex((line) => line === "done\n")).toBeLessThan(
      lab.log.findLastIndex((line) => line.startsWith("START")),
    );
  });

  test("that cannot initialize, exits, or reports an error ends the environment with its type", async () => {
    const failing: readonly (readonly [string, string, RegExp])[] = [
      [agent([], "", "process.exit(3);"), "Extension.Crash", /Error: exit status 3$/],
      [agent([], "", "process.exit(0);"), "Extension.Crash", /Error: exit code 0$/],
      [agent(["INVOKE"], `process.exit(2);`), "Extension.Crash", /Error: exit status 2$/],
      [agent(["INVOKE"], `await fail("exit/error", "Extension.Lost");`), "Extension.ExitError", /Extension\.Lost$/],
      ["#!/no/such/interpreter\n", "Extension.LaunchError", /extension broken could not be started: UnknownError$/],
    ];
    for (const [content, errorType, message] of failing) {
      const handler = "exports.handler = async () => new Promise(() => setInterval(() => {}, 1000));";
      const outcome = await deploy({ broken: content }, handler).invoke(request());
      expect(json(outcome)).toEqual({ errorType, errorMessage: expect.stringMatching(message) });
      expect(outcome.functionError?.cause).toBe("exit");
    }
  });

  test("is told of a crash after the caller was", async () => {
    const code = "exports.handler = async (event) => { if (event.exit) process.exit(4); return 'again'; };";
    const wait = `if (event.eventType === "SHUTDOWN") { while (!require("fs").existsSync(process.env.TMPDIR + "/go")) await new Promise((r) => setTimeout(r, 5)); }`;
    const pool = deploy({ observer: agent(["SHUTDOWN"], wait, `console.log("tmp " + process.env.TMPDIR);`) }, code);
    expect((await pool.invoke(request({ exit: true }))).functionError?.cause).toBe("exit");
    const directory = /tmp (.*)\n/.exec(lab.log.join(""))?.[1] ?? "";
    expect(lab.events.some(({ type }) => type === "environmentExited")).toBe(false);
    const next = pool.invoke(request());
    writeFileSync(join(directory, "go"), "");
    expect(json(await next)).toBe("again");
    expect(told("SHUTDOWN")).toMatchObject([{ shutdownReason: "failure" }]);
    expect(pool.environments).toBe(1);
  });

  test("is told why its environment was reset: a time-out", async () => {
    const pool = deploy({ observer: agent(["SHUTDOWN"]) }, "exports.handler = async () => { for (;;); };", {
      timeoutMs: 500,
    });
    expect((await pool.invoke(request())).functionError?.cause).toBe("timeout");
    await lab.until(() => told("SHUTDOWN").length > 0);
    expect(told("SHUTDOWN")).toMatchObject([{ shutdownReason: "timeout" }]);
  });

  test("does not see what is the runtime's alone", async () => {
    const pool = deploy({ observer: agent(["INVOKE"], `console.log("sees " + JSON.stringify(process.env));`) });
    await pool.invoke(request());
    await pool.close();
    const seen: unknown = JSON.parse(lab.log.find((line) => line.startsWith("sees "))?.slice(5) ?? "");
    expect(seen).toMatchObject({ AWS_LAMBDA_FUNCTION_NAME: "probe", AWS_REGION: "eu-west-1" });
    for (const name of ["_HANDLER", "_LAMBDA_TELEMETRY_LOG_FD", "LAMBDA_TASK_ROOT", "AWS_LAMBDA_LOG_GROUP_NAME"]) {
      expect(seen).not.toHaveProperty(name);
    }
  });
});

describe("the shutdown phase", () => {
  const limits: number[] = [];
  /** Ends long waits soon, and remembers how long they should have been. */
  const impatient: HostTime = {
    ...hostTime,
    setTimeout: (fire, ms) => {
      const limit = [500, 600, 2000].includes(ms);
      if (limit) limits.push(ms);
      return hostTime.setTimeout(fire, limit ? 50 : ms);
    },
  };

  const noted = (ms: number) => {
    limits.push(ms);
    return () => undefined;
  };

  beforeEach(async () => {
    await lab.dispose();
    lab = new Lab({ hostTime: impatient });
    limits.length = 0;
  });

  test("has 2 s with an external extension; what has not ended by then is killed", async () => {
    const pool = deploy({ stubborn: agent(["SHUTDOWN"], "console.log('pid ' + process.pid); for (;;);") });
    await pool.invoke(request());
    await pool.close();
    expect(limits).toEqual([2000, 600]);
    const pid = Number(/pid (\d+)/.exec(lab.log.join(""))?.[1]);
    expect(pid).toBeGreaterThan(0);
    expect([...lab.pids, pid].filter(isAlive)).toEqual([]);
  });

  test("leaves nothing to a host that cannot wait for it", async () => {
    await lab.dispose();
    const patient: HostTime = {
      ...hostTime,
      setTimeout: (fire, ms) => (ms === 2000 ? () => undefined : hostTime.setTimeout(fire, ms)),
    };
    lab = new Lab({ hostTime: patient });
    const heard = `console.log("pid " + process.pid); for (;;);`;
    const pool = deploy({ stubborn: agent(["SHUTDOWN"], heard) });
    await pool.invoke(request());
    const closed = pool.close();
    await lab.until(() => lab.log.some((line) => line.startsWith("pid ")));
    lab.runtime.killAll();
    await closed;
    const pid = Number(/pid (\d+)/.exec(lab.log.join(""))?.[1]);
    expect([...lab.pids, pid].filter(isAlive)).toEqual([]);
  });

  test("has 500 ms with an internal one, in which the runtime hears SIGTERM", async () => {
    const register = `await fetch("http://" + process.env.AWS_LAMBDA_RUNTIME_API + "/2020-01-01/extension/register",
      { method: "POST", headers: { "Lambda-Extension-Name": "inner" }, body: '{"events":["INVOKE"]}' })`;
    const next = `fetch("http://" + process.env.AWS_LAMBDA_RUNTIME_API + "/2020-01-01/extension/event/next", { headers: { "Lambda-Extension-Identifier": id } })`;
    const code = `const id = (${register}).headers.get("lambda-extension-identifier");
      (async () => { for (;;) await (await ${next}).text(); })().catch(() => {});
      process.on("SIGTERM", () => { console.log("terminated"); process.exit(0); });
      export const handler = async () => "fine";`;
    await lab.dispose();
    // The process ends by itself, however long it takes.
    lab = new Lab({
      hostTime: { ...hostTime, setTimeout: (fire, ms) => (ms === 500 ? noted(ms) : hostTime.setTimeout(fire, ms)) },
    });
    const pool = lab.deploy({ "index.mjs": code });
    expect(text(await pool.invoke(request()))).toBe('"fine"');
    await pool.close();
    expect(limits).toEqual([500]);
    expect(lab.log.some((line) => line.includes("terminated"))).toBe(true);
  });

  test("has no time without extensions", async () => {
    const pool = lab.deploy(`process.on("SIGTERM", () => console.log("terminated")); ${HANDLER}`);
    await pool.invoke(request());
    await pool.close();
    expect(limits).toEqual([]);
    expect(lab.log.some((line) => line.includes("terminated"))).toBe(false);
  });
});
