import { mkdir, mkdtemp, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
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

describe("behind links", () => {
  /** Two directories whose files are as large and as old as each other's. */
  const twins = async (): Promise<[string, string]> => {
    const names: [string, string] = [`${directory}-one`, `${directory}-two`];
    for (const name of names) {
      await mkdir(join(name, "deep"), { recursive: true });
      await writeFile(join(name, "deep", "a.js"), "1");
      await utimes(join(name, "deep", "a.js"), 1, 1);
    }
    return names;
  };

  afterEach(async () => {
    for (const name of ["one", "two"]) await rm(`${directory}-${name}`, { recursive: true, force: true });
  });

  test("a file that changes deep in a directory is a change, and so is another directory", async () => {
    const [one, two] = await twins();
    await symlink(one, join(directory, "linked"));
    const before = await fingerprintOf(directory);
    expect(await fingerprintOf(directory)).toBe(before);
    await writeFile(join(one, "deep", "a.js"), "22");
    const changed = await fingerprintOf(directory);
    expect(changed).not.toBe(before);
    await rm(join(directory, "linked"));
    await symlink(two, join(directory, "linked"));
    expect([before, changed]).not.toContain(await fingerprintOf(directory));
  });

  test("the directory itself may lead elsewhere", async () => {
    const [one, two] = await twins();
    const link = join(directory, "current");
    await symlink(one, link);
    const before = await fingerprintOf(link);
    await rm(link);
    await symlink(two, link);
    expect(await fingerprintOf(link)).not.toBe(before);
  });

  test("circles end, and nothing above the directory is read", async () => {
    const [one, beside] = await twins();
    await symlink(directory, join(directory, "itself"));
    await symlink("..", join(directory, "above"));
    await symlink(one, join(directory, "linked"));
    await symlink(directory, join(one, "back"));
    const before = await fingerprintOf(directory);
    await writeFile(join(beside, "new.js"), "");
    expect(await fingerprintOf(directory)).toBe(before);
  });
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
