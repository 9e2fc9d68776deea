import fc from "fast-check";
import { expect, test } from "vitest";
import { append, dropFirst, emptyQueue, firstOf, queueAt, queueLength } from "./record-queue.ts";
import { compareSequences, laneOf } from "./record.ts";

test("sequence numbers compare as the big integers that they are", () => {
  const digits = fc.string({ unit: fc.constantFrom("0", "1", "2", "5", "8", "9"), minLength: 1, maxLength: 60 });
  fc.assert(
    fc.property(digits, digits, (left, right) => {
      const [a, b] = [BigInt(left), BigInt(right)];
      expect(Math.sign(compareSequences(left, right))).toBe(a < b ? -1 : a > b ? 1 : 0);
    }),
  );
});

test("a key's lane is one of those there are", () => {
  fc.assert(
    fc.property(fc.string(), fc.integer({ min: 1, max: 10 }), (key, lanes) => {
      expect(laneOf(key, lanes)).toBeGreaterThanOrEqual(0);
      expect(laneOf(key, lanes)).toBeLessThan(lanes);
    }),
  );
  const used = new Set(Array.from({ length: 100 }, (_, index) => laneOf(`key-${index}`, 10)));
  expect(used.size).toBe(10);
});

test("a queue behaves like a list that is cut and appended to", () => {
  const changes = fc.array(fc.oneof(fc.nat(600), fc.array(fc.nat(), { maxLength: 600 })), { maxLength: 30 });
  fc.assert(
    fc.property(changes, (sequence) => {
      let queue = emptyQueue<number>();
      let list: readonly number[] = [];
      for (const change of sequence) {
        const count = typeof change === "number" ? Math.min(change, list.length) : 0;
        const added = typeof change === "number" ? [] : change;
        queue = append(dropFirst(queue, count), added);
        list = [...list.slice(count), ...added];
        expect(firstOf(queue, queueLength(queue))).toEqual(list);
        expect(queueAt(queue, 3)).toBe(list[3]);
      }
    }),
  );
});
