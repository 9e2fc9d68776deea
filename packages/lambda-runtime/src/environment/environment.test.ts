import { beforeEach, describe, expect, test } from "vitest";
import { RuntimeClosedError } from "../contract.ts";
import { invoke, PoolLab } from "./pool-lab.test.fixture.ts";

let lab: PoolLab;

beforeEach(() => {
  lab = new PoolLab();
});

describe("an environment's start", () => {
  test("that is too late ends it: one caller learns of it, the log has its lines, the next one gets another", async () => {
    const functions = lab.pool();
    const first = invoke(functions, "a");
    lab.puppet(1).events.output("function", "waiting\nfor a disk\n", undefined);
    lab.time.advance(10_000);
    const second = invoke(functions, "b");
    lab.time.advance(10_000);
    const late = await first;
    expect(late.functionError?.cause).toBe("start");
    expect(JSON.parse(Buffer.from(late.payload).toString())).toEqual({
      errorType: "Sandbox.Failure",
      errorMessage: "RequestId: a Error: The execution environment did not start within 20.00 seconds",
    });
    expect(lab.events.find(({ type }) => type === "environmentInitFailed")).toMatchObject({
      errorType: "timeout",
      output: ["[lambda e1] waiting", "[lambda e1] for a disk"],
    });
    expect(lab.puppet(1).did).toEqual(["kill"]);
    lab.puppet(1).exit();
    lab.puppet(2).start();
    lab.puppet(2).answer("b");
    expect((await second).functionError).toBeUndefined();
    expect(lab.gone).toEqual(["startTimedOut"]);
  });

  test("that fails tells what was written until then, and only that", async () => {
    const functions = lab.pool();
    const outcome = invoke(functions, "a");
    lab.puppet(1).events.started(7);
    lab.puppet(1).events.output("function", "no such library\n", undefined);
    lab.puppet(1).exit();
    lab.puppet(2).start();
    lab.puppet(2).events.output("function", "fine now\n", undefined);
    lab.puppet(2).answer("a");
    await outcome;
    const failed = lab.events.filter(({ type }) => type === "environmentInitFailed");
    expect(failed).toMatchObject([{ errorType: "Runtime.ExitError", output: ["[lambda e1] no such library"] }]);
  });
});

test("a process that is started inside an invocation has the function's time from when it runs", async () => {
  const functions = lab.pool();
  const hanging = invoke(functions, "a");
  lab.puppet(1).start();
  lab.time.advance(3000);
  expect((await hanging).functionError?.cause).toBe("timeout");
  lab.puppet(1).exit();
  const next = invoke(functions, "b");
  // A container takes longer to be made than the function may run.
  lab.time.advance(5000);
  lab.puppet(2).events.started(7);
  lab.time.advance(2999);
  lab.puppet(2).events.ready(undefined);
  expect(lab.puppet(2).delivery?.deadline).toBe(lab.time.epoch() + 1);
  lab.puppet(2).answer("b");
  expect(await next).toMatchObject({ durationMs: 2999 });
  expect((await next).functionError).toBeUndefined();
});

test("a process that asks before it is known to run has the function's time from then on", async () => {
  const functions = lab.pool();
  const hanging = invoke(functions, "a");
  lab.puppet(1).start();
  lab.time.advance(3000);
  await hanging;
  lab.puppet(1).exit();
  const next = invoke(functions, "b");
  lab.time.advance(5000);
  lab.puppet(2).events.ready(undefined);
  lab.time.advance(2000);
  lab.puppet(2).events.started(7);
  expect(lab.puppet(2).delivery?.deadline).toBe(lab.time.epoch() + 1000);
  lab.time.advance(1000);
  expect((await next).functionError?.cause).toBe("timeout");
});

describe("the end of an environment", () => {
  test("an idle timer that fires when somebody has taken it stops nothing; later it does", async () => {
    const functions = lab.pool();
    const first = invoke(functions, "a");
    lab.puppet(1).start();
    lab.puppet(1).answer("a");
    await first;
    lab.puppet(1).events.ready("a");
    const second = invoke(functions, "b");
    lab.worldTime += 1000;
    lab.housekeeping.shift()?.();
    expect(lab.puppet(1).did).toEqual(["deliver a", "deliver b"]);
    lab.puppet(1).answer("b");
    await second;
    lab.puppet(1).events.ready("b");
    lab.worldTime += 1000;
    lab.housekeeping.shift()?.();
    expect(lab.puppet(1).did.at(-1)).toBe("end spindown");
    expect(functions.environments).toBe(0);
    lab.puppet(1).exit();
    expect(lab.gone).toEqual(["expired"]);
    // Nothing is left that could fire for it.
    expect(lab.time.pending).toBe(0);
  });

  test("it takes no more when its credentials could end during an invocation, and lets the last one finish", async () => {
    const functions = lab.pool({}, 60_000);
    const first = invoke(functions, "a");
    lab.puppet(1).start();
    lab.time.advance(56_999);
    const cut = await first;
    // The time-out of the first came on the way.
    expect(cut.functionError?.cause).toBe("timeout");
    lab.puppet(1).exit();
    const last = invoke(functions, "b");
    lab.puppet(2).start();
    lab.time.advance(1);
    const next = invoke(functions, "c");
    lab.puppet(2).answer("b");
    expect((await last).functionError).toBeUndefined();
    lab.puppet(2).events.ready("b");
    expect(lab.puppet(2).did).toEqual(["deliver b", "end spindown"]);
    lab.puppet(2).exit();
    lab.puppet(3).start();
    lab.puppet(3).answer("c");
    expect((await next).environmentId).toBe("e3");
    expect(lab.gone).toEqual(["expired"]);
  });

  test("closing ends what waits at once, what works after its answer, and resolves when all are gone", async () => {
    const functions = lab.pool();
    const running = [invoke(functions, "a"), invoke(functions, "b")];
    lab.puppet(1).start();
    lab.puppet(2).start();
    lab.puppet(1).answer("a");
    lab.puppet(1).events.ready("a");
    const closed = functions.close();
    expect(lab.puppet(1).did.at(-1)).toBe("end spindown");
    expect(lab.puppet(2).did).toEqual(["deliver b"]);
    lab.puppet(2).answer("b");
    lab.puppet(2).events.ready("b");
    lab.puppet(1).exit();
    lab.puppet(2).exit();
    await Promise.all([...running, closed]);
    expect(lab.gone).toEqual(["stopped", "stopped"]);
    await expect(invoke(functions, "c")).rejects.toThrow(RuntimeClosedError);
  });
});

describe("AWS_LAMBDA_MAX_CONCURRENCY", () => {
  test("lets as many run in one environment as its runtime polls for; a crash is told to all", async () => {
    const functions = lab.pool({ AWS_LAMBDA_MAX_CONCURRENCY: "3" });
    const running = ["a", "b", "c"].map((id) => invoke(functions, id));
    lab.puppet(1).start();
    lab.puppet(1).events.ready(undefined);
    lab.puppet(1).events.ready(undefined);
    expect(lab.puppet(1).did).toEqual(["deliver a", "deliver b", "deliver c"]);
    lab.puppet(1).answer("b");
    lab.puppet(1).events.ready("b");
    const again = invoke(functions, "d");
    expect(lab.puppet(1).did.at(-1)).toBe("deliver d");
    expect(functions.environments).toBe(1);
    lab.puppet(1).exit();
    const causes = (await Promise.all([...running, again])).map(({ functionError }) => functionError?.cause);
    expect(causes).toEqual(["exit", undefined, "exit", "exit"]);
    expect(lab.gone).toEqual(["crashed"]);
  });

  test("a time-out ends one invocation and not its neighbours", async () => {
    const functions = lab.pool({ AWS_LAMBDA_MAX_CONCURRENCY: "2" });
    const first = invoke(functions, "a");
    lab.puppet(1).start();
    lab.time.advance(2000);
    const second = invoke(functions, "b");
    lab.puppet(1).events.ready(undefined);
    lab.time.advance(1000);
    expect((await first).functionError?.cause).toBe("timeout");
    expect(lab.puppet(1).did).toEqual(["deliver a", "deliver b", "giveUp a"]);
    lab.puppet(1).answer("b");
    expect((await second).functionError).toBeUndefined();
  });
});
