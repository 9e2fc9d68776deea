import { expect, test } from "vitest";
import { Activity } from "../../../../activity.ts";
import { fakeHostTime } from "../../../../core/fake-host-time.ts";
import { WorldClock } from "../../../../core/world-clock.ts";
import { TimeControl } from "../../../../time-control.ts";
import type { BatchOutcome } from "./batch.ts";
import { exampleMessage, exampleQueueSettings, success, throttled, unhandled } from "./example-messages.ts";
import type { MessageReference } from "./message.ts";
import { QueueConsumer } from "./queue-consumer.ts";
import type { QueueEffects } from "./queue-consumer.ts";
import type { QueueNote } from "./queue-notes.ts";
import type { QueueConsumerSettings } from "./queue-settings.ts";

/** A queue in memory without visibility time-outs, a function that a test answers for, and the world around them. */
class QueueUnderTest {
  readonly host = fakeHostTime();
  readonly clock = new WorldClock(this.host, (error) => this.bugs.push(error));
  readonly activity = new Activity(this.host);
  readonly time = new TimeControl(this.clock, this.activity, this.host);
  readonly settings: QueueConsumerSettings;
  readonly listeners = new Set<() => void>();
  readonly bugs: unknown[] = [];
  readonly notes: QueueNote[] = [];
  /** What the consumer did to the queue, and with the function. */
  readonly done: string[] = [];
  /** Invocations that wait for an answer of the test's. */
  readonly running: ((outcome: BatchOutcome) => void)[] = [];
  visible: MessageReference[] = [];
  #sent = 0;

  constructor(changes: Partial<QueueConsumerSettings> = {}) {
    this.settings = exampleQueueSettings(changes);
    this.clock.setMode("frozen");
  }

  #did(what: string, messages: readonly MessageReference[]): void {
    this.done.push(`${what} ${messages.map(({ messageId }) => messageId).join(" ")}`);
  }

  readonly effects: QueueEffects<MessageReference> = {
    isReceivable: () => this.visible.length > 0,
    receive: (max) => {
      const messages = this.visible.splice(0, max);
      return { kind: "received", messages, taken: messages.length };
    },
    onSourceChange: (listener) => {
      this.listeners.add(listener);
      return () => this.listeners.delete(listener);
    },
    invoke: (messages) => {
      this.#did("invoke", messages);
      return new Promise((resolve) => this.running.push(resolve));
    },
    delete: (messages) => this.#did("delete", messages),
    leave: (messages) => this.#did("leave", messages),
    release: (messages) => this.#did("release", messages),
    note: (note) => this.notes.push(note),
  };

  start(effects: Partial<QueueEffects<MessageReference>> = {}): QueueConsumer<MessageReference> {
    return new QueueConsumer({
      label: "queue",
      settings: this.settings,
      effects: { ...this.effects, ...effects },
      clock: this.clock,
      host: this.host,
      activity: this.activity,
      onBug: (error) => this.bugs.push(error),
    });
  }

  /** Sends as a queue does: its listeners are called before the sender's call ends. */
  send(count: number): void {
    const sender = this.activity.begin("sender");
    for (let number = 0; number < count; number++) {
      this.visible.push(exampleMessage(++this.#sent, { visibleAt: this.clock.now() + 30_000 }));
    }
    for (const listener of this.listeners) listener();
    sender.release();
  }

  answer(outcome: BatchOutcome): void {
    this.running.shift()?.(outcome);
  }

  /** Lets the event loop turn until whatever was begun has got as far as it can without the test. */
  async turn(): Promise<void> {
    for (let turns = 0; turns < 5; turns++) await new Promise<void>((resolve) => this.host.setImmediate(resolve));
  }

  /** Nothing is under way, no timer is set, nobody listens. */
  expectNothingLeft(): void {
    expect(this.activity.busy()).toEqual([]);
    expect(this.clock.hasWorkTimers).toBe(false);
    expect(this.listeners.size).toBe(0);
  }
}

test("a consumer with nothing to do sets no timer and keeps nobody busy", async () => {
  const queue = new QueueUnderTest();
  const consumer = queue.start();
  expect(await queue.time.idle(1000)).toEqual({ state: "idle" });
  expect(queue.clock.nextTimer).toBeUndefined();
  await consumer.stop();
  queue.expectNothingLeft();
});

test("the world is never idle between a send and the end of its invocation", async () => {
  const queue = new QueueUnderTest();
  queue.start();
  let quiet = 0;
  const begin = queue.activity.begin.bind(queue.activity);
  queue.activity.begin = (label) => {
    const token = begin(label);
    return {
      release: () => {
        token.release();
        if (queue.activity.count === 0) quiet++;
      },
    };
  };
  queue.send(2);
  await queue.turn();
  expect(queue.activity.busy()).toEqual([{ label: "invoking for queue", count: 1 }]);
  expect(quiet).toBe(0);
  queue.answer(success);
  expect(await queue.time.idle(1000)).toEqual({ state: "idle" });
  expect(quiet).toBe(1);
  expect(queue.done).toEqual(["invoke m-1 m-2", "delete m-1 m-2"]);
});

test("what is there at the start is received", async () => {
  const queue = new QueueUnderTest();
  queue.send(12);
  queue.start();
  await queue.turn();
  expect(queue.done).toEqual(["invoke m-1 m-2 m-3 m-4 m-5 m-6 m-7 m-8 m-9 m-10", "invoke m-11 m-12"]);
});

test("a window is a work timer, which ends with the batch", async () => {
  const queue = new QueueUnderTest({ batchSize: 3, batchingWindowMs: 5000 });
  queue.start();
  queue.send(2);
  expect(await queue.time.idle(1000)).toMatchObject({
    state: "sleeping",
    nextTimer: { label: "batching window of queue", inMs: 5000 },
  });
  queue.send(1);
  await queue.turn();
  expect(queue.done).toEqual(["invoke m-1 m-2 m-3"]);
  expect(queue.clock.hasWorkTimers).toBe(false);
});

test("one more batch may begin after each growth period in which all places were taken", async () => {
  const queue = new QueueUnderTest({ batchSize: 1, firstConcurrency: 1, maxConcurrency: 2 });
  queue.start();
  queue.send(3);
  await queue.turn();
  expect(queue.done).toEqual(["invoke m-1"]);
  queue.clock.moveTo(queue.clock.now() + queue.settings.growthMs);
  queue.clock.fireDue();
  await queue.turn();
  expect(queue.done).toEqual(["invoke m-1", "invoke m-2"]);
  queue.answer(unhandled);
  await queue.turn();
  expect(queue.done).toEqual(["invoke m-1", "invoke m-2", "leave m-1", "invoke m-3"]);
});

test("a function that is throttled is tried again in world time", async () => {
  const queue = new QueueUnderTest();
  queue.start();
  queue.send(1);
  await queue.turn();
  queue.answer(throttled);
  expect(await queue.time.idle(1000)).toMatchObject({
    state: "sleeping",
    nextTimer: { label: "next try of queue", inMs: 25 },
  });
  queue.clock.moveTo(queue.clock.now() + 25);
  queue.clock.fireDue();
  await queue.turn();
  expect(queue.done).toEqual(["invoke m-1", "invoke m-1"]);
});

test("a stop waits for the invocation under way, and receives nothing more", async () => {
  const queue = new QueueUnderTest();
  const consumer = queue.start();
  queue.send(1);
  await queue.turn();
  let stopped = false;
  const stop = consumer.stop().then(() => (stopped = true));
  queue.send(1);
  await queue.turn();
  expect(stopped).toBe(false);
  queue.answer(success);
  await stop;
  await queue.turn();
  expect(queue.done).toEqual(["invoke m-1", "delete m-1"]);
  expect(queue.visible).toHaveLength(1);
  queue.expectNothingLeft();
});

test("a stop takes away a receive that has not happened yet", async () => {
  const queue = new QueueUnderTest();
  const consumer = queue.start();
  queue.send(1);
  await consumer.stop();
  await queue.turn();
  expect(queue.visible).toHaveLength(1);
  expect(queue.notes).toEqual([{ type: "mapping.consumerStopped" }]);
  queue.expectNothingLeft();
});

test("a stop returns what is gathered", async () => {
  const queue = new QueueUnderTest({ batchSize: 10, batchingWindowMs: 5000 });
  const consumer = queue.start();
  queue.send(2);
  await queue.turn();
  await consumer.stop();
  expect(queue.done).toEqual(["release m-1 m-2"]);
  queue.expectNothingLeft();
});

test.each<[what: string, effects: Partial<QueueEffects<MessageReference>>]>([
  [
    "receive",
    {
      receive: () => {
        throw new Error("bug");
      },
    },
  ],
  ["invoke", { invoke: () => Promise.reject(new Error("bug")) }],
])("a bug in %s is told and ends the consumer", async (_, effects) => {
  const queue = new QueueUnderTest();
  const consumer = queue.start(effects);
  queue.send(1);
  await queue.turn();
  expect(queue.bugs).toEqual([new Error("bug")]);
  await consumer.stop();
  queue.expectNothingLeft();
});
