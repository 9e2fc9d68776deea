import { beforeEach, expect, test } from "vitest";
import { caller, FakeWorld } from "./fake-world.test.fixture.ts";
import { toBeEmpty } from "./to-be-empty.ts";

const empty = caller(toBeEmpty);
let world: FakeWorld;

beforeEach(() => {
  world = new FakeWorld();
});

test("a queue and a stream without anything are empty", async () => {
  expect(await empty.check(world.queue, undefined)).toBe(true);
  expect(await empty.check(world.stream, undefined)).toBe(true);
});

test("hidden messages count", async () => {
  world.send("{}", "inFlight");

  expect(await empty.check(world.queue, undefined)).toBe(false);
  expect(await empty.check(world.queue, undefined, true)).toBe(true);
});

test("it is looked at when the world is idle, not before", async () => {
  world.report = undefined;
  const asserting = empty.check(world.queue, undefined);
  await world.waiting;
  world.send("{}");
  world.settle();

  expect(await asserting).toBe(false);
});

test("text: a queue", async () => {
  world.send('{"id":1}');
  world.send("hello", "inFlight", 2);

  expect(await empty.failure(world.queue, undefined)).toMatchInlineSnapshot(`
    "expect(queue "orders-dlq").toBeEmpty()

    Expected no messages; found 2.
    The world is idle: nothing more can happen.

    Messages:
      visible: { id: 1 }
      in flight, received 2 times: "hello"

    Nothing is on the timeline."
  `);
});

test("text: a stream", async () => {
  world.put('{"id":1}');

  expect(await empty.failure(world.stream, undefined)).toMatchInlineSnapshot(`
    "expect(stream "orders").toBeEmpty()

    Expected no records; found 1.
    The world is idle: nothing more can happen.

    Records by shard:
      shard 0: 1
      shard 1: 0

    Records:
      shard 0, key "k0", …000000000001: { id: 1 }

    Timeline:
      12:00:00.010  orders shard 0 ← 1 record"
  `);
});

test("text: .not", async () => {
  expect(await empty.failure(world.queue, undefined, true)).toMatchInlineSnapshot(`
    "expect(queue "orders-dlq").not.toBeEmpty()

    Expected a message; found none.
    The world is idle: nothing more can happen.

    Nothing is on the timeline."
  `);
});
