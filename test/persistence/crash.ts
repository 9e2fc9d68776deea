import { seededRandom } from "../../packages/emulator/src/core/random.ts";
import { crash } from "./crashes.ts";
import { loads } from "./loads.ts";

/** Ten kills on each data directory: what was put before is looked at after each. */
const killsEach = 10;
const mostAnswers = 150;

/** `npm run crash -- [kills] [seed]`: kills emulators at random points, 200 by default under each load, and says what was lost. */
async function main([kills = "200", seed = "1"]: readonly string[]): Promise<void> {
  for (const [name, load] of loads) {
    for (let killed = 0; killed < Number(kills); killed += killsEach) {
      const runSeed = Number(seed) + killed / killsEach;
      const working = load(seededRandom(runSeed));
      const begun = performance.now();
      const problems = await crash(working, {
        kills: killsEach,
        mostAnswers,
        random: seededRandom(runSeed + 1_000_000),
      });
      const seconds = ((performance.now() - begun) / 1000).toFixed(1);
      const counts = `${killsEach} kills, ${working.answered} calls answered, ${problems.length} problems, ${seconds} s`;
      process.stdout.write(`${name}, seed ${runSeed}: ${counts}\n`);
      for (const problem of problems) process.stdout.write(`  ${problem}\n`);
      if (problems.length > 0) process.exitCode = 1;
    }
  }
}

await main(process.argv.slice(2));
