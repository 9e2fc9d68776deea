import { describe, expect, test } from "vitest";
import { exampleMessages, exampleQueueSettings } from "./example-messages.ts";
import type { MessageReference } from "./message.ts";
import type { QueueCommand, QueueEvent, QueueState, QueueStep } from "./queue.ts";
import { startQueue, stepQueue } from "./queue-machine.ts";

type Kind = QueueState["kind"];
type EventKind = QueueEvent["kind"];
type CommandKind = QueueCommand["kind"];

type Expected =
  | { readonly description: string; readonly state: Kind; readonly commands: readonly CommandKind[] }
  | { readonly description: string; readonly illegal: true };

const illegal = (description: string): Expected => ({ description, illegal: true });
const becomes = (state: Kind, commands: readonly CommandKind[], description: string): Expected => ({
  description,
  state,
  commands,
});

const notReceiving = illegal("no receive is in flight");

/** Every state and every event; each cell is executed below. */
const transitions: Record<Kind, Record<EventKind, Expected>> = {
  receiving: {
    available: becomes("receiving", ["keep"], "it is being received"),
    received: becomes("collecting", ["wait"], "the batch is not full and the window is open"),
    receiveFailed: becomes("backingOff", ["wait"], "it is tried again later"),
    batchFinished: becomes("receiving", ["keep"], "one place more"),
    timeReached: becomes("receiving", ["keep"], "a superseded wait"),
    stopRequested: becomes("draining", ["wait"], "the receive finishes first"),
  },
  waiting: {
    available: becomes("receiving", ["receive"], "there is something"),
    received: notReceiving,
    receiveFailed: notReceiving,
    batchFinished: becomes("waiting", ["wait"], "one place more, and nothing to put in it"),
    timeReached: becomes("waiting", ["wait"], "a superseded wait"),
    stopRequested: becomes("draining", ["wait"], "a batch is under way"),
  },
  collecting: {
    available: becomes("receiving", ["receive"], "there is room in the batch"),
    received: notReceiving,
    receiveFailed: notReceiving,
    batchFinished: becomes("collecting", ["wait"], "the window goes on"),
    timeReached: becomes("full", ["start", "wait"], "the window has passed, and the last place is taken"),
    stopRequested: becomes("draining", ["release", "wait"], "what is unsent goes back"),
  },
  full: {
    available: becomes("full", ["wait"], "there is no place for a batch"),
    received: notReceiving,
    receiveFailed: notReceiving,
    batchFinished: becomes("receiving", ["receive"], "there is a place again"),
    timeReached: becomes("receiving", ["receive"], "there may be one batch more"),
    stopRequested: becomes("draining", ["wait"], "batches are under way"),
  },
  backingOff: {
    available: becomes("backingOff", ["wait"], "the wait goes on"),
    received: notReceiving,
    receiveFailed: notReceiving,
    batchFinished: becomes("backingOff", ["wait"], "the wait goes on"),
    timeReached: becomes("full", ["start", "wait"], "the window has passed meanwhile, and the last place is taken"),
    stopRequested: becomes("draining", ["release", "wait"], "what is unsent goes back"),
  },
  draining: {
    available: becomes("draining", ["wait"], "nothing more is received"),
    received: becomes("draining", ["release", "wait"], "what came too late goes back"),
    receiveFailed: becomes("draining", ["wait"], "a batch is under way"),
    batchFinished: becomes("draining", ["wait"], "the receive is still in flight"),
    timeReached: becomes("draining", ["wait"], "a superseded wait"),
    stopRequested: becomes("draining", ["wait"], "already"),
  },
  stopped: {
    available: becomes("stopped", ["keep"], "already finished"),
    received: notReceiving,
    receiveFailed: notReceiving,
    batchFinished: illegal("no batch is under way"),
    timeReached: becomes("stopped", ["keep"], "a superseded wait"),
    stopRequested: becomes("stopped", ["keep"], "already"),
  },
};

const settings = exampleQueueSettings({ batchSize: 4, batchingWindowMs: 1000, firstConcurrency: 2, maxConcurrency: 3 });
const available: QueueEvent = { kind: "available" };
const stopRequested: QueueEvent = { kind: "stopRequested" };
const denied: QueueEvent = { kind: "receiveFailed", failure: { reason: "denied", error: "access denied" } };
const gone: QueueEvent = { kind: "receiveFailed", failure: { reason: "gone" } };

const received = (first: number, last: number, taken = last - first + 1): QueueEvent => ({
  kind: "received",
  messages: exampleMessages(first, last),
  taken,
});

type History = readonly (readonly [event: QueueEvent, now: number])[];

/** Feeds events to a new machine. */
function after(events: History, using = settings): QueueStep {
  let step: QueueStep = startQueue(using);
  for (const [event, now] of events) step = stepQueue(step.state, event, using, now);
  return step;
}

/** A full batch is under way, and there is a place for another. */
const oneRunning: History = [
  [available, 0],
  [received(1, 4), 0],
  [received(0, -1), 0],
];

const states: Record<Kind, QueueState> = {
  receiving: after([...oneRunning, [available, 0]]).state,
  waiting: after(oneRunning).state,
  collecting: after([...oneRunning, [available, 0], [received(5, 6), 0]]).state,
  full: after([...oneRunning, [available, 0], [received(5, 8), 0]]).state,
  backingOff: after([...oneRunning, [available, 0], [received(5, 6), 0], [available, 0], [denied, 0]]).state,
  draining: after([...oneRunning, [available, 0], [stopRequested, 0]]).state,
  stopped: after([[stopRequested, 0]]).state,
};

const events: Record<EventKind, QueueEvent> = {
  available,
  received: received(9, 10),
  receiveFailed: denied,
  batchFinished: { kind: "batchFinished" },
  timeReached: { kind: "timeReached" },
  stopRequested,
};

const cells = Object.entries(transitions).flatMap(([kind, row]) =>
  Object.entries(row).map(([event, expected]) => ({ kind, event, expected, description: expected.description })),
);

/** Executes one cell. */
function stepCell(kind: string, event: string): QueueStep {
  const state = Object.values(states).find((one) => one.kind === kind);
  const given = Object.values(events).find((one) => one.kind === event);
  if (state === undefined || given === undefined) throw new Error(`No example of ${kind} or ${event}.`);
  return stepQueue(state, given, settings, 2000);
}

test.each(Object.entries(states))("the example of %s is one", (kind, state) => {
  expect(state.kind).toBe(kind);
});

test.each(cells.filter(({ expected }) => "state" in expected))("$kind × $event: $description", (cell) => {
  const { state, commands } = stepCell(cell.kind, cell.event);
  const { description } = cell;
  expect({ description, state: state.kind, commands: commands.map(({ kind }) => kind) }).toEqual(cell.expected);
});

test.each(cells.filter(({ expected }) => "illegal" in expected))("$kind × $event: $description", (cell) => {
  expect(() => stepCell(cell.kind, cell.event)).toThrow("cannot take");
});

const idsOf = (messages: readonly MessageReference[]): string => messages.map(({ messageId }) => messageId).join(" ");
const started = ({ commands }: QueueStep): readonly string[] =>
  commands.flatMap((command) => (command.kind === "start" ? [idsOf(command.messages)] : []));

test("without a window a batch begins with whatever was received", () => {
  const now = exampleQueueSettings();
  const step = after(
    [
      [available, 0],
      [received(1, 3), 0],
    ],
    now,
  );
  expect(started(step)).toEqual(["m-1 m-2 m-3"]);
  expect(step.commands.at(-1)).toEqual({ kind: "wait", until: undefined, forMessages: true });
});

test("a receive that was full is followed by another at once", () => {
  const step = after(
    [
      [available, 0],
      [received(1, 10), 0],
    ],
    exampleQueueSettings(),
  );
  expect(step.commands.map(({ kind }) => kind)).toEqual(["start", "receive"]);
});

test("a batch larger than a receive takes several, and never more than it has room for", () => {
  const large = exampleQueueSettings({ batchSize: 25, batchingWindowMs: 1000 });
  const steps: History = [
    [available, 0],
    [received(1, 10), 0],
    [received(11, 20), 0],
  ];
  expect(after(steps, large).commands).toEqual([{ kind: "receive", max: 5 }]);
  expect(started(after([...steps, [received(21, 25), 0]], large))).toHaveLength(1);
});

test("what is filtered out or redriven counts for the receive, not for the batch", () => {
  const large = exampleQueueSettings({ batchSize: 20, batchingWindowMs: 1000 });
  const step = after(
    [
      [available, 0],
      [received(1, 2, 10), 0],
    ],
    large,
  );
  expect(step.commands).toEqual([{ kind: "receive", max: 10 }]);
});

test("the payload's limit ends a batch", () => {
  const small = exampleQueueSettings({ batchSize: 20, batchingWindowMs: 1000, maxPayloadBytes: 14 + 3 * 101 });
  expect(
    started(
      after(
        [
          [available, 0],
          [received(1, 2), 0],
        ],
        small,
      ),
    ),
  ).toEqual([]);
  expect(
    started(
      after(
        [
          [available, 0],
          [received(1, 3), 0],
        ],
        small,
      ),
    ),
  ).toEqual(["m-1 m-2 m-3"]);
});

describe("a batching window", () => {
  const untilOf = ({ commands }: QueueStep): unknown =>
    commands.flatMap((command) => (command.kind === "wait" ? [command.until] : []));

  test("begins with the first message after a pause", () => {
    expect(
      untilOf(
        after([
          [available, 500],
          [received(1, 1), 500],
          [available, 900],
          [received(2, 2), 900],
        ]),
      ),
    ).toEqual([1500]);
  });

  test("begins with the end of the last batch", () => {
    const finished: History = [...oneRunning, [{ kind: "batchFinished" }, 400]];
    expect(untilOf(after([...finished, [available, 900], [received(5, 5), 900]]))).toEqual([1400]);
    expect(untilOf(after([...finished, [available, 1500], [received(5, 5), 1500]]))).toEqual([2500]);
  });

  test("is no longer than the messages stay invisible", () => {
    const messages = exampleMessages(1, 1, { visibleAt: 700 });
    expect(
      untilOf(
        after([
          [available, 0],
          [{ kind: "received", messages, taken: 1 }, 0],
        ]),
      ),
    ).toEqual([700]);
  });
});

describe("batches side by side", () => {
  test("grow by one a growth period while all places are taken, up to the limit", () => {
    const { growthMs } = settings;
    const full: History = [...oneRunning, [available, 0], [received(5, 8), 0]];
    const third = after([...full, [{ kind: "timeReached" }, growthMs]]);
    expect(third.notes).toEqual([{ type: "mapping.concurrencyRaised", concurrency: 3 }]);
    const step = after([...full, [{ kind: "timeReached" }, growthMs], [received(9, 12), growthMs]]);
    expect(step.state.kind).toBe("full");
    expect(step.commands.at(-1)).toEqual({ kind: "wait", until: undefined, forMessages: false });
  });

  test("become few again when there is nothing to do", () => {
    const { growthMs } = settings;
    const finished: QueueEvent = { kind: "batchFinished" };
    const { state } = after([
      ...oneRunning,
      [available, 0],
      [received(5, 8), 0],
      [{ kind: "timeReached" }, growthMs],
      [received(0, -1), growthMs],
      [finished, growthMs],
      [finished, growthMs],
    ]);
    expect(state).toMatchObject({ kind: "waiting", memory: { running: 0, concurrency: 2 } });
  });
});

test("failed receives are tried again after longer and longer waits", () => {
  const twice = after([
    [available, 0],
    [denied, 0],
    [{ kind: "timeReached" }, 25],
    [denied, 25],
  ]);
  expect(twice.notes).toEqual([
    { type: "mapping.readFailed", reason: "denied", attempt: 2, delayMs: 50, error: "access denied" },
  ]);
  expect(twice.commands).toEqual([{ kind: "wait", until: 75, forMessages: false }]);
});

test("a batch that is due does not wait for a receive that fails", () => {
  const due = after([
    [available, 0],
    [received(1, 1), 0],
    [available, 990],
    [denied, 990],
    [{ kind: "timeReached" }, 1000],
  ]);
  expect(started(due)).toEqual(["m-1"]);
  expect(due.state.kind).toBe("backingOff");
});

test("who waits for a queue that is gone waits for another of its name", () => {
  const step = after([
    [available, 0],
    [gone, 0],
  ]);
  expect(step.notes).toEqual([{ type: "mapping.queueGone" }]);
  expect(step.commands).toEqual([{ kind: "wait", until: undefined, forMessages: true }]);
});

test("a stop that finds nothing under way finishes at once", () => {
  const { commands, notes } = after([
    [available, 0],
    [received(1, 2), 0],
    [stopRequested, 0],
  ]);
  expect(commands).toEqual([{ kind: "release", messages: exampleMessages(1, 2) }, { kind: "finish" }]);
  expect(notes).toEqual([{ type: "mapping.consumerStopped" }]);
});
