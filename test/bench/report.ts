import type { Sample } from "./metrics.ts";
import { median } from "./statistics.ts";

/** Prints a line of JSON for each metric, and a table of all. */
export function report(rounds: readonly (readonly Sample[])[]): void {
  const results = resultsOf(rounds);
  for (const result of results) process.stdout.write(`${JSON.stringify(result)}\n`);
  process.stdout.write(`\n${tableOf(results)}\n`);
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
    const isSame = (sample: Sample): boolean => sample.metric === metric && sample.against === against;
    const samples = rounds.flatMap((found) => found.filter(isSame));
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
