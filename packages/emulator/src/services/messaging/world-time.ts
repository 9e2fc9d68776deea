import type { Clock } from "../../core/clock.ts";

/**
 * The platform's time functions as fauxqs sees them: the build puts an import of these names on top of each of its files.
 * They follow the clock of the world whose call is being served.
 */

/** What a call tells fauxqs about itself. */
export interface ServedBy {
  readonly clock: Pick<Clock, "now" | "schedule">;
  /** The caller's origin with the world's prefix; undefined for what the emulator does by itself. */
  readonly origin?: string;
  /** The value of `X-Amzn-Trace-Id`, which messages carry on. */
  readonly traceHeader?: string | undefined;
  /** What the events of a bucket tell of the call. */
  readonly region?: string;
  readonly requestId?: string;
  /** Told when the call begins to wait for a message, with a function that ends the wait early, and when it no longer does. */
  readonly poll?: { parked(end: () => void): void; resumed(): void };
}

// The platform's modules are asked for at load: this file is part of the chunk that is loaded with fauxqs.
const { AsyncLocalStorage } = process.getBuiltinModule("node:async_hooks");
const current = new AsyncLocalStorage<ServedBy>();

/** Runs `work` of fauxqs, and whatever continues it, in the time of `call`. */
export function inCall<Result>(call: ServedBy, work: () => Result): Result {
  return current.run(call, work);
}

/** A clock that stays where it is, for making again what was made at that time. */
export function standingAt(time: number): ServedBy["clock"] {
  return { now: () => time, schedule: () => () => {} };
}

function currentCall(): ServedBy {
  const call = current.getStore();
  if (call === undefined) throw new Error("fauxqs asked for the time outside of a call");
  return call;
}

export function callTraceHeader(): string | undefined {
  return current.getStore()?.traceHeader;
}

/** The region and the id of the request that a caller sent; neither for what the emulator does by itself. */
export function callFacts(): Pick<ServedBy, "region" | "requestId"> {
  return current.getStore() ?? {};
}

export function callOrigin(): string {
  return currentCall().origin ?? "https://sns.us-east-1.amazonaws.com";
}

function WorldDate(time: number | string | Date = now()): Date {
  return new Date(time);
}
WorldDate.now = now;

function now(): number {
  return currentCall().clock.now();
}

interface Wait {
  cancel(): void;
}

/**
 * The only timer that fauxqs sets is a long poll's own wait. It keeps no world busy: the request is parked,
 * and counts again from the moment on which its answer can be given.
 */
function startWait(fire: () => void, ms: number): Wait {
  const { clock, poll } = currentCall();
  const end = () => {
    cancel();
    poll?.resumed();
    fire();
  };
  const cancel = clock.schedule(ms, { kind: "housekeeping", label: "long poll of a queue" }, end);
  poll?.parked(end);
  return {
    cancel() {
      cancel();
      poll?.resumed();
    },
  };
}

function endWait(wait: Wait | undefined): void {
  wait?.cancel();
}

/** Its interval looks every 20 ms whether a message became visible; our timers say so exactly when one does. */
function noInterval(): undefined {
  return undefined;
}

export {
  WorldDate as Date,
  startWait as setTimeout,
  endWait as clearTimeout,
  noInterval as setInterval,
  noInterval as clearInterval,
};
