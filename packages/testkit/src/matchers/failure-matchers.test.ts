import { beforeEach, describe, expect, test } from "vitest";
import { toHaveFailedBatch, toHaveFailedRecord } from "./failure-matchers.ts";
import { caller, FakeWorld } from "./fake-world.test.fixture.ts";

const batch = caller(toHaveFailedBatch);
const record = caller(toHaveFailedRecord);
let world: FakeWorld;
let sequences: readonly string[];

function sequence(index: number): string {
  return sequences[index] ?? "";
}

beforeEach(() => {
  world = new FakeWorld();
  sequences = ['{"id":1}', '{"id":"bad"}', '{"id":3}'].map((data) => world.put(data));
});

describe("toHaveFailedBatch", () => {
  test.each([
    ["anything", {}],
    ["the condition", { condition: "RetryAttemptsExhausted" }],
    [
      "all of it",
      { condition: expect.stringContaining("Retry"), approximateInvokeCount: 3, shardId: "shardId-000000000000" },
    ],
    ["the records", { records: [{ id: "bad" }, { id: 3 }] }],
    ["a predicate for the records", { records: (records: readonly unknown[]) => records.length === 2 }],
  ])("finds by %s", async (_name, expected) => {
    world.fail(sequence(1), sequence(2), 2);

    expect(await batch.check(world.queue, expected)).toBe(true);
  });

  test.each([
    ["another condition", { condition: "RecordAgeExceeded" }],
    ["another count", { approximateInvokeCount: 4 }],
    ["another shard", { shardId: "shardId-000000000001" }],
    ["fewer records", { records: [{ id: "bad" }] }],
    ["another order", { records: [{ id: 3 }, { id: "bad" }] }],
  ])("does not take %s", async (_name, expected) => {
    world.fail(sequence(1), sequence(2), 2);

    expect(await batch.check(world.queue, expected)).toBe(false);
    expect(await batch.check(world.queue, expected, true)).toBe(true);
  });

  test("reads what SNS wrapped", async () => {
    world.fail(sequence(1), sequence(1), 1, (body) => JSON.stringify({ Type: "Notification", Message: body }));

    expect(await batch.check(world.queue, { records: [{ id: "bad" }] })).toBe(true);
  });

  test("waits for the report", async () => {
    world.report = undefined;
    const asserting = batch.check(world.queue, { records: [{ id: "bad" }] });
    await world.waiting;
    world.fail(sequence(1), sequence(1), 1);

    expect(await asserting).toBe(true);
  });

  test("text: an empty queue", async () => {
    expect(await batch.failure(world.queue, { condition: "RetryAttemptsExhausted" })).toMatchInlineSnapshot(`
      "expect(queue "orders-dlq").toHaveFailedBatch(expected)

      Expected a failure document with { condition: "RetryAttemptsExhausted" }.
      The world is idle: nothing more can happen.

      The queue has no messages.

      Timeline:
        12:00:00.010  orders shard 0 ← 1 record
        12:00:00.020  orders shard 0 ← 1 record
        12:00:00.030  orders shard 0 ← 1 record"
    `);
  });

  test("text: the nearest miss", async () => {
    world.send("hello");
    world.fail(sequence(0), sequence(0), 1);
    world.fail(sequence(1), sequence(2), 2);

    const expected = { condition: "RetryAttemptsExhausted", approximateInvokeCount: 3, records: [{ id: "bad" }] };
    expect(await batch.failure(world.queue, expected)).toMatchInlineSnapshot(`
      "expect(queue "orders-dlq").toHaveFailedBatch(expected)

      Expected a failure document with { condition: "RetryAttemptsExhausted", approximateInvokeCount: 3, records: [{ id: "bad" }] }.
      The world is idle: nothing more can happen.

      Nearest of 2 failure documents (- expected, + found): 2 records of orders shard 0, RetryAttemptsExhausted after 3 invokes
          {
            condition: "RetryAttemptsExhausted"
            approximateInvokeCount: 3
        -   records: [{ id: "bad" }]
        +   records: [{ id: "bad" }, { id: 3 }]
            … 1 more
          }

      1 record of orders shard 0, RetryAttemptsExhausted after 3 invokes:
        shard 0, key "k0", …000000000001: { id: 1 }

      2 records of orders shard 0, RetryAttemptsExhausted after 3 invokes:
        shard 0, key "k0", …000000000002: { id: "bad" }
        shard 0, key "k0", …000000000003: { id: 3 }

      1 message without a failure document:
        "hello"

      Timeline:
        12:00:00.010  orders shard 0 ← 1 record
        12:00:00.020  orders shard 0 ← 1 record
        12:00:00.030  orders shard 0 ← 1 record
        12:00:00.040  orders-fn ← orders shard 0: DLQ orders-dlq ← 1 record
        12:00:00.050  orders-fn ← orders shard 0: DLQ orders-dlq ← 2 records"
    `);
  });

  test("text: records that are gone", async () => {
    world.fail(sequence(1), sequence(2), 2);
    world.streamExists = false;

    expect(await batch.failure(world.queue, { records: [{ id: "bad" }] })).toMatchInlineSnapshot(`
      "expect(queue "orders-dlq").toHaveFailedBatch(expected)

      Expected a failure document with { records: [{ id: "bad" }] }.
      The world is idle: nothing more can happen.

      Nearest of 1 failure document (- expected, + found): 2 records of orders shard 0, RetryAttemptsExhausted after 3 invokes
          {
        -   records: [{ id: "bad" }]
        +   records: []
            … 3 more
          }

      2 records of orders shard 0, RetryAttemptsExhausted after 3 invokes:
        2 records no longer in the stream

      Timeline:
        12:00:00.010  orders shard 0 ← 1 record
        12:00:00.020  orders shard 0 ← 1 record
        12:00:00.030  orders shard 0 ← 1 record
        12:00:00.040  orders-fn ← orders shard 0: DLQ orders-dlq ← 2 records"
    `);
  });

  test("text: .not", async () => {
    world.fail(sequence(1), sequence(1), 1);

    expect(await batch.failure(world.queue, {}, true)).toMatchInlineSnapshot(`
      "expect(queue "orders-dlq").not.toHaveFailedBatch(expected)

      Expected no failure document with {}, but there is one: 1 record of orders shard 0, RetryAttemptsExhausted after 3 invokes.

      1 record of orders shard 0, RetryAttemptsExhausted after 3 invokes:
        shard 0, key "k0", …000000000002: { id: "bad" }

      Timeline:
        12:00:00.010  orders shard 0 ← 1 record
        12:00:00.020  orders shard 0 ← 1 record
        12:00:00.030  orders shard 0 ← 1 record
        12:00:00.040  orders-fn ← orders shard 0: DLQ orders-dlq ← 1 record"
    `);
  });
});

describe("toHaveFailedRecord", () => {
  test("finds a record of any batch", async () => {
    world.fail(sequence(0), sequence(0), 1);
    world.fail(sequence(1), sequence(2), 2);

    expect(await record.check(world.queue, { id: 3 })).toBe(true);
    expect(await record.check(world.queue, { id: 4 })).toBe(false);
    expect(await record.check(world.queue, { id: 4 }, true)).toBe(true);
  });

  test("text: the nearest miss", async () => {
    world.fail(sequence(1), sequence(2), 2);

    expect(await record.failure(world.queue, { id: 1 })).toMatchInlineSnapshot(`
      "expect(queue "orders-dlq").toHaveFailedRecord(match)

      Expected a failed record that matches { id: 1 }.
      The world is idle: nothing more can happen.

      Nearest of 2 failed records (- expected, + found): shard 0, key "k0", …000000000002
          {
        -   id: 1
        +   id: "bad"
          }

      2 records of orders shard 0, RetryAttemptsExhausted after 3 invokes:
        shard 0, key "k0", …000000000002: { id: "bad" }
        shard 0, key "k0", …000000000003: { id: 3 }

      Timeline:
        12:00:00.010  orders shard 0 ← 1 record
        12:00:00.020  orders shard 0 ← 1 record
        12:00:00.030  orders shard 0 ← 1 record
        12:00:00.040  orders-fn ← orders shard 0: DLQ orders-dlq ← 2 records"
    `);
  });

  test("text: .not", async () => {
    world.fail(sequence(1), sequence(1), 1);

    expect(await record.failure(world.queue, { id: "bad" }, true)).toMatchInlineSnapshot(`
      "expect(queue "orders-dlq").not.toHaveFailedRecord(match)

      Expected no failed record that matches { id: "bad" }, but there is one: 1 record of orders shard 0, RetryAttemptsExhausted after 3 invokes.

      1 record of orders shard 0, RetryAttemptsExhausted after 3 invokes:
        shard 0, key "k0", …000000000002: { id: "bad" }

      Timeline:
        12:00:00.010  orders shard 0 ← 1 record
        12:00:00.020  orders shard 0 ← 1 record
        12:00:00.030  orders shard 0 ← 1 record
        12:00:00.040  orders-fn ← orders shard 0: DLQ orders-dlq ← 1 record"
    `);
  });
});
