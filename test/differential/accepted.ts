import type { Generation, Observation } from "./case.ts";

/** A difference on purpose; docs/node-runtime.md lists them. */
export interface Accepted {
  readonly generation: Generation;
  /** Of the case. */
  readonly name: string;
  readonly reason: string;
  /** Turns what AWS's client does into what ours does. */
  readonly adjust: (official: Observation) => Observation;
}

export const accepted: readonly Accepted[] = [];
