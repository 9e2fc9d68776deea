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
