import { RuntimeClosedError } from "../contract.ts";
import type { Environment, EnvironmentOptions } from "../environment/environment.ts";
import type { Executor } from "../environment/executor.ts";
import type { Invocation } from "../environment/invocation.ts";
import { AttachedExecution, type AttachedExchange, type AttachedSession } from "./attached-execution.ts";

/** How an environment tells of itself. */
export type AttachedEvents = Pick<EnvironmentOptions, "onAvailable" | "onLeft" | "onGivenBack">;

export interface AttachedOptions {
  readonly functionName: string;
  readonly createEnvironment: (executor: Executor, events: AttachedEvents) => Environment;
  /** An invocation came back that was not answered. */
  readonly onGivenBack: (invocation: Invocation) => void;
  /** Nobody polls any more; these wait. */
  readonly onAbandoned: (queued: readonly Invocation[]) => void;
}

interface Slot {
  readonly environment: Environment;
  readonly execution: AttachedExecution;
  readonly session: AttachedSession | undefined;
}

/** The environments that polls from outside make up: as many as there are polls, none is ever started from here. */
export class AttachedEnvironments {
  readonly #options: AttachedOptions;
  readonly #slots = new Map<Environment, Slot>();
  readonly #sessions = new Set<AttachedSession>();
  /** The one used last is at the end. */
  readonly #free: Environment[] = [];
  readonly #queue: Invocation[] = [];
  readonly #leaving = new Set<Promise<void>>();
  #closing = false;
  #onEmptied: () => void = () => undefined;

  constructor(options: AttachedOptions) {
    this.#options = options;
  }

  /** How many polls there are, and handlers that work. */
  get size(): number {
    return this.#slots.size;
  }

  /** Whether somebody is attached, though perhaps nobody polls. */
  get any(): boolean {
    return this.#slots.size > 0 || this.#sessions.size > 0;
  }

  /** Runs an invocation now or when one of the polls that there are is free. */
  run(invocation: Invocation, place: "last" | "first" = "last"): void {
    const environment = this.#free.pop();
    if (environment === undefined) {
      this.#queue[place === "first" ? "unshift" : "push"](invocation);
    } else {
      environment.run(invocation);
    }
  }

  /** Takes a poll of somebody who is not known yet. */
  attach(exchange: AttachedExchange): void {
    this.#open(exchange.session).poll(exchange);
  }

  /** Takes a poll of somebody who has answered before; tells whether there is one. */
  poll(exchange: AttachedExchange): boolean {
    for (const { execution, session } of this.#slots.values()) {
      if (session === exchange.session && execution.returning) {
        execution.poll(exchange);
        return true;
      }
    }
    return false;
  }

  /** Takes the answer to an invocation; tells whether it runs here. */
  answer(exchange: AttachedExchange, requestId: string, kind: "response" | "error"): boolean {
    for (const { execution } of this.#slots.values()) {
      if (execution.has(requestId)) {
        execution.answer(exchange, requestId, kind);
        return true;
      }
    }
    return false;
  }

  /** Takes no new invocations, lets those that it has finish, and lets the polls go. */
  async close(): Promise<void> {
    this.#closing = true;
    for (const environment of this.#free.splice(0)) {
      void environment.stop("pool closed");
    }
    await new Promise<void>((resolve) => {
      this.#onEmptied = resolve;
      this.#checkEmptied();
    });
    await Promise.all(this.#leaving);
  }

  async abort(): Promise<void> {
    this.#closing = true;
    this.#free.length = 0;
    this.#abandonQueue();
    for (const environment of this.#slots.keys()) {
      void environment.abort("runtime closed");
    }
    await Promise.all(this.#leaving);
  }

  #open(session: AttachedSession | undefined): AttachedExecution {
    this.#know(session);
    const executions: AttachedExecution[] = [];
    const executor: Executor = {
      launch({ hostTime }, events) {
        const execution = new AttachedExecution(hostTime, events);
        executions.push(execution);
        return execution;
      },
    };
    const environment = this.#options.createEnvironment(executor, {
      onAvailable: (available) => this.#onAvailable(available),
      onLeft: (left) => this.#onLeft(left),
      onGivenBack: (invocation) => this.#options.onGivenBack(invocation),
    });
    environment.start();
    const [execution] = executions;
    if (execution === undefined) {
      throw new Error("An attached environment was not launched");
    }
    this.#slots.set(environment, { environment, execution, session });
    execution.begin();
    return execution;
  }

  #know(session: AttachedSession | undefined): void {
    if (session === undefined || this.#sessions.has(session)) return;
    this.#sessions.add(session);
    session.once("close", () => {
      this.#sessions.delete(session);
      const lost = [...this.#slots.values()].filter((slot) => slot.session === session);
      for (const { environment } of lost) {
        this.#withdraw(environment);
      }
      for (const { execution } of lost) {
        execution.detach();
      }
    });
  }

  #onAvailable(environment: Environment): void {
    const invocation = this.#queue.shift();
    if (invocation !== undefined) {
      environment.run(invocation);
    } else if (this.#closing) {
      void environment.stop("pool closed");
    } else {
      this.#free.push(environment);
    }
  }

  #onLeft(environment: Environment): void {
    this.#withdraw(environment);
    const leaving = environment.gone.finally(() => {
      this.#leaving.delete(leaving);
      this.#slots.delete(environment);
      if (this.#slots.size === 0) {
        this.#onDeserted();
      }
    });
    this.#leaving.add(leaving);
  }

  #onDeserted(): void {
    if (this.#closing) {
      this.#abandonQueue();
    } else if (this.#queue.length > 0) {
      this.#options.onAbandoned(this.#queue.splice(0));
    }
    this.#checkEmptied();
  }

  #abandonQueue(): void {
    for (const invocation of this.#queue.splice(0)) {
      invocation.abandon(new RuntimeClosedError(this.#options.functionName));
    }
  }

  #withdraw(environment: Environment): void {
    const at = this.#free.indexOf(environment);
    if (at >= 0) {
      this.#free.splice(at, 1);
    }
  }

  #checkEmptied(): void {
    if (this.#slots.size === 0 && this.#queue.length === 0) {
      this.#onEmptied();
    }
  }
}
