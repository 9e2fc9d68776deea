/**
 * Runs every case under AWS's runtime clients and under ours, and in a Docker engine an image with AWS's beside one with ours (the
 * name `container image`), and functions in AWS's base images beside processes (`base images`, never without its name):
 * `npm run differential [-- --write] [name…]`. Ends with 1 when they differ, with 2 when there is nothing of such a name.
 * With `--write` what AWS's clients do becomes what `npm test` expects of ours.
 */
import { isDeepStrictEqual } from "node:util";
import { accepted } from "./accepted.ts";
import type { Case, Generation, Observation } from "./case.ts";
import { compareAwsImages } from "./aws-images.ts";
import { casesOf } from "./cases/index.ts";
import { officialClient, ourClient } from "./clients.ts";
import { readFacts, writeFacts } from "./facts.ts";
import { observe, type Client } from "./observe.ts";
import { compareImages } from "./official-image.ts";

const GENERATIONS: readonly Generation[] = [4, 3];

interface Result {
  readonly one: Case;
  readonly verdict: "same" | "accepted" | "DIFFERENT" | "CHANGED";
  readonly details: readonly string[];
  readonly official: Observation;
}

async function compare(
  one: Case,
  official: Client,
  ours: Client,
  facts: ReadonlyMap<string, Observation>,
): Promise<Result> {
  const theirs = await observe(one, official);
  const own = await observe(one, ours);
  const difference = accepted.find(({ name, generation }) => name === one.name && generation === ours.generation);
  const expected = difference?.adjust(theirs) ?? theirs;
  const fact = facts.get(one.name);
  const details = differences(expected, own);
  const changes = fact === undefined ? ["new"] : differences(fact, theirs);
  const verdict = details.length > 0 ? "DIFFERENT" : difference === undefined ? "same" : "accepted";
  return changes.length > 0 && details.length === 0
    ? { one, verdict: "CHANGED", details: changes, official: theirs }
    : { one, verdict, details: difference === undefined ? details : [...details, difference.reason], official: theirs };
}

function differences(expected: Observation, found: Observation): string[] {
  const keys = ["requests", "outcomes", "log", "output", "exits"] as const;
  return keys.flatMap((key) =>
    isDeepStrictEqual(expected[key], found[key])
      ? []
      : [`${key}\n      AWS:  ${JSON.stringify(expected[key])}\n      ours: ${JSON.stringify(found[key])}`],
  );
}

const names = process.argv.slice(2).filter((argument) => !argument.startsWith("--"));
const isChosen = (name: string): boolean => names.length === 0 || names.some((part) => name.includes(part));
const writing = process.argv.includes("--write");
let unexplained = 0;
let compared = 0;
for (const generation of GENERATIONS) {
  const chosen = casesOf(generation).filter(({ name }) => isChosen(name));
  if (chosen.length === 0) continue;
  compared += chosen.length;
  const official = officialClient(generation);
  const ours = ourClient(generation);
  const facts = readFacts(generation);
  const observed = new Map(facts);
  for (const one of chosen) {
    const { verdict, details, official: seen } = await compare(one, official, ours, facts);
    observed.set(one.name, seen);
    const events = one.invokes?.length ?? 1;
    process.stdout.write(`${verdict.padEnd(10)} ric ${generation}  ${one.name} (${events})\n`);
    for (const detail of details) process.stdout.write(`    ${detail}\n`);
    if (verdict === "DIFFERENT" || (verdict === "CHANGED" && !writing)) unexplained += 1;
  }
  if (writing) writeFacts(generation, observed);
}
if (isChosen("container image")) tellOfImages("ric 4  container image", await compareImages(officialClient(4)));
// Only by their name: they are large, and come from AWS's registry.
if (names.includes("base images")) {
  for (const [name, details] of await compareAwsImages()) tellOfImages(name, details);
}
process.stdout.write(`${compared} compared; ${unexplained} unexplained differences\n`);
if (compared === 0) process.stderr.write(`differential: nothing is called ${names.join(" or ")}\n`);
process.exitCode = compared === 0 ? 2 : unexplained === 0 ? 0 : 1;

function tellOfImages(name: string, details: readonly string[]): void {
  process.stdout.write(`${(details.length === 0 ? "same" : "DIFFERENT").padEnd(10)} ${name}\n`);
  for (const detail of details) process.stdout.write(`    ${detail}\n`);
  compared += 1;
  unexplained += details.length === 0 ? 0 : 1;
}
