import { execFile } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";

/** A directory with a command `docker` that fails at `logs` and notes what it was told. */
function fakeDocker() {
  const directory = mkdtempSync(join(tmpdir(), "localemu-docker-"));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const command = join(directory, "docker");
  const calls = join(directory, "calls");
  writeFileSync(command, `#!/bin/sh\necho "$@" >>"${calls}"\ntest "$1" != logs\n`);
  chmodSync(command, 0o755);
  return { directory, calls: () => readFileSync(calls, "utf8").trim().split("\n") };
}

test("a container whose log cannot be read is removed all the same", async () => {
  const docker = fakeDocker();
  const script = fileURLToPath(new URL("../container-image/github-action/stop.mjs", import.meta.url));
  const path = [docker.directory, process.env["PATH"]].join(delimiter);
  const env = { ...process.env, PATH: path, STATE_container: "abc" };
  const output = await new Promise<string>((resolve) => {
    execFile(process.execPath, [script], { env }, (_, text) => resolve(text));
  });
  expect(docker.calls()).toEqual(["logs abc", "rm --force --volumes abc"]);
  expect(output).toMatch(/\n::endgroup::\n::error title=LocalEmu::docker logs failed \(exit code 1\), see above\n$/);
});
