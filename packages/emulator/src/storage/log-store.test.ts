import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { keptForTest } from "./kept-for-test.test.fixture.ts";
import type { LogPosition, LogStore, ReadLimits } from "./log-store.ts";
import { MemoryLog } from "./memory-log.ts";

interface Entry {
  readonly sequence: number;
  readonly arrival: number;
  readonly key: string;
  readonly data: string;
}

/** The same log as an array: slow and obvious. */
class ArrayLog {
  entries: Entry[] = [];
  newest: LogPosition | undefined;
  newestDropped: LogPosition | undefined;

  append(entry: Entry): void {
    this.entries.push(entry);
    this.newest = positionOf(entry);
  }

  read(from: LogPosition, max: ReadLimits): { readonly read: Entry[]; readonly unreadSince: number | undefined } {
    const rest = this.entries.filter(
      ({ sequence, arrival }) => sequence > from.sequence || (sequence === from.sequence && arrival >= from.arrival),
    );
    const read: Entry[] = [];
    let bytes = 0;
    for (const entry of rest) {
      bytes += sizeOf(entry);
      if (read.length >= max.records || (read.length > 0 && bytes > max.bytes)) break;
      read.push(entry);
    }
    return { read, unreadSince: rest[read.length]?.arrival };
  }

  firstSince(time: number): LogPosition | undefined {
    return positionOf(this.entries.find(({ arrival }) => arrival >= time));
  }

  truncateBefore(time: number): LogPosition | undefined {
    const dropped = this.entries.filter(({ arrival }) => arrival < time);
    this.entries = this.entries.filter(({ arrival }) => arrival >= time);
    this.newestDropped = positionOf(dropped.at(-1)) ?? this.newestDropped;
    return positionOf(dropped.at(-1));
  }
}

function sizeOf({ key, data }: Entry): number {
  return Buffer.byteLength(key) + Buffer.byteLength(data);
}

function positionOf(entry: Entry | undefined): LogPosition | undefined {
  return entry && { sequence: entry.sequence, arrival: entry.arrival };
}

function readFrom(log: LogStore, from: LogPosition, max: ReadLimits) {
  const read: Entry[] = [];
  const unreadSince = log.read(from, max, (sequence, arrival, key, data) => {
    read.push({ sequence, arrival, key, data: data.toString() });
  });
  return { read, unreadSince };
}

const all = { records: Infinity, bytes: Infinity };
const start = { sequence: 0, arrival: 0 };

/** Mostly records of which some dozens fill a first segment, some that share a segment with few others, some that need one of their own. */
const size = fc.oneof(
  { weight: 20, arbitrary: fc.nat(1000) },
  { weight: 3, arbitrary: fc.integer({ min: 4_000, max: 40_000 }) },
  { weight: 1, arbitrary: fc.integer({ min: 200_000, max: 1_500_000 }) },
);
const fraction = fc.double({ min: 0, max: 1.1, noNaN: true });
const appending = fc.record({
  kind: fc.constant("append" as const),
  count: fc.integer({ min: 1, max: 60 }),
  key: fc.string({ unit: "grapheme", minLength: 1, maxLength: 20 }),
  size,
  gap: fc.integer({ min: 1, max: 7 }),
  passed: fc.oneof({ weight: 20, arbitrary: fc.nat(3) }, { weight: 1, arbitrary: fc.constant(3 * 2 ** 32) }),
});
type Append = typeof appending extends fc.Arbitrary<infer Each> ? Each : never;
const operation = fc.oneof(
  { weight: 6, arbitrary: appending },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("read" as const),
      sequence: fraction,
      arrival: fraction,
      records: fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 200 })),
      bytes: fc.nat(50_000),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("find" as const), time: fraction }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("truncate" as const), time: fraction }) },
);

type Step = Exclude<typeof operation extends fc.Arbitrary<infer Each> ? Each : never, Append>;

/** What one look at the log, or its truncation, answers. */
function perform(step: Step, log: LogStore | ArrayLog, last: LogPosition, entries: readonly Entry[]): unknown {
  if (step.kind === "find") return log.firstSince(Math.floor(step.time * last.arrival));
  if (step.kind === "truncate") return log.truncateBefore(Math.floor(step.time * last.arrival));
  const near = entries[Math.floor(step.sequence * entries.length)];
  const sequence = near?.sequence ?? Math.floor(step.sequence * last.sequence);
  const from = { sequence, arrival: Math.floor(step.arrival * last.arrival) };
  return log instanceof ArrayLog ? log.read(from, step) : readFrom(log, from, step);
}

function append(step: Append, log: LogStore, model: ArrayLog, last: LogPosition): LogPosition {
  let { sequence, arrival } = last;
  const count = step.size > 100_000 ? 1 : step.count;
  for (let index = 0; index < count; index++) {
    sequence += step.gap;
    arrival += step.passed;
    const entry = { sequence, arrival, key: step.key, data: "x".repeat(step.size) };
    log.append(sequence, arrival, entry.key, Buffer.from(entry.data));
    model.append(entry);
  }
  return { sequence, arrival };
}

interface LogUnderTest {
  readonly log: LogStore;
  /** The log as the next emulator finds it; where there is none, itself. */
  readonly reopen: () => LogStore;
}

/** @param newLog Gives an empty log each time. */
function conforms(newLog: () => LogUnderTest, numRuns: number): void {
  test("does what an array of records does", () => {
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 30 }), (operations) => {
        const { log, reopen } = newLog();
        const model = new ArrayLog();
        let last = { sequence: 0, arrival: 0 };
        const answers: unknown[] = [];
        const expected: unknown[] = [];
        for (const step of operations) {
          if (step.kind === "append") {
            last = append(step, log, model, last);
          } else {
            const { entries } = model;
            answers.push(perform(step, log, last, entries));
            expected.push(perform(step, model, last, entries));
          }
        }
        expect(answers).toEqual(expected);
        for (const { newest, newestDropped, read } of [look(log), look(reopen())]) {
          expect(read).toEqual(model.entries);
          expect(newest).toEqual(model.newest);
          expect(newestDropped).toEqual(model.newestDropped);
        }
      }),
      { numRuns },
    );
  });

  test("is truncated bit by bit over its segments", () => {
    const { log, reopen } = newLog();
    for (let index = 0; index < 1000; index++) log.append(index, index, "key", Buffer.alloc(100));
    for (let time = 7; time < 1000; time += 7) {
      expect(log.truncateBefore(time)).toEqual({ sequence: time - 1, arrival: time - 1 });
      expect(log.newestDropped).toEqual({ sequence: time - 1, arrival: time - 1 });
      expect(readFrom(log, start, { records: 1, bytes: 1 })).toMatchObject({ read: [{ arrival: time }] });
    }
    expect(look(reopen())).toEqual(look(log));
  });

  test("hands out views that outlive the records", () => {
    const { log } = newLog();
    const data = Buffer.from("kept");
    log.append(1, 1000, "a", data);
    data.fill(0);
    const views: Buffer[] = [];
    log.read(start, all, (_sequence, _arrival, _key, view) => views.push(view));
    log.truncateBefore(2000);
    log.append(2, 3000, "b", Buffer.from("next"));
    expect(views.map(String)).toEqual(["kept"]);
  });

  test("knows nothing of what it had once it is cleared, and goes on", () => {
    const { log, reopen } = newLog();
    log.append(1, 1000, "a", Buffer.from("dropped"));
    log.append(2, 2000, "a", Buffer.from("cleared"));
    log.truncateBefore(1500);
    log.clear();
    expect(look(log)).toEqual({ newest: undefined, newestDropped: undefined, read: [] });
    expect(look(reopen())).toEqual(look(log));
    log.append(1, 500, "b", Buffer.from("again"));
    expect(readFrom(log, start, all).read).toMatchObject([{ data: "again" }]);
    expect(look(reopen())).toEqual(look(log));
  });

  test("keeps keys and data of any kind", () => {
    const { log, reopen } = newLog();
    const keys = ["", "a\0b", "\u{1f600}", "é".normalize("NFD")];
    for (const [index, key] of keys.entries()) log.append(index, index, key, Buffer.from([0, 255, 10]));
    log.append(10, 10, "empty", Buffer.alloc(0));
    expect(look(reopen())).toEqual(look(log));
    expect(readFrom(reopen(), start, all).read.map(({ key }) => key)).toEqual([...keys, "empty"]);
  });
}

function look(log: LogStore) {
  return { newest: log.newest, newestDropped: log.newestDropped, read: readFrom(log, start, all).read };
}

describe("MemoryLog", () => {
  conforms(() => {
    const log = new MemoryLog();
    return { log, reopen: () => log };
  }, 500);

  test("keeps small records within 1.15 of their bytes and a row each", () => {
    const log = new MemoryLog();
    const records = 200_000;
    const data = Buffer.alloc(100);
    const before = process.memoryUsage().arrayBuffers;
    for (let sequence = 1; sequence <= records; sequence++) log.append(sequence, sequence, "customer", data);
    const held = process.memoryUsage().arrayBuffers - before;
    expect(held / records).toBeLessThan(1.15 * 108 + 32);
    log.clear();
    expect(readFrom(log, start, all).read).toEqual([]);
  });
});

describe("DurableLog", () => {
  const kept = keptForTest();
  let logs = 0;
  conforms(() => {
    const name = `log-${logs++}`;
    return { log: kept.openLog(name), reopen: () => kept.openLog(name) };
  }, 100);

  test("is there after the file was closed and opened again", () => {
    const log = kept.openLog("lasting");
    log.append(7, 1000, "key", Buffer.from("dropped"));
    log.append(9, 2000, "key", Buffer.from("kept"));
    log.truncateBefore(1500);
    const before = look(log);
    kept.restart();
    expect(look(kept.openLog("lasting"))).toEqual(before);
    expect(before.read).toHaveLength(1);
  });
});
