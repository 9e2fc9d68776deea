import { describe, expect, test } from "vitest";
import {
  exampleInvocation,
  exampleRecord,
  exampleRecords,
  exampleSettings,
  sequenceOf,
  unhandledError,
} from "./example-records.ts";
import { type LaneCommand, type LaneEvent, laneProgress, type LaneState, type LaneStep } from "./lane.ts";
import { startLane, stepLane } from "./lane-machine.ts";
import type { InvokeOutcome } from "./outcome.ts";

type Kind = LaneState["kind"];
type EventKind = LaneEvent["kind"];

type Expected =
  | { readonly description: string; readonly state: Kind; readonly command: LaneCommand["kind"] }
  | { readonly description: string; readonly illegal: true };

const illegal = (description: string): Expected => ({ description, illegal: true });
const becomes = (state: Kind, command: LaneCommand["kind"], description: string): Expected => ({
  description,
  state,
  command,
});

const notInvoking = illegal("no invoke is in flight");
const notReporting = illegal("no report is in flight");

/** Every state and every event; each cell is executed below. */
const transitions: Record<Kind, Record<EventKind, Expected>> = {
  empty: {
    offered: becomes("collecting", "wait", "the batching window opens"),
    sealed: becomes("drained", "finish", "nothing is left and nothing will come"),
    timeReached: becomes("empty", "wait", "a superseded wait"),
    invoked: notInvoking,
    reported: notReporting,
    stopRequested: becomes("stopped", "finish", "nothing to wait for"),
  },
  collecting: {
    offered: becomes("collecting", "wait", "the batch is not full and the window is open"),
    sealed: becomes("invoking", "invoke", "the batch will not get fuller"),
    timeReached: becomes("invoking", "invoke", "the window has passed"),
    invoked: notInvoking,
    reported: notReporting,
    stopRequested: becomes("stopped", "finish", "the unsent buffer is dropped"),
  },
  invoking: {
    offered: becomes("invoking", "keep", "queued behind the batch"),
    sealed: becomes("invoking", "keep", "remembered"),
    timeReached: becomes("invoking", "keep", "a superseded wait"),
    invoked: becomes("empty", "wait", "the batch succeeded and nothing is queued"),
    reported: notReporting,
    stopRequested: becomes("invoking", "keep", "the invoke finishes first"),
  },
  backingOff: {
    offered: becomes("backingOff", "wait", "queued; the wait goes on"),
    sealed: becomes("backingOff", "wait", "remembered; the wait goes on"),
    timeReached: becomes("invoking", "invoke", "the batch is tried again"),
    invoked: notInvoking,
    reported: notReporting,
    stopRequested: becomes("stopped", "finish", "the wait ends at once; the batch stays unfinished"),
  },
  reporting: {
    offered: becomes("reporting", "keep", "queued behind the report"),
    sealed: becomes("reporting", "keep", "remembered"),
    timeReached: becomes("reporting", "keep", "a superseded wait"),
    invoked: notInvoking,
    reported: becomes("empty", "wait", "the records are discarded"),
    stopRequested: becomes("reporting", "keep", "the report finishes first"),
  },
  windowOpen: {
    offered: becomes("collecting", "wait", "the batching window opens"),
    sealed: becomes("closing", "invoke", "the tumbling window ends with the shard"),
    timeReached: becomes("closing", "invoke", "its time is over"),
    invoked: notInvoking,
    reported: notReporting,
    stopRequested: becomes("stopped", "finish", "the window stays open in the checkpoint"),
  },
  closing: {
    offered: becomes("closing", "keep", "queued behind the window"),
    sealed: becomes("closing", "keep", "remembered"),
    timeReached: becomes("closing", "keep", "a superseded wait"),
    invoked: becomes("empty", "wait", "the window is closed and nothing is queued"),
    reported: notReporting,
    stopRequested: becomes("closing", "keep", "the invoke finishes first"),
  },
  closingLater: {
    offered: becomes("closingLater", "wait", "queued; the wait goes on"),
    sealed: becomes("closingLater", "wait", "remembered; the wait goes on"),
    timeReached: becomes("closing", "invoke", "the closing is tried again"),
    invoked: notInvoking,
    reported: notReporting,
    stopRequested: becomes("stopped", "finish", "the wait ends at once; the window stays open in the checkpoint"),
  },
  drained: {
    offered: illegal("a sealed lane is offered nothing"),
    sealed: becomes("drained", "keep", "already"),
    timeReached: becomes("drained", "keep", "a superseded wait"),
    invoked: notInvoking,
    reported: notReporting,
    stopRequested: becomes("drained", "keep", "already finished"),
  },
  stopped: {
    offered: becomes("stopped", "keep", "dropped, but remembered as unfinished"),
    sealed: becomes("stopped", "keep", "already finished"),
    timeReached: becomes("stopped", "keep", "a superseded wait"),
    invoked: notInvoking,
    reported: notReporting,
    stopRequested: becomes("stopped", "keep", "already"),
  },
};

const settings = exampleSettings({ batchSize: 4, batchingWindowMs: 1000, onFailure: "arn", maxRetryAttempts: 1 });
const windowEnd = 1000;
/** The same with tumbling windows, which end a little earlier. */
const tumbling = exampleSettings({ ...settings, tumblingWindowMs: 900 });
const success: InvokeOutcome = { kind: "success", invocation: exampleInvocation };

const offer = (first: number, last: number): LaneEvent => ({ kind: "offered", records: exampleRecords(first, last) });

/** Feeds events to a new lane. */
function laneAfter(events: readonly (readonly [event: LaneEvent, now: number])[], using = settings): LaneStep {
  let step: LaneStep = startLane(0, [], using, 0);
  for (const [event, now] of events) step = stepLane(step.state, event, using, now);
  return step;
}

const failedOnce: readonly (readonly [LaneEvent, number])[] = [
  [offer(1, 4), 0],
  [{ kind: "invoked", outcome: unhandledError }, 0],
];

const windowOpened: readonly (readonly [LaneEvent, number])[] = [
  [offer(1, 4), 0],
  [{ kind: "invoked", outcome: success }, 0],
];

const states: Record<Kind, LaneState> = {
  empty: startLane(0, [], settings, 0).state,
  collecting: laneAfter([[offer(1, 2), 0]]).state,
  invoking: laneAfter([[offer(1, 4), 0]]).state,
  backingOff: laneAfter(failedOnce).state,
  reporting: laneAfter([
    ...failedOnce,
    [{ kind: "timeReached" }, 25],
    [{ kind: "invoked", outcome: unhandledError }, 25],
  ]).state,
  windowOpen: laneAfter(windowOpened, tumbling).state,
  closing: laneAfter([...windowOpened, [{ kind: "timeReached" }, 900]], tumbling).state,
  closingLater: laneAfter(
    [...windowOpened, [{ kind: "timeReached" }, 900], [{ kind: "invoked", outcome: unhandledError }, 900]],
    tumbling,
  ).state,
  drained: laneAfter([[{ kind: "sealed" }, 0]]).state,
  stopped: laneAfter([[{ kind: "stopRequested" }, 0]]).state,
};

const events: Record<EventKind, readonly [event: LaneEvent, now: number]> = {
  offered: [offer(5, 5), 500],
  sealed: [{ kind: "sealed" }, 500],
  timeReached: [{ kind: "timeReached" }, windowEnd],
  invoked: [{ kind: "invoked", outcome: success }, 500],
  reported: [{ kind: "reported", result: { kind: "delivered" } }, 500],
  stopRequested: [{ kind: "stopRequested" }, 500],
};

const cells = Object.entries(transitions).flatMap(([kind, row]) =>
  Object.entries(row).map(([event, expected]) => ({ kind, event, expected, description: expected.description })),
);

/** Executes one cell. */
function stepCell(kind: string, event: string): LaneStep {
  const state = Object.entries(states).find(([name]) => name === kind)?.[1];
  const given = Object.entries(events).find(([name]) => name === event)?.[1];
  if (state === undefined || given === undefined) throw new Error(`No example of ${kind} or ${event}.`);
  const hasWindow = "memory" in state && state.memory.windows.length > 0;
  return stepLane(state, given[0], hasWindow ? tumbling : settings, given[1]);
}

test.each(Object.entries(states))("the example of %s is one", (kind, state) => {
  expect(state.kind).toBe(kind);
});

test.each(cells.filter(({ expected }) => "state" in expected))("$kind × $event: $description", (cell) => {
  const { state, command } = stepCell(cell.kind, cell.event);
  const { description } = cell;
  expect({ description, state: state.kind, command: command.kind }).toEqual(cell.expected);
});

test.each(cells.filter(({ expected }) => "illegal" in expected))("$kind × $event: $description", (cell) => {
  expect(() => stepCell(cell.kind, cell.event)).toThrow("cannot take");
});

describe("batches", () => {
  test("a full batch does not wait for its window", () => {
    expect(laneAfter([[offer(1, 4), 0]]).command).toMatchObject({ kind: "invoke", records: { length: 4 } });
  });

  test("a wait that ends early is renewed", () => {
    const step = laneAfter([
      [offer(1, 2), 0],
      [{ kind: "timeReached" }, 999],
    ]);
    expect(step.command).toEqual({ kind: "wait", until: windowEnd });
  });

  test("the next window begins when an invoke completes", () => {
    const step = laneAfter([
      [offer(1, 4), 0],
      [{ kind: "invoked", outcome: success }, 300],
      [offer(5, 5), 700],
    ]);
    expect(step.command).toEqual({ kind: "wait", until: 1300 });
  });

  test("a window that passed without a record begins anew with the next record", () => {
    const step = laneAfter([
      [offer(1, 4), 0],
      [{ kind: "invoked", outcome: success }, 300],
      [offer(5, 5), 2000],
    ]);
    expect(step.command).toEqual({ kind: "wait", until: 3000 });
  });

  test("a batch is cut before it passes the payload, and such a batch does not wait", () => {
    const small = exampleSettings({ batchingWindowMs: 1000, maxPayloadBytes: 14 + 2 * 101 + 100 });
    const step = laneAfter([[offer(1, 3), 0]], small);
    expect(step.command).toMatchObject({ kind: "invoke", records: { length: 2 } });
  });

  test("a batch that just fits the payload is whole", () => {
    const exact = exampleSettings({ maxPayloadBytes: 14 + 3 * 101 });
    expect(laneAfter([[offer(1, 3), 0]], exact).command).toMatchObject({ kind: "invoke", records: { length: 3 } });
  });

  test("a record that no payload holds is reported without an invoke", () => {
    const small = exampleSettings({ maxPayloadBytes: 114, onFailure: "arn" });
    const records = [exampleRecord(1, small, { bytes: 100 }), exampleRecord(2, small)];
    const step = laneAfter([[{ kind: "offered", records }, 0]], small);
    expect(step.command).toMatchObject({
      kind: "report",
      condition: "MaximumPayloadSizeExceeded",
      slice: { records: { length: 1 }, invokes: 0 },
    });
  });
});

describe("stopping", () => {
  const stopping: readonly (readonly [LaneEvent, number])[] = [
    [offer(1, 6), 0],
    [{ kind: "stopRequested" }, 0],
  ];

  test.each([
    { outcome: success, unfinished: 5 },
    { outcome: unhandledError, unfinished: 1 },
    { outcome: { kind: "notInvoked", reason: "throttled" } as const, unfinished: 1 },
    { outcome: { kind: "partial", from: sequenceOf(3), invocation: exampleInvocation } as const, unfinished: 3 },
  ])("after $outcome.kind the lane ends, unfinished from $unfinished", ({ outcome, unfinished }) => {
    const step = laneAfter([...stopping, [{ kind: "invoked", outcome }, 10]]);
    expect(step.command).toEqual({ kind: "finish", as: "stopped" });
    expect(laneProgress(step.state)).toMatchObject({ unfinishedFrom: sequenceOf(unfinished), finished: "stopped" });
  });

  test("what is offered to a stopped lane is unfinished", () => {
    const step = stepLane(states.stopped, offer(7, 8), settings, 0);
    expect(laneProgress(step.state).unfinishedFrom).toBe(sequenceOf(7));
  });
});

test("a sealed lane invokes what it has and drains", () => {
  const step = laneAfter([
    [offer(1, 2), 0],
    [{ kind: "sealed" }, 0],
    [{ kind: "invoked", outcome: success }, 0],
  ]);
  expect(step).toMatchObject({ state: { kind: "drained" }, command: { kind: "finish", as: "drained" } });
});

test("a report that cannot be delivered discards the records and is told", () => {
  const result = { kind: "failed", error: "no such queue" } as const;
  const step = stepLane(states.reporting, { kind: "reported", result }, settings, 30);
  expect(step.notes).toMatchObject([
    { type: "mapping.failureReportFailed", error: "no such queue", records: 4 },
    { type: "mapping.recordsDiscarded", condition: "RetryAttemptsExhausted", invokeCount: 2 },
  ]);
  expect(laneProgress(step.state).unfinishedFrom).toBeUndefined();
});

test("a slice of expired and fresh records in any order loses just the expired ones", () => {
  const records = [1, 2, 3].map((number) => ({ ...exampleRecord(number), expiresAt: number === 2 ? 10 : 100 }));
  const silent = exampleSettings();
  const first = laneAfter([[{ kind: "offered", records }, 10]], silent);
  expect(first.command).toMatchObject({ kind: "invoke", records: [records[0]] });
  const second = stepLane(first.state, { kind: "invoked", outcome: success }, silent, 10);
  expect(second.command).toMatchObject({ kind: "invoke", records: [records[2]] });
  expect(second.notes.map((note) => note.type)).toEqual([
    "mapping.batchSucceeded",
    "mapping.recordsExpired",
    "mapping.recordsDiscarded",
    "mapping.batchStarted",
  ]);
});
