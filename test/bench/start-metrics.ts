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

/** What a queue's first call takes, which loads what serves queues. */
export async function measureFirstQueue(emulatorFirst: boolean, { colds }: Effort): Promise<Sample[]> {
  const names = emulatorFirst ? (["emulator", "fastify"] as const) : (["fastify", "emulator"] as const);
  const found = { emulator: [] as number[], fastify: [] as number[] };
  for (let count = 0; count < 2 * colds; count++) {
    for (const name of names) found[name].push(await firstQueue(name));
  }
  return [
    {
      metric: "first CreateQueue after the start",
      unit: "ms",
      emulator: median(found.emulator),
      against: "first call of a fastify app",
      yardstick: median(found.fastify),
    },
  ];
}

async function firstQueue(name: "emulator" | "fastify"): Promise<number> {
  const server = await startServer(name);
  const client = createClient(server.endpoint);
  try {
    const begin = performance.now();
    await client.callQueues("CreateQueue", '{"QueueName":"first"}');
    return performance.now() - begin;
  } finally {
    client.close();
    await server.stop();
  }
}
