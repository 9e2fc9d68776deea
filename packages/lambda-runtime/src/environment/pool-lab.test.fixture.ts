import { type InvokeOutcome, type RuntimeEvent } from "../contract.ts";
import type { HostTime } from "../ports.ts";
import { concurrencyOf } from "./concurrency.ts";
import { Environment } from "./environment.ts";
import { Pool } from "./environment-pool.ts";
import type { Execution, ExecutionEvents, Executor } from "./executor.ts";

/** Host time that stands still until it is told to go on. */
export class ManualTime implements HostTime {
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
export class Puppet implements Execution {
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

/** Pools of a function whose processes are puppets, and all that they told. */
export class PoolLab {
  readonly time = new ManualTime();
  readonly puppets: Puppet[] = [];
  readonly events: RuntimeEvent[] = [];
  readonly log: string[] = [];
  readonly housekeeping: (() => void)[] = [];
  worldTime = 0;

  pool(environment: Record<string, string> = {}, lifetimeMs = 12 * 3_600_000): Pool {
    const executor: Executor = {
      launch: (_launch, executionEvents) => {
        const execution = new Puppet(executionEvents);
        this.puppets.push(execution);
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
        now: () => this.worldTime,
        schedule: (_delayMs, _label, fire) => {
          this.housekeeping.push(fire);
          return () => undefined;
        },
      },
      createEnvironment: (poolEvents, kind) =>
        new Environment({
          id: `e${this.puppets.length + 1}`,
          spec,
          settings: concurrencyOf(kind === undefined ? spec : { ...spec, initializationType: kind }),
          limits: { startMs: 20_000, initMs: 10_000, lifetimeMs },
          executor,
          hostTime: this.time,
          log: { write: ({ message }) => this.log.push(message) },
          logStream: "s",
          now: () => this.worldTime,
          newId: () => "id",
          directory: "/tmp",
          runtimeHash: "0",
          emit: (event) => this.events.push(event),
          ...poolEvents,
        }),
      disposeEnvironment: () => Promise.resolve(),
    });
  }

  /** The process that was started as the nth, from 1 on. */
  puppet(n: number): Puppet {
    const found = this.puppets[n - 1];
    if (found === undefined) throw new Error(`There is no environment ${n}`);
    return found;
  }

  get gone(): string[] {
    return this.events.flatMap((event) => (event.type === "environmentGone" ? [event.reason] : []));
  }
}

export function invoke(target: Pool, requestId: string): Promise<InvokeOutcome> {
  const request = { requestId, payload: Buffer.from("{}"), invokedFunctionArn: "arn" };
  return new Promise((settle, abandon) => target.run({ request, settle, abandon }));
}
