import { execFile } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";

/** A directory with a command `docker` that fails at some of its commands, says `abc` for all others, and notes what it was told. */
function fakeDocker(...failing: readonly string[]) {
  const directory = mkdtempSync(join(tmpdir(), "localemu-docker-"));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const command = join(directory, "docker");
  const calls = join(directory, "calls");
  const fails = failing.map((name) => `test "$1" = ${name} && exit 1`).join("\n");
  writeFileSync(command, `#!/bin/sh\necho "$@" >>"${calls}"\n${fails}\necho abc\n`);
  chmodSync(command, 0o755);
  return { directory, calls: () => readFileSync(calls, "utf8").trim().split("\n") };
}

test("a container whose log cannot be read is removed all the same", async () => {
  const docker = fakeDocker("logs");
  const script = fileURLToPath(new URL("../container-image/github-action/stop.mjs", import.meta.url));
  const path = [docker.directory, process.env["PATH"]].join(delimiter);
  const env = { ...process.env, PATH: path, STATE_container: "abc" };
  const output = await new Promise<string>((resolve) => {
    execFile(process.execPath, [script], { env }, (_, text) => resolve(text));
  });
  expect(docker.calls()).toEqual(["logs abc", "rm --force --volumes abc"]);
  expect(output).toMatch(/\n::endgroup::\n::error title=LocalEmu::docker logs failed \(exit code 1\), see above\n$/);
});

/** The action's first step, with what GitHub's runner sets. */
async function start(docker: ReturnType<typeof fakeDocker>) {
  const script = fileURLToPath(new URL("../container-image/github-action/start.mjs", import.meta.url));
  const state = join(docker.directory, "state");
  const env = {
    PATH: [docker.directory, process.env["PATH"]].join(delimiter),
    GITHUB_STATE: state,
    INPUT_PORT: "4566",
    "INPUT_TIMEOUT-SECONDS": "60",
  };
  const output = await new Promise<string>((resolve) => {
    execFile(process.execPath, [script], { env }, (_, text) => resolve(text));
  });
  return { output, state: existsSync(state) ? readFileSync(state, "utf8") : "" };
}

test("why a start fails is told although the log cannot be read", async () => {
  const docker = fakeDocker("port", "logs");
  const { output, state } = await start(docker);
  expect(output).toMatch(/\n::error title=LocalEmu::docker port failed \(exit code 1\), see above\n$/);
  expect(state).toBe("container=abc\n");
});

test("a container that was made and cannot be started is known to the step that removes it", async () => {
  const { output, state } = await start(fakeDocker("start"));
  expect(output).toMatch(/^::error title=LocalEmu::docker start failed/);
  expect(state).toBe("container=abc\n");
});

test("without an image there is no container, and none to be removed", async () => {
  const { output, state } = await start(fakeDocker("create"));
  expect(output).toMatch(/^::error title=LocalEmu::docker create failed/);
  expect(state).toBe("");
});
