import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { DataError } from "../core/data-error.ts";
import { DataFile } from "./data-file.ts";
import { openKeptData } from "./kept-data.ts";
import { directoryForTest, keptForTest } from "./kept-for-test.test.fixture.ts";
import { loadSqlite } from "./sqlite.ts";

const parent = directoryForTest();
let directories = 0;
const newDirectory = (): string => join(parent, "missing", `data-${directories++}`);
const open = (directory: string, onFailure: (error: DataError) => void = () => {}) =>
  openKeptData(directory, "1.2.3", onFailure);

function refusalOf(directory: string): string {
  try {
    open(directory).close();
  } catch (error) {
    if (error instanceof DataError) return error.message.replaceAll(parent, "");
    throw error;
  }
  return "none";
}

/** A file that was written and closed. */
function writtenDirectory(): { directory: string; file: string } {
  const directory = newDirectory();
  const data = open(directory);
  data.begin(false).documents.put("kinesis.streams", "a", "x".repeat(100_000));
  data.close();
  return { directory, file: join(directory, "localemu.db") };
}

describe("a data directory is refused, and left as it is, when", () => {
  test("another emulator uses it", () => {
    const directory = newDirectory();
    const data = open(directory);
    expect(refusalOf(directory)).toMatchInlineSnapshot(
      `"the data directory /missing/data-0 is in use by another LocalEmu"`,
    );
    data.close();
    expect(refusalOf(directory)).toBe("none");
  });

  test.each([
    [
      "its file is none of SQLite's",
      /^\/missing\/data-\d+\/localemu.db is not a file of LocalEmu's; it is left as it is$/,
      () => Buffer.from("not a database, but long enough to be taken for one".repeat(20)),
    ],
    [
      "its file belongs to another program",
      /^\/missing\/data-\d+\/localemu.db is not a file of LocalEmu's; it is left as it is$/,
      (file: string) => {
        const { DatabaseSync } = loadSqlite();
        const database = new DatabaseSync(file);
        database.exec("CREATE TABLE theirs (name TEXT)");
        database.close();
        return readFileSync(file);
      },
    ],
    [
      "its file was written by a newer LocalEmu",
      /has format 7, and this LocalEmu knows format 1: it was written by LocalEmu 9.0.0. Use that one, or another data directory.$/,
      (file: string) => {
        open(join(file, "..")).close();
        const { DatabaseSync } = loadSqlite();
        const database = new DatabaseSync(file);
        database.exec("UPDATE meta SET value = '9.0.0'; PRAGMA user_version = 7");
        database.close();
        return readFileSync(file);
      },
    ],
    [
      "its file is damaged",
      /localemu.db is damaged and is left as it is \(.+\); remove it to start with nothing$/,
      () => {
        const bytes = readFileSync(writtenDirectory().file);
        bytes.fill(0xee, 4096, 12_000);
        return bytes;
      },
    ],
  ])("%s", (_, refusal, make) => {
    const directory = newDirectory();
    mkdirSync(directory, { recursive: true });
    const file = join(directory, "localemu.db");
    const bytes = make(file);
    writeFileSync(file, bytes);
    expect(refusalOf(directory)).toMatch(refusal);
    expect(readFileSync(file).equals(bytes)).toBe(true);
  });

  test("it cannot be made", () => {
    const { file } = writtenDirectory();
    expect(refusalOf(join(file, "data"))).toMatch(/^the data directory .* cannot be made: ENOTDIR/);
  });
});

describe("what was written", () => {
  test("is there for the next emulator before the microtasks that the step queues after it", async () => {
    const directory = newDirectory();
    const data = open(directory);
    const { documents } = data.begin(false);
    const keysAfterCrash = (): string[] => {
      const copy = newDirectory();
      // What is in the files when the process is killed now.
      cpSync(directory, copy, { recursive: true });
      const next = open(copy);
      const keys = next.begin(false).documents.read("a.b");
      next.close();
      return keys.map(({ key }) => key);
    };
    documents.put("a.b", "one", 1);
    documents.put("a.b", "two", 2);
    expect(keysAfterCrash()).toEqual([]);
    const keys = await Promise.resolve().then(keysAfterCrash);
    expect(keys).toEqual(["one", "two"]);
    data.close();
  });

  test("by a life that has ended is kept nowhere", () => {
    const { directory, ...kept } = keptForTest(newDirectory());
    const first = openEverything(kept);
    kept.begin(true);
    first.documents.put("kinesis.streams", "late", 1);
    first.log.append(1, 1, "late", Buffer.from("late"));
    expect(kept.restart().documents.read("kinesis.streams")).toEqual([]);
    expect(kept.openLog("kinesis/log").newest).toBeUndefined();
    expect(directory).toContain("data-");
  });
});

function openEverything(kept: Pick<ReturnType<typeof keptForTest>, "keeping" | "openLog">) {
  return { documents: kept.keeping.documents, log: kept.openLog("kinesis/log") };
}

describe("when the disk is full", () => {
  test("what cannot be written fails, and all after it, until the next start finds what was written before", () => {
    const directory = newDirectory();
    const failures: DataError[] = [];
    const file = new DataFile(directory, "1.2.3", (error) => failures.push(error));
    const insert = file.prepare("INSERT INTO documents (collection, key, value) VALUES ('a.b', ?, ?)");
    file.write(insert, ["before", "1"]);
    file.commit();
    file.prepare("PRAGMA max_page_count = 12").get();
    const fill = () => file.write(insert, ["much", JSON.stringify("x".repeat(100_000))]);
    expect(fill).toThrow(/^LocalEmu cannot write to .*: database or disk is full. It refuses every change/);
    expect(() => file.write(insert, ["after", "1"])).toThrow(file.failure);
    expect(failures).toEqual([file.failure]);
    file.close();
    const data = open(directory);
    expect(
      data
        .begin(false)
        .documents.read("a.b")
        .map(({ key }) => key),
    ).toEqual(["before"]);
    data.close();
  });
});

test("loading SQLite warns of nothing, and leaves warnings as they were", () => {
  const script = `
    process.on("warning", (warning) => console.log(warning.name));
    const { loadSqlite } = await import(${JSON.stringify(new URL("sqlite.ts", import.meta.url).href)});
    loadSqlite();
    process.emitWarning("of something else", "OtherWarning");`;
  const { stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "--eval", script], {
    encoding: "utf8",
  });
  expect(stdout).toBe("OtherWarning\n");
  expect(stderr).not.toContain("SQLite");
});
