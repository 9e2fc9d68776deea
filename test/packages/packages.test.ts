import { readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { installPackages } from "./installation.ts";
import type { Installation } from "./installation.ts";

const required = ["LICENSE", "README.md", "package.json", "dist/index.js", "dist/index.d.ts"];
const published = /^(LICENSE|README\.md|package\.json|dist\/.+\.(js|d\.ts)|python\/.+\.py)$/;
const internal = /\.(test|fixture)\./;

let installation: Installation;

beforeAll(async () => {
  installation = await installPackages();
});

afterAll(() => installation[Symbol.asyncDispose]());

test("a package holds its license, page, code and declarations, and nothing else", () => {
  const contents = installation.packed.map(({ name, files }) => ({
    name,
    missing: required.filter((path) => !files.some((file) => file.path === path)),
    other: files.map(({ path }) => path).filter((path) => !published.test(path) || internal.test(path)),
  }));
  expect(contents.toSorted((a, b) => a.name.localeCompare(b.name))).toEqual(
    ["control", "emulator", "jest", "lambda-runtime", "runtime-client", "testcontainers", "testkit", "vitest"].map(
      (name) => ({
        name: `@localemu/${name}`,
        missing: [],
        other: [],
      }),
    ),
  );
});

test("the declarations compile with the checks of libraries on", async () => {
  await expect(installation.node("node_modules/typescript/bin/tsc", "--project", ".")).resolves.toBe("");
});

test("an ES module uses them", async () => {
  await expect(installation.node("module.mjs")).resolves.toBe("hello");
});

test("a CommonJS script uses them", async () => {
  await expect(installation.node("script.cjs")).resolves.toBe("hello function");
});

test("tests under Vitest use them: an emulator from the global setup, a function, and the matchers", async () => {
  expect(await installation.node("node_modules/vitest/vitest.mjs", "run")).toMatch(/Tests\s+1 passed/);
});

test("tests of node:test use them: a world each", async () => {
  expect(await installation.node("--test", "node-test.mjs")).toMatch(/pass 2\n/);
});

test("a CommonJS script deploys an entry, once esbuild is installed", async () => {
  const text = "it needs the package esbuild: npm install --save-dev esbuild";
  await expect(installation.node("commonjs/deploy.cjs")).resolves.toContain(text);
  installation.add("esbuild");
  await expect(installation.node("commonjs/deploy.cjs")).resolves.toBe('{"id":1,"name":"b"}');
  expect(readdirSync(join(installation.directory, "node_modules", ".cache", "localemu"))).toHaveLength(1);
});

test("the command is there", async () => {
  expect(await installation.node("node_modules/.bin/localemu", "--version")).toMatch(/^\d+\.\d+\.\d+\n$/);
});
