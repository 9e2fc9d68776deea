import { execFileSync } from "node:child_process";
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { expect, test } from "vitest";
import { membersOf } from "./read-tar.ts";
import { tarOf } from "./tar.ts";

const longName = `${"directory/".repeat(12)}file`;

function temporary() {
  const path = mkdtempSync(join(tmpdir(), "localemu-tar-"));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true }) };
}

function exampleIn(directory: string): void {
  mkdirSync(join(directory, longName, ".."), { recursive: true });
  writeFileSync(join(directory, longName), "deep");
  writeFileSync(join(directory, "größe.txt"), "x".repeat(1000));
  writeFileSync(join(directory, "empty"), "");
  writeFileSync(join(directory, "bootstrap"), "#!/bin/sh\n".padEnd(1024));
  chmodSync(join(directory, "bootstrap"), 0o755);
  symlinkSync("bootstrap", join(directory, "link"));
}

test("an archive is one to the system's own program", async () => {
  using source = temporary();
  using target = temporary();
  exampleIn(source.path);
  const archive = await buffer(Readable.from(tarOf({ "var/task": source.path, opt: source.path })));
  execFileSync("tar", ["-x", "-C", target.path], { input: archive });
  for (const root of [join(target.path, "var/task"), join(target.path, "opt")]) {
    expect(readFileSync(join(root, longName), "utf8")).toBe("deep");
    expect(readFileSync(join(root, "größe.txt"), "utf8")).toBe("x".repeat(1000));
    expect(statSync(join(root, "empty")).size).toBe(0);
    expect(statSync(join(root, "bootstrap")).mode & 0o777).toBe(0o755);
    expect(readlinkSync(join(root, "link"))).toBe("bootstrap");
  }
});

test.each([
  ["ours", undefined],
  ["POSIX's", "--format=posix"],
  ["GNU's", "--format=gnu"],
])("members are read of archives in %s form", async (_, format) => {
  using source = temporary();
  exampleIn(source.path);
  const archive =
    format === undefined
      ? await buffer(Readable.from(tarOf({ root: source.path })))
      : execFileSync("tar", ["-c", format, "--transform=s,^[.],root,", "-C", source.path, "."]);
  // In chunks that fit nothing.
  const chunks = Array.from({ length: Math.ceil(archive.length / 700) }, (__, index) =>
    archive.subarray(index * 700, (index + 1) * 700),
  );
  const members = await membersOf(Readable.from(chunks));
  const files = members.filter(({ isDirectory }) => !isDirectory).toSorted((a, b) => (a.name < b.name ? -1 : 1));
  expect(files.map(({ name }) => name)).toEqual(
    ["bootstrap", longName, "empty", "größe.txt", "link"].map((name) => `root/${name}`),
  );
  expect(files[0]?.mode).toBe(0o755);
  expect(members.some(({ name, isDirectory }) => name === "root/directory/" && isDirectory)).toBe(true);
});

test("what links lead to outside of a directory is in the archive once, and whatever leads there finds it", async () => {
  using source = temporary();
  using target = temporary();
  const make = (path: string, text: string): void => {
    mkdirSync(join(source.path, path, ".."), { recursive: true });
    writeFileSync(join(source.path, path), text);
  };
  const link = (path: string, to: string): void => symlinkSync(to, join(source.path, path));
  make("app/index", "the function");
  make("shared/deep/text", "shared");
  make("shared/index", "index of shared");
  make("note", "a note");
  link("app/shared", "../shared");
  link("app/deep", "../shared/deep");
  link("app/note", "../note");
  link("app/absolute", join(source.path, "app/index"));
  link("app/roundabout", "../app/index");
  link("app/gone", "../nothing");
  // Round and round, and upwards.
  link("app/self", ".");
  link("app/up", "..");
  link("shared/app", "../app");
  link("shared/inner", "deep/text");

  const archive = await buffer(Readable.from(tarOf({ "var/task": join(source.path, "app") })));
  execFileSync("tar", ["-x", "-C", target.path], { input: archive });
  rmSync(join(source.path, "app"), { recursive: true });
  const task = join(target.path, "var/task");
  const found = (path: string): string => readFileSync(join(task, path), "utf8");
  expect(found("shared/deep/text")).toBe("shared");
  expect(found("shared/inner")).toBe("shared");
  expect(found("deep/text")).toBe("shared");
  expect(found("note")).toBe("a note");
  for (const path of ["absolute", "roundabout", "self/index", "shared/app/index"]) {
    expect(found(path)).toBe("the function");
  }
  expect(readlinkSync(join(task, "gone"))).toBe("../nothing");
  expect(readlinkSync(join(task, "up"))).toBe("..");
  const names = (await membersOf(Readable.from([archive]))).map(({ name }) => name);
  expect(names.filter((name) => name.endsWith("deep/text"))).toHaveLength(1);
});
