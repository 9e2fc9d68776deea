import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestEmulator } from "../emulator/emulator.ts";
import { installPackages } from "./installation.ts";
import type { Installation } from "./installation.ts";

let installation: Installation;

beforeAll(async () => {
  installation = await installPackages();
});

afterAll(() => installation[Symbol.asyncDispose]());

/** What a developer's shell may have set. */
const shell = {
  AWS_PROFILE: "production",
  AWS_SESSION_TOKEN: "of-somebody",
  AWS_ENDPOINT_URL_KINESIS: "http://127.0.0.1:9",
};

function vitest(options: object, tests: string, ...args: readonly string[]) {
  const variables = { ...shell, PLUGIN_OPTIONS: JSON.stringify(options), PLUGIN_TESTS: tests };
  return installation.run(variables, "node_modules/vitest/vitest.mjs", "run", "--config", "plugin.config.ts", ...args);
}

const files = "plugin/files/*.ts";

describe("the plugin", () => {
  test.for([
    [["--pool=forks"]],
    [["--pool=threads"]],
    [["--pool=vmForks"]],
    [["--pool=vmThreads"]],
    [["--pool=forks", "--no-isolate"]],
    [["--pool=threads", "--no-isolate", "--no-file-parallelism"]],
  ] as const)("gives each file a world with %j", async ([args]) => {
    const { code, output } = await vitest({}, files, ...args);
    expect(output).toMatch(/Test Files\s+4 passed \(4\)/);
    expect(code).toBe(0);
  });

  test("leaves nothing behind that Vitest would tell of, and sets the clock", async () => {
    const { code, output } = await vitest({ clock: "frozen" }, "plugin/other/handles.ts", "--detect-async-leaks");
    expect(output).toMatch(/Tests\s+1 passed \(1\)/);
    expect(output).not.toMatch(/leak/i);
    expect(code).toBe(0);
  });

  test("uses an emulator that runs already, and leaves no world there", async () => {
    await using server = await startTestEmulator();
    const { output } = await vitest({ runtime: "external", endpoint: server.emu.endpoint }, files);
    expect(output).toMatch(/Test Files\s+4 passed \(4\)/);
    expect(await server.emu.control.worlds()).toHaveLength(1);
  });

  test("empties the world before each test where that is asked for", async () => {
    const { output } = await vitest({ isolation: "test" }, "plugin/other/tests.ts");
    expect(output).toMatch(/Tests\s+2 passed \(2\)/);
    const { output: shared } = await vitest({ isolation: "file" }, "plugin/other/tests.ts");
    expect(shared).toContain("Stream orders under account 000000000000 already exists.");
  });

  test("shows the timeline of a test that failed", async () => {
    const { code, output } = await vitest({}, "plugin/other/failing.ts");
    expect(code).toBe(1);
    expect(output).toContain("expected 1 to be 2");
    expect(output).toContain("What happened in the test's LocalEmu world (its timeline):");
    expect(output).toMatch(/\d\d:\d\d:\d\d\.\d{3} {2}stream orders created with 1 shard/);
    expect(output).toMatch(/orders shard 0 ← 1 record/);
  });

  test("says what it does not know", async () => {
    const { code, output } = await vitest({ runtime: "cloud" }, files);
    expect(code).toBe(1);
    expect(output).toContain('localemu(): runtime must be one of auto, embedded, container, external, not "cloud"');
  });
});
