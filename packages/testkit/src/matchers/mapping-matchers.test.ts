import { beforeEach, describe, expect, test } from "vitest";
import { caller, FakeWorld } from "./fake-world.test.fixture.ts";
import { toHaveCaughtUp, toHaveCheckpoint } from "./mapping-matchers.ts";

const caughtUp = caller(toHaveCaughtUp);
const checkpoint = caller(toHaveCheckpoint);
const shardId = "shardId-000000000000";
const sequence = (end: number) => `4964000000000000000000000000000000000000000000000000000${end}`;
let world: FakeWorld;

beforeEach(() => {
  world = new FakeWorld();
  world.proceed("TRIM_HORIZON", 2);
});

test("toHaveCaughtUp waits until nothing is left", async () => {
  world.report = undefined;
  const asserting = caughtUp.check(world.mapping, undefined);
  await world.waiting;
  world.proceed(sequence(1), 1);
  world.proceed(sequence(2), 0);

  expect(await asserting).toBe(true);
  world.report = { state: "idle" };
  expect(await caughtUp.check(world.mapping, undefined, true)).toBe(false);
});

test("toHaveCheckpoint waits for the position", async () => {
  world.report = undefined;
  const asserting = checkpoint.check(world.mapping, { shardId, sequenceNumber: sequence(1) });
  await world.waiting;
  world.proceed(sequence(1), 1);

  expect(await asserting).toBe(true);
  world.report = { state: "idle" };
  expect(await checkpoint.check(world.mapping, { shardId, sequenceNumber: expect.stringMatching(/1$/) })).toBe(true);
  expect(await checkpoint.check(world.mapping, { shardId, sequenceNumber: "TRIM_HORIZON" }, true)).toBe(true);
});

describe("text", () => {
  test("what is left, and until when", async () => {
    world.mode = "frozen";
    world.report = { state: "sleeping", nextTimer: { label: "next try of shard 0", at: 0, inMs: 30_000 } };

    expect(await caughtUp.failure(world.mapping, undefined)).toMatchInlineSnapshot(`
      "expect(mapping "orders-fn ← orders").toHaveCaughtUp()

      Expected nothing to be left.
      The clock is frozen and the next timer is next try of shard 0: advance by 30 s.

      The mapping is Enabled; last result: PROBLEM: Function call failed.

      Progress by shard:
        shard 0: 2 records left, checkpoint TRIM_HORIZON

      Timeline:
        12:00:00.010  orders-fn ← orders shard 0: checkpoint TRIM_HORIZON"
    `);
  });

  test("nothing is left", async () => {
    world.proceed(sequence(2), 0);

    expect(await caughtUp.failure(world.mapping, undefined, true)).toMatchInlineSnapshot(`
      "expect(mapping "orders-fn ← orders").not.toHaveCaughtUp()

      Expected something to be left.
      The world is idle: nothing more can happen.

      The mapping is Enabled; last result: PROBLEM: Function call failed.

      Progress by shard:
        shard 0: no records left, checkpoint …000000000002

      Timeline:
        12:00:00.010  orders-fn ← orders shard 0: checkpoint TRIM_HORIZON
        12:00:00.020  orders-fn ← orders shard 0: checkpoint …000000000002"
    `);
  });

  test("another checkpoint", async () => {
    expect(await checkpoint.failure(world.mapping, { shardId, sequenceNumber: sequence(2) })).toMatchInlineSnapshot(`
      "expect(mapping "orders-fn ← orders").toHaveCheckpoint(expected)

      Expected the checkpoint of shard 0 to be …000000000002.
      The world is idle: nothing more can happen.

      The mapping is Enabled; last result: PROBLEM: Function call failed.

      Progress by shard:
        shard 0: 2 records left, checkpoint TRIM_HORIZON

      Timeline:
        12:00:00.010  orders-fn ← orders shard 0: checkpoint TRIM_HORIZON"
    `);
  });
});
