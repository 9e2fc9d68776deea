import { CreateStreamCommand, DeleteStreamCommand } from "@aws-sdk/client-kinesis";
import type { TimelineEntry } from "@localemu/control";
import type { LocalEmu } from "@localemu/testkit";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { clientsOf, startTestEmulator } from "./emulator.ts";
import type { Clients, TestEmulator } from "./emulator.ts";

let emulator: TestEmulator;
let world: LocalEmu;
let clients: Clients;

beforeAll(async () => {
  emulator = await startTestEmulator();
});

afterAll(() => emulator[Symbol.asyncDispose]());

beforeEach(async () => {
  world = await emulator.emu.createWorld();
  clients = clientsOf(world);
  return () => world.close();
});

/** Two things that happen, each to be seen on the timeline. */
async function makeAndDelete(name: string): Promise<void> {
  await clients.kinesis.send(new CreateStreamCommand({ StreamName: name, ShardCount: 1 }));
  await clients.kinesis.send(new DeleteStreamCommand({ StreamName: name }));
}

describe("what has happened", () => {
  test("is told oldest first, in the world's time, as JSON lines", async () => {
    const { now } = await world.clock.freeze();
    await world.clock.advance(1000);
    await makeAndDelete("orders");
    const entries = [
      { id: 1, at: now, type: "clock.changed", mode: "frozen", now },
      { id: 2, at: now + 1000, type: "clock.changed", mode: "frozen", now: now + 1000 },
      { id: 3, at: now + 1000, type: "stream.created", stream: "orders", region: "us-east-1", shards: 1 },
      { id: 4, at: now + 1000, type: "stream.deleted", stream: "orders", region: "us-east-1" },
    ];
    expect(await world.timeline()).toEqual(entries);
    const response = await fetch(`${world.endpoint}/_localemu/timeline`);
    expect(response.headers.get("content-type")).toBe("application/x-ndjson");
    expect(await response.text()).toBe(entries.map((entry) => `${JSON.stringify(entry)}\n`).join(""));
  });

  test("is cut to what is asked for", async () => {
    await makeAndDelete("one");
    await makeAndDelete("two");
    const ids = async (range?: { after?: number; limit?: number }) => (await world.timeline(range)).map(({ id }) => id);
    expect(await ids()).toEqual([1, 2, 3, 4]);
    expect(await ids({ after: 2 })).toEqual([3, 4]);
    expect(await ids({ after: 4 })).toEqual([]);
    expect(await ids({ after: 400 })).toEqual([]);
    expect(await ids({ limit: 1 })).toEqual([4]);
    expect(await ids({ limit: 0 })).toEqual([]);
    expect(await ids({ limit: 400 })).toEqual([1, 2, 3, 4]);
    expect(await ids({ after: 1, limit: 2 })).toEqual([3, 4]);
  });

  test("ends with a reset, and its numbers go on", async () => {
    await makeAndDelete("one");
    await world.reset();
    await makeAndDelete("two");
    expect((await world.timeline()).map(({ id, type }) => `${id} ${type}`)).toEqual([
      "3 world.reset",
      "4 stream.created",
      "5 stream.deleted",
    ]);
  });
});

describe("what happens", () => {
  test("is followed from an entry on, through a reset, until the world ends", async () => {
    await makeAndDelete("one");
    const seen: TimelineEntry[] = [];
    const caughtUp = Promise.withResolvers<void>();
    const ended = (async () => {
      for await (const entry of world.control.followTimeline({ after: 1 })) {
        seen.push(entry);
        caughtUp.resolve();
      }
    })();
    await caughtUp.promise;
    await makeAndDelete("two");
    await world.reset();
    await makeAndDelete("three");
    await emulator.emu.control.deleteWorld(world.world);
    await ended;
    expect(seen.map(({ id }) => id)).toEqual([2, 3, 4, 5, 6, 7]);
    expect(seen.map(({ type }) => type)).toEqual([
      "stream.deleted",
      "stream.created",
      "stream.deleted",
      "world.reset",
      "stream.created",
      "stream.deleted",
    ]);
  });

  test("is followed until the follower goes, without an error", async () => {
    const stop = new AbortController();
    await makeAndDelete("one");
    const seen: number[] = [];
    for await (const { id } of world.control.followTimeline({ signal: stop.signal })) {
      seen.push(id);
      if (id === 2) stop.abort();
    }
    expect(seen).toEqual([1, 2]);
    await makeAndDelete("two");
    expect(await world.timeline()).toHaveLength(4);
  });

  test("comes as server-sent events", async () => {
    await makeAndDelete("one");
    const response = await fetch(`${world.endpoint}/_localemu/timeline?limit=1`, {
      headers: { accept: "text/event-stream" },
    });
    expect(response.headers.get("content-type")).toBe("text/event-stream");
    await emulator.emu.control.deleteWorld(world.world);
    const [entry = ""] = /(?<=^data: ).*$/m.exec(await response.text()) ?? [];
    expect(JSON.parse(entry)).toMatchObject({ id: 2, type: "stream.deleted", stream: "one" });
  });
});
