import fc from "fast-check";
import { expect, test } from "vitest";
import { PushThroughput, ShardThroughput } from "./shard-throughput.ts";

test("a second takes 1000 records, and each millisecond after it one more", () => {
  const shard = new ShardThroughput();
  const taken = (now: number) => {
    let count = 0;
    while (shard.takesRecord(1, now)) count++;
    return count;
  };
  expect([taken(0), taken(0), taken(1), taken(500), taken(5000)]).toEqual([1000, 0, 1, 499, 1000]);
});

test("a second takes 1 MiB; a larger record is let through by a shard that rested, which owes it", () => {
  const shard = new ShardThroughput();
  const half = 512 * 1024;
  expect([1, 2, 3].map(() => shard.takesRecord(half, 0))).toEqual([true, true, false]);
  expect(shard.takesRecord(half, 500)).toBe(true);
  expect(shard.takesRecord(3 * 2 * half, 1499)).toBe(false);
  expect(shard.takesRecord(3 * 2 * half, 1500)).toBe(true);
  expect(shard.takesRecord(1, 3500)).toBe(false);
  expect(shard.takesRecord(1, 3501)).toBe(true);
});

test("a second has five reads; 10 MiB that were given keep the shard from giving for five seconds", () => {
  const shard = new ShardThroughput();
  expect([1, 2, 3, 4, 5, 6].map(() => shard.takesRead(0))).toEqual([true, true, true, true, true, false]);
  expect(shard.takesRead(200)).toBe(true);
  shard.gave(10 * 1024 * 1024);
  expect([shard.takesRead(5199), shard.takesRead(5200)]).toEqual([false, true]);
});

test("a consumer is pushed 2 MiB in a second, and waits for as long as more has taken", () => {
  const pushes = new PushThroughput();
  const mebibyte = 1024 * 1024;
  expect(pushes.waitMs(0)).toBe(0);
  pushes.gave(2 * mebibyte);
  pushes.gave(mebibyte);
  expect([pushes.waitMs(0), pushes.waitMs(499), pushes.waitMs(500)]).toEqual([500, 1, 0]);
  pushes.gave(10 * mebibyte);
  expect([pushes.waitMs(500), pushes.waitMs(5500)]).toEqual([5000, 0]);
});

test("never takes more than what was there and came in", () => {
  fc.assert(
    fc.property(fc.array(fc.record({ wait: fc.nat(300), bytes: fc.nat(400_000) }), { maxLength: 60 }), (puts) => {
      const shard = new ShardThroughput();
      let now = 0;
      let taken = 0;
      for (const { wait, bytes } of puts) {
        now += wait;
        if (shard.takesRecord(bytes, now)) taken += bytes;
        expect(taken).toBeLessThanOrEqual(1024 * 1024 * (1 + now / 1000) + 1);
      }
    }),
  );
});
