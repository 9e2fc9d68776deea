import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { mappedStream, toQueue } from "../event-source-mappings/mapped-stream.ts";
import { Command, program } from "./command-line.ts";
import { startTestEmulator } from "./emulator.ts";

let directory: string;
let file: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "timeline-"));
  file = join(directory, "timeline.jsonl");
});

afterEach(() => rm(directory, { recursive: true }));

/** What the emulator itself answers, after an open window and some retries on a clock that jumps. */
async function savedTimeline(): Promise<string> {
  await using server = await startTestEmulator({ clock: "auto" });
  await using world = await mappedStream(server);
  await world.map({ MaximumRetryAttempts: 3, DestinationConfig: toQueue, MaximumBatchingWindowInSeconds: 300 });
  await world.put({ id: 1, fail: "throw" });
  await world.emu.idle();
  return (await fetch(`${world.emu.endpoint}/_localemu/timeline`)).text();
}

test("shows what the emulator answered, from a file and from standard input", async () => {
  const timeline = await savedTimeline();
  await writeFile(file, timeline);
  await using fromFile = new Command(["timeline", file]);
  const shown = await fromFile.ended;
  expect(shown).toMatchObject({ code: 0, errors: "" });
  const lines = shown.output.trimEnd().split("\n");
  expect(lines[0]).toMatch(/^\d+ entries from \d{4}-\S+Z to \d{4}-\S+Z, world time$/);
  expect(lines[2]).toBe("  0:00:00.000  stream orders created with 1 shard");
  expect(lines).toContain("            · 5 min later");
  expect(lines).toContainEqual(
    expect.stringMatching(/^ {2}0:05:00\.\d{3} {2}orders-fn ← orders shard 0: batch of 1 \(attempt 1\)$/),
  );
  expect(lines.slice(3).filter((line) => / \d:\d\d:\d\d\.\d{3} /.test(line))).toHaveLength(
    timeline.trimEnd().split("\n").length - 1,
  );

  await using fromInput = new Command(["timeline", "-"], {}, timeline);
  expect(await fromInput.ended).toEqual(shown);

  await using byShard = new Command(["timeline", "--by-shard", file]);
  const { output } = await byShard.ended;
  expect(output).toMatch(
    /\n\norders-fn ← orders shard 0\n(?: .*\n)+ .* DLQ orders-dlq ← 1 record\n.* gave up on 1 record \(/,
  );
});

test("names the line that is no entry, and shows nothing", async () => {
  await writeFile(file, '{"id":1,"at":0,"type":"world.reset"}\n{"id":2,"at"\n');
  await using command = new Command(["timeline", file]);
  const ended = await command.ended;
  expect(ended).toEqual({ code: 2, output: "", errors: `localemu: ${file}: line 2 is not JSON: {"id":2,"at"\n` });
  await using fromInput = new Command(["timeline", "-"], {}, "hello");
  expect(await fromInput.ended).toEqual({
    code: 2,
    output: "",
    errors: "localemu: standard input: line 1 is not JSON: hello\n",
  });
});

test("says in one line that a file cannot be read", async () => {
  await using missing = new Command(["timeline", file]);
  expect(await missing.ended).toEqual({
    code: 2,
    output: "",
    errors: `localemu: timeline cannot be read: ENOENT: no such file or directory, open '${file}'\n`,
  });
});

test("ends quietly when nobody reads on", async () => {
  await writeFile(file, '{"id":1,"at":0,"type":"world.reset"}\n'.repeat(50_000));
  const child = spawn(process.execPath, [program, "timeline", file], { env: {}, stdio: ["ignore", "pipe", "pipe"] });
  let errors = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (errors += text));
  child.stdout.once("data", () => child.stdout.destroy());
  expect(await once(child, "close")).toEqual([0, null]);
  expect(errors).toBe("");
});
