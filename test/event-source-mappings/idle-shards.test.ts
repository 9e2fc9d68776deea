import { expect, test } from "vitest";
import { Activity } from "../../packages/emulator/src/activity.ts";
import { accountId } from "../../packages/emulator/src/core/arns.ts";
import { fakeHostTime } from "../../packages/emulator/src/core/fake-host-time.ts";
import { hostTime } from "../../packages/emulator/src/core/host-time.ts";
import { randomIds } from "../../packages/emulator/src/core/ids.ts";
import { WorldClock } from "../../packages/emulator/src/core/world-clock.ts";
import { streamSource } from "../../packages/emulator/src/stream-source.ts";
import { createKinesis } from "../../packages/emulator/src/services/kinesis/index.ts";
import type { StreamSource } from "../../packages/emulator/src/services/lambda/event-source-mappings/ports.ts";
import { quickBackoff } from "../../packages/emulator/src/services/lambda/event-source-mappings/settings.ts";
import { StreamMapping } from "../../packages/emulator/src/services/lambda/event-source-mappings/stream-mapping.ts";
import {
  exampleMapping,
  mappedFunction,
} from "../../packages/emulator/src/services/lambda/event-source-mappings/stream/example-mapping.test.fixture.ts";
import { TimeControl } from "../../packages/emulator/src/time-control.ts";

const shards = 2000;
const StreamName = "orders";

/** A stream of very many shards and a mapping of it, without a server; its function answers at once. */
async function mappedShards() {
  const host = fakeHostTime();
  const errors: unknown[] = [];
  const clock = new WorldClock(host, (error) => errors.push(error));
  clock.setMode("frozen");
  const activity = new Activity(hostTime);
  const ids = randomIds();
  const settings = { shardLimit: 4 * shards, latencyMs: 0, throughputLimits: false };
  const kinesis = createKinesis({ clock, ids, record: () => {}, settings });
  const call = {
    region: "us-east-1",
    accountId,
    requestId: "a-request",
    accessKeyId: "a-key",
    origin: "http://127.0.0.1:4566",
    signal: new AbortController().signal,
  };
  await kinesis.operations.CreateStream({ StreamName, ShardCount: shards }, call);
  const mapping = exampleMapping({ kind: "TRIM_HORIZON" }, {}, new Map());
  const reader = kinesis.openStream(mapping.eventSourceArn);
  if (reader === undefined) throw new Error("there is no stream");
  const counts = { reads: 0, listings: 0, invocations: 0 };
  const kept = streamSource(reader, () => undefined);
  const source: StreamSource = {
    ...kept,
    shards: () => {
      counts.listings++;
      return kept.shards();
    },
    read: (...where) => {
      counts.reads++;
      return kept.read(...where);
    },
  };
  const running = new StreamMapping(mapping, source, {
    ports: {
      openStream: () => Promise.resolve(source),
      onStreamCreated: () => () => {},
      openQueue: async () => undefined,
      openDestination: () => Promise.resolve(undefined),
      findFunction: () => mappedFunction,
      invoke: () => {
        counts.invocations++;
        return Promise.resolve({ kind: "success", requestId: "a-request", executedVersion: "$LATEST", payload: "" });
      },
    },
    clock,
    host: hostTime,
    ids,
    activity,
    backoff: quickBackoff,
    keep: () => {},
    record: () => {},
    reportInternalError: (_, error) => errors.push(error),
  });
  const time = new TimeControl(clock, activity, hostTime);
  /** What happened since the last time that was asked. */
  const happened = async () => {
    expect(await time.idle(15_000)).toEqual({ state: "idle" });
    expect(errors).toEqual([]);
    const since = { ...counts };
    Object.assign(counts, { reads: 0, listings: 0, invocations: 0 });
    return since;
  };
  return { kinesis, call, clock, time, running, mapping, happened };
}

test("a mapping of thousands of shards does nothing while they are idle, and reads just the one that gets a record", async () => {
  const { kinesis, call, clock, time, running, mapping, happened } = await mappedShards();
  expect(await happened()).toEqual({ reads: shards, listings: 1, invocations: 0 });
  expect([...mapping.checkpoints]).toHaveLength(shards);
  expect(clock.hasWorkTimers).toBe(false);

  await time.advance(12 * 3_600_000);
  expect(await happened()).toEqual({ reads: 0, listings: 0, invocations: 0 });

  await kinesis.operations.PutRecord({ StreamName, PartitionKey: "a", Data: Buffer.from("{}") }, call);
  // The record, and that there is no other.
  expect(await happened()).toEqual({ reads: 2, listings: 0, invocations: 1 });

  await running.stop();
  expect(await happened()).toEqual({ reads: 0, listings: 0, invocations: 0 });
  expect(clock.hasWorkTimers).toBe(false);
});

test("shards that all end at once are followed by their children without a listing for each", async () => {
  const { kinesis, call, running, mapping, happened } = await mappedShards();
  await happened();
  await kinesis.operations.UpdateShardCount(
    { StreamName, TargetShardCount: 2 * shards, ScalingType: "UNIFORM_SCALING" },
    call,
  );
  const { reads, listings } = await happened();
  expect(reads).toBe(3 * shards);
  expect(listings).toBeLessThan(10);
  expect([...mapping.checkpoints]).toHaveLength(3 * shards);
  await running.stop();
});
