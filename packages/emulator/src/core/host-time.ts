/**
 * Host time: what never is virtual (function time-outs, HTTP, leases, wait deadlines).
 * The platform's functions are taken once at load, so that fake timers of a test runner do not reach them.
 */
export interface HostTime {
  /** Wall clock, milliseconds since the epoch. */
  epoch(): number;
  /** Milliseconds from an arbitrary start; never goes back. */
  monotonic(): number;
  /** Runs `fire` once after `ms` milliseconds; the returned function cancels it. */
  setTimeout(fire: () => void, ms: number): () => void;
  /** Runs `fire` after the events that are already queued. */
  setImmediate(fire: () => void): void;
}

const platform = {
  now: Date.now.bind(Date),
  monotonic: performance.now.bind(performance),
  setTimeout: globalThis.setTimeout,
  clearTimeout: globalThis.clearTimeout,
  setImmediate: globalThis.setImmediate,
};

/** Longer delays overflow the platform's timer and would fire at once. */
const longestTimeout = 2 ** 31 - 1;

export const hostTime: HostTime = {
  epoch: platform.now,
  monotonic: platform.monotonic,
  setTimeout(fire, ms) {
    const timer = platform.setTimeout(fire, Math.min(ms, longestTimeout));
    return () => platform.clearTimeout(timer);
  },
  setImmediate(fire) {
    platform.setImmediate(fire);
  },
};
