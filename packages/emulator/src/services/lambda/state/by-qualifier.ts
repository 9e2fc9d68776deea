import type { LambdaFunction } from "./function-store.ts";

/** Values that belong to a qualifier of a function: `$LATEST`, a version or an alias. They go with the function. */
export class ByQualifier<Value> {
  readonly #functions = new WeakMap<LambdaFunction, Map<string, Value>>();
  readonly #onChange: (fn: LambdaFunction) => void;

  /** @param onChange Told of every change, but not of what is restored. */
  constructor(onChange: (fn: LambdaFunction) => void) {
    this.#onChange = onChange;
  }

  get(fn: LambdaFunction, qualifier: string): Value | undefined {
    return this.#functions.get(fn)?.get(qualifier);
  }

  set(fn: LambdaFunction, qualifier: string, value: Value): void {
    this.restore(fn, qualifier, value);
    this.#onChange(fn);
  }

  /** Sets what was kept. */
  restore(fn: LambdaFunction, qualifier: string, value: Value): void {
    const values = this.#functions.get(fn);
    if (values === undefined) this.#functions.set(fn, new Map([[qualifier, value]]));
    else values.set(qualifier, value);
  }

  /** False where there was none. */
  delete(fn: LambdaFunction, qualifier: string): boolean {
    const deleted = this.#functions.get(fn)?.delete(qualifier) ?? false;
    if (deleted) this.#onChange(fn);
    return deleted;
  }

  /** By qualifier. */
  entries(fn: LambdaFunction): [string, Value][] {
    return [...(this.#functions.get(fn) ?? [])].toSorted(([a], [b]) => (a < b ? -1 : 1));
  }
}
