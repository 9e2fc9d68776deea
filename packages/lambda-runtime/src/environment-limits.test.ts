import { existsSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { isAlive, json, Lab, request } from "./temporary-function.test.fixture.ts";

let lab: Lab;

beforeEach(() => {
  lab = new Lab();
});

afterEach(() => lab.dispose());

test("a function that needs more memory than it has dies of it, and the next invocation has a new process", async () => {
  const pool = lab.deploy(
    `const kept = [];
     exports.handler = async (grow) => { while (grow) kept.push(new Array(100_000).fill(kept.length)); return kept.length; };`,
    { timeoutMs: 60_000 },
  );
  const outcome = await pool.invoke(request(true));
  expect(outcome.functionError?.cause).toBe("exit");
  expect(json(outcome)).toMatchObject({
    errorType: "Runtime.ExitError",
    errorMessage: expect.stringMatching(/Error: Runtime exited with error: signal: aborted$/),
  });
  expect(lab.log.join("")).toMatch(/heap out of memory/);
  expect(json(await pool.invoke(request(false)))).toBe(0);
  expect(lab.pids.filter(isAlive)).toHaveLength(1);
});

test("a provisioned environment says so, and its report has no time of an init that nobody waited for", async () => {
  const pool = lab.deploy("exports.handler = async () => process.env.AWS_LAMBDA_INITIALIZATION_TYPE;", {
    initializationType: "provisioned-concurrency",
  });
  const outcome = await pool.invoke(request());
  expect(json(outcome)).toBe("provisioned-concurrency");
  expect(outcome.initDurationMs).toBeUndefined();
  expect(lab.log[0]).toMatch(/^INIT_START Runtime Version: nodejs:24\.v1\t/);
  expect(lab.log.at(-1)).toMatch(/^REPORT (?!.*Init Duration)/);
});

test("each environment has directories of its own for /tmp and layers, which are gone with it", async () => {
  const pool = lab.deploy(
    `const { writeFileSync, existsSync } = require("node:fs");
     exports.handler = async ({ name, meet, other }) => {
       writeFileSync(process.env.TMPDIR + "/" + name, "");
       writeFileSync(meet + name, "");
       while (!existsSync(meet + other)) await new Promise((resolve) => setTimeout(resolve, 5));
       const opt = process.env.NODE_PATH.split("/nodejs/")[0];
       return { tmp: process.env.TMPDIR, opt, found: existsSync(opt) };
     };`,
  );
  const meet = join(lab.directory, "met-");
  const outcomes = await Promise.all([
    pool.invoke(request({ name: "one", meet, other: "two" })),
    pool.invoke(request({ name: "two", meet, other: "one" })),
  ]);
  const [one, two] = outcomes.map((outcome): { tmp: string; opt: string; found: boolean } =>
    JSON.parse(Buffer.from(outcome.payload).toString()),
  );
  expect([one?.found, two?.found, one?.tmp === two?.tmp]).toEqual([true, true, false]);
  expect(readdirSync(one?.tmp ?? "")).toEqual(["one"]);
  expect(dirname(one?.opt ?? "")).toBe(dirname(one?.tmp ?? ""));
  await pool.close();
  expect([one?.tmp, two?.opt].map((path) => existsSync(path ?? ""))).toEqual([false, false]);
});
