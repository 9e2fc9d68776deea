import type { HostTime, RuntimeClock } from "./ports.ts";

// Taken at load, so that the fake timers of a test runner never reach the runtime.
const { setTimeout, clearTimeout, setImmediate, performance } = globalThis;
const epochNow = Date.now;

/** The platform's own time. */
export const hostTime: HostTime = {
  monotonic: () => performance.now(),
  epoch: () => epochNow(),
  setTimeout: (fire, ms) => {
    const timer = setTimeout(fire, ms);
    return () => clearTimeout(timer);
  },
  setImmediate: (fire) => {
    setImmediate(fire);
  },
};

/** A {@link RuntimeClock} that follows real time; its timers do not keep the process alive. */
export const realClock: RuntimeClock = {
  now: () => epochNow(),
  schedule: (delayMs, _label, fire) => {
    const timer = setTimeout(fire, delayMs);
    timer.unref();
    return () => clearTimeout(timer);
  },
};
