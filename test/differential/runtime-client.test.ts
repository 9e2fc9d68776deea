/** Our runtime client does what AWS's did when `npm run differential -- --write` last ran both. */
import { describe, expect, test } from "vitest";
import { accepted } from "./accepted.ts";
import { casesOf } from "./cases/index.ts";
import { ourClient } from "./clients.ts";
import { readFacts } from "./facts.ts";
import { observe } from "./observe.ts";

describe.each([4, 3] as const)("as aws-lambda-ric %i", (generation) => {
  const facts = readFacts(generation);

  test.concurrent.each(casesOf(generation).map((one) => [one.name, one] as const))("%s", async (name, one) => {
    const official = facts.get(name);
    if (official === undefined)
      throw new Error(`Nobody knows what AWS does: npm run differential -- --write "${name}"`);
    const difference = accepted.find((other) => other.name === name && other.generation === generation);
    expect(await observe(one, ourClient(generation))).toEqual(difference?.adjust(official) ?? official);
  });
});

test("no difference is accepted of a case that is gone", () => {
  const known = accepted.filter(({ name, generation }) => casesOf(generation).some((one) => one.name === name));
  expect(known).toEqual(accepted);
});
