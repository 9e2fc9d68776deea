/**
 * LocalEmu's own benchmark: `npm run bench [-- --quick] [-- --own | --peers | --functions | --scenarios]`, with everything, without
 * other programs, beside other emulators of Kinesis alone, of functions alone, or of what a single test waits for alone. Every value
 * stands beside a yardstick that was measured right before or after it, in rounds that take turns in which comes first; the ratios'
 * medians are what to compare.
 */
import { provideImages } from "./container-metrics.ts";
import type { Images } from "./container-metrics.ts";
import { measureGrowth } from "./growth-metrics.ts";
import { measureKinesis } from "./kinesis-metrics.ts";
import { measureIdleMappings } from "./idle-metrics.ts";
import { measureLambda } from "./lambda-metrics.ts";
import { measureLoop } from "./loop-metrics.ts";
import { measureMappings } from "./mapping-metrics.ts";
import { measureOfflineMapping } from "./mapping-peer-metrics.ts";
import { quick, thorough } from "./metrics.ts";
import type { Effort, Sample } from "./metrics.ts";
import { startServer } from "./process-under-test.ts";
import type { ServerName } from "./process-under-test.ts";
import { measurePeers } from "./peer-metrics.ts";
import { measureScale } from "./peer-scale-metrics.ts";
import { fetchPeers } from "./peers.ts";
import type { Peers } from "./peers.ts";
import { measurePush } from "./push-metrics.ts";
import { installPeers } from "./function-peers.ts";
import type { FunctionPeers } from "./function-peers.ts";
import { measureRuntime } from "./runtime-metrics.ts";
import { measureScenarios } from "./scenario-metrics.ts";
import { measureStart } from "./start-metrics.ts";
import { measureStreaming } from "./streaming-metrics.ts";
import { median } from "./statistics.ts";
import { measureWorlds } from "./world-metrics.ts";

interface Others {
  readonly kinesis: Peers | undefined;
  /** What runs functions. */
  readonly functions: FunctionPeers | undefined;
  /** To start containers of; undefined where there is no Docker engine. */
  readonly images: Images | undefined;
}

async function measureFunctions(number: number, effort: Effort, others: Others): Promise<Sample[]> {
  return [
    ...(await measureRuntime(number, effort, others.functions)),
    ...(others.functions === undefined ? [] : await measureOfflineMapping(others.functions, number % 2 === 0, effort)),
    ...(await measureStreaming(number % 2 === 0, effort)),
  ];
}

async function measureRound(number: number, effort: Effort, others: Others): Promise<Sample[]> {
  if (asked("--functions")) return measureFunctions(number, effort, others);
  if (asked("--scenarios")) return measureScenarios(number % 2 === 0, effort, others.images);
  const { kinesis } = others;
  return [
    ...(asked("--peers") ? [] : await measureOwn(number, effort, others)),
    ...(kinesis === undefined
      ? []
      : [
          ...(await measurePeers(kinesis, number, effort)),
          ...(await measureLoop(kinesis, number, effort)),
          ...(await measureScale(kinesis, number, effort)),
        ]),
  ];
}

async function measureOwn(number: number, effort: Effort, others: Others): Promise<Sample[]> {
  const order: readonly ServerName[] = number % 2 === 0 ? ["emulator", "yardstick"] : ["yardstick", "emulator"];
  const start = await measureStart(order, effort);
  const servers = { emulator: await startServer("emulator"), yardstick: await startServer("yardstick") };
  try {
    return [
      ...start,
      ...(await measureKinesis(servers, order, effort)),
      ...(await measurePush(servers.emulator, effort)),
      ...(await measureLambda(servers.emulator, effort)),
      ...(await measureMappings(servers.emulator, number % 2 === 0, effort)),
      ...(await measureIdleMappings(effort)),
      ...(await measureWorlds()),
      ...(await measureFunctions(number, effort, others)),
      ...(await measureScenarios(number % 2 === 0, effort, others.images)),
      ...(await measureGrowth(effort)),
    ];
  } finally {
    await Promise.all([servers.emulator.stop(), servers.yardstick.stop()]);
  }
}

interface Result {
  readonly metric: string;
  readonly unit: string;
  readonly emulator: number;
  readonly against: string;
  readonly yardstick: number;
  /** Median, least and greatest of the rounds' own ratios. */
  readonly ratio: number;
  readonly ratioFrom: number;
  readonly ratioTo: number;
  readonly rounds: number;
}

function resultsOf(rounds: readonly (readonly Sample[])[]): Result[] {
  const [first = []] = rounds;
  return first.map(({ metric, unit, against }) => {
    const samples = rounds.flatMap((found) =>
      found.filter((sample) => sample.metric === metric && sample.against === against),
    );
    const ratios = samples.map(({ emulator, yardstick }) => emulator / yardstick);
    return {
      metric,
      unit,
      emulator: round(median(samples.map(({ emulator }) => emulator))),
      against,
      yardstick: round(median(samples.map(({ yardstick }) => yardstick))),
      ratio: round(median(ratios)),
      ratioFrom: round(Math.min(...ratios)),
      ratioTo: round(Math.max(...ratios)),
      rounds: samples.length,
    };
  });
}

/** Three significant digits, and all of those before the point. */
function round(value: number): number {
  return Math.abs(value) >= 100 ? Math.round(value) : Number(value.toPrecision(3));
}

function tableOf(results: readonly Result[]): string {
  const rows = results.map(({ metric, unit, emulator, against, yardstick, ratio, ratioFrom, ratioTo }) => [
    metric,
    unit,
    String(emulator),
    `${yardstick} (${against})`,
    `${ratio} (${ratioFrom} to ${ratioTo})`,
  ]);
  const all = [["metric", "unit", "LocalEmu", "yardstick", "ratio (rounds)"], ...rows];
  const widths = (all[0] ?? []).map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  return all
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

const isQuick = asked("--quick");
await using kinesis = asked("--own", "--functions", "--scenarios") ? undefined : await fetchPeers();
const functions = asked("--own", "--peers", "--scenarios") ? undefined : installPeers();
await using images = asked("--peers", "--functions") ? undefined : await provideImages();
const rounds: Sample[][] = [];
for (let number = 0; number < (isQuick ? 2 : 5); number++) {
  rounds.push(await measureRound(number, isQuick ? quick : thorough, { kinesis, functions, images }));
}
const results = resultsOf(rounds);
for (const result of results) process.stdout.write(`${JSON.stringify(result)}\n`);
process.stdout.write(`\n${tableOf(results)}\n`);

/** Whether one of the options was given. */
function asked(...options: readonly string[]): boolean {
  return options.some((option) => process.argv.includes(option));
}
