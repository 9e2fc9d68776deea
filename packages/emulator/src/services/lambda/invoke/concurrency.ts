import type { FunctionStore, LambdaFunction } from "../state/function-store.ts";

// AWS: concurrent invocations of an account in a region, and how many of them cannot be reserved (AWS docs, Lambda quotas).
export const accountConcurrency = 1000;
export const leastUnreservedConcurrency = 100;

/** Why an invocation is throttled: AWS's names. */
export type ThrottleReason = "ReservedFunctionConcurrentInvocationLimitExceeded" | "ConcurrentInvocationLimitExceeded";

/**
 * The invocations that run in one world. What a function reserves is its own, and its versions share it; all others of a
 * region share what is left of the account's.
 */
export class Concurrency {
  readonly #functions: FunctionStore;
  /** By region; only functions of which something runs. */
  readonly #running = new Map<string, Map<LambdaFunction, number>>();

  constructor(functions: FunctionStore) {
    this.#functions = functions;
  }

  /** Counts one more invocation until it is released, unless there are too many. */
  take(fn: LambdaFunction): ThrottleReason | undefined {
    let running = this.#running.get(fn.region);
    if (running === undefined) this.#running.set(fn.region, (running = new Map()));
    const count = running.get(fn) ?? 0;
    if (fn.reservedConcurrency === undefined) {
      const limit = unreservedConcurrency(this.#functions, fn.region);
      if (unreserved(running) >= limit) return "ConcurrentInvocationLimitExceeded";
    } else if (count >= fn.reservedConcurrency) return "ReservedFunctionConcurrentInvocationLimitExceeded";
    running.set(fn, count + 1);
    return undefined;
  }

  /** To be called once for each `take` that was granted. */
  release(fn: LambdaFunction): void {
    const running = this.#running.get(fn.region);
    const count = running?.get(fn) ?? 0;
    if (count > 1) running?.set(fn, count - 1);
    else running?.delete(fn);
  }
}

/** What the functions of a region that reserve nothing have together. */
export function unreservedConcurrency(functions: FunctionStore, region: string): number {
  return accountConcurrency - functions.reservedConcurrency(region);
}

function unreserved(running: ReadonlyMap<LambdaFunction, number>): number {
  let sum = 0;
  for (const [fn, count] of running) if (fn.reservedConcurrency === undefined) sum += count;
  return sum;
}
