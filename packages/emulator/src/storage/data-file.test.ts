import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
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

  test.each([
    ["was written by a newer LocalEmu", /has format 7/, "PRAGMA user_version = 7"],
    ["belongs to another program", /is not a file of LocalEmu's/, "PRAGMA application_id = 7"],
  ])("its file %s that was killed, and what lies beside it is left, too", (_, refusal, change) => {
    const { directory, file } = writtenDirectory();
    const { DatabaseSync } = loadSqlite();
    const database = new DatabaseSync(file);
    database.exec(`${change}; PRAGMA wal_checkpoint(TRUNCATE); CREATE TABLE later (name TEXT)`);
    const killed = newDirectory();
    cpSync(directory, killed, { recursive: true });
    database.close();
    const files = () => readdirSync(killed).map((name) => [name, readFileSync(join(killed, name))] as const);
    const before = files();
    expect(before.map(([name]) => name)).toContain("localemu.db-wal");
    expect(refusalOf(killed)).toMatch(refusal);
    expect(files()).toEqual(before);
  });

  test("it cannot be made", () => {
    const { file } = writtenDirectory();
    expect(refusalOf(join(file, "data"))).toMatch(/^the data directory .* cannot be made: ENOTDIR/);
  });
});

test("a file whose making was cut short is made anew", () => {
  const directory = newDirectory();
  mkdirSync(directory, { recursive: true });
  const { DatabaseSync } = loadSqlite();
  const database = new DatabaseSync(join(directory, "localemu.db"));
  // More than its cache takes is in the file before it is committed, and in a journal how to take it back.
  database.exec("PRAGMA cache_size = 2; BEGIN; CREATE TABLE first (data BLOB)");
  for (let row = 0; row < 20; row++) database.exec("INSERT INTO first VALUES (zeroblob(10000))");
  const killed = newDirectory();
  cpSync(directory, killed, { recursive: true });
  database.close();
  expect(readdirSync(killed)).toEqual(["localemu.db", "localemu.db-journal"]);
  const data = open(killed);
  data.begin(false).documents.put("a.b", "one", 1);
  data.close();
  expect(refusalOf(killed)).toBe("none");
});

test("of those who open a new directory in the same moment, one has it", async () => {
  const [rounds, openers] = [15, 2];
  const shared = new Int32Array(new SharedArrayBuffer(4 * 3 * rounds));
  const workerData = { directory: newDirectory(), rounds, openers, shared };
  const opener = new URL("racing-opener.test.fixture.ts", import.meta.url);
  const ends = Array.from({ length: openers }, () => once(new Worker(opener, { workerData }), "exit"));
  expect(await Promise.all(ends)).toEqual([[0], [0]]);
  const winners = Array.from({ length: rounds }, (_, round) => shared[3 * round + 2]);
  expect(winners).toEqual(Array.from({ length: rounds }, () => 1));
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
