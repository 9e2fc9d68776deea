import { describe, expect, test } from "vitest";
import type { WindowCheckpoint } from "./checkpoint.ts";
import { exampleRecord, exampleSettings } from "./example-records.ts";
import {
  closingDue,
  closingExpiry,
  isSameWindow,
  openedBy,
  windowBytes,
  windowReserve,
  windowsOfLane,
} from "./tumbling-window.ts";

const minute = 60_000;
const settings = exampleSettings({ tumblingWindowMs: 2 * minute, maxWindowStateBytes: 30 });
const at = (arrival: number) => exampleRecord(1, settings, { arrival });
const window = (change: Partial<WindowCheckpoint> = {}): WindowCheckpoint => ({
  lane: 0,
  start: 0,
  end: 2 * minute,
  state: "{}",
  ...change,
});

describe("windows are aligned to the epoch", () => {
  const start = Date.parse("2020-12-09T07:04:00Z");

  test.each([
    [start, start],
    [Date.parse("2020-12-09T07:04:35.001Z"), start],
    [start + 2 * minute - 1, start],
    [start + 2 * minute, start + 2 * minute],
    [0, 0],
  ])("a record that arrived at %i is of the window that starts at %i", (arrival, expected) => {
    expect(openedBy(at(arrival), 3, settings)).toEqual({
      lane: 3,
      start: expected,
      end: expected + 2 * minute,
      state: "{}",
    });
  });

  test("the last millisecond of a window is with its first, and not with the next", () => {
    expect(isSameWindow(at(0), at(2 * minute - 1), settings)).toBe(true);
    expect(isSameWindow(at(2 * minute - 1), at(2 * minute), settings)).toBe(false);
  });

  test("without windows all records are together", () => {
    expect(isSameWindow(at(0), at(2 * minute), exampleSettings())).toBe(true);
  });
});

describe("the first window is closed", () => {
  const next = at(minute);
  const later = at(2 * minute);

  test.each([
    ["not while records of it come", [window()], next, false, undefined],
    ["not while there may come more", [window()], undefined, false, undefined],
    ["when a record of another window comes next", [window()], later, false, "final"],
    ["at the end of the shard", [window()], undefined, true, "final"],
    ["not before the last records of the shard", [window()], next, true, undefined],
    ["early when its state is too large", [window({ state: JSON.stringify("é".repeat(15)) })], next, false, "early"],
    ["not early when its state just fits", [window({ state: JSON.stringify("e".repeat(28)) })], next, false, undefined],
    ["when another is open too", [window({ lane: 1 }), window()], next, false, "final"],
    ["when windows have another length now", [window({ end: minute })], next, false, "final"],
    ["not where none is open", [], later, true, undefined],
  ] as const)("%s", (_, windows, record, sealed, expected) => {
    expect(closingDue(windows, record, sealed, settings)).toBe(expected);
  });

  test("when there are no windows any more", () => {
    expect(closingDue([window()], next, false, exampleSettings())).toBe("final");
  });
});

test("a closing expires as the last record of its window would", () => {
  const aged = exampleSettings({ ...settings, maxRecordAgeMs: 5000 });
  expect(closingExpiry(window(), aged)).toBe(2 * minute + 5000);
});

test("windows of lanes that are gone go to others, before their own", () => {
  const windows = [0, 1, 2, 3].map((lane) => window({ lane }));
  const lanesOf = (lane: number, lanes: number) => windowsOfLane(windows, lane, lanes).map((open) => open.lane);
  expect([0, 1].map((lane) => lanesOf(lane, 2))).toEqual([
    [2, 0],
    [3, 1],
  ]);
  expect([0, 1, 2, 3, 4].map((lane) => lanesOf(lane, 5))).toEqual([[0], [1], [2], [3], []]);
});

test("an event leaves room for its window", () => {
  expect(windowBytes(window({ state: '"é"' }), settings)).toBe(512 + 4);
  expect(windowBytes(undefined, settings)).toBe(512 + 2);
  expect(windowReserve(settings)).toBe(512 + 30);
  expect([windowBytes(undefined, exampleSettings()), windowReserve(exampleSettings())]).toEqual([0, 0]);
});
