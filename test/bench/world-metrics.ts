import { connect } from "@localemu/testkit";
import type { LocalEmu } from "@localemu/testkit";
import type { Sample } from "./metrics.ts";
import { startServer } from "./process-under-test.ts";

const worldCount = 200;

/** What worlds leave behind that were made, used and dropped: memory, in an emulator that has had as many before. */
export async function measureWorlds(): Promise<Sample[]> {
  const server = await startServer("emulator");
  const emu = await connect(server.endpoint);
  try {
    // The heap first grows to the size at which it is collected; twice as many worlds must not take more.
    await makeAndDrop(emu, 2 * worldCount);
    const before = server.residentMemory() ?? Number.NaN;
    const start = performance.now();
    await makeAndDrop(emu, worldCount);
    const ms = (performance.now() - start) / worldCount;
    const after = server.residentMemory() ?? Number.NaN;
    return [
      sample(`memory after ${worldCount} worlds more`, "MiB", after, `after ${2 * worldCount}`, before),
      sample("a world that is made, used and dropped", "ms", ms, "allowed", 25),
    ];
  } finally {
    await emu.close();
    await server.stop();
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
