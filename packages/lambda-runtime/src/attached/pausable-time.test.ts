import { expect, test } from "vitest";
import { PausableTime } from "./pausable-time.ts";

/** A host whose time passes when a test says so, at once: as for a process that was stopped meanwhile. */
function stoppedHost() {
  let now = 0;
  let timers: { readonly at: number; readonly fire: () => void }[] = [];
  return {
    monotonic: () => now,
    epoch: () => now,
    setImmediate: (fire: () => void) => fire(),
    setTimeout(fire: () => void, ms: number) {
      const timer = { at: now + ms, fire };
      timers.push(timer);
      return () => void (timers = timers.filter((other) => other !== timer));
    },
    /** All that is due fires late. */
    jump(ms: number) {
      now += ms;
      const due = timers.filter(({ at }) => at <= now);
      timers = timers.filter(({ at }) => at > now);
      for (const { fire } of due) fire();
    },
  };
}

/** In steps as small as a host's timers are. */
function run(host: ReturnType<typeof stoppedHost>, ms: number): void {
  for (let passed = 0; passed < ms; passed += 100) host.jump(100);
}

function setUp(ms: number) {
  const host = stoppedHost();
  const time = new PausableTime(host);
  let fired = false;
  const cancel = time.setTimeout(() => (fired = true), ms);
  return { host, time, cancel, hasFired: () => fired };
}

test("a timer fires when its time has passed, not before", () => {
  const { host, hasFired } = setUp(1_700);
  run(host, 1_600);
  expect(hasFired()).toBe(false);
  run(host, 100);
  expect(hasFired()).toBe(true);
});

test("time that is paused does not count", () => {
  const { host, time, hasFired } = setUp(1_700);
  run(host, 700);
  time.pause();
  run(host, 60_000);
  time.resume();
  run(host, 900);
  expect(hasFired()).toBe(false);
  run(host, 100);
  expect(hasFired()).toBe(true);
});

test.each([100, 1_300, 1_600])("time for which the process itself was stopped after %i ms hardly counts", (before) => {
  const { host, hasFired } = setUp(1_700);
  run(host, before);
  host.jump(60_000);
  expect(hasFired()).toBe(false);
  run(host, 400);
  expect(hasFired()).toBe(false);
  run(host, 1_700);
  expect(hasFired()).toBe(true);
});

test("a timer that is cancelled fires no more, whether time is paused or not", () => {
  const { host, time, cancel, hasFired } = setUp(1_700);
  run(host, 700);
  time.pause();
  cancel();
  time.resume();
  run(host, 5_000);
  expect(hasFired()).toBe(false);
});
