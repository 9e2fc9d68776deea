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
      for (const each of steps) {
        if (each.kind === "add") live.push(queue.add(each.at, { kind: "work", label: "" }, () => {}));
        else if (each.kind === "cancel") {
          const [timer] = live.splice(each.which % live.length, 1);
          if (timer !== undefined) queue.cancel(timer);
        } else {
          const [next] = live.toSorted((a, b) => a.at - b.at || a.order - b.order);
          const due = next !== undefined && next.at <= each.now ? next : undefined;
          expect(queue.takeDue(each.now)).toBe(due);
          if (due !== undefined) live.splice(live.indexOf(due), 1);
        }
        expect(queue.size).toBeLessThanOrEqual(fewTimers + 2 * live.length);
      }
      const taken: (Timer | undefined)[] = [];
      for (let timer = queue.takeDue(50); timer !== undefined; timer = queue.takeDue(50)) taken.push(timer);
      expect(taken).toEqual(live.toSorted((a, b) => a.at - b.at || a.order - b.order));
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
