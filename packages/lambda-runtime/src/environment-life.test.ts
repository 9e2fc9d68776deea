import fs, { promises } from "node:fs";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { NoEnvironmentError, RuntimeClosedError, type RuntimeClock } from "./index.ts";
import { deferred, isAlive, json, Lab, request, text } from "./temporary-function.test.fixture.ts";

let lab: Lab;

beforeEach(() => {
  lab = new Lab();
});

afterEach(() => lab.dispose());

const exitError = (requestId: string, reason: string): unknown => ({
  errorType: "Runtime.ExitError",
  errorMessage: `RequestId: ${requestId} Error: ${reason}`,
});

describe("a process that ends", () => {
  test.for([
    ["exit 0 in the handler", "process.exit(0)", "nodejs24.x", "Runtime exited without providing a reason"],
    ["exit 3 in the handler", "process.exit(3)", "nodejs24.x", "Runtime exited with error: exit status 3"],
    ["killed", "process.kill(process.pid, 'SIGKILL')", "nodejs24.x", "Runtime exited with error: signal: killed"],
    ["aborted", "process.abort()", "nodejs24.x", "Runtime exited with error: signal: aborted"],
    [
      "a promise that nothing will settle",
      "new Promise(() => {})",
      "nodejs24.x",
      "Runtime exited without providing a reason",
    ],
    [
      "an uncaught error",
      "new Promise(() => setTimeout(() => { throw new Error('late'); }))",
      "nodejs24.x",
      "Runtime exited with error: exit status 1",
    ],
    [
      "an unhandled rejection",
      "void Promise.reject(new Error('lost'))",
      "nodejs24.x",
      "Runtime exited with error: exit status 1",
    ],
  ] as const)("%s", async ([, code, runtime, reason]) => {
    const pool = lab.deploy(`exports.handler = async (event) => event.fail ? await (${code}) : "fine";`, { runtime });
    const failing = request({ fail: true });
    const outcome = await pool.invoke(failing);
    expect(json(outcome)).toEqual(exitError(failing.requestId, reason));
    expect(outcome.functionError).toEqual({ kind: "Unhandled", cause: "exit" });
    expect(json(await pool.invoke(request()))).toBe("fine");
    expect(pool.environments).toBe(1);
    expect(lab.processesStarted).toBe(2);
  });

  test.for([
    [0, "Runtime exited without providing a reason"],
    [3, "Runtime exited with error: exit status 3"],
  ] as const)("exit %d while it initializes", async ([code, reason]) => {
    const pool = lab.deploy(`process.exit(${code});`);
    const failing = request();
    const outcome = await pool.invoke(failing);
    expect(json(outcome)).toEqual(exitError(failing.requestId, reason));
    expect(outcome.functionError?.cause).toBe("exit");
    // AWS: once in the init phase and once more inside the invocation.
    expect(lab.processesStarted).toBe(2);
  });

  test("on nodejs22.x an unhandled rejection is the invocation's error, and the process ends", async () => {
    const pool = lab.deploy(
      `exports.handler = async (event) => { if (event.fail) { void Promise.reject(new Error("lost")); await new Promise(() => setInterval(() => {}, 1000)); } return process.pid; };`,
      { runtime: "nodejs22.x" },
    );
    const outcome = await pool.invoke(request({ fail: true }));
    expect(json(outcome)).toMatchObject({
      errorType: "Runtime.UnhandledPromiseRejection",
      errorMessage: "Error: lost",
    });
    expect(outcome.functionError?.cause).toBe("handler");
    await lab.until(() => lab.events.some(({ type }) => type === "environmentExited"));
    expect(json(await pool.invoke(request()))).toBe(lab.pids[1]);
  });

  test("an init that fails once succeeds inside the first invocation", async () => {
    const pool = lab.deploy(
      `const marker = process.env.TMPDIR + "/tried"; const fs = require("fs");
       if (!fs.existsSync(marker)) { fs.writeFileSync(marker, ""); throw new Error("first time"); }
       exports.handler = async () => "second time";`,
    );
    const outcome = await pool.invoke(request());
    expect(json(outcome)).toBe("second time");
    expect(outcome.initDurationMs).toBeUndefined();
    expect(lab.events.map(({ type }) => type)).toEqual([
      "environmentStarting",
      "environmentStarted",
      "environmentInitFailed",
      "environmentExited",
      "invocationStarted",
      "environmentStarted",
      "invocationCompleted",
    ]);
  });
});

describe("timeouts", () => {
  test.for([
    ["a handler that waits", "await new Promise(() => setInterval(() => {}, 1000))"],
    ["a handler that blocks", "for (;;);"],
  ] as const)("%s", async ([, code]) => {
    const pool = lab.deploy(
      `let calls = 0; const fs = require("fs"); const file = process.env.TMPDIR + "/kept";
       exports.handler = async (event) => { calls += 1; if (event.hang) { fs.writeFileSync(file, "kept"); ${code} } return { calls, file: fs.existsSync(file) }; };`,
      { timeoutMs: 300 },
    );
    const hanging = request({ hang: true });
    const outcome = await pool.invoke(hanging);
    expect(json(outcome)).toEqual({
      errorType: "Sandbox.Timedout",
      errorMessage: `RequestId: ${hanging.requestId} Error: Task timed out after 0.30 seconds`,
    });
    expect(outcome.functionError?.cause).toBe("timeout");
    expect(outcome.durationMs).toBeGreaterThanOrEqual(299);
    const [first = 0] = lab.pids;
    expect(json(await pool.invoke(request()))).toEqual({ calls: 1, file: true });
    expect(isAlive(first)).toBe(false);
    expect(pool.environments).toBe(1);
  });

  test("an init that takes too long is run again inside the invocation, on the function's time", async () => {
    await lab.dispose();
    lab = new Lab({ initTimeoutMs: 150 });
    const pool = lab.deploy("for (;;);", { timeoutMs: 200 });
    const outcome = await pool.invoke(request());
    expect(outcome.functionError?.cause).toBe("timeout");
    expect(lab.log.filter((line) => line.startsWith("INIT_REPORT"))).toEqual([
      expect.stringMatching(/^INIT_REPORT Init Duration: \d+\.\d\d ms\tPhase: init\tStatus: timeout\n$/),
      expect.stringMatching(/^INIT_REPORT Init Duration: \d+\.\d\d ms\tPhase: invoke\tStatus: timeout\n$/),
    ]);
  });

  const ownSession = [" in sessions of their own", "{ stdio: 'ignore', detached: true }"] as const;
  // Nothing but Linux tells whose they are.
  test.each([["", "{ stdio: 'inherit' }"] as const, ...(process.platform === "linux" ? [ownSession] : [])])(
    "processes that the function started%s end with it",
    async (_, options) => {
      const pool = lab.deploy(
        `exports.handler = async (hang) => {
         const child = require("child_process").spawn("sleep", ["1000"], ${options});
         console.log("child " + child.pid); if (hang) await new Promise(() => setInterval(() => {}, 1000)); };`,
        { timeoutMs: 2000 },
      );
      const child = () => Number(/child (\d+)\n$/.exec(lab.log.findLast((line) => line.includes("child")) ?? "")?.[1]);
      expect((await pool.invoke(request(true))).functionError?.cause).toBe("timeout");
      const timedOut = child();
      expect(timedOut).toBeGreaterThan(0);
      await expect.poll(() => isAlive(timedOut)).toBe(false);
      expect(json(await pool.invoke(request(false)))).toBe(null);
      expect(isAlive(child())).toBe(true);
      await pool.close();
      expect(isAlive(child())).toBe(false);
    },
  );
});

describe("pools", () => {
  test("16 callers at a time need no more than 17 environments, 200 sequential invocations just one", async () => {
    const pool = lab.deploy(
      "exports.handler = async () => { await new Promise((r) => setTimeout(r, 20)); return process.pid; };",
    );
    const caller = async (): Promise<unknown[]> => {
      const pids: unknown[] = [];
      for (let round = 0; round < 4; round += 1) {
        pids.push(json(await pool.invoke(request())));
      }
      return pids;
    };
    await Promise.all(Array.from({ length: 16 }, caller));
    expect(lab.processesStarted).toBeLessThanOrEqual(17);

    const quick = lab.deploy("exports.handler = async () => process.pid;");
    const seen = new Set<unknown>();
    for (let round = 0; round < 200; round += 1) {
      seen.add(json(await quick.invoke(request())));
    }
    expect(seen.size).toBe(1);
    expect(quick.environments).toBe(1);
  });

  test("close lets accepted invocations finish and leaves no process", async () => {
    const pool = lab.deploy(
      "exports.handler = async () => { await new Promise((r) => setTimeout(r, 100)); return 'done'; };",
    );
    const running = [pool.invoke(request()), pool.invoke(request())];
    const closed = pool.close();
    await expect(pool.invoke(request())).rejects.toThrow(RuntimeClosedError);
    expect((await Promise.all(running)).map(text)).toEqual(['"done"', '"done"']);
    await closed;
    expect(pool.environments).toBe(0);
    expect(lab.pids.filter(isAlive)).toEqual([]);
  });

  test("closing the runtime ends everything at once", async () => {
    const pool = lab.deploy(
      "exports.handler = async () => { console.log('here'); await new Promise(() => setInterval(() => {}, 1000)); };",
    );
    const [abandoned] = await Promise.all([
      pool.invoke(request()).catch((error: unknown) => error),
      lab.until(() => lab.log.some((line) => line.includes("here"))).then(() => lab.runtime.close()),
    ]);
    expect(abandoned).toBeInstanceOf(RuntimeClosedError);
    expect(lab.pids).toHaveLength(1);
    expect(lab.pids.filter(isAlive)).toEqual([]);
  });

  test("killAll ends the processes; the invocations tell of it", async () => {
    const pool = lab.deploy(
      "exports.handler = async () => { console.log('here'); await new Promise(() => setInterval(() => {}, 1000)); };",
    );
    const outcome = pool.invoke(request());
    await lab.until(() => lab.log.some((line) => line.includes("here")));
    lab.runtime.killAll();
    expect((await outcome).functionError?.cause).toBe("exit");
  });

  test("idle environments are reclaimed by world time", async () => {
    const timers: { at: number; fire: () => void }[] = [];
    let now = Date.UTC(2031, 0, 2);
    const { promise: scheduled, resolve: onScheduled } = deferred();
    const clock: RuntimeClock = {
      now: () => now,
      schedule: (delayMs, _label, fire) => {
        timers.push({ at: now + delayMs, fire });
        onScheduled();
        return () => timers.splice(0);
      },
    };
    await lab.dispose();
    lab = new Lab({ clock, idleTimeoutMs: 1000 });
    const pool = lab.deploy("exports.handler = async () => process.env.AWS_LAMBDA_LOG_STREAM_NAME;");
    const stream = json(await pool.invoke(request()));
    expect(stream).toMatch(/^2031\/01\/02\/\[\$LATEST\]/);
    await scheduled;
    now += 400;
    timers.shift()?.fire();
    expect(pool.environments).toBe(1);
    expect(timers[0]?.at).toBe(now + 600);
    now += 600;
    timers.shift()?.fire();
    expect(pool.environments).toBe(0);
    expect(json(await pool.invoke(request()))).not.toBe(stream);
  });

  test("a directory that cannot be removed ends nobody: the pool goes on", async () => {
    const { promise: tried, resolve: onTried } = deferred();
    vi.spyOn(promises, "rm").mockImplementationOnce(async () => {
      onTried();
      throw new Error("EACCES: permission denied");
    });
    const clock: RuntimeClock = {
      now: () => Date.now(),
      schedule: (_delayMs, _label, fire) => {
        const immediate = setImmediate(fire);
        return () => clearImmediate(immediate);
      },
    };
    await lab.dispose();
    lab = new Lab({ clock, idleTimeoutMs: 0 });
    const pool = lab.deploy("exports.handler = async () => 1;");
    await pool.invoke(request());
    await tried;
    expect(json(await pool.invoke(request()))).toBe(1);
    await pool.close();
  });

  test("an event for which no environment can be made is not kept: it rejects, and the pool closes", async () => {
    const pool = lab.deploy("exports.handler = async () => 1;");
    vi.spyOn(fs, "mkdirSync").mockImplementationOnce(() => {
      throw new Error("ENOSPC: no space left on device");
    });
    const refused: unknown = await pool.invoke(request()).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(NoEnvironmentError);
    expect(String(refused)).toMatch(
      /No environment could be made for function probe: ENOSPC: no space left on device$/,
    );
    expect(json(await pool.invoke(request()))).toBe(1);
    expect(lab.events.filter(({ type }) => type === "invocationStarted")).toHaveLength(1);
    await pool.close();
  });

  test.each([
    [{ runtime: "java21" }, "functions of the runtime java21 need the option docker"],
    [{ runtime: "", handler: "", image: { id: "orders" } }, "container images need the option docker"],
  ])("what would need a container rejects where there is no engine: %j", async (spec, problem) => {
    const refused: unknown = await lab
      .deploy("exports.handler = async () => 1;", spec)
      .invoke(request())
      .catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(NoEnvironmentError);
    expect(String(refused)).toContain(`No environment could be made for function probe: ${problem}`);
  });

  test("versions never share an environment", async () => {
    const one = lab.deploy("exports.handler = async () => 1;", { version: "1" });
    const two = lab.deploy("exports.handler = async () => 2;", { version: "2" });
    const [first, second] = await Promise.all([one.invoke(request()), two.invoke(request())]);
    expect([first.executedVersion, second.executedVersion]).toEqual(["1", "2"]);
    expect(first.environmentId).not.toBe(second.environmentId);
  });
});
