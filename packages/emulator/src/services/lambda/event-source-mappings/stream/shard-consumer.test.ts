import { describe, expect, test } from "vitest";
import { exampleInvocation, numberOf, unhandledError } from "./example-records.ts";
import type { InvokeOutcome } from "./outcome.ts";
import type { RecordReference } from "./record.ts";
import type { ConsumerEffects } from "./shard-consumer.ts";
import { ShardUnderTest } from "./shard-under-test.test.fixture.ts";

const success: InvokeOutcome = { kind: "success", invocation: exampleInvocation };
const throttled: InvokeOutcome = { kind: "notInvoked", reason: "throttled" };

const notesOf = (shard: ShardUnderTest): readonly string[] => shard.notes.map(({ type }) => type);

test("the world is never idle between an append and the outcome of its invocation", async () => {
  const shard = new ShardUnderTest({ batchSize: 1 });
  const consumer = shard.start();
  expect(await shard.time.idle(1000)).toEqual({ state: "idle" });

  const quietTimes: number[] = [];
  let finished = 0;
  const begin = shard.activity.begin.bind(shard.activity);
  shard.activity.begin = (label) => {
    const token = begin(label);
    return {
      release() {
        token.release();
        if (shard.activity.count === 0) quietTimes.push(finished);
      },
    };
  };
  shard.answer = () => {
    finished++;
    return success;
  };
  shard.append(20);
  expect(await shard.time.idle(1000)).toEqual({ state: "idle" });
  expect(shard.invoked).toHaveLength(20);
  expect(quietTimes).toEqual([20]);
  await consumer.stop();
});

test("an append wakes the consumer without a timer", async () => {
  const shard = new ShardUnderTest();
  shard.answer = () => success;
  const consumer = shard.start();
  for (const count of [3, 2]) {
    await shard.time.idle(1000);
    expect(shard.listeners.size).toBe(1);
    expect(shard.clock.hasWorkTimers).toBe(false);
    shard.append(count);
  }
  await shard.time.idle(1000);
  expect(shard.invoked).toEqual([
    [1, 2, 3],
    [4, 5],
  ]);
  await consumer.stop();
});

test("the checkpoint is kept before the invocation that follows it", async () => {
  const shard = new ShardUnderTest({ batchSize: 2 });
  const kept: (number | undefined)[] = [];
  shard.answer = () => {
    const last = shard.checkpoints.at(-1);
    kept.push(last?.kind === "afterSequence" ? numberOf(last.sequence) : undefined);
    return success;
  };
  shard.append(6);
  const consumer = shard.start();
  await shard.time.idle(1000);
  expect(kept).toEqual([undefined, 2, 4]);
  expect(consumer.unfinished).toBe(0);
  await consumer.stop();
});

test("tries that do not reach the function are not counted, and wait in world time", async () => {
  const shard = new ShardUnderTest({ maxRetryAttempts: 0, onFailure: "arn:aws:sqs:us-east-1:000000000000:dlq" });
  let answers = 0;
  shard.answer = () => (answers++ < 4 ? throttled : success);
  shard.append(1);
  const consumer = shard.start();
  for (const inMs of [25, 50, 100, 200]) {
    expect(await shard.time.idle(1000)).toMatchObject({
      state: "sleeping",
      nextTimer: { label: "next try of shard", inMs },
    });
    await shard.time.advance(inMs);
  }
  expect(await shard.time.idle(1000)).toEqual({ state: "idle" });
  expect(shard.invoked).toHaveLength(5);
  expect(notesOf(shard)).not.toContain("mapping.recordsDiscarded");
  await consumer.stop();
});

test("lanes run side by side, and each answers for itself", async () => {
  const shard = new ShardUnderTest({ parallelizationFactor: 3, batchSize: 100 });
  shard.append(20);
  const consumer = shard.start();
  await shard.turn();
  expect(shard.running.length).toBeGreaterThan(1);
  const lanes = shard.running.length;
  expect(consumer.unfinished).toBe(20);
  shard.running.at(-1)?.(success);
  await shard.turn();
  const last = shard.invoked[lanes - 1] ?? [];
  expect(consumer.unfinished).toBe(20 - last.length);
  for (const answer of shard.running) answer(success);
  expect(await shard.time.idle(1000)).toEqual({ state: "idle" });
  expect(shard.checkpoints.at(-1)).toEqual({ kind: "afterSequence", sequence: shard.records.at(-1)?.sequence });
  await consumer.stop();
});

test("a closed shard is read to its end", async () => {
  const shard = new ShardUnderTest();
  shard.append(3);
  shard.closed = true;
  shard.answer = () => success;
  const consumer = shard.start();
  expect(await consumer.finished).toBe("ended");
  await shard.time.idle(1000);
  expect(shard.checkpoints.at(-1)).toEqual({ kind: "shardEnd" });
  // What is begun then, such as the consumers of the children, is begun before the world can look idle.
  expect(shard.endings).toEqual([1]);
  shard.expectNothingLeft();
});

test("a failed read is tried again later", async () => {
  const shard = new ShardUnderTest();
  shard.append(1);
  shard.answer = () => success;
  let reads = 0;
  const consumer = shard.start({
    read: (after, max) =>
      reads++ === 0
        ? { kind: "readFailed", failure: { reason: "transient", error: "try again" } }
        : shard.effects.read(after, max),
  });
  expect(await shard.time.idle(1000)).toMatchObject({
    state: "sleeping",
    nextTimer: { label: "reading again of shard", inMs: 25 },
  });
  await shard.time.advance(25);
  expect(shard.invoked).toEqual([[1]]);
  await consumer.stop();
});

describe("stop", () => {
  test("ends a parked read, and appends no longer wake", async () => {
    const shard = new ShardUnderTest();
    const consumer = shard.start();
    await shard.time.idle(1000);
    expect(await consumer.stop()).toBe("stopped");
    shard.append(1);
    await shard.turn();
    expect(shard.invoked).toEqual([]);
    shard.expectNothingLeft();
  });

  test("before the first read reads nothing", async () => {
    const shard = new ShardUnderTest();
    shard.append(1);
    const consumer = shard.start();
    expect(await consumer.stop()).toBe("stopped");
    await shard.turn();
    expect(shard.invoked).toEqual([]);
    shard.expectNothingLeft();
  });

  test.each([
    ["success moves the checkpoint", success, 1],
    ["a failure does not", unhandledError, 0],
    ["nor does a try that did not reach the function", throttled, 0],
  ])("waits for an invocation under way: %s", async (_, outcome, checkpoints) => {
    const shard = new ShardUnderTest({ batchSize: 2 });
    shard.append(5);
    const consumer = shard.start();
    await shard.turn();
    let stopped = false;
    const stopping = consumer.stop().then(() => (stopped = true));
    await shard.turn();
    expect(stopped).toBe(false);
    shard.running[0]?.(outcome);
    await stopping;
    await shard.turn();
    expect(shard.invoked).toEqual([[1, 2]]);
    expect(shard.checkpoints).toHaveLength(checkpoints);
    shard.expectNothingLeft();
  });

  test("ends a wait for the next try", async () => {
    const shard = new ShardUnderTest();
    shard.append(1);
    shard.answer = () => unhandledError;
    const consumer = shard.start();
    expect(await shard.time.idle(1000)).toMatchObject({ state: "sleeping" });
    expect(await consumer.stop()).toBe("stopped");
    await shard.time.advance(100_000);
    expect(shard.invoked).toHaveLength(1);
    shard.expectNothingLeft();
  });

  test("ends an open batching window", async () => {
    const shard = new ShardUnderTest({ batchingWindowMs: 1000 });
    shard.append(1);
    const consumer = shard.start();
    expect(await shard.time.idle(1000)).toMatchObject({ state: "sleeping", nextTimer: { inMs: 1000 } });
    expect(await consumer.stop()).toBe("stopped");
    expect(shard.checkpoints).toEqual([]);
    shard.expectNothingLeft();
  });

  test("waits for a report under way, which finishes its records", async () => {
    const shard = new ShardUnderTest({ maxRetryAttempts: 0, onFailure: "arn:aws:sqs:us-east-1:000000000000:dlq" });
    shard.append(1);
    shard.answer = () => unhandledError;
    const consumer = shard.start();
    await shard.turn();
    const stopping = consumer.stop();
    shard.reporting[0]?.({ kind: "failed", error: "no queue" });
    expect(await stopping).toBe("stopped");
    expect(shard.checkpoints.at(-1)).toMatchObject({ kind: "afterSequence" });
    expect(notesOf(shard)).toContain("mapping.failureReportFailed");
    await shard.turn();
    shard.expectNothingLeft();
  });

  test("twice is as once", async () => {
    const shard = new ShardUnderTest();
    const consumer = shard.start();
    await shard.turn();
    expect(await Promise.all([consumer.stop(), consumer.stop()])).toEqual(["stopped", "stopped"]);
    expect(await consumer.stop()).toBe("stopped");
    expect(notesOf(shard).filter((type) => type === "mapping.consumerStopped")).toHaveLength(1);
  });
});

describe("a bug is told once, and the consumer ends", () => {
  const bug = new Error("a bug");
  const breaking: Readonly<Record<string, Partial<ConsumerEffects<RecordReference>>>> = {
    read: {
      read: () => {
        throw bug;
      },
    },
    "invoke that rejects": { invoke: () => Promise.reject(bug) },
    "invoke that throws": {
      invoke: () => {
        throw bug;
      },
    },
    report: { report: () => Promise.reject(bug) },
    keepCheckpoint: {
      keepCheckpoint: () => {
        throw bug;
      },
    },
    note: {
      note: () => {
        throw bug;
      },
    },
  };

  test.each(Object.keys(breaking))("in %s", async (effect) => {
    const shard = new ShardUnderTest({ maxRetryAttempts: 0, batchSize: 1, onFailure: "arn:aws:s3:::dlq" });
    shard.append(2);
    shard.answer = ([number]) => (number === 1 && effect !== "report" ? success : unhandledError);
    const consumer = shard.start(breaking[effect]);
    expect(await shard.time.idle(1000)).toEqual({ state: "idle" });
    expect(await consumer.finished).toBe("stopped");
    expect(shard.bugs).toEqual([bug]);
    expect(await consumer.stop()).toBe("stopped");
    shard.expectNothingLeft();
  });

  test("in an answer that a timer leads to", async () => {
    const shard = new ShardUnderTest();
    shard.append(1);
    let invocations = 0;
    const consumer = shard.start({
      invoke: () => {
        if (invocations++ === 0) return Promise.resolve(unhandledError);
        throw bug;
      },
    });
    await shard.time.idle(1000);
    await shard.time.advance(25);
    expect(await consumer.finished).toBe("stopped");
    expect(shard.bugs).toEqual([bug]);
    shard.expectNothingLeft();
  });
});
