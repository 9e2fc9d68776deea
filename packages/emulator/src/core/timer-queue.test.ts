import fc from "fast-check";
import { expect, test } from "vitest";
import { fewTimers, TimerQueue } from "./timer-queue.ts";
import type { Timer } from "./timer-queue.ts";

test("takes what is due in order of time and of scheduling, and counts work, whatever is cancelled", () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ at: fc.nat(50), work: fc.boolean(), cancel: fc.boolean() })),
      fc.nat(60),
      (specs, now) => {
        const queue = new TimerQueue();
        const timers = specs.map((spec) =>
          queue.add(spec.at, { kind: spec.work ? "work" : "housekeeping", label: "" }, () => {}),
        );
        const kept = specs
          .map((spec, order) => ({ ...spec, order }))
          .filter((spec) => {
            const timer = timers[spec.order];
            if (spec.cancel && timer !== undefined) queue.cancel(timer);
            return !spec.cancel;
          });
        const expected = kept.filter((spec) => spec.at <= now).toSorted((a, b) => a.at - b.at || a.order - b.order);
        const taken: number[] = [];
        for (let timer = queue.takeDue(now); timer !== undefined; timer = queue.takeDue(now)) taken.push(timer.order);
        expect(taken).toEqual(expected.map((spec) => spec.order));
        const left = kept.filter((spec) => spec.at > now && spec.work);
        expect(queue.workTimers).toBe(left.length);
        expect(queue.nextWork()?.at).toBe(left.length === 0 ? undefined : Math.min(...left.map((spec) => spec.at)));
      },
    ),
  );
});

test("keeps few cancelled timers, and takes as before, whatever is added, cancelled and taken between", () => {
  const step = fc.oneof(
    { weight: 4, arbitrary: fc.record({ kind: fc.constant("add" as const), at: fc.nat(50) }) },
    { weight: 4, arbitrary: fc.record({ kind: fc.constant("cancel" as const), which: fc.nat() }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant("take" as const), now: fc.nat(50) }) },
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 150, size: "max" }), (steps) => {
      const queue = new TimerQueue();
      const live: Timer[] = [];
      const taken: (Timer | undefined)[] = [];
      const expected: (Timer | undefined)[] = [];
      let mostCancelled = 0;
      const take = (now: number): Timer | undefined => {
        const next = live.toSorted((a, b) => a.at - b.at || a.order - b.order).find(({ at }) => at <= now);
        if (next !== undefined) live.splice(live.indexOf(next), 1);
        expected.push(next);
        const timer = queue.takeDue(now);
        taken.push(timer);
        return timer;
      };
      for (const each of steps) {
        if (each.kind === "add") live.push(queue.add(each.at, { kind: "work", label: "" }, () => {}));
        else if (each.kind === "take") take(each.now);
        else {
          const [timer] = live.splice(each.which % live.length, 1);
          if (timer !== undefined) queue.cancel(timer);
        }
        mostCancelled = Math.max(mostCancelled, queue.size - 2 * live.length);
      }
      while (take(50) !== undefined);
      expect(taken).toEqual(expected);
      expect(mostCancelled).toBeLessThanOrEqual(fewTimers);
      expect(queue.size).toBe(0);
    }),
  );
});

test("timers that are far away and cancelled leave nothing behind one that is near", () => {
  const queue = new TimerQueue();
  queue.add(1, { kind: "housekeeping", label: "" }, () => {});
  for (let round = 0; round < 10_000; round++)
    queue.cancel(queue.add(1000 + round, { kind: "housekeeping", label: "" }, () => {}));
  expect(queue.size).toBeLessThanOrEqual(fewTimers + 2);
});
