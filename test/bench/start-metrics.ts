import { createClient } from "./kinesis-client.ts";
import type { Effort, Sample } from "./metrics.ts";
import { launchOf, measureColdStart, startServer } from "./process-under-test.ts";
import type { ColdStart, ServerName } from "./process-under-test.ts";
import { median } from "./statistics.ts";

/** Spawn to first reply, and the memory that an idle server takes. */
export async function measureStart(order: readonly ServerName[], { colds }: Effort): Promise<Sample[]> {
  const starts: Record<ServerName, ColdStart[]> = { emulator: [], yardstick: [] };
  for (let count = 0; count < colds; count++) {
    for (const name of order) starts[name].push(await measureColdStart(launchOf(name)));
  }
  const ms = (name: ServerName): number => median(starts[name].map((start) => start.ms));
  const memory = (name: ServerName): number =>
    median(starts[name].map(({ residentMemory }) => residentMemory ?? Number.NaN));
  const against = "bare server";
  return [
    { metric: "cold start to first reply", unit: "ms", emulator: ms("emulator"), against, yardstick: ms("yardstick") },
    { metric: "idle memory", unit: "MiB", emulator: memory("emulator"), against, yardstick: memory("yardstick") },
  ];
}

/**
 * A queue's first call, which loads what serves queues, beside one of a web framework that was loaded at its start; and both with
 * the start.
 */
export async function measureFirstQueue(emulatorFirst: boolean, { colds }: Effort): Promise<Sample[]> {
  const names = emulatorFirst ? (["emulator", "fastify"] as const) : (["fastify", "emulator"] as const);
  const found: Record<"emulator" | "fastify", FirstCall[]> = { emulator: [], fastify: [] };
  for (let count = 0; count < 2 * colds; count++) {
    for (const name of names) found[name].push(await firstQueue(name));
  }
  const compared = (metric: string, against: string, part: keyof FirstCall): Sample => ({
    metric,
    unit: "ms",
    emulator: median(found.emulator.map((call) => call[part])),
    against,
    yardstick: median(found.fastify.map((call) => call[part])),
  });
  return [
    compared("first CreateQueue after the start", "first call of a fastify app", "ms"),
    compared("spawn to first CreateQueue's reply", "spawn to first reply of a fastify app", "sinceSpawn"),
  ];
}

interface FirstCall {
  readonly ms: number;
  readonly sinceSpawn: number;
}

async function firstQueue(name: "emulator" | "fastify"): Promise<FirstCall> {
  const spawned = performance.now();
  const server = await startServer(name);
  const client = createClient(server.endpoint);
  try {
    const begin = performance.now();
    await client.callQueues("CreateQueue", '{"QueueName":"first"}');
    const end = performance.now();
    return { ms: end - begin, sinceSpawn: end - spawned };
  } finally {
    client.close();
    await server.stop();
  }
}
