import { describe, expect, test } from "vitest";
import type { StreamConsumerSettings } from "../settings.ts";
import type { WindowCheckpoint } from "./checkpoint.ts";
import { exampleInvocation, exampleRecord, exampleSettings, sequenceOf, unhandledError } from "./example-records.ts";
import { type LaneEvent, laneProgress, type LaneState, type LaneStep } from "./lane.ts";
import { startLane, stepLane } from "./lane-machine.ts";
import type { InvokeOutcome } from "./outcome.ts";

const settings = exampleSettings({ tumblingWindowMs: 1000, batchSize: 10, maxWindowStateBytes: 20 });

const returned = (state: string): LaneEvent => ({
  kind: "invoked",
  outcome: { kind: "success", invocation: exampleInvocation, state },
});
const failed: LaneEvent = { kind: "invoked", outcome: unhandledError };
const throttled: LaneEvent = { kind: "invoked", outcome: { kind: "notInvoked", reason: "throttled" } };
const timeReached: LaneEvent = { kind: "timeReached" };
const sealed: LaneEvent = { kind: "sealed" };

/** Records of given arrivals, numbered by them. */
const offer = (...arrivals: readonly number[]): LaneEvent => ({
  kind: "offered",
  records: arrivals.map((arrival) => exampleRecord(arrival, settings, { arrival })),
});

type Story = readonly (readonly [event: LaneEvent, now: number])[];

/** What each step comes to, in a word or two. */
function tell(story: Story, using = settings, windows: readonly WindowCheckpoint[] = []): readonly string[] {
  const start = startLane(0, windows, using, 0);
  const told = [...describeStep(start)];
  let { state }: { state: LaneState } = start;
  for (const [event, now] of story) {
    const step = stepLane(state, event, using, now);
    told.push(...describeStep(step));
    ({ state } = step);
  }
  return told;
}

function describeStep({ command }: LaneStep): readonly string[] {
  if (command.kind === "wait" && command.until === undefined) return [];
  if (command.kind === "wait" || command.kind === "waitForWindowEnd") return [`${command.kind} ${command.until}`];
  if (command.kind === "finish") return [command.as];
  if (command.kind !== "invoke") return [command.kind];
  const { records, window } = command;
  const mark = window?.isFinal === true ? "final " : window?.isTerminatedEarly === true ? "early " : "";
  return [`${mark}${window?.start} ${window?.state} [${records.map(({ arrival }) => arrival).join(" ")}]`];
}

function after(story: Story, using: StreamConsumerSettings = settings): LaneStep {
  let step: LaneStep = startLane(0, [], using, 0);
  for (const [event, now] of story) step = stepLane(step.state, event, using, now);
  return step;
}

const notesAfter = (story: Story, using = settings) => after(story, using).notes.map(({ type }) => type);

test("the state goes from invocation to invocation, and the window ends when its time is over", () => {
  const story: Story = [
    [offer(10, 20), 20],
    [returned("1"), 30],
    [offer(40), 40],
    [returned("2"), 50],
    [timeReached, 999],
    [timeReached, 1000],
    [returned("3"), 1001],
    [offer(1002), 1002],
  ];
  expect(tell(story)).toEqual([
    "0 {} [10 20]",
    "waitForWindowEnd 1000",
    "0 1 [40]",
    "waitForWindowEnd 1000",
    "waitForWindowEnd 1000",
    "final 0 2 []",
    "1000 {} [1002]",
  ]);
});

test("a batch ends with its window, and a record of a later one closes it", () => {
  const story: Story = [
    [offer(998, 999, 1000, 2500), 2500],
    [returned("1"), 2500],
    [returned("{}"), 2500],
    [returned("2"), 2500],
    [returned("{}"), 2500],
    [returned("3"), 2500],
  ];
  expect(tell(story)).toEqual([
    "0 {} [998 999]",
    "final 0 1 []",
    "1000 {} [1000]",
    "final 1000 2 []",
    "2000 {} [2500]",
    "waitForWindowEnd 3000",
  ]);
});

test("the end of the shard closes the window", () => {
  const story: Story = [
    [offer(10), 10],
    [sealed, 11],
    [returned("1"), 12],
    [returned("2"), 13],
  ];
  expect(tell(story)).toEqual(["0 {} [10]", "keep", "final 0 1 []", "drained"]);
});

describe("batching windows", () => {
  const batching = exampleSettings({ ...settings, batchingWindowMs: 5000 });

  test("do not outlast the tumbling window", () => {
    const story: Story = [
      [offer(10), 10],
      [timeReached, 1000],
      [returned("1"), 1001],
    ];
    expect(tell(story, batching)).toEqual(["wait 1000", "0 {} [10]", "waitForWindowEnd 1000"]);
  });

  test("gather no more for a window when a record of a later one has come", () => {
    expect(tell([[offer(10, 1010), 1010]], batching)).toEqual(["0 {} [10]"]);
    // The record that came first is of a later window than the open one.
    const story: Story = [
      [offer(10), 10],
      [timeReached, 1000],
      [returned("1"), 1001],
      [offer(1010), 1010],
      [returned("{}"), 1011],
    ];
    expect(tell(story, batching).slice(3)).toEqual(["final 0 1 []", "wait 2000"]);
  });
});

describe("a state that is too large", () => {
  const large = JSON.stringify("x".repeat(20));

  test("ends the window early, and the window goes on with a fresh state", () => {
    const story: Story = [
      [offer(10), 10],
      [returned(large), 11],
      [returned(large), 12],
      [offer(20), 20],
      [returned("1"), 21],
      [timeReached, 1000],
    ];
    expect(tell(story)).toEqual([
      "0 {} [10]",
      `early 0 ${large} []`,
      "waitForWindowEnd 1000",
      "0 {} [20]",
      "waitForWindowEnd 1000",
      "final 0 1 []",
    ]);
    expect(after(story.slice(0, 3)).notes).toMatchObject([{ type: "mapping.windowTerminatedEarly", stateBytes: 22 }]);
  });

  test("comes before what is left of a batch", () => {
    const partial: InvokeOutcome = {
      kind: "partial",
      from: sequenceOf(20),
      invocation: exampleInvocation,
      state: large,
    };
    const story: Story = [
      [offer(10, 20), 20],
      [{ kind: "invoked", outcome: partial }, 21],
      [returned("{}"), 22],
    ];
    expect(tell(story)).toEqual(["0 {} [10 20]", `early 0 ${large} []`, "0 {} [20]"]);
  });
});

describe("failures", () => {
  test("do not change the state; progress does", () => {
    const bisecting = exampleSettings({ ...settings, bisectOnFunctionError: true });
    const story: Story = [
      [offer(10, 20, 30), 30],
      [failed, 31],
      [returned("1"), 32],
      [failed, 33],
      [timeReached, 58],
      [returned("2"), 59],
    ];
    expect(tell(story, bisecting)).toEqual([
      "0 {} [10 20 30]",
      "0 {} [10 20]",
      "0 1 [30]",
      "wait 58",
      "0 1 [30]",
      "waitForWindowEnd 1000",
    ]);
  });

  test("a window whose records were all given up is closed as well", () => {
    const strict = exampleSettings({ ...settings, maxRetryAttempts: 0 });
    const story: Story = [
      [offer(10), 10],
      [failed, 11],
      [timeReached, 1000],
    ];
    expect(tell(story, strict)).toEqual(["0 {} [10]", "waitForWindowEnd 1000", "final 0 {} []"]);
  });

  test("tries that do not reach the function open no window", () => {
    const aged = exampleSettings({ ...settings, maxRecordAgeMs: 20 });
    const story: Story = [
      [{ kind: "offered", records: [exampleRecord(10, aged, { arrival: 10 })] }, 10],
      [throttled, 11],
      [timeReached, 36],
    ];
    expect(tell([...story, [timeReached, 1000]], aged)).toEqual(["0 {} [10]", "wait 36"]);
    expect(notesAfter(story, aged)).toEqual(["mapping.recordsExpired", "mapping.recordsDiscarded"]);
  });

  test("what is given up is reported with the window that it was invoked in", () => {
    const reporting = exampleSettings({ ...settings, maxRetryAttempts: 0, onFailure: "arn" });
    const { command } = after(
      [
        [offer(10), 10],
        [returned("1"), 11],
        [offer(20), 20],
        [failed, 21],
      ],
      reporting,
    );
    expect(command).toMatchObject({ kind: "report", window: { start: 0, state: "1", isFinal: false } });
  });

  test("records that were never invoked open no window", () => {
    const aged = exampleSettings({ ...settings, maxRecordAgeMs: 5 });
    const record = { ...exampleRecord(1), expiresAt: 5 };
    expect(tell([[{ kind: "offered", records: [record] }, 10]], aged)).toEqual([]);
  });
});

describe("a closing that fails", () => {
  const open: Story = [
    [offer(10), 10],
    [returned("1"), 11],
    [timeReached, 1000],
  ];

  test("is tried again, and records wait for it", () => {
    const story: Story = [...open, [failed, 1001], [offer(1002), 1002], [timeReached, 1026], [returned("{}"), 1027]];
    expect(tell(story).slice(2)).toEqual(["final 0 1 []", "wait 1026", "wait 1026", "final 0 1 []", "1000 {} [1002]"]);
  });

  test("is given up when its retries are used up, and tries that did not reach the function do not count", () => {
    const strict = exampleSettings({ ...settings, maxRetryAttempts: 1, onFailure: "arn" });
    const story: Story = [
      ...open,
      [failed, 1001],
      [timeReached, 1026],
      [throttled, 1027],
      [timeReached, 1077],
      [failed, 1078],
    ];
    expect(tell(story, strict).slice(2)).toEqual([
      "final 0 1 []",
      "wait 1026",
      "final 0 1 []",
      "wait 1077",
      "final 0 1 []",
    ]);
    expect(after(story, strict).notes).toEqual([
      { type: "mapping.windowFailed", start: 0, end: 1000, attempt: 2, kind: "unhandled", requestId: "request" },
      { type: "mapping.windowDiscarded", start: 0, end: 1000, condition: "RetryAttemptsExhausted", invokeCount: 2 },
    ]);
    expect(laneProgress(after(story, strict).state).windows).toEqual([]);
  });

  test("is not tried again once it is too old, but is tried once", () => {
    const aged = exampleSettings({ ...settings, maxRecordAgeMs: 5000 });
    const late: Story = [...open.slice(0, 2), [timeReached, 7000], [failed, 7001]];
    expect(tell(late, aged).slice(2)).toEqual(["final 0 1 []", "wait 7026"]);
    expect(notesAfter([...late, [timeReached, 7026]], aged)).toEqual(["mapping.windowDiscarded"]);
  });

  test("early leaves the window open with a fresh state when it is given up", () => {
    const strict = exampleSettings({ ...settings, maxRetryAttempts: 0 });
    const story: Story = [
      [offer(10), 10],
      [returned(JSON.stringify("x".repeat(20))), 11],
      [failed, 12],
    ];
    expect(tell(story, strict).at(-1)).toBe("waitForWindowEnd 1000");
    expect(laneProgress(after(story, strict).state).windows).toMatchObject([{ state: "{}" }]);
  });
});

describe("a lane that is stopped", () => {
  const window: WindowCheckpoint = { lane: 0, start: 0, end: 1000, state: "1" };
  const stop = [{ kind: "stopRequested" }, 600] as const;
  const closing: Story = [
    [offer(10), 10],
    [returned("1"), 11],
    [timeReached, 1000],
  ];

  test.each([
    ["while it waits for the end", -1, [...closing.slice(0, 2), stop], [window]],
    ["while a batch is invoked", -1, [[offer(10), 10], stop, [returned("1"), 11]], [window]],
    ["while a batch fails", 0, [[offer(10), 10], stop, [failed, 11]], [{ ...window, state: "{}" }]],
    ["while it closes, with success", -1, [...closing, stop, [returned("{}"), 1001]], []],
    ["while it closes, in vain", 0, [...closing, stop, [failed, 1001]], [window]],
    ["while it waits to close again", -1, [...closing, [failed, 1001], stop], [window]],
  ] satisfies readonly (readonly [string, number, Story, readonly WindowCheckpoint[]])[])(
    "%s keeps what is open",
    (_, maxRetryAttempts, story, expected) => {
      const { state } = after(story, exampleSettings({ ...settings, maxRetryAttempts }));
      expect({ kind: state.kind, windows: laneProgress(state).windows }).toEqual({
        kind: "stopped",
        windows: expected,
      });
    },
  );

  test("is followed by one that goes on with the state", () => {
    const story: Story = [
      [offer(600), 600],
      [returned("2"), 601],
    ];
    expect(tell(story, settings, [window])).toEqual(["waitForWindowEnd 1000", "0 1 [600]", "waitForWindowEnd 1000"]);
  });

  test("is followed by one that closes what is not its own first", () => {
    const windows = [{ ...window, lane: 2 }, window];
    expect(tell([[returned("{}"), 1]], settings, windows)).toEqual(["final 0 1 []", "waitForWindowEnd 1000"]);
  });

  test("is followed by one without windows that closes it", () => {
    const plain = exampleSettings();
    const story: Story = [
      [offer(600), 600],
      [returned("{}"), 601],
    ];
    expect(tell(story, plain, [window])).toEqual(["final 0 1 []", "keep", "undefined undefined [600]"]);
  });
});

test("a batch leaves room for the largest state", () => {
  const small = exampleSettings({ ...settings, maxPayloadBytes: 512 + 20 + 14 + 2 * 101 });
  const story: Story = [
    [offer(1, 2, 3), 3],
    [returned("1"), 4],
  ];
  expect(tell(story, small)).toEqual(["0 {} [1 2]", "0 1 [3]"]);
});
