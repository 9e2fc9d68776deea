import type { InvokeOutcome, InvokeRequest } from "../contract.ts";

/** One accepted event and the way back to its caller. */
export interface Invocation {
  readonly request: InvokeRequest;
  readonly settle: (outcome: InvokeOutcome) => void;
  readonly abandon: (error: Error) => void;
}
