import type { Deployments } from "../deployments.ts";
import type { LambdaParts } from "../lambda-parts.ts";
import type { FunctionStore, FunctionVersion, LambdaFunction } from "../state/function-store.ts";

// AWS: concurrent invocations of an account in a region, and how many of them cannot be reserved (AWS docs, Lambda quotas).
export const accountConcurrency = 1000;
export const leastUnreservedConcurrency = 100;

/** Why an invocation is throttled: AWS's names. */
export type ThrottleReason = "ReservedFunctionConcurrentInvocationLimitExceeded" | "ConcurrentInvocationLimitExceeded";

/** An invocation that may run, until it is released; or why it may not. */
export type Admission = { readonly release: () => void } | { readonly limit: ThrottleReason };

interface Running {
  /** In environments that were started for them, or are to be. */
  onDemand: number;
  /** In environments that were ready before. */
  readonly provisioned: Map<FunctionVersion, number>;
}

/**
 * The invocations that run in one world. What a function reserves is its own, and its versions share it; all others of a
 * region share what is left of the account's. Of either, what is provisioned is its version's.
 */
export class Concurrency {
  readonly #functions: FunctionStore;
  readonly #deployments: Pick<Deployments, "provisioning" | "pool">;
  /** By region; only functions of which something runs. */
  readonly #running = new Map<string, Map<LambdaFunction, Running>>();

  constructor(functions: FunctionStore, deployments: Pick<Deployments, "provisioning" | "pool">) {
    this.#functions = functions;
    this.#deployments = deployments;
  }

  /** Counts one more invocation of a version, unless there are too many. To be released once. */
  take(fn: LambdaFunction, version: FunctionVersion): Admission {
    let region = this.#running.get(fn.region);
    if (region === undefined) this.#running.set(fn.region, (region = new Map()));
    const running = region.get(fn) ?? { onDemand: 0, provisioned: new Map<FunctionVersion, number>() };
    // AWS: in this order (AWS docs).
    const inProvisioned = running.provisioned.get(version) ?? 0;
    if (inProvisioned < this.#available(fn, version)) {
      region.set(fn, running);
      running.provisioned.set(version, inProvisioned + 1);
      return { release: () => this.#release(fn, version) };
    }
    const limit = this.#limit(fn, running, region);
    if (limit !== undefined) return { limit };
    region.set(fn, running);
    running.onDemand++;
    return { release: () => this.#release(fn, undefined) };
  }

  /** Environments of a version that are ready. */
  #available(fn: LambdaFunction, version: FunctionVersion): number {
    const { provisioning } = this.#deployments;
    if (provisioning.of(fn, version) === 0) return 0;
    return this.#deployments.pool(version)?.provisioned.available ?? 0;
  }

  #limit(
    fn: LambdaFunction,
    { onDemand }: Running,
    region: ReadonlyMap<LambdaFunction, Running>,
  ): ThrottleReason | undefined {
    const { provisioning } = this.#deployments;
    if (fn.reservedConcurrency === undefined) {
      const limit = unreservedConcurrency(this.#functions, fn.region) - provisioning.unreserved(fn.region);
      return unreserved(region) >= limit ? "ConcurrentInvocationLimitExceeded" : undefined;
    }
    // AWS: what is provisioned counts, whether it is used or not (recorded on AWS).
    const limit = fn.reservedConcurrency - provisioning.total(fn);
    return onDemand >= limit ? "ReservedFunctionConcurrentInvocationLimitExceeded" : undefined;
  }

  /** `version`: whose provisioned environments it had. */
  #release(fn: LambdaFunction, version: FunctionVersion | undefined): void {
    const region = this.#running.get(fn.region);
    const running = region?.get(fn);
    if (running === undefined) return;
    if (version === undefined) running.onDemand--;
    else {
      const count = running.provisioned.get(version) ?? 0;
      if (count > 1) running.provisioned.set(version, count - 1);
      else running.provisioned.delete(version);
    }
    if (running.onDemand === 0 && running.provisioned.size === 0) region?.delete(fn);
  }
}

/** What the functions of a region that reserve nothing have together. */
export function unreservedConcurrency(functions: FunctionStore, region: string): number {
  return accountConcurrency - functions.reservedConcurrency(region);
}

/** What a function may have for itself, provisioned or reserved: what no other one of its region has. */
export function concurrencyLeftFor(
  { functions, deployments: { provisioning } }: Pick<LambdaParts, "functions" | "deployments">,
  fn: LambdaFunction,
): number {
  const own = fn.reservedConcurrency ?? provisioning.total(fn);
  // Assumed: that what is provisioned without a reservation counts here. It does for invocations (AWS docs).
  return unreservedConcurrency(functions, fn.region) - provisioning.unreserved(fn.region) + own;
}

function unreserved(region: ReadonlyMap<LambdaFunction, Running>): number {
  let sum = 0;
  for (const [fn, { onDemand }] of region) if (fn.reservedConcurrency === undefined) sum += onDemand;
  return sum;
}
