import fc from "fast-check";
import { expect, test } from "vitest";
import { TimerQueue } from "./timer-queue.ts";

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
