import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { zipOf } from "../../../../../../test/lambda/zips.ts";
import { memoryDocuments } from "../../../storage/memory-documents.ts";
import { CodeStore } from "./code-store.ts";

let directory = "";

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "code-store-"));
});

afterEach(() => rm(directory, { recursive: true, force: true }));

const unexpected = (error: unknown): void => {
  throw error;
};
const newStore = () => new CodeStore(directory, unexpected);

test("one zip is unpacked once for all who use it, and stays until the last of them has released it", async () => {
  const store = newStore();
  const zip = zipOf({ "index.js": "1" });
  const [first, second] = await Promise.all([store.deploy(zip), store.deploy(Uint8Array.from(zip))]);
  expect(second.directory).toBe(first.directory);
  const third = second.share();
  first.release();
  first.release();
  second.release();
  expect(existsSync(join(third.directory, "index.js"))).toBe(true);
  third.release();
  const again = await store.deploy(zip);
  expect(again.directory).not.toBe(first.directory);
  expect(existsSync(join(again.directory, "index.js"))).toBe(true);
  await store.close();
  expect(existsSync(directory)).toBe(false);
});

test("the hash and the size are those of the zip", async () => {
  const store = newStore();
  const code = await store.deploy(Buffer.from(zipOf({ "index.js": "1" }, 0)));
  expect(code.size).toBe(zipOf({ "index.js": "1" }, 0).byteLength);
  expect(Buffer.from(code.sha256, "base64")).toHaveLength(32);
});

test("a zip that cannot be unpacked leaves nothing, for each of those who bring it", async () => {
  const store = newStore();
  const bad = Buffer.from("no zip");
  const attempts = await Promise.allSettled([store.deploy(bad), store.deploy(bad)]);
  expect(attempts.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  const good = await store.deploy(zipOf({ "index.js": "1" }));
  good.release();
  await store.close();
  expect(existsSync(directory)).toBe(false);
  await expect(readdir(directory)).rejects.toThrow("ENOENT");
});

test("a zip can be read as it was brought, as long as somebody uses it", async () => {
  const store = newStore();
  const zip = zipOf({ "index.js": "1" });
  const deploying = store.deploy(zip);
  const sha256 = createHash("sha256").update(zip).digest("base64");
  expect(await store.readZip(sha256)).toEqual(Buffer.from(zip));
  const code = await deploying;
  code.release();
  expect(await store.readZip(sha256)).toBeUndefined();
});

test("what is no zip cannot be read", async () => {
  const store = newStore();
  const bad = Buffer.from("no zip");
  const deploying = store.deploy(bad);
  const reading = store.readZip(createHash("sha256").update(bad).digest("base64"));
  await expect(deploying).rejects.toThrow("Could not unzip");
  expect(await reading).toBeUndefined();
});

test("what is deployed after the end leaves nothing", async () => {
  const store = newStore();
  await store.close();
  await expect(store.deploy(zipOf({ "index.js": "1" }))).rejects.toThrow("closed or reset");
  expect(existsSync(directory)).toBe(false);
});

test("code of an earlier emulator that could not be unpacked leaves nothing on the disk, and is tried again", async () => {
  const documents = memoryDocuments();
  const first = new CodeStore(directory, unexpected, documents);
  const { sha256 } = await first.deploy(zipOf({ "index.js": "1", "other.js": "2" }));
  await first.close();
  const store = new CodeStore(directory, unexpected, documents);
  const code = store.restore(sha256, []);
  // Stands in for a full disk: the code is unpacked by then, and its zip cannot be written where a directory is.
  await mkdir(join(directory, "code-1.zip"), { recursive: true });
  await expect(code.prepare()).rejects.toThrow("EISDIR");
  expect(existsSync(code.directory)).toBe(false);
  await code.prepare();
  expect(await readdir(code.directory)).toEqual(["index.js", "other.js"]);
  await store.close();
});
