import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestEmulator } from "../emulator/emulator.ts";
import { installPackages } from "./installation.ts";
import type { Installation } from "./installation.ts";
import { runConfig, runVitest, watchVitest } from "./vitest-command.ts";

let installation: Installation;

beforeAll(async () => {
  installation = await installPackages();
  installation.add("esbuild");
});

afterAll(() => installation[Symbol.asyncDispose]());

function vitest(options: object, tests: string, ...args: readonly string[]) {
  return runVitest(installation, { options, tests }, ...args);
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

  test.for(["handles", "deployed"])("leaves nothing behind of %s that Vitest would tell of", async (name) => {
    const { code, output } = await vitest({ clock: "frozen" }, `plugin/other/${name}.ts`, "--detect-async-leaks");
    expect(output).toMatch(/Tests\s+1 passed \(1\)/);
    expect(output).not.toMatch(/leak/i);
    expect(code).toBe(0);
  });

  test("uses an emulator that runs already, and leaves no world there", async () => {
    await using server = await startTestEmulator();
    const { endpoint } = server.emu;
    const { output } = await vitest({ runtime: "external", endpoint }, files);
    expect(output).toMatch(/Test Files\s+4 passed \(4\)/);
    const found = { options: { runtime: "auto" }, tests: files, variables: { LOCALEMU_ENDPOINT: endpoint } };
    expect((await runVitest(installation, found)).output).toMatch(/Test Files\s+4 passed \(4\)/);
    expect(await server.emu.control.worlds()).toHaveLength(1);
    expect((await server.emu.timeline()).map(({ type }) => type)).not.toContain("stream.created");
  });

  test("empties the world before each test, or shares one, where that is asked for", async () => {
    const { output } = await vitest({ isolation: "test" }, "plugin/other/tests.ts");
    expect(output).toMatch(/Tests\s+2 passed \(2\)/);
    const { output: shared } = await vitest({ isolation: "file" }, "plugin/other/tests.ts");
    expect(shared).toContain("Stream orders under account 000000000000 already exists.");
    await using server = await startTestEmulator();
    const external = { runtime: "external", endpoint: server.emu.endpoint };
    await vitest({ ...external, isolation: "none" }, "plugin/files/one.ts");
    expect(await server.emu.stream("orders").records()).toMatchObject([{ data: { file: "one" } }]);
  });

  test("shows the timeline of a test that failed, and attaches it", async () => {
    const reporters = ["--reporter=default", "--reporter=./plugin/artifacts.ts"];
    const { code, output } = await vitest({}, "plugin/other/failing.ts", ...reporters);
    expect(code).toBe(1);
    expect(output).toContain("expected 1 to be 2");
    const timeline =
      /What happened in the test's LocalEmu world \(its timeline\):\n {2}\d\d:\d\d:\d\d\.\d{3} {2}stream orders created with 1 shard\n.*orders shard 0 ← 1 record/g;
    expect(output.match(timeline)).toHaveLength(2);
    expect(output).toContain(
      'artifact localemu:timeline of "a failure shows what happened": text/plain\nWhat happened',
    );
  });

  test("leaves what passes when it is tried again out of the summary of a job", async () => {
    const summary = join(installation.directory, "flaky.md");
    const run = { tests: "plugin/other/flaky.ts", variables: { GITHUB_STEP_SUMMARY: summary } };
    const { output } = await runVitest(installation, run);
    expect(output).toMatch(/Tests\s+1 failed \| 1 passed \(2\)/);
    expect(readFileSync(summary, "utf8").match(/<summary>.*/g)).toEqual([
      expect.stringMatching("fails however often it is tried</summary>"),
    ]);
  });

  test("ends with a file what it has attached, where files share modules and the default world", async () => {
    const args = ["--no-isolate", "--no-file-parallelism"];
    const { output } = await vitest({ isolation: "none" }, "plugin/attached/*.ts", ...args);
    expect(output).toMatch(/Tests\s+2 passed \(2\)/);
  });

  test("tells apart what tests that run at once have seen", async () => {
    const { output } = await vitest({}, "plugin/other/concurrent.ts", "--maxConcurrency=2");
    expect(output).toMatch(/Tests\s+1 failed \| 2 passed \(3\)/);
    expect(output).toContain("stream early created with 1 shard");
  });

  test("gives projects what they ask for, or what the root says, and all of them one emulator", async () => {
    const { code, output } = await runConfig(installation, "projects.config.ts");
    expect(output).toMatch(/Tests\s+4 passed \(4\)/);
    const emulators = Array.from(output.matchAll(/emulator (\S+)/g), ([, host]) => host);
    expect(emulators).toHaveLength(4);
    expect(new Set(emulators).size).toBe(1);
    expect(code).toBe(0);
  });

  test("keeps its emulator while tests are watched, and gives each run a world", async () => {
    const subject = join(installation.directory, "plugin/watched/subject.ts");
    const run = /subject (?<subject>\w+), world (?<world>\S+), emulator (?<emulator>\S+)[^]*Waiting for file changes/;
    await using watching = watchVitest(installation, { tests: "plugin/watched/watched.ts" });
    const first = run.exec(await watching.until(run))?.groups;
    writeFileSync(subject, readFileSync(subject, "utf8").replace("one", "two"));
    const second = run.exec(await watching.until(run))?.groups;
    expect([first?.["subject"], second?.["subject"]]).toEqual(["one", "two"]);
    expect(second?.["emulator"]).toBe(first?.["emulator"]);
    expect(second?.["world"]).not.toBe(first?.["world"]);
  });

  test("serves JavaScript in a project of CommonJS", async () => {
    const { code, output } = await runConfig(installation, "vitest.config.mjs", "--root", "commonjs");
    expect(output).toMatch(/Tests\s+1 passed \(1\)/);
    expect(code).toBe(0);
  });

  test("says what it does not know", async () => {
    const { code, output } = await vitest({ runtime: "cloud" }, files);
    expect(code).toBe(1);
    expect(output).toContain('localemu(): runtime must be one of auto, embedded, container, external, not "cloud"');
  });
});

describe("the environment", () => {
  test.for(["forks", "vmThreads"])("gives each file a world with %s", async (pool) => {
    const { code, output } = await runConfig(installation, "environment.config.ts", `--pool=${pool}`);
    expect(output).toMatch(/Test Files\s+2 passed \(2\)/);
    expect(code).toBe(0);
  });
});
