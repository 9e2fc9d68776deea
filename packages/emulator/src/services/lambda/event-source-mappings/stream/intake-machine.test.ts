import { describe, expect, test } from "vitest";
import { afterSequence, type Checkpoint, type StreamPosition } from "./checkpoint.ts";
import { exampleRecord, exampleRecords, exampleSettings, sequenceOf } from "./example-records.ts";
import type { IntakeCommand, IntakeEvent, IntakeState, IntakeStep } from "./intake.ts";
import { bufferLimit, startIntake, stepIntake } from "./intake-machine.ts";
import type { LaneProgress } from "./lane-memory.ts";

type Kind = IntakeState["kind"];
type EventKind = IntakeEvent["kind"];

type Expected =
  | { readonly description: string; readonly state: Kind; readonly command: IntakeCommand["kind"] }
  | { readonly description: string; readonly illegal: true };

const illegal = (description: string): Expected => ({ description, illegal: true });
const becomes = (state: Kind, command: IntakeCommand["kind"], description: string): Expected => ({
  description,
  state,
  command,
});

const notReading = { read: illegal("no read is in flight"), readFailed: illegal("no read is in flight") };
const laneAfterEnd = illegal("every lane had finished");

/** Every state and every event; each cell is executed below. */
const transitions: Record<Kind, Record<EventKind, Expected>> = {
  reading: {
    read: becomes("reading", "read", "records are offered and the lanes have room"),
    readFailed: becomes("backingOff", "wait", "a transient failure is tried again later"),
    laneAdvanced: becomes("reading", "keep", "the checkpoint may move"),
    timeReached: becomes("reading", "keep", "a superseded wait"),
    stopRequested: becomes("reading", "keep", "the read finishes, aborted or not"),
  },
  backingOff: {
    ...notReading,
    laneAdvanced: becomes("backingOff", "wait", "the wait goes on"),
    timeReached: becomes("reading", "read", "the read is tried again"),
    stopRequested: becomes("draining", "wait", "the wait ends at once; the lanes finish"),
  },
  full: {
    ...notReading,
    laneAdvanced: becomes("reading", "read", "there is room again"),
    timeReached: becomes("full", "wait", "a superseded wait"),
    stopRequested: becomes("draining", "wait", "the lanes finish"),
  },
  draining: {
    ...notReading,
    laneAdvanced: becomes("ended", "finish", "the last lane has drained"),
    timeReached: becomes("draining", "wait", "a superseded wait"),
    stopRequested: becomes("draining", "wait", "the lanes stop instead of draining"),
  },
  ended: {
    ...notReading,
    laneAdvanced: laneAfterEnd,
    timeReached: becomes("ended", "keep", "a superseded wait"),
    stopRequested: becomes("ended", "keep", "already finished"),
  },
  stopped: {
    ...notReading,
    laneAdvanced: laneAfterEnd,
    timeReached: becomes("stopped", "keep", "a superseded wait"),
    stopRequested: becomes("stopped", "keep", "already"),
  },
};

const settings = exampleSettings();
const trimHorizon: StreamPosition = { kind: "trimHorizon" };
const fromStart = { position: trimHorizon, windows: [] };

const read = (first: number, last: number, closed = false): IntakeEvent => ({
  kind: "read",
  records: exampleRecords(first, last),
  through: sequenceOf(last),
  closed,
});
const emptyRead = (through?: string, closed = false): IntakeEvent => ({ kind: "read", records: [], through, closed });
const transient: IntakeEvent = { kind: "readFailed", failure: { reason: "transient", error: "try again" } };
const stop: IntakeEvent = { kind: "stopRequested" };

function advanced(unfinished: number | undefined, buffered: number, finished?: LaneProgress["finished"]): IntakeEvent {
  const unfinishedFrom = unfinished === undefined ? undefined : sequenceOf(unfinished);
  return { kind: "laneAdvanced", lane: 0, unfinishedFrom, buffered, finished, windows: [] };
}

function intakeAfter(events: readonly IntakeEvent[], using = settings): IntakeStep {
  let step: IntakeStep = startIntake(fromStart, using);
  for (const event of events) step = stepIntake(step.state, event, using, 0);
  return step;
}

function positionOf(step: IntakeStep): Checkpoint["position"] {
  return step.state.memory.checkpoint.position;
}

const states: Record<Kind, IntakeState> = {
  reading: intakeAfter([]).state,
  backingOff: intakeAfter([transient]).state,
  full: intakeAfter([read(1, bufferLimit(settings))]).state,
  draining: intakeAfter([emptyRead(undefined, true)]).state,
  ended: intakeAfter([emptyRead(undefined, true), advanced(undefined, 0, "drained")]).state,
  stopped: intakeAfter([transient, stop, advanced(undefined, 0, "stopped")]).state,
};

const events: Record<EventKind, IntakeEvent> = {
  read: read(1, 3),
  readFailed: transient,
  laneAdvanced: advanced(undefined, 0),
  timeReached: { kind: "timeReached" },
  stopRequested: stop,
};

const cells = Object.entries(transitions).flatMap(([kind, row]) =>
  Object.entries(row).map(([event, expected]) => ({ kind, event, expected, description: expected.description })),
);

/** Executes one cell. */
function stepCell(kind: string, event: string): IntakeStep {
  const state = Object.entries(states).find(([name]) => name === kind)?.[1];
  const example = Object.entries(events).find(([name]) => name === event)?.[1];
  if (state === undefined || example === undefined) throw new Error(`No example of ${kind} or ${event}.`);
  const given = kind === "draining" && event === "laneAdvanced" ? advanced(undefined, 0, "drained") : example;
  return stepIntake(state, given, settings, 1000);
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

describe("the checkpoint", () => {
  test("stays where it began until something is finished", () => {
    expect(positionOf(intakeAfter([read(1, 3)]))).toEqual(trimHorizon);
  });

  test("lies before the lowest unfinished record", () => {
    const step = intakeAfter([read(1, 3), read(5, 9), advanced(5, 5)]);
    expect(positionOf(step)).toEqual(afterSequence(sequenceOf(3)));
    expect(step.notes).toEqual([{ type: "mapping.checkpointMoved", sequenceNumber: sequenceOf(3) }]);
  });

  test("passes filtered records once nothing before them is unfinished", () => {
    expect(positionOf(intakeAfter([emptyRead(sequenceOf(7))]))).toEqual(afterSequence(sequenceOf(7)));
    expect(positionOf(intakeAfter([read(1, 3), emptyRead(sequenceOf(7))]))).toEqual(trimHorizon);
    const finished = intakeAfter([read(1, 3), emptyRead(sequenceOf(7)), advanced(undefined, 0)]);
    expect(positionOf(finished)).toEqual(afterSequence(sequenceOf(7)));
  });

  test("moves while the lanes of a stopping consumer finish, and not after", () => {
    const step = intakeAfter([read(1, 3), stop, emptyRead(), advanced(3, 0, "stopped")]);
    expect(step).toMatchObject({ state: { kind: "stopped" }, command: { kind: "finish", as: "stopped" } });
    expect(positionOf(step)).toEqual(afterSequence(sequenceOf(2)));
  });

  test("is the end of a shard that was closed and is finished", () => {
    const step = intakeAfter([read(1, 3, true), advanced(undefined, 0, "drained")]);
    expect(positionOf(step)).toEqual({ kind: "shardEnd" });
    expect(step.notes.at(-1)).toEqual({ type: "mapping.shardEnded" });
  });

  test("is not the end of a closed shard whose lane was stopped", () => {
    const step = intakeAfter([read(1, 3, true), advanced(2, 0, "stopped")]);
    expect(step.command).toEqual({ kind: "finish", as: "stopped" });
    expect(positionOf(step)).toEqual(afterSequence(sequenceOf(1)));
  });

  test("is not the end of a shard that is gone", () => {
    const gone: IntakeEvent = { kind: "readFailed", failure: { reason: "gone" } };
    const step = intakeAfter([read(1, 3), gone, advanced(undefined, 0, "drained")]);
    expect(step.command).toEqual({ kind: "finish", as: "ended" });
    expect(positionOf(step)).toEqual(afterSequence(sequenceOf(3)));
    expect(step.notes.at(-1)).toEqual({ type: "mapping.shardGone" });
  });
});

describe("reading", () => {
  test("goes on after what was looked at, with the room that is left", () => {
    expect(intakeAfter([read(1, 3)]).command).toEqual({ kind: "read", after: afterSequence(sequenceOf(3)), max: 9997 });
  });

  test("goes on from the oldest record when the position was trimmed, and tells what was lost", () => {
    const trimmed: IntakeEvent = { kind: "readFailed", failure: { reason: "trimmed", oldest: trimHorizon } };
    const step = intakeAfter([read(1, 3), trimmed]);
    expect(step.command).toMatchObject({ kind: "read", after: trimHorizon });
    expect(step.notes).toEqual([{ type: "mapping.trimmed", lost: sequenceOf(3) }]);
  });

  test("waits longer after each failure in a row", () => {
    let step = intakeAfter([]);
    const waits = [];
    for (let failure = 0; failure < 3; failure++) {
      step = stepIntake(step.state, transient, settings, 0);
      waits.push(step.command);
      step = stepIntake(step.state, { kind: "timeReached" }, settings, 1000);
    }
    expect(waits).toEqual([25, 50, 100].map((until) => ({ kind: "wait", until })));
  });

  test("seals the lanes at the end of the shard, after the last offer", () => {
    expect(intakeAfter([read(1, 3, true)])).toMatchObject({
      offers: [{ lane: 0, records: { length: 3 } }],
      seal: true,
    });
  });

  test("offers nothing once the consumer is stopping", () => {
    const step = intakeAfter([stop, read(1, 3)]);
    expect(step).toMatchObject({ offers: [], seal: false, state: { kind: "draining" } });
    expect(step.state.memory.position).toEqual(trimHorizon);
  });
});

describe("lanes", () => {
  const parallel = exampleSettings({ parallelizationFactor: 4 });
  const records = Array.from({ length: 40 }, (_, index) =>
    exampleRecord(index, parallel, { laneKey: `key-${index % 10}` }),
  );
  const event: IntakeEvent = { kind: "read", records, through: records.at(-1)?.sequence, closed: false };

  test("take all records of a key, in order", () => {
    const { offers } = intakeAfter([event], parallel);
    expect(offers.length).toBeGreaterThan(1);
    expect(offers.flatMap((offer) => offer.records).toSorted((a, b) => (a.sequence < b.sequence ? -1 : 1))).toEqual(
      records,
    );
    for (const key of new Set(records.map((record) => record.laneKey))) {
      const taking = offers.filter((offer) => offer.records.some((record) => record.laneKey === key));
      expect(taking).toHaveLength(1);
      expect(taking[0]?.records.filter((record) => record.laneKey === key)).toEqual(
        records.filter((record) => record.laneKey === key),
      );
    }
  });

  test("hold the checkpoint at the slowest of them", () => {
    const first = intakeAfter([event], parallel);
    let { state } = first;
    const slowest = first.offers[0];
    for (const { lane } of first.offers.slice(1)) {
      const done = { unfinishedFrom: undefined, buffered: 0, finished: undefined, windows: [] };
      state = stepIntake(state, { kind: "laneAdvanced", lane, ...done }, parallel, 0).state;
    }
    const unfinished = records.findIndex((record) => record === slowest?.records[0]);
    expect(state.memory.checkpoint.position).toEqual(
      unfinished === 0 ? trimHorizon : afterSequence(sequenceOf(unfinished - 1)),
    );
  });
});
