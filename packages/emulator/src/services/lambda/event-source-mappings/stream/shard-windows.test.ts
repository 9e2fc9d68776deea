import { expect, test } from "vitest";
import type { StreamConsumerSettings } from "../settings.ts";
import type { Checkpoint, StreamPosition } from "./checkpoint.ts";
import { exampleInvocation, unhandledError } from "./example-records.ts";
import type { InvokeOutcome } from "./outcome.ts";
import { ShardUnderTest } from "./shard-under-test.test.fixture.ts";
import type { InvokeWindow } from "./tumbling-window.ts";

const minute = 60_000;

/** A function that counts, and what it was given: `+2` for records, `=2` for the end of a window. */
class CountingShard extends ShardUnderTest {
  readonly given: string[] = [];
  failing = false;

  constructor(changes: Partial<StreamConsumerSettings> = {}) {
    super({ tumblingWindowMs: minute, ...changes });
    this.clock.moveTo(Math.ceil(this.clock.now() / minute) * minute);
    this.answer = (batch, window) => this.#count(batch, window);
  }

  #count(batch: readonly number[], window: InvokeWindow | undefined): InvokeOutcome {
    const before = window === undefined || window.state === "{}" ? 0 : Number(window.state);
    this.given.push(window?.isFinal === true ? `=${before}` : `+${batch.length}`);
    if (this.failing) return unhandledError;
    return { kind: "success", invocation: exampleInvocation, state: String(before + batch.length) };
  }

  restart() {
    return this.start({}, this.checkpointToGoOnFrom);
  }

  get checkpointToGoOnFrom(): Checkpoint & { readonly position: StreamPosition } {
    const { kept } = this;
    if (kept === undefined || kept.position.kind === "shardEnd") throw new Error("nothing to go on from");
    return { ...kept, position: kept.position };
  }
}

test("an open window is work: a clock that stands still sleeps until its end", async () => {
  const shard = new CountingShard();
  const consumer = shard.start();
  await shard.time.advance(10_000);
  shard.append(3);
  expect(await shard.time.idle(1000)).toMatchObject({
    state: "sleeping",
    nextTimer: { label: "end of the tumbling window of shard", inMs: minute - 10_000 },
  });
  await shard.time.advance(minute - 10_001);
  expect(shard.given).toEqual(["+3"]);
  await shard.time.advance(1);
  expect(shard.given).toEqual(["+3", "=3"]);
  expect(await shard.time.idle(1000)).toEqual({ state: "idle" });
  await consumer.stop();
  shard.expectNothingLeft();
});

test("a clock that jumps ends the window at once", async () => {
  const shard = new CountingShard();
  shard.clock.setMode("auto");
  const consumer = shard.start();
  shard.append(3);
  expect(await shard.time.idle(1000)).toEqual({ state: "idle" });
  expect(shard.given).toEqual(["+3", "=3"]);
  await consumer.stop();
});

test("a window that is over when it is read needs no time to pass, and ends after its last record", async () => {
  const shard = new CountingShard({ batchSize: 2 });
  shard.append(7);
  await shard.time.advance(5 * minute);
  const consumer = shard.start({ read: (after) => shard.effects.read(after, 2) });
  expect(await shard.time.idle(1000)).toEqual({ state: "idle" });
  expect(shard.given).toEqual(["+2", "+2", "+2", "+1", "=7"]);
  await consumer.stop();
});

test("a record that arrives in the last moment is read before the window ends", async () => {
  const shard = new CountingShard();
  const consumer = shard.start();
  shard.append(1);
  await shard.time.idle(1000);
  shard.clock.moveTo(shard.clock.now() + minute - 1);
  shard.append(1);
  // The window's end comes before the event loop turns.
  shard.clock.moveTo(shard.clock.now() + 1);
  while (shard.clock.fireDue());
  expect(await shard.time.idle(1000)).toEqual({ state: "idle" });
  expect(shard.given).toEqual(["+1", "+1", "=2"]);
  await consumer.stop();
});

test("a window does not end while its stream cannot be read", async () => {
  const shard = new CountingShard();
  let refusing = false;
  const consumer = shard.start({
    read: (after, max) =>
      refusing
        ? { kind: "readFailed", failure: { reason: "transient", error: "try again" } }
        : shard.effects.read(after, max),
  });
  shard.append(1);
  await shard.time.idle(1000);
  refusing = true;
  shard.append(1);
  await shard.time.advance(2 * minute);
  expect(shard.given).toEqual(["+1"]);
  refusing = false;
  await shard.time.advance(minute);
  expect(shard.given).toEqual(["+1", "+1", "=2"]);
  await consumer.stop();
  shard.expectNothingLeft();
});

test("who goes on from the checkpoint has the state", async () => {
  const shard = new CountingShard();
  const consumer = shard.start();
  shard.append(2);
  await shard.time.idle(1000);
  await consumer.stop();
  shard.expectNothingLeft();
  const successor = shard.restart();
  shard.append(3);
  await shard.time.advance(minute);
  expect(shard.given).toEqual(["+2", "+3", "=5"]);
  await successor.stop();
  expect(shard.checkpointToGoOnFrom.windows).toEqual([]);
});

test("a window that ended while nobody read is closed first of all", async () => {
  const shard = new CountingShard();
  const consumer = shard.start();
  shard.append(2);
  await shard.time.idle(1000);
  await consumer.stop();
  await shard.time.advance(10 * minute);
  const successor = shard.restart();
  expect(await shard.time.idle(1000)).toEqual({ state: "idle" });
  expect(shard.given).toEqual(["+2", "=2"]);
  await successor.stop();
});

test("a closing that is under way when the consumer is stopped and fails is done by its successor", async () => {
  const shard = new CountingShard({ maxRetryAttempts: 0 });
  const consumer = shard.start();
  shard.append(2);
  await shard.time.idle(1000);
  shard.failing = true;
  shard.clock.moveTo(shard.clock.now() + minute);
  while (shard.clock.fireDue());
  expect(shard.given).toEqual(["+2", "=2"]);
  await consumer.stop();
  shard.failing = false;
  const successor = shard.restart();
  expect(await shard.time.idle(1000)).toEqual({ state: "idle" });
  expect(shard.given).toEqual(["+2", "=2", "=2"]);
  await successor.stop();
});

test("windows of another length are closed at once, and the lanes that are gone with them", async () => {
  const shard = new CountingShard({ parallelizationFactor: 3 });
  const consumer = shard.start();
  shard.append(5);
  await shard.time.idle(1000);
  await consumer.stop();
  const open = shard.checkpointToGoOnFrom.windows;
  expect(open.length).toBeGreaterThan(1);
  const { length } = shard.given;
  const settings = { ...shard.settings, parallelizationFactor: 1, tumblingWindowMs: 2 * minute };
  const successor = shard.start({}, shard.checkpointToGoOnFrom, settings);
  expect(await shard.time.idle(1000)).toEqual({ state: "idle" });
  expect(shard.given.slice(length).toSorted()).toEqual(open.map(({ state }) => `=${state}`).toSorted());
  await successor.stop();
});
