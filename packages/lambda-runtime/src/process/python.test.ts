import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { FunctionSpec } from "../contract.ts";
import { pythonDirectory, PythonPrograms } from "./python.ts";

const spec: FunctionSpec = {
  functionName: "probe",
  version: "$LATEST",
  runtime: "python3.13",
  handler: "app.handler",
  memorySizeMb: 128,
  timeoutMs: 3000,
  taskRoot: "/code",
  environment: {},
  logGroup: "/aws/lambda/probe",
  region: "eu-west-1",
  credentials: { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "secret", sessionToken: "token" },
};

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "localemu-python-"));
});

afterEach(() => rmSync(directory, { recursive: true, force: true }));

function place(name: string, content: string | Uint8Array, mode = 0o755): string {
  const file = join(directory, name);
  writeFileSync(file, content);
  chmodSync(file, mode);
  return file;
}

async function found(change: Partial<FunctionSpec> = {}) {
  const programs = new PythonPrograms(`/nowhere:${directory}`);
  const given = { ...spec, ...change };
  await programs.find(given.runtime);
  return programs.command(given);
}

test("the version of the runtime is preferred, if there is one that may be executed", async () => {
  const any = place("python3", "\u007fELF");
  expect(await found()).toMatchObject({ file: any, args: ["-B", `${pythonDirectory()}/bootstrap.py`] });
  place("python3.13", "\u007fELF", 0o644);
  expect(await found()).toMatchObject({ file: any });
  const own = place("python3.13", "\u007fELF");
  expect(await found()).toMatchObject({ file: own });
  expect(await found({ runtime: "python3.9", optRoot: "/env/opt" })).toMatchObject({ file: any });
  expect((await found({ optRoot: "/env/opt" })).args.at(-1)).toBe("/env/opt");
});

test("a script is asked which Python it runs, and left out where it runs none", async () => {
  place("python3.13", "#!/bin/sh\necho 'python3.13: command not found' >&2\nexit 127\n");
  place("python3", "#!/bin/sh\necho /real/python3\n");
  expect(await found()).toMatchObject({ file: "/real/python3" });
});

test("without a Python there is an error that says what to do", async () => {
  place("python3", "#!/bin/sh\nexit 127\n");
  await expect(found()).rejects.toThrow(
    "LocalEmu found no Python to run a function of the runtime python3.13: install python3 where LocalEmu runs, " +
      "or have a Docker engine run it, with the option docker (LOCALEMU_DOCKER=1)",
  );
});
