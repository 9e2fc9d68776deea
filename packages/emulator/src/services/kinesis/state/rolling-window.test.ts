import fc from "fast-check";
import { expect, test } from "vitest";
import { RollingWindow } from "./rolling-window.ts";

test("has room again when what was taken is as old as the window is long", () => {
  const window = new RollingWindow(10, 1000);
  window.take(4, 0);
  window.take(6, 300);
  expect([window.msUntil(4, 300), window.msUntil(5, 300), window.msUntil(10, 300)]).toEqual([700, 1000, 1000]);
  expect([window.holds(1, 999), window.holds(4, 1000), window.holds(5, 1000)]).toEqual([false, true, false]);
  expect(window.msUntil(10, 1300)).toBe(0);
});

test("counts what is larger than its capacity for as long as that takes", () => {
  const window = new RollingWindow(10, 1000);
  expect(window.holds(50, 0)).toBe(true);
  window.take(50, 0);
  expect([window.msUntil(1, 0), window.holds(1, 4999), window.holds(50, 5000)]).toEqual([5000, false, true]);
  window.take(1, 5000);
  expect([window.holds(50, 5999), window.holds(50, 6000)]).toEqual([false, true]);
  // What was taken before is paid for too.
  window.take(8, 6000);
  window.take(12, 6100);
  expect([window.holds(9, 7000), window.holds(1, 8099), window.holds(1, 8100)]).toEqual([false, false, true]);
});

const attempts = fc.array(fc.record({ wait: fc.nat(400), amount: fc.integer({ min: 1, max: 10 }) }), {
  maxLength: 100,
});

test("no stretch of its length has more than its capacity, and nothing is refused that would fit", () => {
  fc.assert(
    fc.property(attempts, (all) => {
      const window = new RollingWindow(10, 1000);
      const taken: { readonly at: number; readonly amount: number }[] = [];
      let now = 0;
      for (const { wait, amount } of all) {
        now += wait;
        const before = taken.filter(({ at }) => at > now - 1000).reduce((sum, one) => sum + one.amount, 0);
        expect(window.holds(amount, now)).toBe(before + amount <= 10);
        const later = now + window.msUntil(amount, now);
        const then = taken.filter(({ at }) => at > later - 1000).reduce((sum, one) => sum + one.amount, 0);
        expect(then + amount).toBeLessThanOrEqual(10);
        if (before + amount > 10) continue;
        window.take(amount, now);
        taken.push({ at: now, amount });
      }
    }),
  );
});

test("in the long run gives no more than its capacity in each length, however large the amounts", () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ wait: fc.nat(3000), amount: fc.integer({ min: 1, max: 60 }) }), { maxLength: 60 }),
      (all) => {
        const window = new RollingWindow(10, 1000);
        let now = 0;
        let sum = 0;
        for (const { wait, amount } of all) {
          now += wait;
          if (!window.holds(amount, now)) continue;
          window.take(amount, now);
          sum += amount;
        }
        const free = now + window.msUntil(10, now);
        expect(sum).toBeLessThanOrEqual((10 * free) / 1000 + 1e-9);
      },
    ),
  );
});
