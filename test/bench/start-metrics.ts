import type { Effort, Sample } from "./metrics.ts";
import { launchOf, measureColdStart } from "./process-under-test.ts";
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
