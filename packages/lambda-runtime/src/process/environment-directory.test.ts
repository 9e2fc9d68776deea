import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { NoEnvironmentError } from "../index.ts";
import { json, Lab, request } from "../temporary-function.test.fixture.ts";

let lab: Lab;
let taskRoot: string;
beforeEach(() => {
  lab = new Lab();
  taskRoot = join(lab.directory, "code");
  mkdirSync(join(taskRoot, "many"), { recursive: true });
});
afterEach(() => lab.dispose());

const work = (): string => join(lab.directory, "work");

/** More than are linked in one turn. */
function writeMany(count: number): void {
  for (let file = 0; file < count; file += 1) writeFileSync(join(taskRoot, "many", `${file}.js`), "");
}

test("an environment has all files of large code before it starts, in as many turns as they need", async () => {
  writeMany(2000);
  writeFileSync(
    join(taskRoot, "index.js"),
    "exports.handler = async () => require('node:fs').readdirSync('many').length;",
  );
  const pool = lab.deploy({}, { taskRoot });
  const answer = pool.invoke(request());
  const [environment = ""] = readdirSync(work());
  const atFirst = readdirSync(join(work(), environment, "task", "many")).length;
  expect(atFirst).toBeLessThan(2000);
  expect(json(await answer)).toBe(2000);
});

test("links, folders and executables are as in the code", async () => {
  mkdirSync(join(taskRoot, "a", "b"), { recursive: true });
  writeFileSync(join(taskRoot, "a", "b", "run.sh"), "#!/bin/sh\necho ran\n", { mode: 0o755 });
  symlinkSync("b/run.sh", join(taskRoot, "a", "run"));
  const code = `const { execFileSync } = require("node:child_process"); const { readlinkSync, realpathSync } = require("node:fs");
    exports.handler = async () => [execFileSync("./a/run").toString(), readlinkSync("a/run"), realpathSync("a/run").startsWith(process.env.LAMBDA_TASK_ROOT)];`;
  writeFileSync(join(taskRoot, "index.js"), code);
  expect(json(await lab.deploy({}, { taskRoot }).invoke(request()))).toEqual(["ran\n", "b/run.sh", true]);
  expect(statSync(join(taskRoot, "index.js")).nlink).toBe(2);
});

test("an environment that is ended while its directory is filled leaves nothing", async () => {
  writeMany(3000);
  writeFileSync(join(taskRoot, "index.js"), "exports.handler = async () => 1;");
  const pool = lab.deploy({}, { taskRoot });
  const answer = pool.invoke(request());
  await Promise.all([lab.runtime.close(), expect(answer).rejects.toThrow("is closed")]);
  expect(readdirSync(work())).toEqual([]);
  expect(lab.processesStarted).toBe(0);
});

test("code that cannot be linked to the end fails the invocation with the reason", async () => {
  writeMany(1000);
  writeFileSync(join(taskRoot, "index.js"), "exports.handler = async () => 1;");
  const pool = lab.deploy({}, { taskRoot });
  const answer = pool.invoke(request());
  const [environment = ""] = readdirSync(work());
  rmSync(join(work(), environment, "task"), { recursive: true });
  expect(json(await answer)).toMatchObject({ errorMessage: expect.stringContaining("ENOENT") });
});

test("code that is used in place is the directory itself", async () => {
  writeFileSync(join(taskRoot, "index.js"), "exports.handler = async () => process.env.LAMBDA_TASK_ROOT;");
  expect(json(await lab.deploy({}, { taskRoot, codeInPlace: true }).invoke(request()))).toBe(taskRoot);
  expect(readFileSync(join(taskRoot, "index.js"), "utf8")).toContain("LAMBDA_TASK_ROOT");
});

test.each([
  ["a runtime that nothing runs", { runtime: "java21" }],
  ["code that cannot be read", { optRoot: "/nowhere" }],
])("an environment that cannot be made, of %s, leaves nothing", async (_, change) => {
  writeFileSync(join(taskRoot, "index.js"), "exports.handler = async () => 1;");
  const pool = lab.deploy({}, { taskRoot, ...change });
  await expect(pool.invoke(request())).rejects.toBeInstanceOf(NoEnvironmentError);
  expect(existsSync(work()) ? readdirSync(work()) : []).toEqual([]);
});
