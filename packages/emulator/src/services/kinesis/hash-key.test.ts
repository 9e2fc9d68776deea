import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createRouter, evenRanges, hashOfExplicitKey, hashOfPartitionKey } from "./hash-key.ts";

const largest = 2n ** 128n - 1n;

function shards(count: number) {
  return evenRanges(count).map((range, index) => ({ range, index }));
}

describe("evenRanges", () => {
  test("are AWS's for two shards", () => {
    expect(evenRanges(2)).toEqual([
      { start: 0n, end: 170141183460469231731687303715884105727n },
      { start: 170141183460469231731687303715884105728n, end: 340282366920938463463374607431768211455n },
    ]);
  });

  test("tile the key space", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2000 }), (count) => {
        const ranges = evenRanges(count);
        expect(ranges[0]?.start).toBe(0n);
        expect(ranges.at(-1)?.end).toBe(largest);
        for (const [index, range] of ranges.slice(1).entries())
          expect(range.start).toBe((ranges[index]?.end ?? 0n) + 1n);
      }),
    );
  });
});

describe("routing", () => {
  test.each([
    ["a", 0],
    ["b", 1],
    ["e", 2],
    ["f", 1],
  ])("sends key %s of three shards to shard %i, as AWS does", (key, index) => {
    expect(createRouter(shards(3))(hashOfPartitionKey(key)).index).toBe(index);
  });

  test("hashes the UTF-8 bytes of a key", () => {
    expect(hashOfPartitionKey("ключ")).toBe("c3657b66c60a307292aae11f07b04ae7");
  });

  test("finds the shard whose range has the hash key, both ends included", () => {
    const hashKey = fc.oneof(fc.bigInt({ min: 0n, max: largest }), fc.constantFrom(0n, largest));
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 300 }), hashKey, fc.nat(300), (count, key, edge) => {
        const all = shards(count);
        const route = createRouter(all.toReversed());
        const range = all[edge % count]?.range ?? { start: 0n, end: 0n };
        for (const each of [key, range.start, range.end]) {
          const found = route(hashOfExplicitKey(each.toString()) ?? "");
          expect(found.range.start <= each && each <= found.range.end).toBe(true);
        }
      }),
    );
  });

  test("takes explicit hash keys below 2^128 only", () => {
    expect(hashOfExplicitKey("0")).toBe("0".repeat(32));
    expect(hashOfExplicitKey(largest.toString())).toBe("f".repeat(32));
    expect(hashOfExplicitKey((largest + 1n).toString())).toBeUndefined();
  });
});
