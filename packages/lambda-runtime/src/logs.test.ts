import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Lab, request } from "./temporary-function.test.fixture.ts";

let lab: Lab;

beforeEach(() => {
  lab = new Lab();
});

afterEach(() => lab.dispose());

const TIME = String.raw`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z`;

function line(pattern: string): unknown {
  return expect.stringMatching(new RegExp(`^${pattern}$`));
}

describe("the log of an environment", () => {
  test("has the platform's lines around the function's messages, each one event", async () => {
    const pool = lab.deploy(
      `console.log("loading");
       exports.handler = async () => {
         console.log("first\\nsecond %d", 2); console.error(new Error("ouch").message); console.debug({ a: 1 });
         process.stdout.write("raw\\nlines\\n"); process.stderr.write("unfinished"); };`,
    );
    const first = request();
    const outcome = await pool.invoke(first);
    const id = first.requestId;
    const initDuration = outcome.initDurationMs?.toFixed(2) ?? "";
    const figures = String.raw`Duration: ${outcome.durationMs.toFixed(2)} ms\tBilled Duration: ${Math.ceil(outcome.durationMs)} ms\tMemory Size: 128 MB\tMax Memory Used: [1-9]\d+ MB\t`;
    const messages = [
      line(`${TIME}\t${id}\tINFO\tfirst\nsecond 2\n`),
      line(`${TIME}\t${id}\tERROR\touch\n`),
      line(String.raw`${TIME}\t${id}\tDEBUG\t\{ a: 1 \}\n`),
    ];
    expect(lab.log).toHaveLength(10);
    expect(lab.log.slice(0, 3)).toEqual([
      line(
        String.raw`INIT_START Runtime Version: nodejs:24\.v1\tRuntime Version ARN: arn:aws:lambda:eu-west-1::runtime:[0-9a-f]{64}\n`,
      ),
      line(`${TIME}\t-\tINFO\tloading\n`),
      `START RequestId: ${id} Version: $LATEST\n`,
    ]);
    // Messages and raw lines come through different pipes: each pipe keeps its order.
    expect(lab.log.slice(3, 8)).toEqual(expect.arrayContaining([...messages, "raw\n", "lines\n"]));
    expect(lab.log.slice(8)).toEqual([
      `END RequestId: ${id}\n`,
      line(String.raw`REPORT RequestId: ${id}\t${figures}Init Duration: ${initDuration} ms\t\n`),
    ]);
    expect(outcome.logTail).toBe(lab.log.slice(2).join(""));

    const second = await pool.invoke(request());
    expect(second.initDurationMs).toBeUndefined();
    expect(second.logTail).toMatch(/^START RequestId: /);
    expect(second.logTail).not.toContain("Init Duration");
  });

  test("the tail is the last 4 KB", async () => {
    const pool = lab.deploy(
      "exports.handler = async () => { for (let i = 0; i < 200; i += 1) console.log('message ' + i + ' ' + 'x'.repeat(100)); };",
    );
    const { logTail } = await pool.invoke(request());
    expect(Buffer.byteLength(logTail)).toBe(4096);
    expect(logTail).toContain("message 199 ");
    expect(logTail).toMatch(/REPORT RequestId: [^\n]*\n$/);
    expect(lab.log.filter((message) => message.includes("message "))).toHaveLength(200);
  });

  test("an error of the handler is logged with its stack", async () => {
    const pool = lab.deploy(
      "exports.handler = async () => { throw Object.assign(new TypeError('no'), { code: 'E1', extra: 1 }); };",
    );
    const { requestId } = await pool.invoke(request());
    const logged = lab.log.find((message) => message.includes("Invoke Error")) ?? "";
    const [, time, id, level, what, details] = /^(\S+)\t(\S+)\t(\w+)\t(.*?)\t(\{.*\})\n$/.exec(logged) ?? [];
    expect([id, level, what]).toEqual([requestId, "ERROR", "Invoke Error "]);
    expect(time).toMatch(new RegExp(`^${TIME}$`));
    expect(JSON.parse(details ?? "")).toEqual({
      errorType: "TypeError",
      errorMessage: "no",
      code: "E1",
      extra: 1,
      stack: expect.arrayContaining(["TypeError: no"]),
    });
  });

  test("a timeout and an exit are told with the platform's texts", async () => {
    const pool = lab.deploy(
      "exports.handler = async (e) => { if (e.exit) process.exit(7); await new Promise(() => setInterval(() => {}, 1000)); };",
      { timeoutMs: 250 },
    );
    const exiting = request({ exit: true });
    await pool.invoke(exiting);
    const hanging = request({});
    const { logTail } = await pool.invoke(hanging);
    expect(lab.log.join("")).toMatch(
      new RegExp(
        `START RequestId: ${exiting.requestId} Version: \\$LATEST\n` +
          `RequestId: ${exiting.requestId} Error: Runtime exited with error: exit status 7\nRuntime\\.ExitError\n` +
          `END RequestId: ${exiting.requestId}\n` +
          `REPORT RequestId: ${exiting.requestId}\t[^\n]*\tStatus: error\tError Type: Runtime\\.ExitError\n`,
      ),
    );
    expect(logTail).toMatch(
      new RegExp(
        `^START RequestId: ${hanging.requestId} Version: \\$LATEST\nEND RequestId: ${hanging.requestId}\n` +
          `REPORT RequestId: ${hanging.requestId}\t[^\n]*\tStatus: timeout\n` +
          `${TIME} ${hanging.requestId} Task timed out after 0\\.25 seconds\n\n$`,
      ),
    );
  });

  // AWS: platform lines tell only error types of the form `Runtime.X` and `Function.X` (Runtime Interface Emulator).
  test("a failed init is reported for both phases", async () => {
    const pool = lab.deploy("throw new RangeError('no');");
    await pool.invoke(request());
    expect(lab.log.filter((message) => message.startsWith("INIT_REPORT"))).toEqual([
      line(
        String.raw`INIT_REPORT Init Duration: \d+\.\d\d ms\tPhase: init\tStatus: error\tError Type: Runtime\.Unknown\n`,
      ),
      line(
        String.raw`INIT_REPORT Init Duration: \d+\.\d\d ms\tPhase: invoke\tStatus: error\tError Type: Runtime\.Unknown\n`,
      ),
    ]);
    expect(lab.log.filter((message) => message.includes("ERROR\tInit Error"))).toHaveLength(2);
  });

  test("JSON format", async () => {
    const pool = lab.deploy(
      "exports.handler = async () => { console.log({ a: 1 }); console.warn('w', new Error('e')); console.debug('hidden'); };",
      {
        logFormat: "JSON",
      },
    );
    const { requestId } = await pool.invoke(request());
    expect(lab.log.every((message) => message.startsWith("{"))).toBe(true);
    const messages: object[] = lab.log.map((message): object => JSON.parse(message));
    const system = (type: string, record: object): object => ({ time: line(TIME), type, record });
    const tracing = { type: "X-Amzn-Trace-Id", value: expect.stringMatching(/^Root=1-/) };
    expect(messages).toEqual([
      system("platform.initStart", {
        initializationType: "on-demand",
        phase: "init",
        runtimeVersion: "nodejs:24.v1",
        runtimeVersionArn: expect.stringMatching(/^arn:aws:lambda:eu-west-1::runtime:[0-9a-f]{64}$/),
        functionName: "probe",
        functionVersion: "$LATEST",
      }),
      system("platform.start", { requestId, version: "$LATEST", tracing }),
      { timestamp: line(TIME), level: "INFO", requestId, message: { a: 1 } },
      {
        timestamp: line(TIME),
        level: "WARN",
        requestId,
        message: expect.stringMatching(/^w Error: e/),
        errorType: "Error",
        errorMessage: "e",
        stackTrace: expect.any(Array),
      },
      system("platform.report", {
        requestId,
        metrics: {
          durationMs: expect.any(Number),
          billedDurationMs: expect.any(Number),
          memorySizeMB: 128,
          maxMemoryUsedMB: expect.any(Number),
          initDurationMs: expect.any(Number),
        },
        status: "success",
        tracing,
      }),
    ]);
  });

  test("JSON format has more or less of the platform as it is told, and its failures", async () => {
    const code = "exports.handler = async (event) => { if (event.exit) process.exit(3); };";
    const types = async (systemLogLevel: "DEBUG" | "WARN"): Promise<unknown[]> => {
      lab.log.length = 0;
      const pool = lab.deploy(code, { logFormat: "JSON", systemLogLevel });
      await pool.invoke(request());
      await pool.invoke(request({ exit: true }));
      await pool.close();
      return lab.log.map((message): unknown => {
        const { type, level }: Record<string, unknown> = JSON.parse(message);
        return type ?? level;
      });
    };
    expect(await types("WARN")).toEqual(["platform.runtimeDone", "ERROR", "platform.report"]);
    expect(await types("DEBUG")).toEqual([
      "platform.initStart",
      "platform.initRuntimeDone",
      "platform.initReport",
      "platform.start",
      "platform.report",
      "platform.runtimeDone",
      "platform.start",
      "platform.runtimeDone",
      "ERROR",
      "platform.report",
    ]);
  });

  test("a group of the user's own has streams that name the function", async () => {
    const streams = new Set<string>();
    await lab.dispose();
    lab = new Lab({ log: { write: ({ stream }) => streams.add(stream) } });
    await lab.deploy("exports.handler = async () => 1;", { logGroup: "mine", version: "7" }).invoke(request());
    expect([...streams]).toEqual([line(String.raw`\d{4}/\d\d/\d\d/probe\[7\][0-9a-f]{32}`)]);
  });

  test("every event carries group, stream and time", async () => {
    const events: unknown[] = [];
    await lab.dispose();
    lab = new Lab({ log: { write: (event) => events.push(event) } });
    const pool = lab.deploy("exports.handler = async () => console.log('x');", { version: "7" });
    const before = Date.now();
    await pool.invoke(request());
    expect(events).toHaveLength(5);
    for (const event of events) {
      expect(event).toEqual({
        group: "/aws/lambda/probe",
        stream: line(String.raw`\d{4}/\d\d/\d\d/\[7\][0-9a-f]{32}`),
        timestamp: expect.toSatisfy((at: number) => at >= before - 1000 && at <= Date.now()),
        message: expect.any(String),
      });
    }
  });
});
