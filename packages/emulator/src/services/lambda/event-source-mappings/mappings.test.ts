import { describe, expect, test } from "vitest";
import { Activity } from "../../../activity.ts";
import { fakeHostTime } from "../../../core/fake-host-time.ts";
import { hostTime } from "../../../core/host-time.ts";
import { randomIds } from "../../../core/ids.ts";
import { WorldClock } from "../../../core/world-clock.ts";
import { nothingKept } from "../../../storage/document-store.ts";
import { Mappings } from "./mappings.ts";
import type { StreamSource } from "./ports.ts";
import { quickBackoff } from "./settings.ts";
import { mappedFunction } from "./stream/example-mapping.test.fixture.ts";

const region = "us-east-1";
const EventSourceArn = `arn:aws:kinesis:${region}:000000000000:stream/orders`;

/** A stream that has nothing to read. */
const source: StreamSource = {
  arn: EventSourceArn,
  name: "orders",
  region,
  retentionMs: 1000,
  streamId: "a-stream",
  shards: () => [],
  latest: () => ({ kind: "trimHorizon" }),
  read: () => ({ kind: "gone" }),
  onChange: () => () => {},
};

/** Mappings whose changes of state wait until the test lets them go on, as if the world were slow. */
function slowMappings() {
  const errors: unknown[] = [];
  const states: string[] = [];
  const immediates: (() => void)[] = [];
  const openings: ((source: StreamSource | undefined) => void)[] = [];
  let slow = false;
  const host = { ...fakeHostTime(), setImmediate: (fire: () => void) => void immediates.push(fire) };
  const mappings = new Mappings({
    clock: new WorldClock(host, (error) => errors.push(error)),
    host,
    ids: randomIds(),
    activity: new Activity(hostTime),
    backoff: quickBackoff,
    documents: nothingKept,
    record: (event) => {
      if (event.type === "mapping.stateChanged") states.push(event.state);
    },
    reportInternalError: (_, error) => errors.push(error),
    ports: {
      onStreamCreated: () => () => {},
      openStream: () =>
        slow ? new Promise((open) => void openings.push(open)) : Promise.resolve<StreamSource | undefined>(source),
      openQueue: () => Promise.resolve(undefined),
      openDestination: () => Promise.resolve(undefined),
      findFunction: () => mappedFunction,
      invoke: () => Promise.reject(new Error("nothing is to be invoked")),
    },
  });
  return {
    mappings,
    states,
    errors,
    beSlow: () => (slow = true),
    /** Answers what was asked of the world, and lets everything settle. */
    async settle({ found = true } = {}) {
      const turn = () => new Promise<void>((done) => hostTime.setImmediate(done));
      await turn();
      slow = false;
      do {
        for (const open of openings.splice(0)) open(found ? source : undefined);
        for (const fire of immediates.splice(0)) fire();
        await turn();
      } while (openings.length + immediates.length > 0);
    },
    create: (Enabled: boolean) =>
      mappings.create({ FunctionName: "orders-fn", EventSourceArn, StartingPosition: "LATEST", Enabled }, region),
  };
}

type Slow = ReturnType<typeof slowMappings>;

/** How a mapping comes to each state that the world leaves by itself, and what it is to be then. */
const transitions: readonly [string, (world: Slow) => Promise<string>, string][] = [
  ["Creating", async ({ create }) => (await create(true)).UUID ?? "", "Enabled"],
  ["Enabling", (world) => updated(world, false, { Enabled: true }), "Enabled"],
  ["Updating", (world) => updated(world, true, { BatchSize: 1 }), "Enabled"],
];

async function updated(world: Slow, Enabled: boolean, change: object): Promise<string> {
  const { UUID = "" } = await world.create(Enabled);
  await world.settle();
  world.beSlow();
  await world.mappings.update(UUID, { UUID, ...change }, region);
  return UUID;
}

describe.each(transitions)("a mapping that is %s", (state, bring, then) => {
  test("is told as that, and cannot be changed or deleted", async () => {
    const world = slowMappings();
    const UUID = await bring(world);
    const inUse = (change: string) =>
      expect.objectContaining({
        code: "ResourceInUseException",
        message: `Cannot ${change} the event source mapping because it is in use.`,
      });
    await expect(world.mappings.update(UUID, { UUID, BatchSize: 2 }, region)).rejects.toEqual(inUse("update"));
    expect(() => world.mappings.delete(UUID, region)).toThrow(inUse("delete"));
    expect(world.mappings.get(UUID, region).state).toBe(state);
    expect(world.mappings.list(region).map((mapping) => mapping.state)).toEqual([state]);
    await world.settle();
    expect(world.mappings.get(UUID, region).state).toBe(then);
    expect(world.errors).toEqual([]);
  });

  test("has its source and function for itself", async () => {
    const world = slowMappings();
    const UUID = await bring(world);
    const [second] = await Promise.allSettled([world.create(true), world.settle()]);
    const reason = { code: "ResourceConflictException", message: expect.stringContaining(UUID) };
    expect(second).toMatchObject({ status: "rejected", reason });
  });
});

test("a mapping whose stream has gone meanwhile becomes Enabled and says so", async () => {
  const world = slowMappings();
  const UUID = await updated(world, false, { Enabled: true });
  await world.settle({ found: false });
  expect(world.mappings.get(UUID, region)).toMatchObject({
    state: "Enabled",
    lastProcessingResult: "PROBLEM: Stream not found",
  });
});

test("of two changes at a time one is made", async () => {
  const world = slowMappings();
  const { UUID = "" } = await world.create(true);
  await world.settle();
  const changes = [1, 2].map((BatchSize) => world.mappings.update(UUID, { UUID, BatchSize }, region));
  const [first, second] = await Promise.allSettled(changes);
  expect(first).toMatchObject({ status: "fulfilled", value: { State: "Updating", BatchSize: 1 } });
  expect(second).toMatchObject({ status: "rejected", reason: { code: "ResourceInUseException" } });
  await world.settle();
  expect(world.states).toEqual(["Creating", "Enabled", "Updating", "Enabled"]);
});
