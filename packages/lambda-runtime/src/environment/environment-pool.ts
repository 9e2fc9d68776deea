import { RuntimeClosedError, type FunctionSpec } from "../contract.ts";
import type { Environment } from "./environment.ts";
import type { GoneReason } from "./environment-machine.ts";
import type { Invocation } from "./invocation.ts";
import type { RuntimeClock } from "../ports.ts";

export interface PoolOptions {
  readonly spec: FunctionSpec;
  readonly clock: RuntimeClock;
  readonly idleTimeoutMs: number;
  readonly createEnvironment: (events: PoolEvents) => Environment;
  /** Removes what an environment leaves behind. */
  readonly disposeEnvironment: (environment: Environment) => Promise<void>;
}

/** What an environment tells its pool. */
export interface PoolEvents {
  /** It can take an invocation. */
  readonly onAvailable: (environment: Environment) => void;
  /** It takes no more invocations. */
  readonly onLeft: (environment: Environment, reason: GoneReason) => void;
}

/** Keeps the environments of one version; the one used last is used first. */
export class Pool {
  readonly #options: PoolOptions;
  readonly #all = new Set<Environment>();
  /** Those that can take an invocation; the one used last is at the end. */
  readonly #free: Environment[] = [];
  readonly #queue: Invocation[] = [];
  /** Those that take no more invocations, until nothing of them is left. */
  readonly #leaving = new Set<Environment>();
  readonly #stopping = new Set<Promise<void>>();
  #closing = false;
  #closed: Promise<void> | undefined;
  #onEmptied: () => void = () => undefined;
  #cancelReclaim: (() => void) | undefined;

  constructor(options: PoolOptions) {
    this.#options = options;
  }

  get environments(): number {
    return this.#all.size;
  }

  /** Throws what keeps it from being run. */
  run(invocation: Invocation): void {
    if (this.#closing) {
      throw new RuntimeClosedError(this.#options.spec.functionName);
    }
    const environment = this.#takeFree();
    if (environment === undefined) {
      // First, because it may fail: what is queued runs, whoever was told that it does not.
      this.#growFor(this.#queue.length + 1);
      this.#queue.push(invocation);
    } else {
      this.#give(environment, invocation);
    }
  }

  close(): Promise<void> {
    this.#closed ??= this.#drain();
    return this.#closed;
  }

  async #drain(): Promise<void> {
    this.#beginClosing();
    for (const environment of this.#free.splice(0)) {
      void environment.stop("pool closed");
    }
    await new Promise<void>((resolve) => {
      this.#onEmptied = resolve;
      this.#checkEmptied();
    });
    await Promise.all(this.#stopping);
  }

  /** Ends everything at once; accepted invocations reject. */
  async abort(): Promise<void> {
    this.#beginClosing();
    this.#free.length = 0;
    for (const invocation of this.#queue.splice(0)) {
      invocation.abandon(new RuntimeClosedError(this.#options.spec.functionName));
    }
    for (const environment of [...this.#all, ...this.#leaving]) {
      void environment.abort("runtime closed");
    }
    this.#checkEmptied();
    await Promise.all(this.#stopping);
  }

  killAll(): void {
    for (const environment of [...this.#all, ...this.#leaving]) {
      environment.kill();
    }
  }

  /** A process that runs is preferred over one that would have to be started again. */
  #takeFree(): Environment | undefined {
    const warm = this.#free.findLastIndex((environment) => environment.warm);
    const [environment] = this.#free.splice(warm < 0 ? this.#free.length - 1 : warm, 1);
    return environment;
  }

  #give(environment: Environment, invocation: Invocation): void {
    environment.run(invocation);
    if (environment.accepts) {
      this.#free.push(environment);
    }
  }

  /** Starts an environment only when none of those that will be free in a moment is left for a queue of that length. */
  #growFor(queued: number): void {
    let soonFree = 0;
    for (const environment of this.#all) {
      soonFree += environment.soonFree;
    }
    // A debugger has one port to listen on.
    const full = this.#options.spec.debug === true && this.#all.size > 0;
    if (queued > soonFree && !full) {
      const environment = this.#options.createEnvironment({
        onAvailable: (available) => this.#onAvailable(available),
        onLeft: (left, reason) => this.#onLeft(left, reason),
      });
      this.#all.add(environment);
      environment.start();
    }
  }

  #onAvailable(environment: Environment): void {
    const invocation = this.#queue.shift();
    if (invocation !== undefined) {
      environment.run(invocation);
    } else if (this.#closing) {
      void environment.stop("pool closed");
    } else if (!this.#free.includes(environment)) {
      this.#free.push(environment);
      this.#cancelReclaim ??= this.#scheduleReclaim(this.#options.idleTimeoutMs);
    }
  }

  #onLeft(environment: Environment, reason: GoneReason): void {
    this.#withdraw(environment);
    this.#leaving.add(environment);
    const stopping = this.#outlast(environment).finally(() => {
      this.#stopping.delete(stopping);
      this.#checkEmptied();
    });
    this.#stopping.add(stopping);
    if (environment.leaving) {
      this.#all.delete(environment);
    }
    if (reason === "startTimedOut" || reason === "initFailed") {
      // One caller learns of each environment that did not come to be; the others may be luckier with another.
      const invocation = this.#queue.shift();
      if (invocation !== undefined) {
        environment.refuse(invocation);
      }
    }
    if (this.#queue.length > 0) {
      this.#growFor(this.#queue.length);
    }
    this.#checkEmptied();
  }

  async #outlast(environment: Environment): Promise<void> {
    await environment.gone;
    this.#all.delete(environment);
    this.#leaving.delete(environment);
    await this.#options.disposeEnvironment(environment);
  }

  #withdraw(environment: Environment): void {
    const at = this.#free.indexOf(environment);
    if (at >= 0) {
      this.#free.splice(at, 1);
    }
  }

  #scheduleReclaim(delayMs: number): () => void {
    return this.#options.clock.schedule(delayMs, "reclaim idle environments", () => this.#reclaim());
  }

  #reclaim(): void {
    const { clock, idleTimeoutMs } = this.#options;
    const now = clock.now();
    for (const environment of this.#free.filter(({ lastUsed }) => lastUsed + idleTimeoutMs <= now)) {
      environment.expire();
    }
    const oldest = this.#free.reduce((least, { lastUsed }) => Math.min(least, lastUsed), Number.POSITIVE_INFINITY);
    this.#cancelReclaim =
      this.#free.length === 0 ? undefined : this.#scheduleReclaim(Math.max(1, oldest + idleTimeoutMs - now));
  }

  #beginClosing(): void {
    this.#closing = true;
    this.#cancelReclaim?.();
    this.#cancelReclaim = undefined;
  }

  #checkEmptied(): void {
    if (this.#all.size === 0 && this.#queue.length === 0) {
      this.#onEmptied();
    }
  }
}
