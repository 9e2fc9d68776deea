import { queryObjects } from "node:v8";
import { afterAll, beforeAll, expect, test } from "vitest";
import { connect } from "@localemu/testkit";
import type { LocalEmu } from "@localemu/testkit";
import { WorldClock } from "../../packages/emulator/src/core/world-clock.ts";
import { startEmulator } from "../../packages/emulator/src/index.ts";
import type { Emulator } from "../../packages/emulator/src/index.ts";
import { Timeline } from "../../packages/emulator/src/timeline.ts";
import { World } from "../../packages/emulator/src/world.ts";
import { clientsOf } from "./emulator.ts";
import { createFunction, isAlive, processFunction } from "./functions.ts";

const worldCount = 200;

let emulator: Emulator;
let emu: LocalEmu;

beforeAll(async () => {
  emulator = await startEmulator();
  emu = await connect(emulator.endpoint);
});

afterAll(async () => {
  await emu.close();
  await emulator.stop();
});

/** What a world is made of, counted on the heap after a garbage collection. */
function objectsOnHeap(): Record<string, number> {
  const kinds = [World, WorldClock, Timeline];
  return Object.fromEntries(kinds.map((kind) => [kind.name, queryObjects(kind, { format: "count" })]));
}

/** A world with something of everything in it, and somebody who follows its timeline. */
async function fill(world: LocalEmu): Promise<void> {
  await world.clock.freeze();
  const stream = await world.createStream("orders", { shards: 2 });
  await stream.putJson([{ id: 1 }, { id: 2 }], { partitionKey: (order) => String(order.id) });
  const queue = await world.createQueue("jobs");
  await queue.send({ job: 1 }, { delaySeconds: 900 });
  const topic = await world.createTopic("alerts");
  await topic.subscribe(queue);
  await topic.publish("hello");
  await (await world.createBucket("reports")).put("a.json", { id: 1 });
  await world.control.faults.add({ operation: "kinesis:PutRecord", latencyMs: 1 });
}

/** A world whose function runs for a mapping of a stream; gives the process's id. */
async function run(world: LocalEmu): Promise<number> {
  const clients = clientsOf(world);
  await createFunction(clients.lambda, "f", processFunction);
  for (const client of Object.values(clients)) client.destroy();
  const fn = world.function("f");
  const stream = await world.createStream("mapped");
  await fn.listen(stream, { batchWindowSeconds: 300 });
  await stream.putJson([1], { partitionKey: "k" });
  return Number((await fn.invoke({})).payload);
}

test(
  `${worldCount} worlds that were used and dropped are forgotten, with all that was in them`,
  { timeout: 120_000 },
  async () => {
    // What is loaded and made once, at the first use.
    await using first = await emu.createWorld();
    await fill(first);
    await run(first);
    await first.close();
    const before = objectsOnHeap();
    expect(before["World"]).toBe(1);

    const pids: number[] = [];
    for (let count = 0; count < worldCount; count++) {
      const world = await emu.createWorld();
      await fill(world);
      if (count % 50 === 0) pids.push(await run(world));
      if (count % 3 === 0) await world.reset();
      await world.close();
    }

    expect(pids.map(isAlive)).toEqual(pids.map(() => false));
    expect(objectsOnHeap()).toEqual(before);
    expect((await emu.control.worlds()).map(({ name }) => name)).toEqual(["default"]);
  },
);
