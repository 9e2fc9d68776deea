import { RuntimeClosedError, type FunctionSpec, type ProvisionedEnvironments } from "../contract.ts";
import type { Environment } from "./environment.ts";
import type { GoneReason } from "./environment-machine.ts";
import type { Invocation } from "./invocation.ts";
import type { RuntimeClock } from "../ports.ts";

/** How many provisioned environments start at a time: each is a process that wants the processor for itself. */
const MAX_STARTING = 8;

/** How many provisioned environments may come to nothing in a row, where they are fewer. */
const MIN_MISSES = 3;

export interface PoolOptions {
  readonly spec: FunctionSpec;
  readonly clock: RuntimeClock;
  readonly idleTimeoutMs: number;
  /** `kind` is how it comes to be, where that is not the function's own way. */
  readonly createEnvironment: (events: PoolEvents, kind?: "provisioned-concurrency") => Environment;
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
  /** Those of all that are to be there before anybody invokes. */
  readonly #provisioned = new Set<Environment>();
  #wanted = 0;
  #cannotProvision = false;
  /** Those of the provisioned ones that had no invocation yet. */
  readonly #untried = new Set<Environment>();
  /** Whether one of them had any: the function can initialize. */
  #proven = false;
  /** How many came to nothing since one had any. */
  #misses = 0;
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

  get provisioned(): ProvisionedEnvironments {
    let available = 0;
    for (const { initialized } of this.#provisioned) available += initialized ? 1 : 0;
    return { requested: this.#wanted, available, failed: this.#cannotProvision };
  }

  provision(count: number): void {
    // A debugger has one port to listen on.
    this.#wanted = this.#options.spec.debug === true ? Math.min(count, 1) : count;
    this.#cannotProvision = false;
    this.#misses = 0;
    const surplus = [...this.#provisioned].slice(this.#wanted);
    for (const environment of surplus) {
      this.#provisioned.delete(environment);
      this.#untried.delete(environment);
      void environment.stop("no longer provisioned");
    }
    this.#startProvisioned();
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

  #startProvisioned(): void {
    let starting = 0;
    for (const { initialized } of this.#provisioned) starting += initialized ? 0 : 1;
    while (this.#provisioned.size < this.#wanted && starting < MAX_STARTING) {
      if (this.#closing || this.#cannotProvision) return;
      try {
        const environment = this.#create("provisioned-concurrency");
        this.#provisioned.add(environment);
        this.#untried.add(environment);
        environment.start();
      } catch {
        // No directory could be made for it: who invokes is told why.
        this.#cannotProvision = true;
      }
      starting += 1;
    }
  }

  #create(kind?: "provisioned-concurrency"): Environment {
    const environment = this.#options.createEnvironment(
      {
        onAvailable: (available) => this.#onAvailable(available),
        onLeft: (left, reason) => this.#onLeft(left, reason),
      },
      kind,
    );
    this.#all.add(environment);
    return environment;
  }

  /** AWS: provisioned environments are used first (AWS docs). A process that runs is preferred over one that would have to be started again. */
  #takeFree(): Environment | undefined {
    const provisioned = this.#free.findLastIndex((environment) => this.#provisioned.has(environment));
    const warm = provisioned < 0 ? this.#free.findLastIndex((environment) => environment.warm) : provisioned;
    const [environment] = this.#free.splice(warm < 0 ? this.#free.length - 1 : warm, 1);
    return environment;
  }

  #give(environment: Environment, invocation: Invocation): void {
    this.#run(environment, invocation);
    if (environment.accepts) {
      this.#free.push(environment);
    }
  }

  #run(environment: Environment, invocation: Invocation): void {
    if (this.#untried.delete(environment)) {
      this.#proven = true;
      this.#misses = 0;
    }
    environment.run(invocation);
  }

  /** Starts an environment only when none of those that will be free in a moment is left for a queue of that length. */
  #growFor(queued: number): void {
    let soonFree = 0;
    for (const environment of this.#all) {
      // AWS: nobody waits for a provisioned one that is still being made (AWS docs).
      const isMade = !this.#provisioned.has(environment) || environment.initialized;
      soonFree += isMade ? environment.soonFree : 0;
    }
    // A debugger has one port to listen on.
    const full = this.#options.spec.debug === true && this.#all.size > 0;
    if (queued > soonFree && !full) {
      this.#create().start();
    }
  }

  #onAvailable(environment: Environment): void {
    this.#startProvisioned();
    const invocation = this.#queue.shift();
    if (invocation !== undefined) {
      this.#run(environment, invocation);
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
    const failed = reason === "startTimedOut" || reason === "initFailed";
    if (this.#provisioned.delete(environment)) {
      const untried = this.#untried.delete(environment);
      if (failed || (untried && reason === "crashed")) this.#miss(reason);
      this.#startProvisioned();
    } else if (failed) {
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

  /**
   * AWS: what cannot initialize is not tried again (recorded on AWS).
   * Assumed: what could before, starts too late or ends by itself before anybody used it is, a few times.
   */
  #miss(reason: GoneReason): void {
    this.#misses += 1;
    const final = reason === "initFailed" && !this.#proven;
    this.#cannotProvision ||= final || this.#misses >= Math.max(MIN_MISSES, this.#wanted);
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
    const idle = () => this.#free.filter((environment) => !this.#provisioned.has(environment));
    for (const environment of idle()) {
      if (environment.lastUsed + idleTimeoutMs <= now) environment.expire();
    }
    const left = idle();
    const oldest = left.reduce((least, { lastUsed }) => Math.min(least, lastUsed), Number.POSITIVE_INFINITY);
    this.#cancelReclaim =
      left.length === 0 ? undefined : this.#scheduleReclaim(Math.max(1, oldest + idleTimeoutMs - now));
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
