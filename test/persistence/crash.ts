import { seededRandom } from "../../packages/emulator/src/core/random.ts";
import { crash } from "./crashes.ts";
import { Puts } from "./puts.ts";

/** Ten kills on each data directory: what was put before is looked at after each. */
const killsEach = 10;

/** `npm run crash -- [kills] [seed]`: kills emulators at random points, 200 by default, and says what was lost. */
async function main([kills = "200", seed = "1"]: readonly string[]): Promise<void> {
  for (let killed = 0; killed < Number(kills); killed += killsEach) {
    const runSeed = Number(seed) + killed / killsEach;
    const puts = new Puts(seededRandom(runSeed));
    const problems = await crash(puts, { kills: killsEach, random: seededRandom(runSeed + 1_000_000) });
    process.stdout.write(
      `seed ${runSeed}: ${killsEach} kills, ${puts.answered} calls answered, ${problems.length} problems\n`,
    );
    for (const problem of problems) process.stdout.write(`  ${problem}\n`);
    if (problems.length > 0) process.exitCode = 1;
  }
}

await main(process.argv.slice(2));
