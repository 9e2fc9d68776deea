import { gzipSync } from "node:zlib";
import { beforeEach, describe, expect, test } from "vitest";
import { caller, FakeWorld } from "./fake-world.test.fixture.ts";
import { toHaveRecord, toHaveRecordTimes } from "./stream-matchers.ts";

const record = caller(toHaveRecord);
const times = caller(toHaveRecordTimes);
let world: FakeWorld;

beforeEach(() => {
  world = new FakeWorld();
});

describe("toHaveRecord", () => {
  test.each([
    ["a part of the data", { id: 1 }],
    ["a part at depth", { lines: [{ sku: "a" }, {}] }],
    ["an asymmetric matcher", expect.objectContaining({ id: 1 })],
    ["an asymmetric matcher inside", { id: expect.any(Number) }],
    ["a predicate", (data: unknown) => JSON.stringify(data).includes("sku")],
  ])("finds by %s", async (_name, match) => {
    world.put("text");
    world.put(JSON.stringify({ id: 1, lines: [{ sku: "a", n: 2 }, { sku: "b" }] }), 1);

    expect(await record.check(world.stream, match)).toBe(true);
  });

  test.each([
    ["text", Buffer.from("hello"), "hello"],
    ["text that is JSON, as text", Buffer.from("123"), "123"],
    ["text that is JSON, as its value", Buffer.from("123"), 123],
    ["gzip", gzipSync('{"id":1}'), { id: 1 }],
    ["bytes", Buffer.from([0xff, 0xfe]), Buffer.from([0xff, 0xfe])],
  ])("decodes %s", async (_name, data, match) => {
    world.put(data);

    expect(await record.check(world.stream, match)).toBe(true);
  });

  test("does not match more than there is", async () => {
    world.put('{"id":1,"lines":[1,2]}');

    expect(await record.check(world.stream, { id: 1, at: undefined, lines: [1] })).toBe(false);
  });

  test("waits for the record that is put, and for no longer", async () => {
    world.report = undefined;
    const asserting = record.check(world.stream, { id: 2 });
    await world.waiting;
    world.put('{"id":1}');
    world.put('{"id":2}');

    expect(await asserting).toBe(true);
  });

  test("reads only when something was put to the stream", async () => {
    world.report = undefined;
    const asserting = record.check(world.stream, { id: 2 });
    await world.waiting;
    for (let index = 0; index < 20; index++) world.happen({ type: "world.reset" });
    world.settle();

    expect(await asserting).toBe(false);
    expect(world.reads).toBe(2);
  });

  test("reads once more when the world is idle", async () => {
    world.report = undefined;
    const asserting = record.check(world.stream, { id: 2 });
    await world.waiting;
    world.shards[0]?.records.push({
      sequenceNumber: "1",
      partitionKey: "k",
      approximateArrival: 0,
      data: Buffer.from('{"id":2}').toString("base64"),
    });
    world.settle();

    expect(await asserting).toBe(true);
  });

  test("fails when the timeline cannot be followed", async () => {
    world.report = undefined;
    world.broken = new Error("the connection broke");

    await expect(record.check(world.stream, { id: 2 })).rejects.toThrow("the connection broke");
  });

  test("text: nothing like it", async () => {
    expect(await record.failure(world.stream, { id: "bad" })).toMatchInlineSnapshot(`
      "expect(stream "orders").toHaveRecord(match)

      Expected a record that matches { id: "bad" }.
      The world is idle: nothing more can happen.

      Records by shard:
        shard 0: 0
        shard 1: 0

      Nothing is on the timeline."
    `);
  });

  test("text: the nearest miss", async () => {
    world.put('{"id":1,"customer":{"name":"Ada","city":"London"},"total":7}');
    world.put('{"id":2,"customer":{"name":"Bob","city":"Oslo"},"total":9}', 1);
    world.put("hello");
    world.put(Buffer.from("ffd8ffe000104a464946", "hex"), 1);

    const match = { id: 3, customer: { name: "Bob", phone: expect.any(String) }, total: 9 };
    expect(await record.failure(world.stream, match)).toMatchInlineSnapshot(`
      "expect(stream "orders").toHaveRecord(match)

      Expected a record that matches { id: 3, customer: { name: "Bob", phone: Any<String> }, total: 9 }.
      The world is idle: nothing more can happen.

      Nearest of 4 records (- expected, + found): shard 1, key "k1", …000000000002
          {
        -   id: 3
        +   id: 2
            customer: {
              name: "Bob"
        -     phone: Any<String>
              … 1 more
            }
            total: 9
          }

      Records by shard:
        shard 0: 2
        shard 1: 2

      Records:
        shard 0, key "k0", …000000000001: { id: 1, customer: { name: "Ada", city: "London" }, total: 7 }
        shard 1, key "k1", …000000000002: { id: 2, customer: { name: "Bob", city: "Oslo" }, total: 9 }
        shard 0, key "k0", …000000000003: "hello"
        shard 1, key "k1", …000000000004: <10 bytes: ffd8ffe000104a464946>

      Timeline:
        12:00:00.010  orders shard 0 ← 1 record
        12:00:00.020  orders shard 1 ← 1 record
        12:00:00.030  orders shard 0 ← 1 record
        12:00:00.040  orders shard 1 ← 1 record"
    `);
  });

  test("text: a frozen clock", async () => {
    world.mode = "frozen";
    world.report = { state: "sleeping", nextTimer: { label: "retry of orders shard 0", at: 0, inMs: 30_000 } };

    expect(await record.failure(world.stream, { id: "bad" })).toMatchInlineSnapshot(`
      "expect(stream "orders").toHaveRecord(match)

      Expected a record that matches { id: "bad" }.
      The clock is frozen and the next timer is retry of orders shard 0: advance by 30 s.

      Records by shard:
        shard 0: 0
        shard 1: 0

      Nothing is on the timeline."
    `);
  });

  test("text: a predicate that throws", async () => {
    world.put("hello");

    expect(await record.failure(world.stream, hasTwoLines)).toMatchInlineSnapshot(`
      "expect(stream "orders").toHaveRecord(match)

      Expected a record that matches function hasTwoLines(order) { return order.lines.length > 1; }.
      The world is idle: nothing more can happen.

      The predicate threw for shard 0, key "k0", …000000000001: TypeError: Cannot read properties of undefined (reading 'length')

      Records by shard:
        shard 0: 1
        shard 1: 0

      Records:
        shard 0, key "k0", …000000000001: "hello"

      Timeline:
        12:00:00.010  orders shard 0 ← 1 record"
    `);
  });

  test("text: .not", async () => {
    world.put('{"id":1}');

    expect(await record.failure(world.stream, { id: 1 }, true)).toMatchInlineSnapshot(`
      "expect(stream "orders").not.toHaveRecord(match)

      Expected no record that matches { id: 1 }, but there is one: shard 0, key "k0", …000000000001.

      Records by shard:
        shard 0: 1
        shard 1: 0

      Records:
        shard 0, key "k0", …000000000001: { id: 1 }

      Timeline:
        12:00:00.010  orders shard 0 ← 1 record"
    `);
  });

  test(".not holds when the world is idle, or frozen, without it", async () => {
    expect(await record.check(world.stream, { id: 1 }, true)).toBe(true);
    world.mode = "frozen";
    world.report = { state: "sleeping", nextTimer: { label: "retry", at: 0, inMs: 1 } };
    expect(await record.check(world.stream, { id: 1 }, true)).toBe(true);
  });

  test("text: .not while the world is busy", async () => {
    world.report = {
      state: "busy",
      busy: [
        { label: "invoke orders-fn", count: 2 },
        { label: "report", count: 1 },
      ],
    };

    expect(await record.failure(world.stream, { id: 1 }, true)).toMatchInlineSnapshot(`
      "expect(stream "orders").not.toHaveRecord(match)

      Expected no record that matches { id: 1 }; so far there is none.
      The world had not settled after 4 s: busy with invoke orders-fn (2), report.

      Records by shard:
        shard 0: 0
        shard 1: 0

      Nothing is on the timeline."
    `);
  });

  test("text: a timer on a clock that runs", async () => {
    world.report = { state: "sleeping", nextTimer: { label: "retry of orders shard 0", at: 0, inMs: 12_345 } };

    expect(await record.failure(world.stream, { id: 1 })).toMatchInlineSnapshot(`
      "expect(stream "orders").toHaveRecord(match)

      Expected a record that matches { id: 1 }.
      The world had not settled after 4 s: retry of orders shard 0 is due in 12.4 s.

      Records by shard:
        shard 0: 0
        shard 1: 0

      Nothing is on the timeline."
    `);
    expect(await record.check(world.stream, { id: 1 }, true)).toBe(false);
  });

  test.each([
    [
      "a string",
      "orders",
      'toHaveRecord takes a stream of LocalEmu, as emu.stream(name) gives, or a table of LocalEmu with a stream, as emu.table(name) gives, not "orders"',
    ],
    [
      "nothing",
      undefined,
      "toHaveRecord takes a stream of LocalEmu, as emu.stream(name) gives, or a table of LocalEmu with a stream, as emu.table(name) gives, not undefined",
    ],
  ])("takes no %s", async (_name, received, text) => {
    await expect(record.check(received, {})).rejects.toThrow(text);
  });

  test("takes no queue", async () => {
    await expect(record.check(world.queue, {})).rejects.toThrow('not the queue "orders-dlq"');
  });
});

describe("toHaveRecordTimes", () => {
  beforeEach(() => {
    world.put('{"id":1,"kind":"order"}');
    world.put('{"id":2,"kind":"order"}', 1);
    world.put('{"id":3,"kind":"refund"}');
  });

  test("counts all, or those that match", async () => {
    expect(await times.check(world.stream, { times: 3 })).toBe(true);
    expect(await times.check(world.stream, { times: 2, match: { kind: "order" } })).toBe(true);
    expect(await times.check(world.stream, { times: 1, match: { kind: "order" } })).toBe(false);
    expect(await times.check(world.stream, { times: 2 }, true)).toBe(true);
  });

  test("counts when the world is idle, not before", async () => {
    world.report = undefined;
    const asserting = times.check(world.stream, { times: 3 });
    await world.waiting;
    world.put("{}");
    world.settle();

    expect(await asserting).toBe(false);
  });

  test("text", async () => {
    expect(await times.failure(world.stream, { times: 2 })).toMatchInlineSnapshot(`
      "expect(stream "orders").toHaveRecordTimes(2)

      Expected exactly 2 records; found 3.
      The world is idle: nothing more can happen.

      Records by shard:
        shard 0: 2
        shard 1: 1

      Records:
        shard 0, key "k0", …000000000001: { id: 1, kind: "order" }
        shard 1, key "k1", …000000000002: { id: 2, kind: "order" }
        shard 0, key "k0", …000000000003: { id: 3, kind: "refund" }

      Timeline:
        12:00:00.010  orders shard 0 ← 1 record
        12:00:00.020  orders shard 1 ← 1 record
        12:00:00.030  orders shard 0 ← 1 record"
    `);
  });

  test("text: with a match", async () => {
    expect(await times.failure(world.stream, { times: 3, match: { kind: "order" } })).toMatchInlineSnapshot(`
      "expect(stream "orders").toHaveRecordTimes(3, match)

      Expected exactly 3 records that match { kind: "order" }; found 2.
      The world is idle: nothing more can happen.

      Nearest of 1 other record (- expected, + found): shard 0, key "k0", …000000000003
          {
        -   kind: "order"
        +   kind: "refund"
            … 1 more
          }

      Records by shard:
        shard 0: 2
        shard 1: 1

      Records:
        shard 0, key "k0", …000000000001: { id: 1, kind: "order" }
        shard 1, key "k1", …000000000002: { id: 2, kind: "order" }
        shard 0, key "k0", …000000000003: { id: 3, kind: "refund" }

      Timeline:
        12:00:00.010  orders shard 0 ← 1 record
        12:00:00.020  orders shard 1 ← 1 record
        12:00:00.030  orders shard 0 ← 1 record"
    `);
  });

  test("text: .not", async () => {
    expect(await times.failure(world.stream, { times: 3 }, true)).toMatchInlineSnapshot(`
      "expect(stream "orders").not.toHaveRecordTimes(3)

      Expected another number of records than 3; found 3.
      The world is idle: nothing more can happen.

      Records by shard:
        shard 0: 2
        shard 1: 1

      Records:
        shard 0, key "k0", …000000000001: { id: 1, kind: "order" }
        shard 1, key "k1", …000000000002: { id: 2, kind: "order" }
        shard 0, key "k0", …000000000003: { id: 3, kind: "refund" }

      Timeline:
        12:00:00.010  orders shard 0 ← 1 record
        12:00:00.020  orders shard 1 ← 1 record
        12:00:00.030  orders shard 0 ← 1 record"
    `);
  });
});

function hasTwoLines(order: { readonly lines: readonly unknown[] }): boolean {
  return order.lines.length > 1;
}
