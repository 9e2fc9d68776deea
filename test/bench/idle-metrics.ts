import { createFunction, createMapping, lambdaClient, MappedFunction } from "./functions.ts";
import { createClient } from "./kinesis-client.ts";
import type { Effort, Sample } from "./metrics.ts";
import { launchAsked, launchOf } from "./process-under-test.ts";
import type { AskedServer } from "./process-under-test.ts";

/** Shards of one more stream, with one mapping. */
const manyShards = 5000;
/** Tells how many timers have fired since the start. */
const countTimers = new URL("count-timers.mjs", import.meta.url);

/** What mappings and shards cost that have nothing to do: memory, and neither time nor timers. */
export async function measureIdleMappings(effort: Effort): Promise<Sample[]> {
  const emulator = await launchAsked(launchOf("emulator"), countTimers);
  const lambda = lambdaClient(emulator.endpoint);
  const client = createClient(emulator.endpoint);
  try {
    await using mapped = await MappedFunction.create(lambda, client);
    // Code that has become hot must not make the second measurement the faster one.
    await mapped.putToHandler(effort.calls / 2);
    const alone = await mapped.putToHandler(effort.calls / 2);
    const before = memoryOf(emulator);

    await createFunction(lambda, "idle");
    const mappings = effort.idleMappings;
    for (let count = 0; count < mappings; count++) {
      await client.call("CreateStream", `{"StreamName":"idle-${count}","ShardCount":1}`);
      await createMapping(lambda, `idle-${count}`, "idle");
    }
    const watched = await watch(emulator, effort.idleMs);
    const after = memoryOf(emulator);
    const among = await mapped.putToHandler(effort.calls / 2);

    await client.call("CreateStream", `{"StreamName":"wide","ShardCount":${manyShards}}`);
    await createMapping(lambda, "wide", "idle");
    const wide = await watch(emulator, effort.idleShardsMs);
    const idle = `${mappings} idle mappings`;
    const shards = `${manyShards} idle shards more`;
    return [
      sample(`put to handler among ${idle}, p50`, "ms", among, "alone", alone),
      sample(`memory with ${idle}`, "MiB", after, "without", before),
      sample(`timers with ${idle}, in ${effort.idleMs / 1000} s`, "timers", watched.timers, "a single one", 1),
      sample(`processor time with ${idle}`, "ms", watched.cpuMs, "time that passed", watched.ms),
      sample(`memory with ${shards}`, "MiB", memoryOf(emulator), "without", after),
      sample(`processor time with ${shards}`, "ms", wide.cpuMs, "time that passed", wide.ms),
    ];
  } finally {
    lambda.destroy();
    client.close();
    await emulator.stop();
  }
}

function sample(metric: string, unit: Sample["unit"], emulator: number, against: string, yardstick: number): Sample {
  return { metric, unit, emulator, against, yardstick };
}

interface Watched {
  readonly ms: number;
  readonly cpuMs: number;
  /** That fired. */
  readonly timers: number;
}

/** What an emulator does by itself while nobody calls it. */
async function watch(emulator: AskedServer, ms: number): Promise<Watched> {
  const begin = performance.now();
  const timers = await emulator.ask();
  const cpu = emulator.cpuTime() ?? Number.NaN;
  await new Promise((resolve) => setTimeout(resolve, ms));
  const cpuMs = ((emulator.cpuTime() ?? Number.NaN) - cpu) / 1000;
  const fired = (await emulator.ask()) - timers;
  return { ms: performance.now() - begin, cpuMs, timers: fired };
}

function memoryOf(emulator: AskedServer): number {
  return emulator.residentMemory() ?? Number.NaN;
}
