import type { HostTime } from "./host-time.ts";

export interface FakeHostTime extends HostTime {
  /** Moves the host's time and runs what is due, in order. */
  pass(ms: number): void;
  readonly timers: number;
}

/** A host whose time passes only when a test says so. Immediates run as the platform's. */
export function fakeHostTime(start = 1_700_000_000_000): FakeHostTime {
  const runImmediate = globalThis.setImmediate;
  let elapsed = 0;
  let timers: { readonly at: number; readonly fire: () => void }[] = [];
  return {
    epoch: () => start + elapsed,
    monotonic: () => elapsed,
    setTimeout(fire, ms) {
      const timer = { at: elapsed + ms, fire };
      timers.push(timer);
      return () => {
        timers = timers.filter((other) => other !== timer);
      };
    },
    setImmediate: (fire) => void runImmediate(fire),
    pass(ms) {
      const target = elapsed + ms;
      for (;;) {
        const due = timers.filter((timer) => timer.at <= target).toSorted((a, b) => a.at - b.at)[0];
        if (due === undefined) break;
        timers = timers.filter((timer) => timer !== due);
        elapsed = Math.max(elapsed, due.at);
        due.fire();
      }
      elapsed = target;
    },
    get timers() {
      return timers.length;
    },
  };
}
