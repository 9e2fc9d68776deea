import { beforeEach, describe, expect, test } from "vitest";
import { caller, FakeWorld } from "./fake-world.test.fixture.ts";
import { toHaveBatches, toHaveBeenInvoked, toHaveBeenInvokedWith } from "./function-matchers.ts";

const invoked = caller(toHaveBeenInvoked);
const invokedWith = caller(toHaveBeenInvokedWith);
const batches = caller(toHaveBatches);
let world: FakeWorld;

beforeEach(() => {
  world = new FakeWorld();
});

const ids = (...list: readonly number[]) => list.map((id) => ({ id }));

describe("toHaveBeenInvoked", () => {
  test("at all, or so often", async () => {
    expect(await invoked.check(world.function, {}, true)).toBe(true);
    world.invoke({ a: 1 });
    world.invoke({ a: 2 });

    expect(await invoked.check(world.function, {})).toBe(true);
    expect(await invoked.check(world.function, { times: 2 })).toBe(true);
    expect(await invoked.check(world.function, { times: 1 })).toBe(false);
    expect(await invoked.check(world.function, { times: 1 }, true)).toBe(true);
  });

  test("waits for the first; counts when the world is idle", async () => {
    world.report = undefined;
    const first = invoked.check(world.function, {});
    await world.waiting;
    world.invoke({});
    expect(await first).toBe(true);

    const other = new FakeWorld();
    other.report = undefined;
    other.invoke({});
    const counted = invoked.check(other.function, { times: 1 });
    await other.waiting;
    other.invoke({});
    other.settle();
    expect(await counted).toBe(false);
  });

  test("text", async () => {
    expect(await invoked.failure(world.function, {})).toMatchInlineSnapshot(`
      "expect(function "orders-fn").toHaveBeenInvoked()

      Expected an invocation; found none.
      The world is idle: nothing more can happen.

      The function was not invoked.

      Nothing is on the timeline."
    `);
    world.invoke({ a: 1 }, "Error: boom");
    expect(await invoked.failure(world.function, { times: 2 })).toMatchInlineSnapshot(`
      "expect(function "orders-fn").toHaveBeenInvoked(2)

      Expected exactly 2 invocations; found 1.
      The world is idle: nothing more can happen.

      Invocations:
        { a: 1 } → error: Error: boom

      Timeline:
        12:00:00.010  orders-fn invoked (request 10000000)"
    `);
  });
});

test("what is no longer kept counts, and the text says that it is missing", async () => {
  world.forgotten = 500;
  world.invoke({ a: 1 });

  expect(await invoked.check(world.function, { times: 501 })).toBe(true);
  expect(await batches.failure(world.function, [[1]])).toMatchInlineSnapshot(`
    "expect(function "orders-fn").toHaveBatches(batches)

    Expected this batch and no other; the 1st, [1], is missing.
    The world is idle: nothing more can happen.

    500 earlier invocations no longer kept.

    Invocations, last 1 of 501:
      { a: 1 } → null

    Timeline:
      12:00:00.010  orders-fn invoked (request 10000000)"
  `);
});

describe("toHaveBeenInvokedWith", () => {
  test("the event as it was sent, or decoded", async () => {
    world.deliver(ids(1, 2));

    expect(await invokedWith.check(world.function, { Records: [{ eventSource: "aws:kinesis" }, {}] })).toBe(true);
    expect(await invokedWith.check(world.function, { Records: [{ kinesis: { data: btoa('{"id":1}') } }, {}] })).toBe(
      true,
    );
    expect(await invokedWith.check(world.function, { Records: [{ kinesis: { data: { id: 1 } } }, {}] })).toBe(true);
    expect(await invokedWith.check(world.function, { Records: [{ kinesis: { data: { id: 2 } } }, {}] })).toBe(false);
  });

  test("text", async () => {
    world.invoke({ a: 1, b: { c: 2 } });

    expect(await invokedWith.failure(world.function, { a: 1, b: { c: 3 } })).toMatchInlineSnapshot(`
      "expect(function "orders-fn").toHaveBeenInvokedWith(match)

      Expected an event that matches { a: 1, b: { c: 3 } }.
      The world is idle: nothing more can happen.

      Nearest of 1 event (- expected, + found): request 10000000
          {
            a: 1
            b: {
        -     c: 3
        +     c: 2
            }
          }

      Invocations:
        { a: 1, b: { c: 2 } } → null

      Timeline:
        12:00:00.010  orders-fn invoked (request 10000000)"
    `);
  });
});

describe("toHaveBatches", () => {
  test.each([
    ["all, in order", [ids(1, 2), ids(1), ids(2)], true],
    ["out of order", [ids(1), ids(1, 2), ids(2)], false],
    ["too few", [ids(1, 2), ids(1)], false],
    ["too many", [ids(1, 2), ids(1), ids(2), ids(2)], false],
    ["another size", [ids(1, 2), ids(1, 2), ids(2)], false],
  ])("%s", async (_name, expected, holds) => {
    world.deliver(ids(1, 2), { error: "Error: boom" });
    world.deliver(ids(1));
    world.deliver(ids(2));

    expect(await batches.check(world.function, expected)).toBe(holds);
    expect(await batches.check(world.function, expected, true)).toBe(!holds);
  });

  test("shards come in any order among each other, and other invocations are no batches", async () => {
    world.deliver(ids(1), { shard: 1 });
    world.invoke({ warm: true });
    world.deliver(ids(2));
    world.deliver(ids(3), { shard: 1 });

    expect(await batches.check(world.function, [ids(2), ids(1), ids(3)])).toBe(true);
    expect(await batches.check(world.function, [ids(3), ids(1), ids(2)])).toBe(false);
  });

  test("text", async () => {
    world.deliver(ids(1, 2), { error: "Error: boom" });
    world.deliver(ids(1));

    expect(await batches.failure(world.function, [ids(1, 2), ids(2)])).toMatchInlineSnapshot(`
      "expect(function "orders-fn").toHaveBatches(batches)

      Expected these 2 batches and no other, in order per shard; the 2nd, [{ id: 2 }], is missing.
      The world is idle: nothing more can happen.

      Nearest of 1 other batch (- expected, + found): batch of 1 from orders shard 0
          [
            {
        -     id: 2
        +     id: 1
            }
          ]

      Invocations:
        batch of 2 from orders shard 0 [{ id: 1 }, { id: 2 }] → error: Error: boom
        batch of 1 from orders shard 0 [{ id: 1 }] → null

      Timeline:
        12:00:00.010  orders-fn invoked (request 10000000)
        12:00:00.020  orders-fn invoked (request 20000000)"
    `);
    expect(await batches.failure(world.function, [ids(1, 2)])).toMatchInlineSnapshot(`
      "expect(function "orders-fn").toHaveBatches(batches)

      Expected this batch and no other; found 2 batches.
      The world is idle: nothing more can happen.

      Invocations:
        batch of 2 from orders shard 0 [{ id: 1 }, { id: 2 }] → error: Error: boom
        batch of 1 from orders shard 0 [{ id: 1 }] → null

      Timeline:
        12:00:00.010  orders-fn invoked (request 10000000)
        12:00:00.020  orders-fn invoked (request 20000000)"
    `);
  });
});
