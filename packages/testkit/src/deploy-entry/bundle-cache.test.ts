import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { unzipSync } from "fflate";
import { afterEach, beforeEach, expect, test } from "vitest";
import { BundleCache, cacheDirectory } from "./bundle-cache.ts";
import type { BundleSettings } from "./bundle-entry.ts";

const settings: BundleSettings = { format: "esm", external: [], define: {}, loader: {} };

let project: string;
let entry: string;
let cache: string;
/** How often the bundler was called. */
let builds: number;
/** What happens while it works. */
let meanwhile: () => void;

beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), "localemu-cache-"));
  mkdirSync(join(project, "node_modules"));
  entry = write("entry.ts", "1");
  cache = join(project, "node_modules", ".cache", "localemu");
  builds = 0;
  meanwhile = () => {};
});

afterEach(() => rmSync(project, { recursive: true, force: true }));

function write(name: string, text: string): string {
  const path = join(project, name);
  writeFileSync(path, text);
  utimesSync(path, 1, 1);
  return path;
}

function newCache(kept: "on disk" | "none" = "on disk"): BundleCache {
  return new BundleCache(kept === "none" ? undefined : cache, () => ({
    version: "1.0.0",
    build: async (path) => {
      builds++;
      meanwhile();
      return { inputs: [path], files: new Map([["index.mjs", Buffer.from(`build ${builds}`)]]) };
    },
  }));
}

function contentOf(zip: string): string {
  return Buffer.from(unzipSync(Buffer.from(zip, "base64"))["index.mjs"] ?? []).toString();
}

async function content(bundles: BundleCache, change: Partial<BundleSettings> = {}): Promise<string> {
  return contentOf(await bundles.zip(entry, { ...settings, ...change }));
}

test("what has not changed is made once, for those who ask at once and for later processes too", async () => {
  const bundles = newCache();
  expect(await Promise.all([content(bundles), content(bundles)])).toEqual(["build 1", "build 1"]);
  expect(await content(bundles)).toBe("build 1");
  expect(await content(newCache())).toBe("build 1");
});

test.for([
  ["the entry", () => write("entry.ts", "2")],
  ["which files are beside it", () => write("entry.js", "")],
  ["a package.json above", () => write("package.json", "{}")],
  ["a tsconfig.json above", () => write("tsconfig.json", "{}")],
] as const)("it is made again after a change of %s", async ([, change]) => {
  const bundles = newCache();
  await content(bundles);
  change();
  expect(await content(bundles)).toBe("build 2");
  expect(await content(newCache())).toBe("build 2");
});

test("other settings make another one, and both are kept", async () => {
  const bundles = newCache();
  expect(await content(bundles)).toBe("build 1");
  expect(await content(bundles, { format: "cjs" })).toBe("build 2");
  expect(await content(bundles)).toBe("build 1");
  expect(readdirSync(cache)).toHaveLength(2);
});

test("what is saved while it is made is not taken for what was bundled", async () => {
  meanwhile = () => writeFileSync(entry, "2");
  const bundles = newCache();
  expect(await content(bundles)).toBe("build 1");
  expect(readdirSync(join(project, "node_modules"))).toEqual([]);
  meanwhile = () => {};
  utimesSync(entry, 1, 1);
  expect(await content(bundles)).toBe("build 2");
  expect(await content(bundles)).toBe("build 2");
});

test("workers that write at once leave one whole file", async () => {
  const all = await Promise.all(Array.from({ length: 8 }, () => content(newCache())));
  expect(all).toHaveLength(8);
  expect(readdirSync(cache)).toEqual([expect.stringMatching(/^[0-9a-f]{64}\.json$/)]);
  const before = builds;
  await content(newCache());
  expect(builds).toBe(before);
});

test("half a file on disk is none", async () => {
  await content(newCache());
  const [name = ""] = readdirSync(cache);
  writeFileSync(join(cache, name), '{"digests":');
  expect(await content(newCache())).toBe("build 2");
  expect(await content(newCache())).toBe("build 2");
});

test("without a directory it is kept in memory", async () => {
  const bundles = newCache("none");
  expect([await content(bundles), await content(bundles)]).toEqual(["build 1", "build 1"]);
  expect(readdirSync(project)).toEqual(["entry.ts", "node_modules"]);
});

test("one that cannot be made is tried again", async () => {
  meanwhile = () => {
    throw new Error("does not compile");
  };
  const bundles = newCache();
  await expect(content(bundles)).rejects.toThrow("does not compile");
  meanwhile = () => {};
  expect(await content(bundles)).toBe("build 2");
});

test("it is found from anywhere in a project", () => {
  mkdirSync(join(project, "src"));
  expect(cacheDirectory(join(project, "src"))).toBe(cache);
});
