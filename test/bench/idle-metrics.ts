import { createFunction, createMapping, lambdaClient, MappedFunction } from "./functions.ts";
import { createClient } from "./kinesis-client.ts";
import type { Effort, Sample } from "./metrics.ts";
import { startCountedEmulator } from "./process-under-test.ts";
import type { CountedEmulator } from "./process-under-test.ts";

/** Shards of one more stream, with one mapping. */
const manyShards = 5000;

/** What mappings and shards cost that have nothing to do: memory, and neither time nor timers. */
export async function measureIdleMappings(effort: Effort): Promise<Sample[]> {
  const emulator = await startCountedEmulator();
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
    const wide = await watch(emulator, effort.idleMs);
    const idle = `${mappings} idle mappings`;
    const shards = `${manyShards} idle shards more`;
    return [
      sample(`put to handler among ${idle}, p50`, "ms", among, "alone", alone),
      sample(`memory with ${idle}`, "MiB", after, "without", before),
      sample(`timers with ${idle}`, "timers/s", watched.timers, "timers allowed", 1),
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
  /** A second. */
  readonly timers: number;
}

/** What an emulator does by itself while nobody calls it. */
async function watch(emulator: CountedEmulator, ms: number): Promise<Watched> {
  const begin = performance.now();
  const timers = await emulator.timersFired();
  const cpu = emulator.cpuTime() ?? Number.NaN;
  await new Promise((resolve) => setTimeout(resolve, ms));
  const cpuMs = ((emulator.cpuTime() ?? Number.NaN) - cpu) / 1000;
  const fired = (await emulator.timersFired()) - timers;
  return { ms: performance.now() - begin, cpuMs, timers: (fired / ms) * 1000 };
}

function memoryOf(emulator: CountedEmulator): number {
  return emulator.residentMemory() ?? Number.NaN;
}
