import { unzipSync } from "fflate";
import { expect, test } from "vitest";
import { zipOf } from "./zip.ts";

test("another reader finds the files", () => {
  const files = new Map([
    ["index.mjs", Buffer.from("export const handler = () => 1;\n".repeat(1000))],
    ["ä/leer.txt", Buffer.alloc(0)],
  ]);
  const read = unzipSync(zipOf(files));
  expect(Object.keys(read)).toEqual(["index.mjs", "ä/leer.txt"]);
  for (const [name, content] of files) expect(Buffer.from(read[name] ?? [])).toEqual(content);
});

test("the same files are the same bytes, and smaller than they were", () => {
  const files = new Map([["index.mjs", Buffer.from("a".repeat(10_000))]]);
  expect(zipOf(files)).toEqual(zipOf(files));
  expect(zipOf(files).length).toBeLessThan(300);
});
