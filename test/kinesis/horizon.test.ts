import {
  DecreaseStreamRetentionPeriodCommand,
  GetRecordsCommand,
  IncreaseStreamRetentionPeriodCommand,
} from "@aws-sdk/client-kinesis";
import type { GetShardIteratorInput, ShardFilter } from "@aws-sdk/client-kinesis";
import { describe, expect } from "vitest";
import type { TestEmulator } from "../emulator/emulator.ts";
import { emulatorTest } from "../emulator/emulator-test.ts";
import { rawKinesis } from "../emulator/raw-http.ts";
import { createStream, iteratorOf, put, shardsOf } from "./streams.ts";

const test = emulatorTest({ clock: "frozen" });
const hour = 3_600_000;
const second = 1000;

/** The keys that a reader gets who begins there, and how far behind it is after the first page of one record. */
async function readFrom({ kinesis }: TestEmulator, name: string, start: Partial<GetShardIteratorInput>) {
  let ShardIterator: string | undefined = await iteratorOf(kinesis, name, start);
  const keys: string[] = [];
  const behind: number[] = [];
  while (ShardIterator !== undefined) {
    const page: Awaited<ReturnType<typeof read>> = await read(ShardIterator);
    keys.push(...page.keys);
    behind.push(page.behind);
    ShardIterator = page.keys.length === 0 ? undefined : page.next;
  }
  return { keys, behind };

  async function read(iterator: string) {
    const {
      Records = [],
      MillisBehindLatest = -1,
      NextShardIterator: next,
    } = await kinesis.send(new GetRecordsCommand({ ShardIterator: iterator, Limit: 1 }));
    return { keys: Records.map(({ PartitionKey = "" }) => PartitionKey), behind: MillisBehindLatest, next };
  }
}

describe("what is older than the retention period", () => {
  test("is read from no position, and is not behind", async ({ emulator, uniqueName: name }) => {
    const { emu, kinesis } = emulator;
    await createStream(kinesis, name);
    const { now: start } = await emu.clock.read();
    const numbers: string[] = [];
    for (const key of ["a", "b", "c", "d"]) {
      numbers.push(await put(kinesis, name, key));
      await emu.clock.advance(hour);
    }
    // a arrived 25 hours ago, b 24 hours, which is not too long.
    await emu.clock.advance(21 * hour);
    const kept = { keys: ["b", "c", "d"], behind: [23 * hour, 22 * hour, 0, 0] };
    const [a, b, c] = numbers;
    const positions: readonly Partial<GetShardIteratorInput>[] = [
      { ShardIteratorType: "TRIM_HORIZON" },
      { ShardIteratorType: "AT_TIMESTAMP", Timestamp: new Date(start) },
      { ShardIteratorType: "AT_TIMESTAMP", Timestamp: new Date(0) },
      { ShardIteratorType: "AT_TIMESTAMP", Timestamp: new Date(start + 1) },
      { ShardIteratorType: "AT_SEQUENCE_NUMBER", StartingSequenceNumber: a },
      { ShardIteratorType: "AFTER_SEQUENCE_NUMBER", StartingSequenceNumber: a },
      { ShardIteratorType: "AT_SEQUENCE_NUMBER", StartingSequenceNumber: b },
    ];
    for (const position of positions) expect(await readFrom(emulator, name, position)).toEqual(kept);
    const cd = { keys: ["c", "d"], behind: [22 * hour, 0, 0] };
    for (const position of [
      { ShardIteratorType: "AT_TIMESTAMP", Timestamp: new Date(start + 1 + hour) },
      { ShardIteratorType: "AFTER_SEQUENCE_NUMBER", StartingSequenceNumber: b },
      { ShardIteratorType: "AT_SEQUENCE_NUMBER", StartingSequenceNumber: c },
    ] as const)
      expect(await readFrom(emulator, name, position)).toEqual(cd);
    const { now } = await emu.clock.read();
    const tip = { ShardIteratorType: "AT_TIMESTAMP", Timestamp: new Date(now) } as const;
    expect(await readFrom(emulator, name, tip)).toEqual({ keys: [], behind: [0] });
  });

  test("does not come back with a longer period", async ({ emulator, uniqueName: name }) => {
    const { emu, kinesis } = emulator;
    await createStream(kinesis, name);
    await kinesis.send(new IncreaseStreamRetentionPeriodCommand({ StreamName: name, RetentionPeriodHours: 48 }));
    await put(kinesis, name, "a");
    await emu.clock.advance(30 * hour);
    await put(kinesis, name, "b");
    await kinesis.send(new DecreaseStreamRetentionPeriodCommand({ StreamName: name, RetentionPeriodHours: 24 }));
    await kinesis.send(new IncreaseStreamRetentionPeriodCommand({ StreamName: name, RetentionPeriodHours: 8760 }));
    await emu.clock.advance(8759 * hour);
    expect((await readFrom(emulator, name, {})).keys).toEqual(["b"]);
  });
});

test("filters of ListShards follow the horizon", async ({ emulator, uniqueName: StreamName }) => {
  const { emu, kinesis } = emulator;
  await createStream(kinesis, StreamName, 1);
  const { now: created } = await emu.clock.read();
  const scale = async (TargetShardCount: number): Promise<number> => {
    const { now } = await emu.clock.advance(hour);
    const input = { StreamName, TargetShardCount, ScalingType: "UNIFORM_SCALING" };
    expect((await rawKinesis(emu.endpoint, "UpdateShardCount", input)).status).toBe(200);
    return now;
  };
  // 0 becomes 1 and 2 after an hour, and these 3 after another.
  const split = await scale(2);
  const merge = await scale(1);
  const ids = async (ShardFilter: ShardFilter): Promise<readonly number[]> =>
    (await shardsOf(kinesis, { StreamName, ShardFilter })).map(({ ShardId = "" }) => Number(ShardId.slice(-1)));
  const at = (time: number) => ids({ Type: "AT_TIMESTAMP", Timestamp: new Date(time) });
  const from = (time: number) => ids({ Type: "FROM_TIMESTAMP", Timestamp: new Date(time) });
  const all = () =>
    Promise.all([
      ids({ Type: "AT_TRIM_HORIZON" }),
      ids({ Type: "FROM_TRIM_HORIZON" }),
      ids({ Type: "AT_LATEST" }),
      at(created),
      at(split + second),
      at(merge + second),
      from(created),
      from(split + second),
      from(merge + second),
    ]);
  expect(await all()).toEqual([[0], [0, 1, 2, 3], [3], [0], [1, 2], [3], [0, 1, 2, 3], [1, 2, 3], [3]]);
  // The horizon comes to lie between split and merge: 0 has expired, and what was before is as at the horizon.
  await emu.clock.advance(23.5 * hour);
  expect(await all()).toEqual([[1, 2], [1, 2, 3], [3], [1, 2], [1, 2], [3], [1, 2, 3], [1, 2, 3], [3]]);
  await emu.clock.advance(hour);
  expect(await all()).toEqual([[3], [3], [3], [3], [3], [3], [3], [3], [3]]);
});
