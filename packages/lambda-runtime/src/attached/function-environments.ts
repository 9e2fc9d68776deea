import {
  NobodyAttachedError,
  RuntimeClosedError,
  type EnvironmentPool,
  type ProvisionedEnvironments,
  type FunctionSpec,
  type InvokeOutcome,
  type InvokeRequest,
} from "../contract.ts";
import type { Environment } from "../environment/environment.ts";
import type { Pool } from "../environment/environment-pool.ts";
import type { Executor } from "../environment/executor.ts";
import type { Invocation } from "../environment/invocation.ts";
import type { HostTime } from "../ports.ts";
import { AttachedEnvironments, type AttachedEvents } from "./attached-environments.ts";
import type { AttachedExchange } from "./attached-execution.ts";
import { PausableTime } from "./pausable-time.ts";
import { refuseDetached } from "./refuse-detached.ts";

export interface FunctionEnvironmentsOptions {
  readonly spec: FunctionSpec;
  readonly hostTime: HostTime;
  /** How long an invocation waits for a poll where the function has no code of its own, or somebody is attached. */
  readonly attachWaitMs: number;
  /** The environments that run the function's own code. */
  readonly own: Pool;
  readonly createEnvironment: (executor: Executor, hostTime: HostTime, events: AttachedEvents) => Environment;
  readonly onClosed: () => void;
}

interface Waiting {
  readonly invocation: Invocation;
  readonly cancelLimit: () => void;
}

/** All that runs one version of a function: who polls for its invocations from outside, and where nobody does, its own code. */
export class FunctionEnvironments implements EnvironmentPool {
  readonly #options: FunctionEnvironmentsOptions;
  readonly #attached: AttachedEnvironments;
  readonly #time: PausableTime;
  /** Nobody polls for them yet. */
  #waiting: Waiting[] = [];
  #provisioned = 0;
  #closing = false;
  #closed: Promise<void> | undefined;

  constructor(options: FunctionEnvironmentsOptions) {
    this.#options = options;
    this.#time = new PausableTime(options.hostTime);
    this.#attached = new AttachedEnvironments({
      functionName: options.spec.functionName,
      createEnvironment: (executor, events) => options.createEnvironment(executor, this.#time, events),
      onGivenBack: (invocation) => this.#accept(invocation, "first"),
      onAbandoned: (queued) => queued.forEach((invocation) => this.#accept(invocation)),
    });
  }

  get environments(): number {
    return this.#options.own.environments + this.#attached.size;
  }

  get attached(): number {
    return this.#attached.size;
  }

  get provisioned(): ProvisionedEnvironments {
    const { own, spec } = this.#options;
    // Whoever attaches is there at once.
    const attachable = { requested: this.#provisioned, available: this.#provisioned, failed: false };
    return spec.hasCode === false ? attachable : own.provisioned;
  }

  provision(count: number): void {
    const { own, spec } = this.#options;
    this.#provisioned = count;
    if (spec.hasCode !== false) own.provision(count);
  }

  invoke(request: InvokeRequest): Promise<InvokeOutcome> {
    return new Promise((settle, abandon) => {
      this.#accept({ request, settle, abandon });
    });
  }

  attach(exchange: AttachedExchange): void {
    if (this.#closing) {
      refuseDetached(exchange);
      return;
    }
    this.#attached.attach(exchange);
    for (const { invocation, cancelLimit } of this.#waiting.splice(0)) {
      cancelLimit();
      this.#attached.run(invocation);
    }
  }

  poll(exchange: AttachedExchange): boolean {
    return this.#attached.poll(exchange);
  }

  answer(exchange: AttachedExchange, requestId: string, kind: "response" | "error"): boolean {
    return this.#attached.answer(exchange, requestId, kind);
  }

  pause(): void {
    this.#time.pause();
  }

  resume(): void {
    this.#time.resume();
  }

  close(): Promise<void> {
    this.#closed ??= this.#drain();
    return this.#closed;
  }

  async abort(): Promise<void> {
    this.#beginClosing();
    await Promise.all([this.#attached.abort(), this.#options.own.abort()]);
    this.#options.onClosed();
  }

  killAll(): void {
    this.#options.own.killAll();
  }

  async #drain(): Promise<void> {
    this.#beginClosing();
    await Promise.all([this.#attached.close(), this.#options.own.close()]);
    this.#options.onClosed();
  }

  /** Gives an invocation to whoever runs it; what keeps it from being run is told to its caller. */
  #accept(invocation: Invocation, place?: "first"): void {
    const { own, spec } = this.#options;
    try {
      if (this.#closing) throw new RuntimeClosedError(spec.functionName);
      if (this.#attached.size > 0) {
        this.#attached.run(invocation, place);
      } else if (this.#attached.any || spec.hasCode === false) {
        this.#wait(invocation);
      } else {
        own.run(invocation);
      }
    } catch (error) {
      invocation.abandon(error instanceof Error ? error : new Error(String(error)));
    }
  }

  #wait(invocation: Invocation): void {
    const { attachWaitMs, spec } = this.#options;
    const cancelLimit = this.#time.setTimeout(() => {
      this.#waiting = this.#waiting.filter((other) => other !== waiting);
      invocation.abandon(new NobodyAttachedError(spec.functionName, attachWaitMs));
    }, attachWaitMs);
    const waiting = { invocation, cancelLimit };
    this.#waiting.push(waiting);
  }

  #beginClosing(): void {
    this.#closing = true;
    for (const { invocation, cancelLimit } of this.#waiting.splice(0)) {
      cancelLimit();
      invocation.abandon(new RuntimeClosedError(this.#options.spec.functionName));
    }
  }
}
