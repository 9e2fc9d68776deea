import type { InvokeOutcome, InvokeRequest } from "./contract.ts";

/** One accepted event and the promise of its caller. It is settled once; whoever comes later changes nothing. */
export class Invocation {
  readonly request: InvokeRequest;
  readonly outcome: Promise<InvokeOutcome>;
  readonly #resolve: (outcome: InvokeOutcome) => void;
  readonly #reject: (error: Error) => void;

  constructor(request: InvokeRequest) {
    this.request = request;
    const { promise, resolve, reject } = Promise.withResolvers<InvokeOutcome>();
    this.outcome = promise;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  settle(outcome: InvokeOutcome): void {
    this.#resolve(outcome);
  }

  abandon(error: Error): void {
    this.#reject(error);
  }
}
