import { beforeEach, describe, expect, test } from "vitest";
import { RuntimeClosedError, type InvokeOutcome, type RuntimeEvent } from "../contract.ts";
import type { HostTime } from "../ports.ts";
import { concurrencyOf } from "./concurrency.ts";
import { Environment } from "./environment.ts";
import { Pool } from "./environment-pool.ts";
import type { Execution, ExecutionEvents, Executor } from "./executor.ts";

/** Host time that stands still until it is told to go on. */
class ManualTime implements HostTime {
  #now = 0;
  #timers: { at: number; fire: () => void }[] = [];

  monotonic(): number {
    return this.#now;
  }

  epoch(): number {
    return 1_800_000_000_000 + this.#now;
  }

  setTimeout(fire: () => void, ms: number): () => void {
    const timer = { at: this.#now + ms, fire };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }

  setImmediate(fire: () => void): void {
    fire();
  }

  advance(ms: number): void {
    this.#now += ms;
    for (const timer of this.#timers.filter(({ at }) => at <= this.#now)) {
      this.#timers = this.#timers.filter((other) => other !== timer);
      timer.fire();
    }
  }

  get pending(): number {
    return this.#timers.length;
  }
}

/** An execution that does what the test says, and the commands that it was given. */
class Puppet implements Execution {
  readonly pid = 7;
  readonly did: string[] = [];
  readonly events: ExecutionEvents;
  /** What it was handed last. */
  delivery: Parameters<Execution["deliver"]>[0] | undefined;

  constructor(events: ExecutionEvents) {
    this.events = events;
  }

  deliver(delivery: Parameters<Execution["deliver"]>[0]): void {
    this.delivery = delivery;
    this.did.push(`deliver ${delivery.request.requestId}`);
  }

  giveUp(requestId: string): void {
    this.did.push(`giveUp ${requestId}`);
  }

  end(why: string): void {
    this.did.push(`end ${why}`);
  }

  kill(): void {
    this.did.push("kill");
  }

  start(): void {
    this.events.started(this.pid);
    this.events.ready(undefined);
  }

  answer(requestId: string): void {
    this.events.answered(requestId, { kind: "response", payload: Buffer.from("1"), contentType: "text/plain" }, 1);
  }

  exit(): void {
    this.events.exited({ code: 1, signal: undefined, spawnError: undefined });
  }
}

let time: ManualTime;
let puppets: Puppet[];
let events: RuntimeEvent[];
let log: string[];
let housekeeping: (() => void)[];
let worldTime: number;

beforeEach(() => {
  time = new ManualTime();
  [puppets, events, log, housekeeping, worldTime] = [[], [], [], [], 0];
});

function pool(environment: Record<string, string> = {}, lifetimeMs = 12 * 3_600_000): Pool {
  const executor: Executor = {
    launch(_launch, executionEvents) {
      const execution = new Puppet(executionEvents);
      puppets.push(execution);
      return execution;
    },
  };
  const spec = {
    functionName: "f",
    version: "1",
    runtime: "provided.al2023",
    handler: "h",
    memorySizeMb: 128,
    timeoutMs: 3000,
    taskRoot: "/task",
    environment,
    logGroup: "g",
    region: "us-east-1",
    credentials: { accessKeyId: "", secretAccessKey: "", sessionToken: "" },
  };
  return new Pool({
    spec,
    idleTimeoutMs: 1000,
    clock: {
      now: () => worldTime,
      schedule: (_delayMs, _label, fire) => {
        housekeeping.push(fire);
        return () => undefined;
      },
    },
    createEnvironment: (poolEvents) =>
      new Environment({
        id: `e${puppets.length + 1}`,
        spec,
        settings: concurrencyOf(spec),
        limits: { startMs: 20_000, initMs: 10_000, lifetimeMs },
        executor,
        hostTime: time,
        log: { write: ({ message }) => log.push(message) },
        logStream: "s",
        now: () => worldTime,
        newId: () => "id",
        directory: "/tmp",
        runtimeHash: "0",
        emit: (event) => events.push(event),
        ...poolEvents,
      }),
    disposeEnvironment: () => Promise.resolve(),
  });
}

function invoke(target: Pool, requestId: string): Promise<InvokeOutcome> {
  const request = { requestId, payload: Buffer.from("{}"), invokedFunctionArn: "arn" };
  return new Promise((settle, abandon) => target.run({ request, settle, abandon }));
}

function puppet(n: number): Puppet {
  const found = puppets[n - 1];
  if (found === undefined) throw new Error(`There is no environment ${n}`);
  return found;
}

const gone = (): string[] => events.flatMap((event) => (event.type === "environmentGone" ? [event.reason] : []));

describe("an environment's start", () => {
  test("that is too late ends it: one caller learns of it, the log has its lines, the next one gets another", async () => {
    const functions = pool();
    const first = invoke(functions, "a");
    puppet(1).events.output("function", "waiting\nfor a disk\n", undefined);
    time.advance(10_000);
    const second = invoke(functions, "b");
    time.advance(10_000);
    const late = await first;
    expect(late.functionError?.cause).toBe("start");
    expect(JSON.parse(Buffer.from(late.payload).toString())).toEqual({
      errorType: "Sandbox.Failure",
      errorMessage: "RequestId: a Error: The execution environment did not start within 20.00 seconds",
    });
    expect(events.find(({ type }) => type === "environmentInitFailed")).toMatchObject({
      errorType: "timeout",
      output: ["[lambda e1] waiting", "[lambda e1] for a disk"],
    });
    expect(puppet(1).did).toEqual(["kill"]);
    puppet(1).exit();
    puppet(2).start();
    puppet(2).answer("b");
    expect((await second).functionError).toBeUndefined();
    expect(gone()).toEqual(["startTimedOut"]);
  });

  test("that fails tells what was written until then, and only that", async () => {
    const functions = pool();
    const outcome = invoke(functions, "a");
    puppet(1).events.started(7);
    puppet(1).events.output("function", "no such library\n", undefined);
    puppet(1).exit();
    puppet(2).start();
    puppet(2).events.output("function", "fine now\n", undefined);
    puppet(2).answer("a");
    await outcome;
    const failed = events.filter(({ type }) => type === "environmentInitFailed");
    expect(failed).toMatchObject([{ errorType: "Runtime.ExitError", output: ["[lambda e1] no such library"] }]);
  });
});

test("a process that is started inside an invocation has the function's time from when it runs", async () => {
  const functions = pool();
  const hanging = invoke(functions, "a");
  puppet(1).start();
  time.advance(3000);
  expect((await hanging).functionError?.cause).toBe("timeout");
  puppet(1).exit();
  const next = invoke(functions, "b");
  // A container takes longer to be made than the function may run.
  time.advance(5000);
  puppet(2).events.started(7);
  time.advance(2999);
  puppet(2).events.ready(undefined);
  expect(puppet(2).delivery?.deadline).toBe(time.epoch() + 1);
  puppet(2).answer("b");
  expect(await next).toMatchObject({ durationMs: 2999 });
  expect((await next).functionError).toBeUndefined();
});

test("a process that asks before it is known to run has the function's time from then on", async () => {
  const functions = pool();
  const hanging = invoke(functions, "a");
  puppet(1).start();
  time.advance(3000);
  await hanging;
  puppet(1).exit();
  const next = invoke(functions, "b");
  time.advance(5000);
  puppet(2).events.ready(undefined);
  time.advance(2000);
  puppet(2).events.started(7);
  expect(puppet(2).delivery?.deadline).toBe(time.epoch() + 1000);
  time.advance(1000);
  expect((await next).functionError?.cause).toBe("timeout");
});

describe("the end of an environment", () => {
  test("an idle timer that fires when somebody has taken it stops nothing; later it does", async () => {
    const functions = pool();
    const first = invoke(functions, "a");
    puppet(1).start();
    puppet(1).answer("a");
    await first;
    puppet(1).events.ready("a");
    const second = invoke(functions, "b");
    worldTime += 1000;
    housekeeping.shift()?.();
    expect(puppet(1).did).toEqual(["deliver a", "deliver b"]);
    puppet(1).answer("b");
    await second;
    puppet(1).events.ready("b");
    worldTime += 1000;
    housekeeping.shift()?.();
    expect(puppet(1).did.at(-1)).toBe("end spindown");
    expect(functions.environments).toBe(0);
    puppet(1).exit();
    expect(gone()).toEqual(["expired"]);
    // Nothing is left that could fire for it.
    expect(time.pending).toBe(0);
  });

  test("it takes no more when its credentials could end during an invocation, and lets the last one finish", async () => {
    const functions = pool({}, 60_000);
    const first = invoke(functions, "a");
    puppet(1).start();
    time.advance(56_999);
    const cut = await first;
    // The time-out of the first came on the way.
    expect(cut.functionError?.cause).toBe("timeout");
    puppet(1).exit();
    const last = invoke(functions, "b");
    puppet(2).start();
    time.advance(1);
    const next = invoke(functions, "c");
    puppet(2).answer("b");
    expect((await last).functionError).toBeUndefined();
    puppet(2).events.ready("b");
    expect(puppet(2).did).toEqual(["deliver b", "end spindown"]);
    puppet(2).exit();
    puppet(3).start();
    puppet(3).answer("c");
    expect((await next).environmentId).toBe("e3");
    expect(gone()).toEqual(["expired"]);
  });

  test("closing ends what waits at once, what works after its answer, and resolves when all are gone", async () => {
    const functions = pool();
    const running = [invoke(functions, "a"), invoke(functions, "b")];
    puppet(1).start();
    puppet(2).start();
    puppet(1).answer("a");
    puppet(1).events.ready("a");
    const closed = functions.close();
    expect(puppet(1).did.at(-1)).toBe("end spindown");
    expect(puppet(2).did).toEqual(["deliver b"]);
    puppet(2).answer("b");
    puppet(2).events.ready("b");
    puppet(1).exit();
    puppet(2).exit();
    await Promise.all([...running, closed]);
    expect(gone()).toEqual(["stopped", "stopped"]);
    await expect(invoke(functions, "c")).rejects.toThrow(RuntimeClosedError);
  });
});

describe("AWS_LAMBDA_MAX_CONCURRENCY", () => {
  test("lets as many run in one environment as its runtime polls for; a crash is told to all", async () => {
    const functions = pool({ AWS_LAMBDA_MAX_CONCURRENCY: "3" });
    const running = ["a", "b", "c"].map((id) => invoke(functions, id));
    puppet(1).start();
    puppet(1).events.ready(undefined);
    puppet(1).events.ready(undefined);
    expect(puppet(1).did).toEqual(["deliver a", "deliver b", "deliver c"]);
    puppet(1).answer("b");
    puppet(1).events.ready("b");
    const again = invoke(functions, "d");
    expect(puppet(1).did.at(-1)).toBe("deliver d");
    expect(functions.environments).toBe(1);
    puppet(1).exit();
    const causes = (await Promise.all([...running, again])).map(({ functionError }) => functionError?.cause);
    expect(causes).toEqual(["exit", undefined, "exit", "exit"]);
    expect(gone()).toEqual(["crashed"]);
  });

  test("a time-out ends one invocation and not its neighbours", async () => {
    const functions = pool({ AWS_LAMBDA_MAX_CONCURRENCY: "2" });
    const first = invoke(functions, "a");
    puppet(1).start();
    time.advance(2000);
    const second = invoke(functions, "b");
    puppet(1).events.ready(undefined);
    time.advance(1000);
    expect((await first).functionError?.cause).toBe("timeout");
    expect(puppet(1).did).toEqual(["deliver a", "deliver b", "giveUp a"]);
    puppet(1).answer("b");
    expect((await second).functionError).toBeUndefined();
  });
});
