import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { mayExecuteIn } from "./executable-directory.ts";

test("a directory that programs can be executed in is made, and left empty", async () => {
  const parent = await mkdtemp(join(tmpdir(), "localemu-exec-"));
  expect(await mayExecuteIn(join(parent, "code"))).toBe(true);
  expect(await readdir(join(parent, "code"))).toEqual([]);
  await rm(parent, { recursive: true });
});
