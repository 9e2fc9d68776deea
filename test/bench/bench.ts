/**
 * LocalEmu's own benchmark: `npm run bench [-- --quick]`. Every value stands beside a yardstick that was measured right
 * before or after it, in rounds that take turns in which comes first; the ratios' medians are what to compare.
 */
import { measureGrowth } from "./growth-metrics.ts";
import { measureKinesis } from "./kinesis-metrics.ts";
import { measureIdleMappings } from "./idle-metrics.ts";
import { measureLambda } from "./lambda-metrics.ts";
import { measureMappings } from "./mapping-metrics.ts";
import { quick, thorough } from "./metrics.ts";
import type { Effort, Sample } from "./metrics.ts";
import { startServer } from "./process-under-test.ts";
import type { ServerName } from "./process-under-test.ts";
import { measurePush } from "./push-metrics.ts";
import { report } from "./report.ts";
import { measureStart } from "./start-metrics.ts";
import { measureStreaming } from "./streaming-metrics.ts";
import { measureWorlds } from "./world-metrics.ts";

async function measureRound(number: number, effort: Effort): Promise<Sample[]> {
  const order: readonly ServerName[] = number % 2 === 0 ? ["emulator", "yardstick"] : ["yardstick", "emulator"];
  const start = await measureStart(order, effort);
  const servers = { emulator: await startServer("emulator"), yardstick: await startServer("yardstick") };
  try {
    return [
      ...start,
      ...(await measureKinesis(servers, order, effort)),
      ...(await measurePush(servers.emulator, effort)),
      ...(await measureLambda(servers, effort)),
      ...(await measureMappings(servers.emulator, number % 2 === 0, effort)),
      ...(await measureIdleMappings(effort)),
      ...(await measureWorlds()),
      ...(await measureStreaming(number % 2 === 0, effort)),
      ...(await measureGrowth(effort)),
    ];
  } finally {
    await Promise.all([servers.emulator.stop(), servers.yardstick.stop()]);
  }
}

const isQuick = process.argv.includes("--quick");
const rounds: Sample[][] = [];
for (let number = 0; number < (isQuick ? 2 : 5); number++) {
  rounds.push(await measureRound(number, isQuick ? quick : thorough));
}
report(rounds);
