import { existsSync, readFileSync, writeFileSync } from "node:fs";
import type { Generation, Observation } from "./case.ts";
import { casesOf } from "./cases/index.ts";

function file(generation: Generation): URL {
  return new URL(`facts/aws-lambda-ric-${generation}.json`, import.meta.url);
}

/** What AWS's client did, by the name of the case. */
export function readFacts(generation: Generation): ReadonlyMap<string, Observation> {
  if (!existsSync(file(generation))) return new Map();
  const facts: Record<string, Observation> = JSON.parse(readFileSync(file(generation), "utf8"));
  return new Map(Object.entries(facts));
}

export function writeFacts(generation: Generation, facts: ReadonlyMap<string, Observation>): void {
  const known = casesOf(generation).flatMap(({ name }) => {
    const fact = facts.get(name);
    return fact === undefined ? [] : [[name, fact]];
  });
  writeFileSync(file(generation), `${JSON.stringify(Object.fromEntries(known), undefined, 2)}\n`);
}
