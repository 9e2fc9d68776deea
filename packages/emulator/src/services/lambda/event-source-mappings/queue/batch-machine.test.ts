import { describe, expect, test } from "vitest";
import type { BatchCommand, BatchEvent, BatchOutcome, BatchState, BatchStep } from "./batch.ts";
import { startBatch, stepBatch } from "./batch-machine.ts";
import {
  exampleMessage,
  exampleMessages,
  exampleQueueSettings,
  partial,
  success,
  throttled,
  unhandled,
} from "./example-messages.ts";
import type { MessageReference } from "./message.ts";

type Kind = BatchState["kind"];
type EventKind = BatchEvent["kind"];
type CommandKind = BatchCommand["kind"];

type Expected =
  | { readonly description: string; readonly state: Kind; readonly commands: readonly CommandKind[] }
  | { readonly description: string; readonly illegal: true };

const illegal = (description: string): Expected => ({ description, illegal: true });
const becomes = (state: Kind, commands: readonly CommandKind[], description: string): Expected => ({
  description,
  state,
  commands,
});

/** Every state and every event; each cell is executed below. */
const transitions: Record<Kind, Record<EventKind, Expected>> = {
  invoking: {
    invoked: becomes("finished", ["delete", "finish"], "the batch succeeded"),
    timeReached: becomes("invoking", ["keep"], "a superseded wait"),
    stopRequested: becomes("invoking", ["keep"], "the invocation finishes first"),
  },
  backingOff: {
    invoked: illegal("no invocation is in flight"),
    timeReached: becomes("invoking", ["invoke"], "the batch is tried again"),
    stopRequested: becomes("finished", ["release", "finish"], "what is unsent goes back"),
  },
  finished: {
    invoked: illegal("no invocation is in flight"),
    timeReached: becomes("finished", ["keep"], "a superseded wait"),
    stopRequested: becomes("finished", ["keep"], "already"),
  },
};

const settings = exampleQueueSettings();
const invoked = (outcome: BatchOutcome): BatchEvent => ({ kind: "invoked", outcome });
const timeReached: BatchEvent = { kind: "timeReached" };
const stopRequested: BatchEvent = { kind: "stopRequested" };

type History = readonly (readonly [event: BatchEvent, now: number])[];

function after(messages: readonly MessageReference[], events: History, using = settings): BatchStep {
  let step: BatchStep = startBatch(messages, using);
  for (const [event, now] of events) step = stepBatch(step.state, event, using, now);
  return step;
}

/** Commands with the ids of their messages. */
function told({ commands }: BatchStep): readonly string[] {
  return commands.map((command) =>
    "messages" in command
      ? `${command.kind} ${command.messages.map(({ messageId }) => messageId).join(" ")}`
      : command.kind,
  );
}

const two = exampleMessages(1, 2);
const states: Record<Kind, BatchState> = {
  invoking: after(two, []).state,
  backingOff: after(two, [[invoked(throttled), 0]]).state,
  finished: after(two, [[invoked(success), 0]]).state,
};

const events: Record<EventKind, BatchEvent> = { invoked: invoked(success), timeReached, stopRequested };

const cells = Object.entries(transitions).flatMap(([kind, row]) =>
  Object.entries(row).map(([event, expected]) => ({ kind, event, expected, description: expected.description })),
);

/** Executes one cell. */
function stepCell(kind: string, event: string): BatchStep {
  const state = Object.values(states).find((one) => one.kind === kind);
  const given = Object.values(events).find((one) => one.kind === event);
  if (state === undefined || given === undefined) throw new Error(`No example of ${kind} or ${event}.`);
  return stepBatch(state, given, settings, 2000);
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

test.each<[what: string, outcome: BatchOutcome, commands: readonly string[]]>([
  ["a success", success, ["delete m-1 m-2 m-3", "finish"]],
  ["a function error", unhandled, ["leave m-1 m-2 m-3", "finish"]],
  ["a partial failure", partial("m-1", "m-3"), ["delete m-2", "leave m-1 m-3", "finish"]],
  ["a report of all", partial("m-1", "m-2", "m-3"), ["leave m-1 m-2 m-3", "finish"]],
])("%s", (_, outcome, commands) => {
  expect(told(after(exampleMessages(1, 3), [[invoked(outcome), 0]]))).toEqual(commands);
});

test("the timeline says how often messages have been received", () => {
  const messages = [exampleMessage(1, { receiveCount: 3 }), exampleMessage(2)];
  const of = { records: 2, messageIds: ["m-1", "m-2"] };
  expect(after(messages, []).notes).toEqual([{ type: "mapping.batchStarted", ...of, attempt: 3 }]);
  expect(after(messages, [[invoked(unhandled), 0]]).notes).toEqual([
    { type: "mapping.batchFailed", ...of, attempt: 3, kind: "unhandled", requestId: "request" },
  ]);
});

describe("a function that is not reached", () => {
  const throttledAt = (...times: readonly number[]): History =>
    times.flatMap((now): History => [
      [timeReached, now],
      [invoked(throttled), now],
    ]);

  test("is tried again after longer and longer waits", () => {
    const first = after(two, [[invoked(throttled), 0]]);
    expect(first.commands).toEqual([{ kind: "wait", until: 25 }]);
    expect(after(two, [[invoked(throttled), 0], ...throttledAt(25)]).commands).toEqual([{ kind: "wait", until: 75 }]);
    expect(told(after(two, [[invoked(throttled), 0], ...throttledAt(25), [timeReached, 75]]))).toEqual([
      "invoke m-1 m-2",
    ]);
  });

  test("is tried until the messages are visible again", () => {
    const messages = exampleMessages(1, 2, { visibleAt: 60 });
    expect(told(after(messages, [[invoked(throttled), 0], ...throttledAt(25)]))).toEqual(["leave m-1 m-2", "finish"]);
  });

  test("gets those that are invisible still", () => {
    const messages = [exampleMessage(1, { visibleAt: 20 }), exampleMessage(2)];
    expect(
      told(
        after(messages, [
          [invoked(throttled), 0],
          [timeReached, 25],
        ]),
      ),
    ).toEqual(["leave m-1", "invoke m-2"]);
  });

  test("gets nothing more of a mapping that stops", () => {
    expect(
      told(
        after(two, [
          [stopRequested, 0],
          [invoked(throttled), 0],
        ]),
      ),
    ).toEqual(["release m-1 m-2", "finish"]);
  });
});

describe("a batch that no payload holds", () => {
  const small = exampleQueueSettings({ maxPayloadBytes: 14 + 2 * 101 });
  const five = exampleMessages(1, 5);

  test("is sent in parts, one after the other", () => {
    expect(told(after(five, [], small))).toEqual(["invoke m-1 m-2"]);
    expect(told(after(five, [[invoked(success), 0]], small))).toEqual(["delete m-1 m-2", "invoke m-3 m-4"]);
    expect(
      told(
        after(
          five,
          [
            [invoked(success), 0],
            [invoked(unhandled), 0],
          ],
          small,
        ),
      ),
    ).toEqual(["leave m-3 m-4", "invoke m-5"]);
  });

  test("leaves what is visible again before its turn", () => {
    const messages = exampleMessages(1, 4, { visibleAt: 50 });
    expect(told(after(messages, [[invoked(success), 50]], small))).toEqual([
      "delete m-1 m-2",
      "leave m-3 m-4",
      "finish",
    ]);
  });

  test("keeps the order of a group behind a message that failed", () => {
    const messages = ["a", "b", "a", "b", "c"].map((groupId, index) => exampleMessage(index + 1, { groupId }));
    const step = after(messages, [[invoked(partial("m-1")), 0]], small);
    expect(told(step)).toEqual(["delete m-2", "leave m-1", "leave m-3", "invoke m-4"]);
  });

  test("returns what is unsent when the mapping stops", () => {
    const step = after(
      five,
      [
        [stopRequested, 0],
        [invoked(success), 0],
      ],
      small,
    );
    expect(told(step)).toEqual(["delete m-1 m-2", "release m-3 m-4 m-5", "finish"]);
  });
});

test("a message that is larger than the payload is sent alone", () => {
  const tiny = exampleQueueSettings({ maxPayloadBytes: 50 });
  expect(told(after(two, [], tiny))).toEqual(["invoke m-1"]);
});
