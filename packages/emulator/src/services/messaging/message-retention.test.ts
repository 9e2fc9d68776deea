import { expect, test } from "vitest";
import { fakeHostTime } from "../../core/fake-host-time.ts";
import { WorldClock } from "../../core/world-clock.ts";
import { MessageRetention } from "./message-retention.ts";
import type { RetainedQueue } from "./message-retention.ts";

type SqsMessage = RetainedQueue["messages"][number];

const retentionMs = 60_000;

/** A queue with nothing but visible messages, which counts how often its messages are looked through. */
function start() {
  const clock = new WorldClock(fakeHostTime(), () => {});
  clock.setMode("frozen");
  const messages: SqsMessage[] = [];
  const deleted: string[] = [];
  let looks = 0;
  const queue: RetainedQueue = {
    name: "incoming",
    attributes: { MessageRetentionPeriod: "60" },
    get messages() {
      looks++;
      return messages;
    },
    delayedMessages: [],
    fifoMessages: new Map(),
    fifoDelayed: new Map(),
    inflightMessages: new Map(),
    deleteMessage: () => true,
    persistence: {
      deleteMessage(messageId: string) {
        deleted.push(messageId);
        retention.deleteMessage();
      },
    },
  };
  const retention = new MessageRetention(clock, queue);
  return {
    clock,
    deleted,
    left: () => messages.map(({ messageId }) => messageId),
    looks: () => looks,
    put: (sentTimestamp: number) => {
      const message: SqsMessage = {
        messageId: `m${messages.length}`,
        body: "",
        md5OfBody: "",
        messageAttributes: {},
        md5OfMessageAttributes: "",
        sentTimestamp,
        approximateReceiveCount: 0,
      };
      messages.push(message);
      retention.insertMessage("incoming", message);
    },
    advance: (ms: number) => {
      const target = clock.now() + ms;
      for (let next = clock.nextTimer; next !== undefined && next.at <= target; next = clock.nextTimer) {
        clock.moveTo(next.at);
        clock.fireDue();
      }
      clock.moveTo(target);
    },
  };
}

test("messages go each at its time, whatever their order", () => {
  const { clock, deleted, left, put, advance } = start();
  const now = clock.now();
  for (const age of [0, 30, 10, 20]) put(now - age);
  advance(retentionMs - 30);
  expect(deleted).toEqual(["m1"]);
  advance(10);
  expect(deleted).toEqual(["m1", "m3"]);
  expect(left()).toEqual(["m0", "m2"]);
  advance(20);
  expect(deleted).toEqual(["m1", "m3", "m2", "m0"]);
  expect(clock.nextTimer).toBeUndefined();
});

test("a queue of many is not looked through for each of them", () => {
  const { clock, deleted, looks, put, advance } = start();
  const now = clock.now();
  for (let index = 0; index < 5000; index++) put(now + index);
  const before = looks();
  advance(retentionMs - 1);
  expect(deleted).toEqual([]);
  advance(1);
  expect(deleted).toEqual(["m0"]);
  advance(5000);
  expect(deleted).toHaveLength(5000);
  // Those that are few at the end go each at its time again.
  expect(looks() - before).toBeLessThan(1010);
  expect(clock.nextTimer).toBeUndefined();
});
