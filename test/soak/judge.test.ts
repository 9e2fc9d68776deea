import { describe, expect, test } from "vitest";
import { yardstick } from "./calls.ts";
import { growthProblems, latencyProblems, unjudged } from "./judge.ts";
import type { KindOfCall } from "./judge.ts";

const even: KindOfCall = { kind: yardstick, calls: 1000, p50: 1, p99: 5 };
const busy: KindOfCall = { ...even, p99: 50 };
const puts: KindOfCall = { kind: "PutRecord", calls: 1000, p50: 1, p99: 5 };
const slow: KindOfCall = { ...puts, p99: 21 };
const rare: KindOfCall = { ...slow, calls: 299 };
const delayed: KindOfCall = { ...slow, kind: "GetRecords" };

test.each([
  ["even calls", [even, puts], [], []],
  ["calls that get slow", [even, slow], ["PutRecord: p99 is 21.0 ms, p50 1.0 ms"], []],
  [
    "calls on a busy machine",
    [busy, slow],
    [],
    ["latency was not judged: the machine is too busy, as the yardstick shows"],
  ],
  ["few calls", [even, rare], [], ["latency was not judged: no kind of calls was made 300 times"]],
  [
    "calls that were made to wait",
    [even, delayed],
    [],
    ["latency was not judged: no kind of calls was made 300 times"],
  ],
  ["no calls", [], [], ["latency was not judged: no kind of calls was made 300 times"]],
] as const)("of %s it is told what is slow and what could not be judged", (_, kinds, problems, open) => {
  expect(latencyProblems(kinds)).toEqual(problems);
  expect(unjudged(kinds, 3)).toEqual(open);
});

describe("memory", () => {
  test.each([
    ["stays", [50, 10, 11, 10, 11, 10], []],
    ["grows", [1, 10, 10, 10, 12, 12], ["RSS grew from 10.0 to 12.0 MiB"]],
    ["grows in too few rounds to tell", [10, 20], []],
  ])("that %s", (_, values, problems) => {
    expect(growthProblems("RSS", values)).toEqual(problems);
  });

  test("is not judged in less than three rounds", () => {
    expect(unjudged([even, puts], 2)).toEqual(["memory was not judged: that takes three rounds"]);
  });
});
