import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type BundleSettings, findBundler } from "./bundle-entry.ts";

const settings: BundleSettings = { format: "esm", external: [], define: {}, loader: {} };

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "localemu-bundle-"));
});

afterEach(() => rmSync(directory, { recursive: true, force: true }));

function write(name: string, text: string): string {
  const path = join(directory, name);
  writeFileSync(path, text);
  return path;
}

test("it says which files it is made of, however they are imported", async () => {
  const data = write("data.json", "{}");
  const other = write("other.ts", "export const other: number = 1;");
  const entry = write(
    "entry.ts",
    `import fs from "node:fs";
     import data from "./data.json" with { type: "json" };
     import again from "./data.json" with { type: "text" };
     import { other } from "./other";
     export const handler = async () => [fs, data, again, other];`,
  );
  const { inputs, files } = await findBundler(entry).build(entry, settings);
  expect(new Set(inputs)).toEqual(new Set([entry, other, data]));
  expect([...files.keys()].toSorted()).toEqual(["index.mjs", "index.mjs.map"]);
});

test("its source map names files where they are, without repeating them", async () => {
  const entry = write("entry.ts", "export const handler = async (): Promise<number> => 1;");
  const { files } = await findBundler(entry).build(entry, { ...settings, format: "cjs" });
  const map: unknown = JSON.parse(Buffer.from(files.get("index.cjs.map") ?? []).toString());
  expect(map).toMatchObject({ sources: [pathToFileURL(entry).href] });
  expect(map).not.toHaveProperty("sourcesContent");
  expect(Buffer.from(files.get("index.cjs") ?? []).toString()).toContain("//# sourceMappingURL=index.cjs.map");
});
