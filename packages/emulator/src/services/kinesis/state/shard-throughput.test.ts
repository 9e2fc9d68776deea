import { expect, test } from "vitest";
import { PushThroughput, ShardThroughput } from "./shard-throughput.ts";

const mebibyte = 1024 * 1024;

test("any second takes 1000 records, a shard's first one too", () => {
  const shard = new ShardThroughput();
  const taken = (now: number) => {
    let count = 0;
    while (shard.takesRecord(1, now)) count++;
    return count;
  };
  expect([0, 1, 999, 1000, 1999, 2000, 9000].map(taken)).toEqual([1000, 0, 0, 1000, 0, 1000, 1000]);
});

test("any second takes 1 MiB; a larger record is let through by a shard that rested, and counts for as long", () => {
  const shard = new ShardThroughput();
  const half = mebibyte / 2;
  expect([1, 2, 3].map(() => shard.takesRecord(half, 0))).toEqual([true, true, false]);
  expect([500, 999, 1000].map((now) => shard.takesRecord(half, now))).toEqual([false, false, true]);
  expect([1999, 2000].map((now) => shard.takesRecord(3 * mebibyte, now))).toEqual([false, true]);
  expect([4999, 5000].map((now) => shard.takesRecord(1, now))).toEqual([false, true]);
});

test("a record that is refused costs nothing", () => {
  const shard = new ShardThroughput();
  expect(shard.takesRecord(mebibyte - 1, 0)).toBe(true);
  expect(shard.takesRecord(2, 0)).toBe(false);
  expect(shard.takesRecord(1, 0)).toBe(true);
});

test("any second has five reads; 10 MiB that were given keep the shard from giving for five seconds", () => {
  const shard = new ShardThroughput();
  expect([1, 2, 3, 4, 5, 6].map(() => shard.takesRead(0))).toEqual([true, true, true, true, true, false]);
  expect([999, 1000].map((now) => shard.takesRead(now))).toEqual([false, true]);
  shard.gave(10 * mebibyte, 1000);
  expect([shard.takesRead(5999), shard.takesRead(6000)]).toEqual([false, true]);
});

test("a read is answered while something is left of the second's 2 MiB", () => {
  const shard = new ShardThroughput();
  shard.gave(2 * mebibyte - 1, 0);
  expect(shard.takesRead(0)).toBe(true);
  shard.gave(1, 0);
  expect([shard.takesRead(0), shard.takesRead(1000)]).toEqual([false, true]);
});

test("a consumer is pushed 2 MiB in any second, and waits for what does not fit", () => {
  const pushes = new PushThroughput();
  expect(pushes.waitMs(2 * mebibyte, 0)).toBe(0);
  pushes.gave(mebibyte, 0);
  pushes.gave(mebibyte, 400);
  expect([pushes.waitMs(1, 400), pushes.waitMs(2 * mebibyte, 400), pushes.waitMs(mebibyte, 1000)]).toEqual([
    600, 1000, 0,
  ]);
  pushes.gave(10 * mebibyte, 1400);
  expect([pushes.waitMs(1, 1400), pushes.waitMs(1, 6400)]).toEqual([5000, 0]);
});
