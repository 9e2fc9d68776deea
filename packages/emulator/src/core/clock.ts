/**
 * `work` timers are consequences of what was done (backoff, open window, visibility, delay, async retry):
 * a world with one is not idle. `housekeeping` timers (retention, reclaim, leases) do not count.
 */
export type TimerKind = "work" | "housekeeping";

export interface TimerOptions {
  readonly kind: TimerKind;
  /** Says what is waited for, e.g. `retry of shardId-000000000000 of orders-fn`; shown when somebody waits for idle. */
  readonly label: string;
}

/** World time: everything that a test may want to freeze or advance. Never goes back. */
export interface Clock {
  /** Milliseconds since the epoch, in world time. */
  now(): number;
  /** Runs `fire` once, `delayMs` of world time from now; the returned function cancels it. */
  schedule(delayMs: number, options: TimerOptions, fire: () => void): () => void;
  /** Resolves after `delayMs` of world time; rejects with the signal's reason when aborted. */
  sleep(delayMs: number, options: TimerOptions & { readonly signal?: AbortSignal }): Promise<void>;
}
