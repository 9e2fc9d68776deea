/**
 * `npm run soak -- [minutes] [seed] [-- what the emulator is given, e.g. --data-dir <path>]`: ten minutes of mixed traffic with faults
 * by default. Ends with 1 when something is left behind, grows, gets slow or goes wrong, with 3 when latency or memory could not be judged.
 */
import { unjudged } from "./judge.ts";
import { soak } from "./run-soak.ts";

const roundMs = 20_000;

const all = process.argv.slice(2);
const split = all.includes("--") ? all.indexOf("--") : all.length;
const [minutes = "10", seedText = "1"] = all.slice(0, split);
const rounds = Math.ceil((Number(minutes) * 60_000) / roundMs);
const seed = Number(seedText);
if (!(rounds > 0) || !Number.isInteger(seed)) {
  process.stderr.write("usage: npm run soak -- [minutes] [seed] [-- arguments of the emulator]\n");
  process.exit(2);
}

const tell = (line: string): void => void process.stdout.write(`${line}\n`);
const report = await soak({ rounds, roundMs, seed, args: all.slice(split + 1), tell });
for (const { kind, calls, p50, p99 } of report.kinds)
  tell(`${kind}: ${calls} calls, p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms, ${(p99 / p50).toFixed(1)} times`);
const open = unjudged(report.kinds, rounds);
for (const line of open) tell(line);
const problems = [...report.problems, ...report.slowProblems];
tell(`${report.refused} calls met faults; ${problems.length} problems`);
for (const problem of problems) tell(`  ${problem}`);
if (problems.length > 0) process.exitCode = 1;
else if (open.length > 0) process.exitCode = 3;
