/** Upper limits of a histogram's buckets, in milliseconds; the last bucket has none. */
export const durationLimitsMs: readonly number[] = [
  0.1, 0.25, 0.5, 1, 2.5, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 10_000,
];

/** What has been called of one operation. */
export interface OperationCalls {
  readonly service: string;
  readonly operation: string;
  /** Calls by HTTP status. */
  readonly byStatus: ReadonlyMap<number, number>;
  /** Calls by how long they took: for each limit, then what took longer. */
  readonly buckets: readonly number[];
  readonly totalMs: number;
}

class Calls implements OperationCalls {
  readonly service: string;
  readonly operation: string;
  readonly byStatus = new Map<number, number>();
  readonly buckets = [...durationLimitsMs.map(() => 0), 0];
  totalMs = 0;

  constructor(service: string, operation: string) {
    this.service = service;
    this.operation = operation;
  }
}

/** Counts calls; numbers only, so that a call pays next to nothing for it. What is counted is kept: clients must not name it. */
export class CallCounts {
  readonly #services = new Map<string, Map<string, Calls>>();
  readonly #all: Calls[] = [];

  get all(): readonly OperationCalls[] {
    return this.#all;
  }

  add(service: string, operation: string, status: number, ms: number): void {
    const calls = this.#services.get(service)?.get(operation) ?? this.#begin(service, operation);
    calls.byStatus.set(status, (calls.byStatus.get(status) ?? 0) + 1);
    calls.totalMs += ms;
    let bucket = 0;
    while (bucket < durationLimitsMs.length && ms > (durationLimitsMs[bucket] ?? 0)) bucket++;
    calls.buckets[bucket] = (calls.buckets[bucket] ?? 0) + 1;
  }

  #begin(service: string, operation: string): Calls {
    const calls = new Calls(service, operation);
    const operations = this.#services.get(service);
    if (operations === undefined) this.#services.set(service, new Map([[operation, calls]]));
    else operations.set(operation, calls);
    this.#all.push(calls);
    return calls;
  }
}
