import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  accepts,
  NEW_ENVIRONMENT,
  step,
  type EnvironmentCommand,
  type EnvironmentEvent,
  type EnvironmentSettings,
  type EnvironmentState,
  type EnvironmentStep,
} from "./environment-machine.ts";

const ON_DEMAND: EnvironmentSettings = { initializationType: "on-demand", maxConcurrency: 1 };
const PROVISIONED: EnvironmentSettings = { initializationType: "provisioned-concurrency", maxConcurrency: 1 };
const MANAGED: EnvironmentSettings = { initializationType: "lambda-managed-instances", maxConcurrency: 3 };

const EVENTS = {
  started: { type: "started" },
  ready: { type: "ready", after: "a" },
  initError: { type: "initError" },
  answered: { type: "answered", requestId: "a" },
  crashed: { type: "crashed" },
  exited: { type: "exited" },
  startTimedOut: { type: "startTimedOut" },
  initTimedOut: { type: "initTimedOut" },
  invokeTimedOut: { type: "invokeTimedOut", requestId: "a" },
  idleTooLong: { type: "idleTooLong" },
  lifetimeOver: { type: "lifetimeOver" },
  invoke: { type: "invoke", requestId: "b" },
  stop: { type: "stop" },
  abort: { type: "abort" },
} satisfies Record<string, EnvironmentEvent>;

const none = { open: [], free: 0 } as const;
const open = (phase: "waiting" | "working" | "concluded") => ({ open: [{ requestId: "a", phase }], free: 0 }) as const;

const STATES = {
  launching: NEW_ENVIRONMENT,
  initializing: { name: "starting", process: "initializing", ...none },
  initFailed: { name: "starting", process: "ending", ...none },
  warm: { name: "ready", process: "running", open: [], free: 1 },
  cold: { name: "ready", process: "none", ...none },
  relaunching: { name: "invoking", process: "launching", ...open("waiting") },
  reinitializing: { name: "invoking", process: "initializing", ...open("waiting") },
  working: { name: "invoking", process: "running", ...open("working") },
  returning: { name: "invoking", process: "running", ...open("concluded") },
  resetting: { name: "invoking", process: "ending", ...open("concluded") },
  lastOne: { name: "expiring", process: "running", ...open("working"), reason: "expired" },
  lastReturning: { name: "expiring", process: "running", ...open("concluded"), reason: "expired" },
  stopping: { name: "stopping", process: "ending", ...none, reason: "stopped" },
  gone: { name: "gone", process: "none", ...none, reason: "stopped" },
} satisfies Record<string, EnvironmentState>;

type Situation = keyof typeof STATES;
type Expected = "throws" | readonly [state: Situation | EnvironmentState, what: string];

const stopping = (reason: "expired" | "startTimedOut"): EnvironmentState => ({ ...STATES.stopping, reason });
const gone = (reason: "expired"): EnvironmentState => ({ ...STATES.gone, reason });
const expiring = (state: Situation, reason: "expired" | "stopped"): EnvironmentState => {
  const { name: _, ...rest }: EnvironmentState = STATES[state];
  return { ...rest, name: "expiring", reason };
};
const workingB: EnvironmentState = {
  name: "invoking",
  process: "running",
  open: [{ requestId: "b", phase: "working" }],
  free: 0,
};
/** Its process is gone, and what was beside it is being ended. */
const crashing: EnvironmentState = { name: "invoking", process: "ending", ...none };
const launchingB: EnvironmentState = {
  name: "invoking",
  process: "launching",
  open: [{ requestId: "b", phase: "waiting" }],
  free: 0,
};

/** Nothing happens at whatever has no meaning in this state. */
function unmoved<S extends Situation>(state: S) {
  return {
    started: [state, ""],
    ready: [state, ""],
    initError: [state, ""],
    answered: [state, ""],
    crashed: [state, ""],
    exited: [state, ""],
    startTimedOut: [state, ""],
    initTimedOut: [state, ""],
    invokeTimedOut: [state, ""],
    idleTooLong: [state, ""],
    lifetimeOver: [state, ""],
    invoke: "throws",
    stop: [state, ""],
    abort: [state, ""],
  } as const;
}

const ready = (what: string): Expected => ["warm", what];
const TABLE: Record<Situation, Record<keyof typeof EVENTS, Expected>> = {
  launching: {
    ...unmoved("launching"),
    started: ["initializing", ""],
    ready: ready("offer; initialized"),
    initError: ["initFailed", "end failure; initFailed initError"],
    crashed: ["initFailed", "initFailed exit"],
    exited: ["cold", "offer; initFailed exit"],
    startTimedOut: [stopping("startTimedOut"), "kill; initFailed startTimedOut"],
    lifetimeOver: [stopping("expired"), "end spindown"],
    stop: ["stopping", "end spindown"],
    abort: ["stopping", "kill"],
  },
  initializing: {
    ...unmoved("initializing"),
    ready: ready("offer; initialized"),
    initError: ["initFailed", "end failure; initFailed initError"],
    crashed: ["initFailed", "initFailed exit"],
    exited: ["cold", "offer; initFailed exit"],
    initTimedOut: ["initFailed", "end failure; initFailed timeout"],
    lifetimeOver: [stopping("expired"), "end spindown"],
    stop: ["stopping", "end spindown"],
    abort: ["stopping", "kill"],
  },
  initFailed: {
    ...unmoved("initFailed"),
    exited: ["cold", "offer"],
    lifetimeOver: [stopping("expired"), ""],
    stop: ["stopping", ""],
    abort: ["stopping", "kill"],
  },
  warm: {
    ...unmoved("warm"),
    ready: ready("offer"),
    crashed: [crashing, ""],
    exited: ["cold", ""],
    idleTooLong: [stopping("expired"), "end spindown"],
    lifetimeOver: [stopping("expired"), "end spindown"],
    invoke: [workingB, "deliver b"],
    stop: ["stopping", "end spindown"],
    abort: ["stopping", "kill"],
  },
  cold: {
    ...unmoved("cold"),
    idleTooLong: [gone("expired"), "dispose"],
    lifetimeOver: [gone("expired"), "dispose"],
    invoke: [launchingB, "launch"],
    stop: ["gone", "dispose"],
    abort: ["gone", "dispose"],
  },
  relaunching: {
    ...unmoved("relaunching"),
    crashed: [crashing, "conclude a exit initializing, release a"],
    started: ["reinitializing", ""],
    ready: ["working", "deliver a"],
    initError: ["resetting", "conclude a initError initializing, end failure"],
    exited: ["cold", "conclude a exit initializing, release a, offer"],
    startTimedOut: [stopping("startTimedOut"), "conclude a startTimedOut initializing, release a, kill"],
    invokeTimedOut: ["resetting", "conclude a timeout initializing, end timeout"],
    lifetimeOver: [expiring("relaunching", "expired"), ""],
    stop: [expiring("relaunching", "stopped"), ""],
    abort: ["stopping", "reject a, release a, kill"],
  },
  reinitializing: {
    ...unmoved("reinitializing"),
    crashed: [crashing, "conclude a exit initializing, release a"],
    ready: ["working", "deliver a"],
    initError: ["resetting", "conclude a initError initializing, end failure"],
    exited: ["cold", "conclude a exit initializing, release a, offer"],
    invokeTimedOut: ["resetting", "conclude a timeout initializing, end timeout"],
    lifetimeOver: [expiring("reinitializing", "expired"), ""],
    stop: [expiring("reinitializing", "stopped"), ""],
    abort: ["stopping", "reject a, release a, kill"],
  },
  working: {
    ...unmoved("working"),
    crashed: [crashing, "conclude a exit, release a"],
    // A poll beside the one that has the invocation: there is room for no more.
    ready: ["working", ""],
    answered: ["returning", "conclude a answer"],
    exited: ["cold", "conclude a exit, release a, offer"],
    invokeTimedOut: ["resetting", "conclude a timeout, end timeout"],
    lifetimeOver: ["lastOne", ""],
    stop: [expiring("working", "stopped"), ""],
    abort: ["stopping", "reject a, release a, kill"],
  },
  returning: {
    ...unmoved("returning"),
    crashed: [crashing, "release a"],
    ready: ready("release a, offer"),
    exited: ["cold", "release a, offer"],
    invokeTimedOut: ["resetting", "end timeout"],
    lifetimeOver: ["lastReturning", ""],
    stop: [expiring("returning", "stopped"), ""],
    abort: ["stopping", "release a, kill"],
  },
  resetting: {
    ...unmoved("resetting"),
    exited: ["cold", "release a, offer"],
    lifetimeOver: [expiring("resetting", "expired"), ""],
    stop: [expiring("resetting", "stopped"), ""],
    abort: ["stopping", "release a, kill"],
  },
  lastOne: {
    ...unmoved("lastOne"),
    crashed: [stopping("expired"), "conclude a exit, release a"],
    answered: ["lastReturning", "conclude a answer"],
    exited: [gone("expired"), "conclude a exit, release a, dispose"],
    invokeTimedOut: [expiring("resetting", "expired"), "conclude a timeout, end timeout"],
    abort: [stopping("expired"), "reject a, release a, kill"],
  },
  lastReturning: {
    ...unmoved("lastReturning"),
    crashed: [stopping("expired"), "release a"],
    ready: [stopping("expired"), "release a, end spindown"],
    exited: [gone("expired"), "release a, dispose"],
    invokeTimedOut: [expiring("resetting", "expired"), "end timeout"],
    abort: [stopping("expired"), "release a, kill"],
  },
  stopping: { ...unmoved("stopping"), exited: ["gone", "dispose"], abort: ["stopping", "kill"] },
  gone: unmoved("gone"),
};

function describeStep({ commands, notes }: EnvironmentStep): string {
  const told = notes.map((note) => (note.note === "initFailed" ? `initFailed ${note.cause}` : note.note));
  return [commands.map(describeCommand).join(", "), ...told].filter((part) => part !== "").join("; ");
}

function describeCommand(command: EnvironmentCommand): string {
  if (command.do === "end") return `end ${command.why}`;
  if (command.do === "conclude") {
    return `conclude ${command.requestId} ${command.cause}${command.initializing ? " initializing" : ""}`;
  }
  return "requestId" in command ? `${command.do} ${command.requestId}` : command.do;
}

const cases = Object.entries(TABLE).flatMap(([state, row]) =>
  Object.entries(row).map(([event, expected]) => ({ state, event, expected })),
);

describe("the machine of an environment that is started on demand", () => {
  test.each(cases)("$state, $event", ({ state, event, expected }) => {
    const before = Object.entries(STATES).find(([name]) => name === state)?.[1] ?? NEW_ENVIRONMENT;
    const given = Object.entries(EVENTS).find(([name]) => name === event)?.[1] ?? EVENTS.started;
    const [to, what] = expected === "throws" ? [before, "throws"] : expected;
    expect(outcome(before, given)).toEqual([typeof to === "string" ? STATES[to] : to, what]);
  });
});

function outcome(state: EnvironmentState, event: EnvironmentEvent): unknown {
  try {
    const result = step(state, event, ON_DEMAND);
    return [result.state, describeStep(result)];
  } catch (error) {
    return [state, String(error).startsWith("Error: An invocation was given to") ? "throws" : error];
  }
}

describe("environments that are there in advance, or are used by several", () => {
  const after = (state: EnvironmentState, event: EnvironmentEvent, settings: EnvironmentSettings) => {
    const result = step(state, event, settings);
    return [result.state.name, result.state.reason, describeStep(result)];
  };

  test("a failed init and a crash end a provisioned one, a time-out does not", () => {
    const { exited } = EVENTS;
    expect(after(STATES.initFailed, exited, PROVISIONED)).toEqual(["gone", "initFailed", "dispose"]);
    expect(after(STATES.initializing, exited, PROVISIONED)).toEqual(["gone", "initFailed", "dispose; initFailed exit"]);
    expect(after(STATES.warm, exited, PROVISIONED)).toEqual(["gone", "crashed", "dispose"]);
    expect(after(STATES.working, EVENTS.crashed, PROVISIONED)).toEqual([
      "stopping",
      "crashed",
      "conclude a exit, release a",
    ]);
    expect(after(STATES.resetting, exited, PROVISIONED)).toEqual(["ready", undefined, "release a, offer"]);
  });

  const two: EnvironmentState = {
    name: "invoking",
    process: "running",
    open: [
      { requestId: "a", phase: "working" },
      { requestId: "b", phase: "working" },
    ],
    free: 0,
  };

  test("a time-out ends one invocation of several; the late one gives its place back", () => {
    const first = step(two, EVENTS.invokeTimedOut, MANAGED);
    expect(describeStep(first)).toBe("conclude a timeout, giveUp a, release a");
    expect(first.state).toEqual({ ...two, open: [{ requestId: "b", phase: "working" }] });
    expect(step(first.state, EVENTS.ready, MANAGED).state).toMatchObject({ name: "invoking", free: 1 });
    const last = step(first.state, { type: "invokeTimedOut", requestId: "b" }, MANAGED);
    expect(describeStep(last)).toBe("conclude b timeout, giveUp b, release b, end timeout");
  });

  test("a crash is told to all, and the environment is gone", () => {
    expect(after(two, EVENTS.exited, MANAGED)).toEqual([
      "gone",
      "crashed",
      "conclude a exit, conclude b exit, release a, release b, dispose",
    ]);
  });
});

describe("invariants over any sequence of events", () => {
  const event = fc.constantFrom<EnvironmentEvent>(
    ...Object.values(EVENTS),
    { type: "ready", after: undefined },
    { type: "detached" },
    ...["1", "2", "3"].flatMap((requestId): EnvironmentEvent[] => [
      { type: "answered", requestId },
      { type: "invokeTimedOut", requestId },
      { type: "ready", after: requestId },
    ]),
  );

  test.each([ON_DEMAND, PROVISIONED, MANAGED])("$initializationType", (settings) => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 80 }), (events) => {
        expect(violations(events, settings)).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });
});

/** Plays events as a driver would, numbering invocations from 1, and tells which invariants do not hold. */
function violations(events: readonly EnvironmentEvent[], settings: EnvironmentSettings): string[] {
  const found = new Set<string>();
  const check = (holds: boolean, what: string): void => {
    if (!holds) found.add(what);
  };
  const told = new Map<string, number>();
  const delivered = new Set<string>();
  const released = new Set<string>();
  let state = NEW_ENVIRONMENT;
  let processes = 1;
  let disposed = 0;
  let given = 0;
  for (const event of events) {
    if (event.type === "invoke" && !accepts(state)) continue;
    if (event.type === "invoke") given += 1;
    const before = state;
    const result = step(
      state,
      event.type === "invoke" ? { type: "invoke", requestId: String(given) } : event,
      settings,
    );
    state = result.state;
    if ((event.type === "exited" || event.type === "detached") && before.process !== "none") processes -= 1;
    for (const command of result.commands) {
      if (command.do === "launch") processes += 1;
      if (command.do === "deliver") {
        check(!delivered.has(command.requestId), "an invocation was delivered twice");
        check(state.process === "running", "an invocation was delivered to no process");
        delivered.add(command.requestId);
      }
      if (command.do === "conclude" || command.do === "reject" || command.do === "giveBack") {
        told.set(command.requestId, (told.get(command.requestId) ?? 0) + 1);
        check(!released.has(command.requestId), "a caller was told after the end");
      }
      if (command.do === "release") {
        check(!released.has(command.requestId), "an invocation was released twice");
        check(told.get(command.requestId) === 1, "an invocation was released and its caller not told");
        released.add(command.requestId);
      }
      if (command.do === "dispose") disposed += 1;
      check(command.do !== "offer" || accepts(state), "one that accepts nothing was offered");
    }
    check(processes <= 1, "two processes at a time");
    check(processes === (state.process === "none" ? 0 : 1), "a process was forgotten");
    check(state.free >= 0 && state.free + state.open.length <= settings.maxConcurrency, "too many at a time");
    check(disposed === (state.name === "gone" ? 1 : 0), "gone and not disposed of once");
    check(
      event.type !== "idleTooLong" || before.name === "ready" || state === before,
      "an idle timer stopped a busy one",
    );
    check(before.name !== "gone" || state === before, "gone was not final");
    check(
      [...told.values()].every((times) => times === 1),
      "a caller was told twice",
    );
    check(
      told.size + state.open.filter(({ phase }) => phase !== "concluded").length === given,
      "a caller was forgotten",
    );
    check((state.reason === undefined) === LIVING.has(state.name), "leaving without a reason");
  }
  return [...found];
}

const LIVING: ReadonlySet<string> = new Set(["starting", "ready", "invoking"]);
