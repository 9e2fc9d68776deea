import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { startLocalEmu } from "@localemu/testkit";
import type { LocalEmu } from "@localemu/testkit";
import type { Sample } from "./metrics.ts";

const worldCount = 200;

/**
 * What worlds cost that are made, used and dropped, in an embedded emulator that has had as many before: time, and what they
 * leave on the heap. (Resident memory tells of the allocator: it grows in steps while the heap stays as it is.)
 */
export async function measureWorlds(): Promise<Sample[]> {
  const emu = await startLocalEmu();
  try {
    await makeAndDrop(emu, 3 * worldCount);
    const before = heapInMiB();
    const start = performance.now();
    await makeAndDrop(emu, worldCount);
    const ms = (performance.now() - start) / worldCount;
    return [
      sample(`heap after ${worldCount} worlds more`, "MiB", heapInMiB(), `after ${3 * worldCount}`, before),
      sample("a world that is made, used and dropped", "ms", ms, "allowed", 25),
    ];
  } finally {
    await emu.close();
  }
}

function sample(metric: string, unit: Sample["unit"], emulator: number, against: string, yardstick: number): Sample {
  return { metric, unit, emulator, against, yardstick };
}

async function makeAndDrop(emu: LocalEmu, count: number): Promise<void> {
  for (let made = 0; made < count; made++) {
    const world = await emu.createWorld();
    const stream = await world.createStream("orders", { shards: 2 });
    await stream.putJson([1, 2, 3], { partitionKey: "k" });
    await (await world.createQueue("jobs")).send("x".repeat(1000));
    await world.idle();
    await world.close();
  }
}

/** What is left after a garbage collection. */
function heapInMiB(): number {
  setFlagsFromString("--expose-gc");
  runInNewContext("gc()");
  return process.memoryUsage().heapUsed / 1024 / 1024;
}
