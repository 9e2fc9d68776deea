import { CreateStreamCommand, ListStreamsCommand } from "@aws-sdk/client-kinesis";
import { expect, test } from "vitest";
import { clientsAt, clientsOf, startTestEmulator } from "../emulator/emulator.ts";
import { put } from "../kinesis/streams.ts";
import { newDataDirectory } from "./data-directory.ts";

const hour = 3_600_000;

test("without a data directory nothing is kept", async () => {
  for (let start = 0; start < 2; start++) {
    await using emulator = await startTestEmulator();
    expect((await emulator.kinesis.send(new ListStreamsCommand())).StreamNames).toEqual([]);
    await emulator.emu.createStream("orders");
  }
});

test("worlds besides the default one live no longer than their emulator", async () => {
  await using directory = await newDataDirectory();
  {
    await using emulator = await startTestEmulator(directory);
    await (await emulator.emu.createWorld("mine")).createStream("theirs");
    await emulator.emu.createStream("orders");
  }
  await using emulator = await startTestEmulator(directory);
  expect((await emulator.kinesis.send(new ListStreamsCommand())).StreamNames).toEqual(["orders"]);
  expect((await emulator.emu.control.worlds()).map(({ name }) => name)).toEqual(["default"]);
  const world = await emulator.emu.createWorld("mine");
  expect((await clientsOf(world).kinesis.send(new ListStreamsCommand())).StreamNames).toEqual([]);
});

test("a reset drops what is kept, and what comes after it is kept again", async () => {
  await using directory = await newDataDirectory();
  {
    await using emulator = await startTestEmulator({ ...directory, clock: "frozen" });
    await emulator.emu.createStream("before");
    await emulator.emu.clock.advance(hour);
    await emulator.emu.reset();
    await emulator.emu.createStream("after");
    await emulator.emu.stream("after").put("record", { partitionKey: "k" });
  }
  await using emulator = await startTestEmulator({ ...directory, clock: "frozen" });
  expect((await emulator.kinesis.send(new ListStreamsCommand())).StreamNames).toEqual(["after"]);
  expect(await emulator.emu.stream("after").records()).toHaveLength(1);
});

test("the credentials that the default world gave lead to it", async () => {
  await using directory = await newDataDirectory();
  const first = await startTestEmulator(directory);
  const { credentials } = first.emu.getClientConfig();
  await first.emu.reset();
  await first.emu.createStream("orders");
  await first[Symbol.asyncDispose]();
  await using next = await startTestEmulator(directory);
  expect(next.emu.getClientConfig().credentials).toEqual(credentials);
  const { kinesis } = clientsAt({ endpoint: next.emu.endpoint, credentials });
  expect((await kinesis.send(new ListStreamsCommand())).StreamNames).toEqual(["orders"]);
});

test("initial streams that are there are left, and those that are missing are made", async () => {
  await using directory = await newDataDirectory();
  const { dataDir } = directory;
  {
    await using emulator = await startTestEmulator({ dataDir, kinesisInitialStreams: [{ name: "orders", shards: 2 }] });
    await put(emulator.kinesis, "orders", "record");
  }
  const kinesisInitialStreams = [
    { name: "orders", shards: 3 },
    { name: "clicks", shards: 1 },
  ];
  await using emulator = await startTestEmulator({ dataDir, kinesisInitialStreams });
  expect((await emulator.kinesis.send(new ListStreamsCommand())).StreamNames).toEqual(["clicks", "orders"]);
  expect(await emulator.emu.stream("orders").records()).toHaveLength(1);
});

test("time that was moved ahead does not go back, and goes on", async () => {
  await using directory = await newDataDirectory();
  const first = await startTestEmulator(directory);
  await first.kinesis.send(new CreateStreamCommand({ StreamName: "orders", ShardCount: 1 }));
  await first.emu.clock.advance(10 * hour);
  const before = await put(first.kinesis, "orders", "before");
  const { now } = await first.emu.clock.read();
  await first[Symbol.asyncDispose]();
  await using next = await startTestEmulator(directory);
  const state = await next.emu.clock.read();
  expect(state.mode).toBe("running");
  expect(state.now).toBeGreaterThanOrEqual(now);
  expect(state.now - Date.now()).toBeGreaterThan(9 * hour);
  expect(BigInt(await put(next.kinesis, "orders", "after"))).toBeGreaterThan(BigInt(before));
  const [older, newer] = await next.emu.stream("orders").records();
  expect(newer?.approximateArrival).toBeGreaterThanOrEqual(older?.approximateArrival ?? Infinity);
});

test("time that stands still does so where it stood, until another option is given", async () => {
  await using directory = await newDataDirectory();
  const { dataDir } = directory;
  const first = await startTestEmulator({ dataDir, clock: "frozen" });
  await first.emu.clock.advance(hour);
  const frozen = await first.emu.clock.read();
  await first[Symbol.asyncDispose]();
  const second = await startTestEmulator({ dataDir, clock: "frozen" });
  expect(await second.emu.clock.read()).toEqual(frozen);
  await second[Symbol.asyncDispose]();
  await using third = await startTestEmulator({ dataDir, clock: "auto" });
  expect(await third.emu.clock.read()).toEqual({ ...frozen, mode: "auto" });
});
