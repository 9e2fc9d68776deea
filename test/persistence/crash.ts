import { seededRandom } from "../../packages/emulator/src/core/random.ts";
import { crash } from "./crashes.ts";
import { loads } from "./loads.ts";

/** Ten kills on each data directory: what was put before is looked at after each. */
const killsEach = 10;
const mostAnswers = 150;

/**
 * `npm run crash -- [kills] [seed]`: kills emulators at random points, 200 by default under each load, and says what was lost.
 * Ends with 1 when something was, with 3 when no call of a load was answered, so that nothing could be lost.
 */
async function main([kills = "200", seed = "1"]: readonly string[]): Promise<void> {
  if (!(Number(kills) > 0) || !Number.isInteger(Number(seed))) {
    process.stderr.write("usage: npm run crash -- [kills] [seed]\n");
    process.exitCode = 2;
    return;
  }
  for (const [name, load] of loads) {
    let answered = 0;
    for (let killed = 0; killed < Number(kills); killed += killsEach) {
      const runSeed = Number(seed) + killed / killsEach;
      const working = load(seededRandom(runSeed));
      const begun = performance.now();
      const problems = await crash(working, {
        kills: killsEach,
        mostAnswers,
        random: seededRandom(runSeed + 1_000_000),
      });
      answered += working.answered;
      const seconds = ((performance.now() - begun) / 1000).toFixed(1);
      const counts = `${killsEach} kills, ${working.answered} calls answered, ${problems.length} problems, ${seconds} s`;
      process.stdout.write(`${name}, seed ${runSeed}: ${counts}\n`);
      for (const problem of problems) process.stdout.write(`  ${problem}\n`);
      if (problems.length > 0) process.exitCode = 1;
    }
    if (answered === 0) {
      process.stdout.write(`${name}: nothing was judged, for no call was answered\n`);
      process.exitCode ??= 3;
    }
  }
}

await main(process.argv.slice(2));
