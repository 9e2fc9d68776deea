import { beforeEach, describe, expect, test } from "vitest";
import { caller, FakeWorld } from "./fake-world.test.fixture.ts";
import { toHaveMessage, toHaveMessages } from "./queue-matchers.ts";

const message = caller(toHaveMessage);
const messages = caller(toHaveMessages);
let world: FakeWorld;

beforeEach(() => {
  world = new FakeWorld();
});

describe("toHaveMessage", () => {
  test("finds JSON, text and hidden messages", async () => {
    world.send('{"job":1,"kind":"mail"}');
    world.send("hello", "inFlight", 2);
    world.send("123", "delayed");

    expect(await message.check(world.queue, { job: 1 })).toBe(true);
    expect(await message.check(world.queue, "hello")).toBe(true);
    expect(await message.check(world.queue, "123")).toBe(true);
    expect(await message.check(world.queue, 123)).toBe(true);
    expect(await message.check(world.queue, { job: 2 })).toBe(false);
  });

  test("waits for a message to arrive", async () => {
    world.report = undefined;
    const asserting = message.check(world.queue, { job: 1 });
    await world.waiting;
    world.arrive('{"job":1}');

    expect(await asserting).toBe(true);
  });

  test(".not waits for a message to go", async () => {
    world.report = undefined;
    world.send('{"job":1}', "inFlight", 1);
    const asserting = message.check(world.queue, { job: 1 }, true);
    await world.waiting;
    world.messages.pop();
    world.settle();

    expect(await asserting).toBe(true);
  });

  test("text", async () => {
    world.send('{"job":1}', "inFlight", 2);

    expect(await message.failure(world.queue, { job: 2 })).toMatchInlineSnapshot(`
      "expect(queue "orders-dlq").toHaveMessage(match)

      Expected a message that matches { job: 2 }.
      The world is idle: nothing more can happen.

      Nearest of 1 message (- expected, + found): message m-1, in flight
          {
        -   job: 2
        +   job: 1
          }

      Messages:
        in flight, received 2 times: { job: 1 }

      Nothing is on the timeline."
    `);
    expect(await message.failure(world.queue, { job: 1 }, true)).toMatchInlineSnapshot(`
      "expect(queue "orders-dlq").not.toHaveMessage(match)

      Expected no message that matches { job: 1 }, but there is one: message m-1, in flight.
      The world is idle: nothing more can happen.

      Messages:
        in flight, received 2 times: { job: 1 }

      Nothing is on the timeline."
    `);
  });

  test("text: nothing there, on a clock that stands still", async () => {
    world.mode = "frozen";
    world.report = { state: "sleeping", nextTimer: { label: "retry of orders shard 0", at: 0, inMs: 30_000 } };

    expect(await message.failure(world.queue, { job: 2 })).toMatchInlineSnapshot(`
      "expect(queue "orders-dlq").toHaveMessage(match)

      Expected a message that matches { job: 2 }.
      The clock is frozen and the next timer is retry of orders shard 0: advance by 30 s.

      The queue has no messages.

      Nothing is on the timeline."
    `);
  });
});

describe("toHaveMessages", () => {
  test.each([
    ["all", [{ job: 1 }, { job: 2 }], true],
    ["some, in another order", [{ job: 2 }, { job: 1 }], true],
    ["none", [], true],
    ["one that is missing", [{ job: 1 }, { job: 3 }], false],
    ["the same twice", [{ job: 1 }, { job: 1 }], false],
  ])("%s", async (_name, expected, holds) => {
    for (const job of [1, 2]) world.send(JSON.stringify({ job }));

    expect(await messages.check(world.queue, expected)).toBe(holds);
    expect(await messages.check(world.queue, expected, true)).toBe(!holds);
  });

  test("waits for all of them", async () => {
    world.report = undefined;
    world.send('{"job":1}');
    const asserting = messages.check(world.queue, [{ job: 1 }, { job: 2 }]);
    await world.waiting;
    world.arrive('{"job":2}');

    expect(await asserting).toBe(true);
  });

  test("text", async () => {
    for (const job of [1, 2]) world.send(JSON.stringify({ job }));

    expect(await messages.failure(world.queue, [{ job: 1 }, { job: 3 }])).toMatchInlineSnapshot(`
      "expect(queue "orders-dlq").toHaveMessages(matches)

      Expected these 2 messages; the 2nd, { job: 3 }, is missing.
      The world is idle: nothing more can happen.

      Nearest of 1 other message (- expected, + found): message m-2, visible
          {
        -   job: 3
        +   job: 2
          }

      Messages:
        visible: { job: 1 }
        visible: { job: 2 }

      Nothing is on the timeline."
    `);
    expect(await messages.failure(world.queue, [{ job: 1 }], true)).toMatchInlineSnapshot(`
      "expect(queue "orders-dlq").not.toHaveMessages(matches)

      Expected not this message, but it is there.
      The world is idle: nothing more can happen.

      Messages:
        visible: { job: 1 }
        visible: { job: 2 }

      Nothing is on the timeline."
    `);
  });
});
