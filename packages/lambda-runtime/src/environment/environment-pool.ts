import {
  RuntimeClosedError,
  type EnvironmentPool,
  type FunctionSpec,
  type InvokeOutcome,
  type InvokeRequest,
} from "../contract.ts";
import type { Environment } from "./environment.ts";
import type { Invocation } from "./invocation.ts";
import type { RuntimeClock } from "../ports.ts";

export interface PoolOptions {
  readonly spec: FunctionSpec;
  readonly clock: RuntimeClock;
  readonly idleTimeoutMs: number;
  readonly createEnvironment: (onAvailable: (environment: Environment) => void) => Environment;
  /** Removes what an environment leaves behind. */
  readonly disposeEnvironment: (environment: Environment) => Promise<void>;
  readonly onClosed: () => void;
}

/** Keeps the environments of one version: each runs one event at a time, and the one used last is used first. */
export class Pool implements EnvironmentPool {
  readonly #options: PoolOptions;
  readonly #all = new Set<Environment>();
  /** The environment used last is at the end. */
  readonly #idle: Environment[] = [];
  readonly #queue: Invocation[] = [];
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

  invoke(request: InvokeRequest): Promise<InvokeOutcome> {
    return new Promise((settle, abandon) => {
      if (this.#closing) {
        throw new RuntimeClosedError(this.#options.spec.functionName);
      }
      const invocation: Invocation = { request, settle, abandon };
      const environment = this.#takeIdle();
      if (environment === undefined) {
        // First, because it may fail: what is queued runs, whoever was told that it does not.
        this.#growFor(this.#queue.length + 1);
        this.#queue.push(invocation);
      } else {
        environment.run(invocation);
      }
    });
  }

  close(): Promise<void> {
    this.#closed ??= this.#drain();
    return this.#closed;
  }

  async #drain(): Promise<void> {
    this.#beginClosing();
    for (const environment of this.#idle.splice(0)) {
      this.#end(environment, "pool closed");
    }
    await new Promise<void>((resolve) => {
      this.#onEmptied = resolve;
      this.#checkEmptied();
    });
    await Promise.all(this.#stopping);
    this.#options.onClosed();
  }

  /** Ends everything at once; accepted invocations reject. */
  async abort(): Promise<void> {
    this.#beginClosing();
    this.#idle.length = 0;
    for (const invocation of this.#queue.splice(0)) {
      invocation.abandon(new RuntimeClosedError(this.#options.spec.functionName));
    }
    for (const environment of this.#all) {
      this.#end(environment, "runtime closed");
    }
    this.#checkEmptied();
    await Promise.all(this.#stopping);
    this.#options.onClosed();
  }

  killAll(): void {
    for (const environment of this.#all) {
      environment.kill("killed");
    }
  }

  /** A process that runs is preferred over one that would have to be started again. */
  #takeIdle(): Environment | undefined {
    const warm = this.#idle.findLastIndex((environment) => environment.warm);
    const [environment] = this.#idle.splice(warm < 0 ? this.#idle.length - 1 : warm, 1);
    return environment;
  }

  /** Starts an environment only when none of those that will be free in a moment is left for a queue of that length. */
  #growFor(queued: number): void {
    let soonFree = 0;
    for (const { state } of this.#all) {
      soonFree += state === "starting" || state === "returning" ? 1 : 0;
    }
    if (queued > soonFree) {
      const environment = this.#options.createEnvironment((available) => this.#onAvailable(available));
      this.#all.add(environment);
      environment.start();
    }
  }

  #onAvailable(environment: Environment): void {
    const invocation = this.#queue.shift();
    if (invocation !== undefined) {
      environment.run(invocation);
    } else if (this.#closing) {
      this.#end(environment, "pool closed");
      this.#checkEmptied();
    } else {
      this.#idle.push(environment);
      this.#cancelReclaim ??= this.#scheduleReclaim(this.#options.idleTimeoutMs);
    }
  }

  #scheduleReclaim(delayMs: number): () => void {
    return this.#options.clock.schedule(delayMs, "reclaim idle environments", () => this.#reclaim());
  }

  #reclaim(): void {
    const { clock, idleTimeoutMs } = this.#options;
    const now = clock.now();
    const expired = this.#idle.filter((environment) => environment.lastUsed + idleTimeoutMs <= now);
    for (const environment of expired) {
      this.#idle.splice(this.#idle.indexOf(environment), 1);
      this.#end(environment, "idle");
    }
    const oldest = this.#idle.reduce((least, { lastUsed }) => Math.min(least, lastUsed), Number.POSITIVE_INFINITY);
    this.#cancelReclaim =
      this.#idle.length === 0 ? undefined : this.#scheduleReclaim(Math.max(1, oldest + idleTimeoutMs - now));
  }

  #beginClosing(): void {
    this.#closing = true;
    this.#cancelReclaim?.();
    this.#cancelReclaim = undefined;
  }

  #end(environment: Environment, reason: string): void {
    this.#all.delete(environment);
    const stopped = this.#stopAndDispose(environment, reason).finally(() => this.#stopping.delete(stopped));
    this.#stopping.add(stopped);
  }

  async #stopAndDispose(environment: Environment, reason: string): Promise<void> {
    await environment.stop(reason);
    await this.#options.disposeEnvironment(environment);
  }

  #checkEmptied(): void {
    if (this.#all.size === 0 && this.#queue.length === 0) {
      this.#onEmptied();
    }
  }
}
