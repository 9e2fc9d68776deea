import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { installPackages } from "../packages/installation.ts";
import type { Finished, Installation } from "../packages/installation.ts";
import { plantBug, withoutChance } from "../packages/planted-bug.ts";
import { hasDocker } from "./container.ts";

let installation: Installation;

beforeAll(async () => {
  installation = await installPackages(new URL("../packages/fixtures/", import.meta.url));
});

afterAll(() => installation[Symbol.asyncDispose]());

function run(): Promise<Finished> {
  const file = "testcontainers/orders.test.js";
  return installation.run({ LOCALEMU_IMAGE: inject("image") }, "--test", "--test-reporter=spec", file);
}

test.runIf(hasDocker)("a project with Testcontainers passes", async () => {
  const { code, output } = await run();
  expect(output).toMatch(/pass 1\n/);
  expect(code).toBe(0);
});

test.runIf(hasDocker)("Jest's preset starts a container for the run, and a world in it for each file", async () => {
  const options = JSON.stringify({ localemu: { runtime: "container" } });
  const program = ["node_modules/jest/bin/jest.js", "--config", "jest-cjs/jest.config.js", "worlds/"];
  const variables = { LOCALEMU_IMAGE: inject("image") };
  const { code, output } = await installation.run(variables, ...program, "--testEnvironmentOptions", options);
  expect(output).toMatch(/Tests: +3 passed, 3 total/);
  expect(code).toBe(0);
});

test.runIf(hasDocker)("it tells what is wrong with a handler that has a bug", async () => {
  // Ships while it checks: what came before a poison order is shipped again and again.
  plantBug(
    installation,
    "testcontainers",
    "for (const { id } of orders) if",
    "for (const { id } of orders.slice(-1)) if",
  );
  const { code, output } = await run();
  expect(code).toBe(1);
  await expect(withoutChance(output, installation)).toMatchFileSnapshot("../packages/failures/testcontainers.txt");
});
