/**
 * A consumer with enhanced fan-out that others wrote: `npm run fan-out` installs lifion-kinesis (with AWS's SDK of version 2, 120 MB)
 * in the system's directory for temporary files and has it read a stream of LocalEmu, with its leases and checkpoints in a table:
 * records that were there, records that come, subscriptions that end after five minutes, a shard that is split, and a restart.
 * Ends with 1 when a record is missing, comes twice or comes out of order.
 */
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { SplitShardCommand } from "@aws-sdk/client-kinesis";
import { connect } from "@localemu/testkit";
import { Command } from "../emulator/command-line.ts";
import { clientsOf } from "../emulator/emulator.ts";
import { createStream, put, shardId } from "../kinesis/streams.ts";

const version = "1.3.3";
/** AWS: a subscription lives that long (AWS docs), milliseconds. */
const subscriptionMs = 300_000;
/** How long all of it may take, milliseconds. */
const patienceMs = 120_000;

function installConsumer(): string {
  const directory = join(tmpdir(), `localemu-lifion-kinesis-${version}`);
  const done = join(directory, "installed");
  if (existsSync(done)) return directory;
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, "package.json"), JSON.stringify({ name: "shop", private: true }));
  const options = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
  execFileSync("npm", ["install", ...options, `lifion-kinesis@${version}`], {
    cwd: directory,
    stdio: ["ignore", 2, 2],
  });
  writeFileSync(done, "");
  return directory;
}

interface Got {
  readonly shardId: string;
  readonly data: unknown;
  readonly partitionKey: string;
  readonly sequenceNumber: string;
  readonly problem?: readonly string[];
}

const tell = (line: string) => process.stdout.write(`${line}\n`);
const directory = installConsumer();
await using command = new Command(["start", "--port", "0"], {
  LOCALEMU_ALLOWED_HOSTS: "kinesis.us-east-1.amazonaws.com",
});
const emu = await connect(await command.ready);
const { kinesis } = clientsOf(emu);
await createStream(kinesis, "orders", 2);

/** Sequence numbers as they were put, and what was got. */
const sent: string[] = [];
const got: Got[] = [];
async function putRecords(count: number): Promise<void> {
  for (let record = 0; record < count; record++) {
    const text = `order ${sent.length}`;
    sent.push(await put(kinesis, "orders", text, { Data: Buffer.from(JSON.stringify({ text })) }));
  }
}
await putRecords(5);

const consumer = spawn(
  process.execPath,
  ["--no-deprecation", fileURLToPath(new URL("consumer.cjs", import.meta.url)), emu.endpoint],
  { cwd: directory, stdio: ["pipe", "pipe", "ignore"], env: { PATH: process.env["PATH"] } },
);
const ended = once(consumer, "exit");
const deadline = AbortSignal.timeout(patienceMs);
deadline.addEventListener("abort", () => consumer.kill());
const lines = createInterface(consumer.stdout)[Symbol.asyncIterator]();

/** Reads until everything that was put has come. */
async function receiveAll(what: string): Promise<void> {
  while (got.length < sent.length) {
    const { value, done } = await lines.next();
    if (done === true) throw new Error(`the consumer ended with ${got.length} of ${sent.length} records`);
    const line: Got = JSON.parse(value);
    assert.equal(line.problem, undefined, "the consumer has a problem");
    got.push(line);
  }
  tell(`${what}: ${got.length} records`);
}

/** Resolves once this has happened, after that event, to each of these shards. */
async function ofShards(
  after: number,
  happening: "stream.subscribed" | "stream.subscriptionEnded",
  ...shards: readonly number[]
): Promise<void> {
  const missing = new Set(shards.map(shardId));
  for await (const event of emu.control.followTimeline({ after, signal: deadline })) {
    if (event.type === happening) missing.delete(event.shardId);
    if (missing.size === 0) return;
  }
  throw new Error(`there was no ${happening} of ${[...missing].join(", ")}`);
}

const lastEvent = async () => (await emu.timeline()).at(-1)?.id ?? 0;

consumer.stdin.write("start\n");
await ofShards(0, "stream.subscribed", 0, 1);
await receiveAll("what was there before");
await putRecords(20);
await receiveAll("what was put");

let before = await lastEvent();
await emu.clock.advance(subscriptionMs);
await ofShards(before, "stream.subscribed", 0, 1);
await putRecords(10);
await receiveAll("after five minutes");

// Before the split: it cannot be stopped after the end of a shard, a mistake of its own.
before = await lastEvent();
consumer.stdin.write("stop\n");
await ofShards(before, "stream.subscriptionEnded", 0, 1);
await putRecords(10);
consumer.stdin.write("start\n");
await receiveAll("after a restart");

before = await lastEvent();
await kinesis.send(
  new SplitShardCommand({ StreamName: "orders", ShardToSplit: shardId(0), NewStartingHashKey: String(2n ** 126n) }),
);
await ofShards(before, "stream.subscribed", 2, 3);
await putRecords(10);
await receiveAll("after a split");

consumer.stdin.end();
await ended;

assert.deepEqual(got.map(({ sequenceNumber }) => sequenceNumber).toSorted(), sent.toSorted(), "each record comes once");
for (const shard of new Set(got.map((record) => record.shardId))) {
  const numbers = got.filter((record) => record.shardId === shard).map(({ sequenceNumber }) => sequenceNumber);
  assert.deepEqual(numbers, numbers.toSorted(), `${shard} comes in order`);
}
assert.deepEqual([...new Set(got.map((record) => record.shardId))].toSorted(), [0, 1, 2, 3].map(shardId));
assert.deepEqual(got[0]?.data, { text: got[0]?.partitionKey });
const bugs = (await emu.timeline()).filter(({ type }) => type === "internalError");
assert.deepEqual(bugs, []);
await emu.close();
