import {
  CreateStreamCommand,
  DeleteStreamCommand,
  ListShardsCommand,
  MergeShardsCommand,
  SplitShardCommand,
  UpdateShardCountCommand,
} from "@aws-sdk/client-kinesis";
import { UpdateEventSourceMappingCommand } from "@aws-sdk/client-lambda";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestEmulator } from "../emulator/emulator.ts";
import type { TestEmulator } from "../emulator/emulator.ts";
import { mappedStream, toQueue } from "./mapped-stream.ts";
import type { MappedStream, Order } from "./mapped-stream.ts";

let server: TestEmulator;

beforeAll(async () => {
  server = await startTestEmulator({ clock: "frozen" });
});

afterAll(() => server[Symbol.asyncDispose]());

const hour = 3_600_000;
const StreamName = "orders";
const shardId = (index: number): string => `shardId-${String(index).padStart(12, "0")}`;

/** Splits a shard in the middle. */
async function split({ clients: { kinesis } }: MappedStream, index: number): Promise<void> {
  const { Shards = [] } = await kinesis.send(new ListShardsCommand({ StreamName }));
  const range = Shards.find(({ ShardId }) => ShardId === shardId(index))?.HashKeyRange;
  const middle = (BigInt(range?.StartingHashKey ?? "") + BigInt(range?.EndingHashKey ?? "") + 1n) / 2n;
  const input = { StreamName, ShardToSplit: shardId(index), NewStartingHashKey: middle.toString() };
  await kinesis.send(new SplitShardCommand(input));
}

async function merge({ clients: { kinesis } }: MappedStream, lower: number, upper: number): Promise<void> {
  const input = { StreamName, ShardToMerge: shardId(lower), AdjacentShardToMerge: shardId(upper) };
  await kinesis.send(new MergeShardsCommand(input));
}

const delivered = async (world: MappedStream) => (await world.batches()).flat();
const byNumber = (a: number, b: number): number => a - b;

/** One order of each of eight customers, who are spread over the hash keys. */
const customers = 8;
const round = (number: number, first: Partial<Order> = {}): readonly Order[] =>
  Array.from({ length: customers }, (_, customer) => ({
    id: number * customers + customer,
    customer: `customer-${customer}`,
    ...(customer === 0 && first),
  }));

async function expectAllInOrder(world: MappedStream, rounds: number): Promise<void> {
  const ids = await delivered(world);
  expect(new Set(ids).size).toBe(rounds * customers);
  for (let customer = 0; customer < customers; customer++) {
    const own = ids.filter((id) => id % customers === customer);
    // An order whose batch failed comes again before any that follows it.
    expect(own).toEqual(own.toSorted(byNumber));
  }
}

async function checkpoints(world: MappedStream): Promise<Readonly<Record<string, string>>> {
  const [mapping] = await world.emu.mappings();
  return Object.fromEntries(
    (mapping?.shards ?? []).map((shard) => [String(Number(shard.shardId.slice(-12))), shard.checkpoint]),
  );
}

test("the order of each key holds over generations of splits and merges", async () => {
  await using world = await mappedStream(server);
  await world.map({ BatchSize: 3 });
  await world.put(...round(0, { fail: "throw", times: 6 }));
  await split(world, 0);
  await world.put(...round(1));
  await world.put(...round(2, { fail: "throw", times: 7 }));
  await split(world, 1);
  await world.put(...round(3));
  await world.put(...round(4));
  await merge(world, 4, 2);
  await merge(world, 3, 5);
  await world.put(...round(5, { fail: "throw", times: 7 }));
  await world.put(...round(6));
  await world.put(...round(7));
  await world.emu.clock.advance(hour);
  await expectAllInOrder(world, 8);
  expect(await checkpoints(world)).toMatchObject({ 0: "SHARD_END", 1: "SHARD_END", 5: "SHARD_END" });
  expect(await world.emu.idle()).toEqual({ state: "idle" });
});

test("the order of each key holds while a stream is scaled", async () => {
  await using world = await mappedStream(server, { shards: 2 });
  await world.map({ BatchSize: 2 });
  const scale = (TargetShardCount: number) =>
    world.clients.kinesis.send(
      new UpdateShardCountCommand({ StreamName, TargetShardCount, ScalingType: "UNIFORM_SCALING" }),
    );
  for (const [number, count] of [3, 5, 3, 2, 1].entries()) {
    await world.put(...round(2 * number, { fail: "throw", times: 6 }));
    await scale(count);
    await world.put(...round(2 * number + 1));
  }
  await world.emu.clock.advance(hour);
  await expectAllInOrder(world, 10);
});

test("the child of a merge waits until every record of both parents is finished", async () => {
  await using world = await mappedStream(server, { shards: 2 });
  await world.map();
  // Its last try is after 3175 ms, when the other parent has long been read to its end.
  await world.put({ id: 1, fail: "throw", times: 7 });
  await merge(world, 0, 1);
  await world.put({ id: 2 });
  expect(await world.emu.idle()).toMatchObject({ state: "sleeping" });
  expect(await world.events("mapping.shardEnded")).toHaveLength(1);
  expect(new Set(await delivered(world))).toEqual(new Set([1]));
  await world.emu.clock.advance(4000);
  expect(await delivered(world)).toEqual([1, 1, 1, 1, 1, 1, 1, 1, 2]);
  expect(await world.events("mapping.shardEnded")).toHaveLength(2);
});

test("children are not read while their parent's batch fails", async () => {
  await using world = await mappedStream(server);
  await world.map({ MaximumRetryAttempts: 12 });
  await world.put({ id: 1, fail: "throw" });
  await split(world, 0);
  await world.put(...round(1));
  await world.emu.idle();
  expect(new Set(await delivered(world))).toEqual(new Set([1]));
  // The thirteenth try is the last.
  await world.emu.clock.advance(10 * 60_000);
  expect((await delivered(world)).slice(13).toSorted(byNumber)).toEqual(round(1).map(({ id }) => id));
});

test("the child of a merge is read when the parent that was blocked has given up its batch", async () => {
  await using world = await mappedStream(server, { shards: 2 });
  await world.map({ MaximumRetryAttempts: 2, DestinationConfig: toQueue });
  await world.put({ id: 1, fail: "throw" });
  await merge(world, 0, 1);
  await world.put({ id: 2 });
  await world.emu.idle();
  expect(await delivered(world)).toEqual([1]);
  expect(await world.reports()).toEqual([]);
  await world.emu.clock.advance(1000);
  expect(await delivered(world)).toEqual([1, 1, 1, 2]);
  expect(await world.reports()).toHaveLength(1);
  expect(await checkpoints(world)).toMatchObject({ 0: "SHARD_END", 1: "SHARD_END" });
});

test("every lane of a closed shard is done before its children are read", async () => {
  await using world = await mappedStream(server);
  await world.map({ BatchSize: 1, ParallelizationFactor: 3, MaximumRetryAttempts: 8 });
  await world.put(...round(0, { fail: "throw" }));
  await split(world, 0);
  await world.put(...round(1));
  await world.emu.idle();
  const early = await delivered(world);
  // One lane is blocked by its first record, the others have done all that is theirs; of the children nothing was read.
  expect(early).toContain(0);
  expect(new Set(early).size).toBeGreaterThan(1);
  expect(Math.max(...early)).toBeLessThan(customers);
  expect((await checkpoints(world))[0]).toBe("TRIM_HORIZON");
  await world.emu.clock.advance(hour);
  await expectAllInOrder(world, 2);
  expect(await checkpoints(world)).toMatchObject({ 0: "SHARD_END" });
});

test("generations that came while a mapping was disabled are read one after the other", async () => {
  await using world = await mappedStream(server);
  const UUID = await world.map({ StartingPosition: "LATEST", BatchSize: 2, ParallelizationFactor: 2 });
  await enable(world, UUID, false);
  await world.put(...round(0));
  await split(world, 0);
  await world.put(...round(1));
  await split(world, 1);
  await world.put(...round(2));
  await merge(world, 4, 2);
  await world.put(...round(3));
  await enable(world, UUID, true);
  await expectAllInOrder(world, 4);
  const ended = { 0: "SHARD_END", 1: "SHARD_END", 2: "SHARD_END", 4: "SHARD_END" };
  expect(await checkpoints(world)).toMatchObject(ended);
  expect(await world.emu.idle()).toEqual({ state: "idle" });
});

test("a mapping from LATEST loses nothing over a split", async () => {
  await using world = await mappedStream(server);
  await world.put(...round(0));
  await world.map({ StartingPosition: "LATEST" });
  await world.put(...round(1));
  await split(world, 0);
  await world.put(...round(2));
  await world.put(...round(3));
  await world.emu.idle();
  expect((await delivered(world)).toSorted(byNumber)).toEqual(
    [...round(1), ...round(2), ...round(3)].map(({ id }) => id),
  );
});

test.each(["TRIM_HORIZON", "LATEST", "AT_TIMESTAMP"] as const)(
  "a mapping that is created at %s right after a split reads what it should",
  async (StartingPosition) => {
    await using world = await mappedStream(server);
    await world.put(...round(0));
    await world.emu.clock.advance(5000);
    await split(world, 0);
    const StartingPositionTimestamp =
      StartingPosition === "AT_TIMESTAMP" ? new Date((await world.emu.clock.read()).now) : undefined;
    await world.map({ StartingPosition, StartingPositionTimestamp });
    await world.put(...round(1));
    await world.put(...round(2));
    await world.emu.idle();
    const expected = StartingPosition === "TRIM_HORIZON" ? [0, 1, 2] : [1, 2];
    expect((await delivered(world)).toSorted(byNumber)).toEqual(
      expected.flatMap((number) => round(number).map(({ id }) => id)),
    );
  },
);

test("a mapping that is created after a split reads the parent first, or passes over it at LATEST", async () => {
  await using world = await mappedStream(server);
  await world.put(...round(0));
  await split(world, 0);
  await world.put(...round(1));
  await world.createFunction({ FunctionName: "late-fn" });
  await world.map({ BatchSize: 1 });
  await world.map({ FunctionName: "late-fn", StartingPosition: "LATEST" });
  await world.put(...round(2));
  await world.emu.idle();
  await expectAllInOrder(world, 3);
  expect((await world.batches("late-fn")).flat().toSorted(byNumber)).toEqual(round(2).map(({ id }) => id));
});

test("a mapping from a timestamp delivers nothing older from the children", async () => {
  await using world = await mappedStream(server);
  await split(world, 0);
  await world.put(...round(0));
  await world.emu.clock.advance(1000);
  const StartingPositionTimestamp = new Date((await world.emu.clock.read()).now);
  await world.map({ StartingPosition: "AT_TIMESTAMP", StartingPositionTimestamp });
  await world.put(...round(1));
  await world.emu.idle();
  expect((await delivered(world)).toSorted(byNumber)).toEqual(round(1).map(({ id }) => id));
});

async function enable(world: MappedStream, UUID: string, Enabled: boolean): Promise<void> {
  await world.clients.lambda.send(new UpdateEventSourceMappingCommand({ UUID, Enabled }));
  await world.emu.idle();
}

test("a shard that was read to its end is not read again", async () => {
  await using world = await mappedStream(server);
  const UUID = await world.map({ StartingPosition: "LATEST" });
  await world.put({ id: 1 });
  await split(world, 0);
  await world.put({ id: 2 });
  await world.emu.idle();
  await enable(world, UUID, false);
  await world.put({ id: 3 });
  await merge(world, 1, 2);
  await world.put({ id: 4 });
  await enable(world, UUID, true);
  expect(await delivered(world)).toEqual([1, 2, 3, 4]);
  expect(await checkpoints(world)).toMatchObject({ 0: "SHARD_END", 1: "SHARD_END", 2: "SHARD_END" });
});

test("a parent that expired does not keep its children waiting", async () => {
  await using world = await mappedStream(server);
  const UUID = await world.map();
  await enable(world, UUID, false);
  await world.put({ id: 1 });
  await split(world, 0);
  await world.emu.clock.advance(23 * hour);
  await world.put({ id: 2 });
  await world.emu.clock.advance(2 * hour);
  await enable(world, UUID, true);
  expect(await delivered(world)).toEqual([2]);
  expect(Object.keys(await checkpoints(world))).toEqual(["1", "2"]);
});

test("a stream that comes again under its name is read whole, whatever became of the shards before", async () => {
  await using world = await mappedStream(server);
  const UUID = await world.map();
  await world.put({ id: 1 });
  await split(world, 0);
  await world.emu.idle();
  await world.clients.kinesis.send(new DeleteStreamCommand({ StreamName }));
  await world.clients.kinesis.send(new CreateStreamCommand({ StreamName, ShardCount: 1 }));
  await world.put({ id: 2 });
  await enable(world, UUID, false);
  await enable(world, UUID, true);
  expect(await delivered(world)).toEqual([1, 2]);
});
