import type { TimelineEntry, TimelineEvent } from "@localemu/control";
import { expect, test } from "vitest";
import { readTimeline, TimelineError } from "./read-timeline.ts";
import { renderTimeline } from "./render-timeline.ts";

const start = Date.UTC(2026, 0, 2, 3, 4, 5, 6);
const mapping = { mapping: "6a3f41c2-0000-4000-8000-000000000000", functionName: "orders-fn" };
const run = (shard: number) => ({
  ...mapping,
  stream: "orders",
  shardId: `shardId-00000000000${shard}`,
  records: 2,
  from: "49590338271490256608559692538361571095921575989136588898",
  to: "49590338271490256608559692540925702759324208523137515618",
});

const job: readonly (readonly [number, TimelineEvent])[] = [
  [0, { type: "stream.created", stream: "orders", region: "us-east-1", shards: 2 }],
  [3, { ...mapping, type: "mapping.stateChanged", state: "Enabled" }],
  [12, { ...run(0), type: "mapping.batchStarted", attempt: 1 }],
  [12, { ...run(1), type: "mapping.batchStarted", attempt: 1 }],
  [
    1012,
    { ...run(0), type: "mapping.batchFailed", attempt: 1, kind: "unhandled", requestId: "r", error: "Error: a\nb" },
  ],
  [90_000_000, { ...run(0), type: "mapping.recordsDiscarded", condition: "RecordAgeExceeded", invokeCount: 7 }],
  [90_000_000, { type: "clock.changed", mode: "frozen", now: start }],
];

const saved = (events = job, firstId = 1): string =>
  events
    .map(([at, event], index): TimelineEntry => ({ ...event, id: firstId + index, at: start + at }))
    .map((entry) => `${JSON.stringify(entry)}\n`)
    .join("");

const shown = (text: string, byShard = false): string => renderTimeline(readTimeline(text), { byShard });

test("what happened, in order and since the first entry", () => {
  expect(shown(saved())).toMatchInlineSnapshot(`
    "7 entries from 2026-01-02T03:04:05.006Z to 2026-01-03T04:04:05.006Z, world time

      0:00:00.000  stream orders created with 2 shards
      0:00:00.003  orders-fn mapping 6a3f41c2: Enabled
      0:00:00.012  orders-fn ← orders shard 0: batch of 2 (attempt 1)
      0:00:00.012  orders-fn ← orders shard 1: batch of 2 (attempt 1)
      0:00:01.012  orders-fn ← orders shard 0: batch of 2 failed: Error: a
                   b
                · 25 h later
     25:00:00.000  orders-fn ← orders shard 0: gave up on 2 records (RecordAgeExceeded after 7 invokes)
     25:00:00.000  clock frozen at 2026-01-02T03:04:05.006Z
    "
  `);
});

test("what happened, by shard", () => {
  expect(shown(saved(), true)).toMatchInlineSnapshot(`
    "7 entries from 2026-01-02T03:04:05.006Z to 2026-01-03T04:04:05.006Z, world time

      0:00:00.000  stream orders created with 2 shards
                · 25 h later
     25:00:00.000  clock frozen at 2026-01-02T03:04:05.006Z

    orders-fn mapping 6a3f41c2
      0:00:00.003  Enabled

    orders-fn ← orders shard 0
      0:00:00.012  batch of 2 (attempt 1)
      0:00:01.012  batch of 2 failed: Error: a
                   b
                · 25 h later
     25:00:00.000  gave up on 2 records (RecordAgeExceeded after 7 invokes)

    orders-fn ← orders shard 1
      0:00:00.012  batch of 2 (attempt 1)
    "
  `);
});

test("a timeline whose beginning is gone says so", () => {
  expect(shown(saved(job.slice(0, 1), 20_001))).toMatchInlineSnapshot(`
    "1 entry from 2026-01-02T03:04:05.006Z to 2026-01-02T03:04:05.006Z, world time
    It begins with entry 20001: what was before is no longer kept, or was reset.

      0:00:00.000  stream orders created with 2 shards
    "
  `);
});

test.each(["", "\n", " \r\n\n"])("a timeline without entries is empty", (text) => {
  expect(shown(text)).toBe("The timeline is empty.\n");
  expect(shown(text, true)).toBe("The timeline is empty.\n");
});

test("byte order marks, carriage returns and empty lines do no harm", () => {
  expect(shown(`\uFEFF${saved().replaceAll("\n", "\r\n\r\n")}`)).toBe(shown(saved()));
});

test("a type that is not known yet is shown as it came", () => {
  expect(shown('{"id":1,"at":0,"type":"moon.risen"}', true)).toContain('{"id":1,"at":0,"type":"moon.risen"}');
});

test.each([
  ["{", "line 8 is not JSON: {"],
  ['data: {"id":1}', 'line 8 is not JSON: data: {"id":1}'],
  ["[]", "line 8 is not an entry of a timeline, which has an id, at and type: []"],
  ["null", "line 8 is not an entry of a timeline, which has an id, at and type: null"],
  [
    '{"id":1,"type":"world.reset"}',
    'line 8 is not an entry of a timeline, which has an id, at and type: {"id":1,"type":"world.reset"}',
  ],
  [
    '{"id":1,"at":"now","type":"world.reset"}',
    'line 8 is not an entry of a timeline, which has an id, at and type: {"id":1,"at":"now","type":"world.reset"}',
  ],
  [
    '{"id":1,"at":1,"type":"function.invoked"}',
    'line 8 lacks something that function.invoked has: {"id":1,"at":1,"type":"function.invoked"}',
  ],
  [`"${"x".repeat(100)}"`, `line 8 is not an entry of a timeline, which has an id, at and type: "${"x".repeat(59)}…`],
])("the line %s is refused", (line, message) => {
  expect(() => readTimeline(`${saved()}${line}\n${saved()}`)).toThrow(new TimelineError(message));
});
