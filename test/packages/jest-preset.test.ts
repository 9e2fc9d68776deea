import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestEmulator } from "../emulator/emulator.ts";
import { installPackages } from "./installation.ts";
import type { Finished, Installation } from "./installation.ts";

let installation: Installation;

beforeAll(async () => {
  installation = await installPackages(new URL("./fixtures/", import.meta.url));
});

afterAll(() => installation[Symbol.asyncDispose]());

/** What a developer's shell may have set. */
const shell = {
  AWS_PROFILE: "production",
  AWS_SESSION_TOKEN: "of-somebody",
  AWS_ENDPOINT_URL_KINESIS: "http://127.0.0.1:9",
};

function jest(options: object, ...args: readonly string[]): Promise<Finished> {
  return jestWith(shell, options, ...args);
}

function jestWith(
  variables: Readonly<Record<string, string>>,
  options: object,
  ...args: readonly string[]
): Promise<Finished> {
  const program = ["node_modules/jest/bin/jest.js", "--config", "jest-cjs/jest.config.js"];
  const testEnvironmentOptions = JSON.stringify({ localemu: { runtime: "embedded", ...options } });
  return installation.run(variables, ...program, "--testEnvironmentOptions", testEnvironmentOptions, ...args);
}

describe("Jest's preset", () => {
  test.for([
    // With a limit of memory Jest runs even files that are quick in workers.
    [["--maxWorkers=2", "--workerIdleMemoryLimit=1GB"]],
    [["--maxWorkers=2", "--workerIdleMemoryLimit=1GB", "--workerThreads"]],
    [["--runInBand"]],
  ] as const)("gives each file a world with %j", async ([args]) => {
    const { code, output } = await jest({}, "worlds/", ...args);
    expect(output).toMatch(/Tests: +3 passed, 3 total/);
    expect(code).toBe(0);
  });

  test("leaves nothing open, and takes a file's own options", async () => {
    const { code, output } = await jest({}, "other/(options|realm)", "--detectOpenHandles");
    expect(output).toMatch(/Tests: +5 passed, 5 total/);
    expect(output).not.toMatch(/open handle/);
    expect(code).toBe(0);
  });

  test("uses an emulator that runs already, and leaves no world there", async () => {
    await using server = await startTestEmulator();
    const { output } = await jest({ runtime: "external", endpoint: server.emu.endpoint }, "worlds/", "--maxWorkers=2");
    expect(output).toMatch(/Tests: +3 passed, 3 total/);
    expect(await server.emu.control.worlds()).toHaveLength(1);
  });

  test("shows the timeline of a test that failed", async () => {
    const { code, output } = await jest({}, "other/failing");
    expect(code).toBe(1);
    expect(output).toMatch(/Tests: +2 failed, 1 passed, 3 total/);
    expect(output).toContain("Expected length: 2");
    expect(output).toContain("What happened in the test's LocalEmu world (its timeline):");
    expect(output).toMatch(/\d\d:\d\d:\d\d\.\d{3} {2}stream orders created with 1 shard/);
    expect(output).toMatch(/orders shard 0 ← 1 record/);
    expect(output).toMatch(/not ready\n\n +Nothing happened in the test's LocalEmu world\./);
  });

  test("leaves what passes when it is tried again out of the summary of a job", async () => {
    const summary = join(installation.directory, "flaky.md");
    const { output } = await jestWith({ GITHUB_STEP_SUMMARY: summary }, {}, "other/flaky");
    expect(output).toMatch(/Tests: +1 failed, 1 passed, 2 total/);
    expect(readFileSync(summary, "utf8").match(/<summary>.*/g)).toEqual([
      "<summary>LocalEmu: fails however often it is tried</summary>",
    ]);
  });

  test("says what it does not know", async () => {
    const { output } = await jest({}, "other/unknown-option");
    expect(output).toContain('@localemu-clock must be one of running, frozen, auto, not "stopped"');
    const { code, output: ofRun } = await jest({ runtime: "cloud" }, "worlds/");
    expect(code).toBe(1);
    expect(ofRun).toContain(
      'testEnvironmentOptions.localemu: runtime must be one of auto, embedded, container, external, not "cloud"',
    );
  });

  test("says what is missing where it is not set", async () => {
    const program = ["node_modules/jest/bin/jest.js", "--rootDir", "jest-cjs", "--testEnvironment"];
    const { output } = await installation.run({}, ...program, "node", "orders");
    expect(output).toContain('There is no LocalEmu world: set preset: "@localemu/jest"');
    const { output: alone } = await installation.run({}, ...program, "@localemu/jest/environment", "orders");
    expect(alone).toContain('LocalEmu was not started: set preset: "@localemu/jest"');
  });
});
