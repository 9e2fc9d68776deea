/**
 * Bad input for as long as is asked for: `npm run fuzz -- <seconds> [seed] [part of a campaign's name]`. Ends with 1 when some harms;
 * the report has the smallest such input and the seed, with which it comes again.
 */
import { randomInt } from "node:crypto";
import { campaigns } from "./campaigns/index.ts";
import { FiringRange, mostResidentMiB } from "./firing-range.ts";

const [seconds = "60", seedText, part = ""] = process.argv.slice(2);
const firstSeed = seedText === undefined ? randomInt(2 ** 31) : Number(seedText);
const end = performance.now() + Number(seconds) * 1000;
const chosen = campaigns.filter(({ campaign }) => campaign.name.includes(part));
if (!Number.isInteger(firstSeed) || !(Number(seconds) > 0) || chosen.length === 0) {
  process.stderr.write("usage: npm run fuzz -- <seconds> [seed] [part of a campaign's name]\n");
  process.exit(2);
}

await using range = new FiringRange();
process.stdout.write(`seed ${firstSeed}\n`);
for (let round = 0; performance.now() < end; round++) {
  for (const { campaign, salvoes } of chosen) {
    if (performance.now() >= end) break;
    const before = performance.now();
    try {
      await campaign.run(range, firstSeed + round, salvoes);
      await range.assertBounded();
    } catch (error) {
      process.exitCode = 1;
      process.stdout.write(`${campaign.name}, seed ${firstSeed + round}: ${described(error)}\n`);
      await range.replace();
      continue;
    }
    const { descriptors, residentMiB } = (await range.current()).holdings;
    const took = Math.round(performance.now() - before);
    process.stdout.write(
      `${campaign.name}: ${salvoes} salvoes, ${took} ms; ${residentMiB.toFixed(0)} of ${mostResidentMiB} MiB, ${descriptors} descriptors\n`,
    );
  }
}
await range.stop();

/** What was wrong, then which input it was, of which the beginning is enough. */
function described(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause instanceof Error ? `${error.cause.message}\n` : "";
  return `${cause}${error.message.slice(0, 4_000)}`;
}
