import { mkdir, mkdtemp, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { fingerprintOf } from "./live-directory.ts";

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "live-directory-"));
  await mkdir(join(directory, "lib"));
  await mkdir(join(directory, "node_modules"));
  await writeFile(join(directory, "lib", "a.js"), "1");
});

afterEach(() => rm(directory, { recursive: true, force: true }));

const changes: readonly [string, () => Promise<void>][] = [
  ["a file's length", () => writeFile(join(directory, "lib", "a.js"), "22")],
  ["a file's time", () => utimes(join(directory, "lib", "a.js"), 1, 1)],
  ["a new file", () => writeFile(join(directory, "b.js"), "")],
  ["a file that goes", () => rm(join(directory, "lib", "a.js"))],
];

test.each(changes)("%s is a change", async (_, change) => {
  const before = await fingerprintOf(directory);
  expect(await fingerprintOf(directory)).toBe(before);
  await change();
  expect(await fingerprintOf(directory)).not.toBe(before);
});

test("dependencies and links that lead nowhere are none", async () => {
  const before = await fingerprintOf(directory);
  await writeFile(join(directory, "node_modules", "a.js"), "1");
  await symlink("nowhere", join(directory, "link"));
  expect(await fingerprintOf(directory)).toBe(before);
});

test("there is none of what is no directory", async () => {
  expect(await fingerprintOf(join(directory, "nowhere"))).toBeUndefined();
  expect(await fingerprintOf(join(directory, "lib", "a.js"))).toBeUndefined();
});
