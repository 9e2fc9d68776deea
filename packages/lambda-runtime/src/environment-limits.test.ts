import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { isAlive, json, Lab, request, text } from "./temporary-function.test.fixture.ts";

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
  expect(lab.log.find((line) => line.startsWith("REPORT"))).toContain("\tMax Memory Used: 128 MB\t");
  expect(json(await pool.invoke(request(false)))).toBe(0);
  expect(lab.pids.filter(isAlive)).toHaveLength(1);
});

test("a process that ends by itself in its first invocation is told with the memory that it had", async () => {
  const pool = lab.deploy("exports.handler = async () => process.exit(1);", { memorySizeMb: 512 });
  await pool.invoke(request());
  const used = /\tMax Memory Used: (\d+) MB\t/.exec(lab.log.join(""))?.[1];
  expect(Number(used)).toBeGreaterThan(10);
  expect(Number(used)).toBeLessThan(512);
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

test("each environment has directories of its own for code, /tmp and layers, which are gone with it", async () => {
  const optRoot = join(lab.directory, "layer");
  mkdirSync(join(optRoot, "nodejs", "node_modules", "parts"), { recursive: true });
  writeFileSync(join(optRoot, "nodejs", "node_modules", "parts", "index.js"), "exports.name = 'parts';");
  const pool = lab.deploy(
    `const { writeFileSync, existsSync, readdirSync } = require("node:fs");
     exports.handler = async ({ name, meet, other }) => {
       const { LAMBDA_TASK_ROOT: task, TMPDIR: tmp } = process.env;
       const opt = process.env.NODE_PATH.split("/nodejs/")[0];
       for (const place of [task, tmp, opt]) writeFileSync(place + "/" + name, "");
       writeFileSync(meet + name, "");
       while (!existsSync(meet + other)) await new Promise((resolve) => setTimeout(resolve, 5));
       const here = process.cwd() === task && __dirname === task && require.resolve("parts").startsWith(opt + "/");
       return { own: tmp.slice(0, -"/tmp".length), here, found: [task, tmp, opt].map((place) => [place, readdirSync(place).sort()]) };
     };`,
    { optRoot },
  );
  const meet = join(lab.directory, "met-");
  const outcomes = await Promise.all([
    pool.invoke(request({ name: "one", meet, other: "two" })),
    pool.invoke(request({ name: "two", meet, other: "one" })),
  ]);
  const owns = outcomes.map((outcome, index) => {
    const { own, ...seen } = JSON.parse(text(outcome));
    const name = ["one", "two"][index];
    expect(seen).toEqual({
      here: true,
      found: [
        [`${own}/task`, ["index.js", name]],
        [`${own}/tmp`, [name]],
        [`${own}/opt`, ["nodejs", name]],
      ],
    });
    return own;
  });
  expect(new Set(owns).size).toBe(2);
  expect(readdirSync(optRoot)).toEqual(["nodejs"]);
  await pool.close();
  expect(owns.map((own) => existsSync(own))).toEqual([false, false]);
});
