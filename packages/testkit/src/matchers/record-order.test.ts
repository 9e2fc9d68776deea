import { beforeEach, describe, expect, test } from "vitest";
import { caller, FakeWorld } from "./fake-world.test.fixture.ts";
import { toHaveNoMoreRecords, toHaveRecords } from "./record-order.ts";

const records = caller(toHaveRecords);
const noMore = caller(toHaveNoMoreRecords);
let world: FakeWorld;
let sequences: readonly string[];

/** Shard 0 has the ids 1, 3 and 5, shard 1 has 2 and 4; each shard has one partition key. */
beforeEach(() => {
  world = new FakeWorld();
  sequences = [1, 2, 3, 4, 5].map((id) => world.put(JSON.stringify({ id }), (id + 1) % 2));
});

const ids = (...list: readonly number[]) => list.map((id) => ({ id }));

describe("toHaveRecords", () => {
  test.each([
    ["all of a key in order", ids(1, 3, 5), undefined, true],
    ["some of a key in order", ids(1, 5), undefined, true],
    ["keys against each other in any order", ids(2, 1, 3, 4), undefined, true],
    ["a key out of order", ids(3, 1), undefined, false],
    ["a key out of order, where none counts", ids(3, 1), "any", true],
    ["a shard out of order", ids(1, 4, 2), "shard", false],
    ["one that is missing", ids(1, 6), "any", false],
    ["the same twice", ids(1, 1), "any", false],
  ] as const)("%s", async (_name, expected, order, holds) => {
    const wanted = { records: expected, ...(order && { order }) };

    expect(await records.check(world.stream, wanted)).toBe(holds);
    expect(await records.check(world.stream, wanted, true)).toBe(!holds);
  });

  test("what is expected first may stand for a later record where it must", async () => {
    const anyOdd = (order: unknown) => JSON.stringify(order) !== '{"id":5}';

    expect(await records.check(world.stream, { records: [anyOdd, { id: 1 }], order: "any" })).toBe(true);
    expect(await records.check(world.stream, { records: [anyOdd, { id: 2 }] })).toBe(true);
  });

  test("waits for those that are missing", async () => {
    world.report = undefined;
    const asserting = records.check(world.stream, { records: ids(5, 7) });
    await world.waiting;
    world.put('{"id":7}');

    expect(await asserting).toBe(true);
  });

  test("text", async () => {
    expect(await records.failure(world.stream, { records: ids(1, 6) })).toMatchInlineSnapshot(`
      "expect(stream "orders").toHaveRecords(matches)

      Expected these 2 records, in order per partition key; the 2nd, { id: 6 }, is missing.
      The world is idle: nothing more can happen.

      Nearest of 4 other records (- expected, + found): shard 0, key "k0", …000000000003
          {
        -   id: 6
        +   id: 3
          }

      Records by shard:
        shard 0: 3
        shard 1: 2

      Records:
        shard 0, key "k0", …000000000001: { id: 1 }
        shard 1, key "k1", …000000000002: { id: 2 }
        shard 0, key "k0", …000000000003: { id: 3 }
        shard 1, key "k1", …000000000004: { id: 4 }
        shard 0, key "k0", …000000000005: { id: 5 }

      Timeline:
        12:00:00.010  orders shard 0 ← 1 record
        12:00:00.020  orders shard 1 ← 1 record
        12:00:00.030  orders shard 0 ← 1 record
        12:00:00.040  orders shard 1 ← 1 record
        12:00:00.050  orders shard 0 ← 1 record"
    `);
    expect(await records.failure(world.stream, { records: ids(1, 5, 3), order: "shard" })).toMatchInlineSnapshot(`
      "expect(stream "orders").toHaveRecords(matches, { order: "shard" })

      Expected these 3 records, in order per shard; the 3rd, { id: 3 }, is there, but not after those before it.
      The world is idle: nothing more can happen.

      Records by shard:
        shard 0: 3
        shard 1: 2

      Records:
        shard 0, key "k0", …000000000001: { id: 1 }
        shard 1, key "k1", …000000000002: { id: 2 }
        shard 0, key "k0", …000000000003: { id: 3 }
        shard 1, key "k1", …000000000004: { id: 4 }
        shard 0, key "k0", …000000000005: { id: 5 }

      Timeline:
        12:00:00.010  orders shard 0 ← 1 record
        12:00:00.020  orders shard 1 ← 1 record
        12:00:00.030  orders shard 0 ← 1 record
        12:00:00.040  orders shard 1 ← 1 record
        12:00:00.050  orders shard 0 ← 1 record"
    `);
    expect(await records.failure(world.stream, { records: ids(1) }, true)).toMatchInlineSnapshot(`
      "expect(stream "orders").not.toHaveRecords(matches)

      Expected not this record, but it is there.

      Records by shard:
        shard 0: 3
        shard 1: 2

      Records:
        shard 0, key "k0", …000000000001: { id: 1 }
        shard 1, key "k1", …000000000002: { id: 2 }
        shard 0, key "k0", …000000000003: { id: 3 }
        shard 1, key "k1", …000000000004: { id: 4 }
        shard 0, key "k0", …000000000005: { id: 5 }

      Timeline:
        12:00:00.010  orders shard 0 ← 1 record
        12:00:00.020  orders shard 1 ← 1 record
        12:00:00.030  orders shard 0 ← 1 record
        12:00:00.040  orders shard 1 ← 1 record
        12:00:00.050  orders shard 0 ← 1 record"
    `);
  });
});

describe("toHaveNoMoreRecords", () => {
  const position = (shard: number, index: number) => ({
    shardId: `shardId-00000000000${shard}`,
    sequenceNumber: sequences[index] ?? "",
  });

  test("after what was put, in its shards alone", async () => {
    expect(await noMore.check(world.stream, { after: position(0, 4) })).toBe(true);
    expect(await noMore.check(world.stream, { after: position(0, 2) })).toBe(false);
    expect(await noMore.check(world.stream, { after: [position(0, 0), position(1, 3), position(0, 4)] })).toBe(true);
    expect(await noMore.check(world.stream, { after: [position(0, 4), position(1, 1)] }, true)).toBe(true);
  });

  test("after a cursor, in all shards", async () => {
    const shards = { "shardId-000000000000": sequences[4] ?? "", "shardId-000000000001": sequences[3] ?? "" };

    expect(await noMore.check(world.stream, { after: { shards } })).toBe(true);
    expect(await noMore.check(world.stream, { after: { shards: { ...shards, "shardId-000000000001": null } } })).toBe(
      false,
    );
    expect(await noMore.check(world.stream, { after: { shards: {} } })).toBe(false);
  });

  test("text", async () => {
    expect(await noMore.failure(world.stream, { after: position(0, 2) })).toMatchInlineSnapshot(`
      "expect(stream "orders").toHaveNoMoreRecords({ after })

      Expected no records past the given position; found 1.
      The world is idle: nothing more can happen.

      1 record more:
        shard 0, key "k0", …000000000005: { id: 5 }

      Records by shard:
        shard 0: 3
        shard 1: 2

      Records:
        shard 0, key "k0", …000000000001: { id: 1 }
        shard 1, key "k1", …000000000002: { id: 2 }
        shard 0, key "k0", …000000000003: { id: 3 }
        shard 1, key "k1", …000000000004: { id: 4 }
        shard 0, key "k0", …000000000005: { id: 5 }

      Timeline:
        12:00:00.010  orders shard 0 ← 1 record
        12:00:00.020  orders shard 1 ← 1 record
        12:00:00.030  orders shard 0 ← 1 record
        12:00:00.040  orders shard 1 ← 1 record
        12:00:00.050  orders shard 0 ← 1 record"
    `);
    expect(await noMore.failure(world.stream, { after: position(0, 4) }, true)).toMatchInlineSnapshot(`
      "expect(stream "orders").not.toHaveNoMoreRecords({ after })

      Expected a record past the given position; found none.
      The world is idle: nothing more can happen.

      Records by shard:
        shard 0: 3
        shard 1: 2

      Records:
        shard 0, key "k0", …000000000001: { id: 1 }
        shard 1, key "k1", …000000000002: { id: 2 }
        shard 0, key "k0", …000000000003: { id: 3 }
        shard 1, key "k1", …000000000004: { id: 4 }
        shard 0, key "k0", …000000000005: { id: 5 }

      Timeline:
        12:00:00.010  orders shard 0 ← 1 record
        12:00:00.020  orders shard 1 ← 1 record
        12:00:00.030  orders shard 0 ← 1 record
        12:00:00.040  orders shard 1 ← 1 record
        12:00:00.050  orders shard 0 ← 1 record"
    `);
  });
});
