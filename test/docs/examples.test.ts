import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestEmulator } from "../emulator/emulator.ts";
import { installPackages } from "../packages/installation.ts";
import type { Installation } from "../packages/installation.ts";

let installation: Installation;

beforeAll(async () => {
  installation = await installPackages(new URL("./project/", import.meta.url));
});

afterAll(() => installation[Symbol.asyncDispose]());

test("the examples of the documentation pass", async () => {
  await using server = await startTestEmulator();
  const variables = { LOCALEMU_ENDPOINT: server.emu.endpoint };
  const { code, output } = await installation.run(variables, "node_modules/vitest/vitest.mjs", "run");
  expect(output).toMatch(/Test Files {2}\d+ passed \(\d+\)\n/);
  expect(code).toBe(0);
});

test("so does that of node:test", async () => {
  expect(await installation.node("--test", "node-test.mjs")).toMatch(/pass 1\n/);
});

test("they compile", async () => {
  await expect(installation.node("node_modules/typescript/bin/tsc", "--project", ".")).resolves.toBe("");
});
