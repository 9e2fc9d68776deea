import type { FunctionVersion, LambdaFunction } from "./state/function-store.ts";

/** How many environments are kept ready for each version. */
export class Provisioning {
  /** Only functions that have any. */
  readonly #byFunction = new Map<LambdaFunction, ReadonlyMap<FunctionVersion, number>>();

  of(fn: LambdaFunction, version: FunctionVersion): number {
    return this.#byFunction.get(fn)?.get(version) ?? 0;
  }

  /** All of a function's versions together. */
  total(fn: LambdaFunction): number {
    return sumOf(this.#byFunction.get(fn));
  }

  /** All of those functions of a region that reserve no concurrency. */
  unreserved(region: string): number {
    let sum = 0;
    for (const [fn, counts] of this.#byFunction) {
      if (fn.region === region && fn.reservedConcurrency === undefined) sum += sumOf(counts);
    }
    return sum;
  }

  /** Replaces what a function has; returns the versions that may have had another number before. */
  set(fn: LambdaFunction, counts: ReadonlyMap<FunctionVersion, number>): ReadonlySet<FunctionVersion> {
    const before = this.#byFunction.get(fn);
    if (counts.size === 0) this.#byFunction.delete(fn);
    else this.#byFunction.set(fn, counts);
    return new Set([...(before?.keys() ?? []), ...counts.keys()]);
  }
}

function sumOf(counts: ReadonlyMap<FunctionVersion, number> | undefined): number {
  let sum = 0;
  for (const count of counts?.values() ?? []) sum += count;
  return sum;
}
