import { afterAll, beforeAll, expect, test } from "vitest";
import { installPackages } from "./installation.ts";
import type { Installation } from "./installation.ts";
import { runConfig, runVitest } from "./vitest-command.ts";

/** The oldest line of Vitest that is supported, from npm. The tests are those that run under this repository's Vitest too. */
const version = "4.1.12";

let installation: Installation;

beforeAll(async () => {
  installation = await installPackages(undefined, { vitest: version });
  installation.add("esbuild");
}, 60_000);

afterAll(() => installation[Symbol.asyncDispose]());

test.for([["--pool=forks"], ["--pool=vmThreads"], ["--pool=threads", "--no-isolate"]])(
  "each file has a world with %j",
  async (args) => {
    const { code, output } = await runVitest(installation, { tests: "plugin/files/*.ts" }, ...args);
    expect(output).toContain(`v${version}`);
    expect(output).toMatch(/Test Files\s+4 passed \(4\)/);
    expect(code).toBe(0);
  },
);

test("projects have what they ask for, or what the root says, and one emulator", async () => {
  const { output } = await runConfig(installation, "projects.config.ts");
  expect(output).toMatch(/Tests\s+4 passed \(4\)/);
  expect(new Set(Array.from(output.matchAll(/emulator (\S+)/g), ([, host]) => host)).size).toBe(1);
});

test("an entry is deployed, and nothing is left behind that Vitest would tell of", async () => {
  const run = { options: { clock: "frozen" }, tests: "plugin/other/{deployed,handles}.ts" };
  const { code, output } = await runVitest(installation, run, "--detect-async-leaks");
  expect(output).toMatch(/Tests\s+2 passed \(2\)/);
  expect(output).not.toMatch(/leak/i);
  expect(code).toBe(0);
});

test("a failure shows its timeline, and has it attached", async () => {
  const reporters = ["--reporter=default", "--reporter=./plugin/artifacts.ts"];
  const { code, output } = await runVitest(installation, { tests: "plugin/other/failing.ts" }, ...reporters);
  expect(code).toBe(1);
  expect(output.match(/What happened in the test's LocalEmu world[^]*?orders shard 0 ← 1 record/g)).toHaveLength(2);
  expect(output).toContain('artifact localemu:timeline of "a failure shows what happened": text/plain');
});

test("the environment gives each file a world", async () => {
  const { output } = await runConfig(installation, "environment.config.ts");
  expect(output).toMatch(/Test Files\s+2 passed \(2\)/);
});

test("the declarations compile with the checks of libraries on", async () => {
  await expect(installation.node("node_modules/typescript/bin/tsc", "--project", ".")).resolves.toBe("");
});
