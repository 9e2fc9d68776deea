import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { ControlClient } from "@localemu/control";
import { connect } from "@localemu/testkit";
import type { LocalEmu } from "@localemu/testkit";
import { expect, test } from "vitest";

const mebibyte = 1024 * 1024;
const rounds = 200;

interface Memory {
  readonly rss: number;
  readonly heapUsed: number;
  readonly external: number;
}

/** An emulator in a process of its own, which holds nothing of the clients' and nothing of Vitest's. */
async function startMeasured() {
  const script = fileURLToPath(new URL("measured-emulator.ts", import.meta.url));
  const child = spawn(process.execPath, ["--expose-gc", "--disable-warning=ExperimentalWarning", script], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const nextLine = async (): Promise<unknown> => JSON.parse(String((await lines.next()).value));
  const first = await nextLine();
  if (typeof first !== "object" || first === null || !("endpoint" in first)) throw new Error("no emulator");
  return {
    endpoint: String(first.endpoint),
    async memory(): Promise<Memory> {
      child.stdin.write("\n");
      const { rss, heapUsed, external } = Object.assign({ rss: 0, heapUsed: 0, external: 0 }, await nextLine());
      return { rss, heapUsed, external };
    },
    async [Symbol.asyncDispose]() {
      const exit = once(child, "exit");
      child.stdin.end();
      await exit;
    },
  };
}

/** Some of everything: 400 KB of records, a queue, a topic, a bucket, and a mapping that has retried and given up. */
async function use(world: LocalEmu): Promise<void> {
  await world.clock.auto();
  const stream = await world.createStream("orders", { shards: 2 });
  const failed = await world.createQueue("failed");
  const topic = await world.createTopic("alerts");
  await topic.subscribe(failed);
  await topic.publish("hello");
  await (await world.createBucket("reports")).put("a", "x".repeat(10_000));
  await using fn = await world.attachHandler("orders-fn", () => Promise.reject(new Error("no")));
  await fn.listen(stream, { maxRetries: 1, onFailure: failed });
  await stream.putJson(
    Array.from({ length: 4 }, (_, id) => ({ id, text: "x".repeat(100_000) })),
    { partitionKey: ({ id }) => String(id) },
  );
  await world.idle();
  await world.faults.add({ operation: "kinesis:PutRecord", latencyMs: 1 });
}

async function useAndDrop(emu: LocalEmu, count: number): Promise<void> {
  for (let world = 0; world < count; world += 4) {
    await Promise.all(
      Array.from({ length: 4 }, async () => {
        await using one = await emu.createWorld();
        await use(one);
      }),
    );
  }
}

/** A world whose owner dies: nobody deletes it. */
async function abandon(emu: LocalEmu): Promise<void> {
  const { name, endpoint } = await emu.control.createWorld({ lease: true });
  const owner = new ControlClient(endpoint);
  await owner.holdLease(name);
  await owner.call("kinesis", "CreateStream", { StreamName: "orders", ShardCount: 1 });
  owner.close();
}

test(
  `${rounds} worlds that were created, used and dropped leave memory where it was`,
  { timeout: 120_000 },
  async () => {
    await using measured = await startMeasured();
    await using emu = await connect(measured.endpoint);
    const worlds = async (): Promise<number> => (await emu.control.worlds()).length;
    // What is loaded, compiled and allocated at the first uses.
    await useAndDrop(emu, rounds / 2);
    const before = await measured.memory();
    for (let count = 0; count < 20; count++) await abandon(emu);
    await useAndDrop(emu, rounds);
    await expect.poll(worlds, { timeout: 30_000, interval: 100 }).toBe(1);
    const after = await measured.memory();

    const grown = (kind: keyof Memory): number => (after[kind] - before[kind]) / mebibyte;
    // A world that stays holds 90 KB of the heap, 1.8 MB beside it and 0.8 MB of resident memory; what else grows, code and
    // the allocator's pages, has an end.
    expect(grown("heapUsed")).toBeLessThan(2);
    expect(grown("external")).toBeLessThan(2);
    expect(grown("rss")).toBeLessThan(64);
  },
);
