import { mkdtemp, readdir, readFile, readlink, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { lyingZip, zipOf, zipOfSoMany, zipWithLinks, zipWithoutZip64 } from "../../../../../../test/lambda/zips.ts";
import { unpackZip } from "./unpack-zip.ts";

let parent = "";
let root = "";

beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), "unpack-zip-"));
  root = await mkdtemp(join(parent, "root-"));
});

afterEach(() => rm(parent, { recursive: true, force: true }));

/** Everything that lies beside the directory that was unpacked into. */
async function outside(): Promise<string[]> {
  return (await readdir(parent)).filter((name) => !root.endsWith(name));
}

describe("a good zip", () => {
  test("has its files and directories, with their permissions to read and execute", async () => {
    const zip = zipOf({ bootstrap: "#!/bin/sh", "lib/deep/a.js": "a", "empty/": "" }, 0o100755);
    expect(await unpackZip(zip, root)).toEqual(expect.any(Number));
    expect(await readFile(join(root, "lib/deep/a.js"), "utf8")).toBe("a");
    expect((await stat(join(root, "bootstrap"))).mode & 0o777).toBe(0o555);
    expect((await stat(join(root, "empty"))).isDirectory()).toBe(true);
  });

  test("without Unix modes has readable files that cannot be executed", async () => {
    expect(await unpackZip(zipOf({ "index.js": "1" }, 0), root)).toBe(1);
    expect((await stat(join(root, "index.js"))).mode & 0o777).toBe(0o444);
  });

  test("may have links that stay inside", async () => {
    const zip = zipWithLinks({ "lib/a.js": "a" }, { "node_modules/a.js": "../lib/a.js", broken: "nowhere" });
    expect(await unpackZip(zip, root)).toEqual(expect.any(Number));
    expect(await readFile(join(root, "node_modules/a.js"), "utf8")).toBe("a");
    expect(await readlink(join(root, "broken"))).toBe("nowhere");
  });
});

describe("a zip that is refused", () => {
  test.each([
    ["no zip", Buffer.from("not a zip at all, but long enough to look for an end record in it"), "broken"],
    ["cut off", zipOf({ "index.js": "exports.handler = async () => 1" }).subarray(0, 60), "broken"],
    ["a size that only zip64 could tell", zipWithoutZip64("size"), "tooLarge"],
    ["a directory of zip64 that is nowhere", zipWithoutZip64("directory"), "broken"],
    ["without entries", zipOf({}), "empty"],
    ["more files than there may be", zipOfSoMany(100_001), "tooMany"],
    ["as many as there may be, but for those that are missing", zipOfSoMany(100_000), "broken"],
    ["a name that climbs out", zipOf({ "../evil": "x" }), "broken"],
    ["a name that climbs out from below", zipOf({ "a/../../evil": "x" }), "broken"],
    ["a name of directories without end", zipOf({ ["a/".repeat(1_000)]: "" }), "broken"],
    ["an absolute name", zipOf({ "/tmp/evil": "x" }), "broken"],
    ["a name with a backslash that climbs out", zipOf({ "..\\evil": "x" }), "broken"],
    ["a name with a NUL", zipOf({ "a\0b": "x" }), "broken"],
    ["a file where a directory is", zipOf({ "a/b": "x", a: "y" }), "broken"],
    ["a device", zipOf({ dev: "x" }, 0o020666), "broken"],
    ["a link out", zipWithLinks({}, { out: "../secret" }), "broken"],
    ["an absolute link", zipWithLinks({}, { passwd: "/etc/passwd" }), "broken"],
    ["a file below a link", zipWithLinks({ "link/a.js": "x" }, { link: "." }), "broken"],
    ["a link that leads out through another", zipWithLinks({}, { "x/y/z": "../..", l: "x/y/z/../.." }), "broken"],
    ["a link made below a link", zipWithLinks({}, { "x/y/z": "../..", "x/y/z/evil": "../.." }), "broken"],
  ])("%s", async (_, zip, outcome) => {
    expect(await unpackZip(zip, root)).toBe(outcome);
    expect(await outside()).toEqual([]);
  });
});

describe("the size of what is unpacked", () => {
  const million = Buffer.alloc(1_000_000);

  test("may be the limit", async () => {
    expect(await unpackZip(zipOf({ a: million }), root, 1_000_000)).toBe(1_000_000);
  });

  test("is declared to be above the limit", async () => {
    expect(await unpackZip(zipOf({ a: million }), root, 999_999)).toBe("tooLarge");
    expect(await readdir(root)).toEqual([]);
  });

  test("is above the limit in sum", async () => {
    expect(await unpackZip(zipOf({ a: million, b: million }), root, 1_999_999)).toBe("tooLarge");
  });

  test.each([10, 65_536, 2_000_000])("does not match the declared %d bytes", async (declared) => {
    expect(await unpackZip(lyingZip(million, declared), root)).toBe("broken");
    for (const name of await readdir(root)) expect((await stat(join(root, name))).size).toBeLessThanOrEqual(1_000_000);
  });
});
