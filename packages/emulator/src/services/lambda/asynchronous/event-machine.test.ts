import { describe, expect, test } from "vitest";
import type { EventHappening, EventOutcome, EventSettings, EventState } from "./event.ts";
import { startEvent, stepEvent } from "./event-machine.ts";

const settings: EventSettings = {
  maxRetryAttempts: 2,
  maxAgeMs: 21_600_000,
  retryDelayMs: 60_000,
  firstReturnMs: 1000,
  maxReturnMs: 300_000,
};
const queuedAt = 1_000_000;
const memory = { queuedAt, invocations: 0, refusals: 0 };

type Kind = EventState["kind"];
const states: { readonly [K in Kind]: EventState } = {
  invoking: { kind: "invoking", memory },
  backingOff: { kind: "backingOff", memory, until: queuedAt + 1000 },
  reporting: { kind: "reporting" },
  finished: { kind: "finished" },
};
const failed: EventOutcome = { kind: "functionError", error: "Error: no" };
const throttled: EventOutcome = { kind: "refused", reason: "throttled", error: "Rate Exceeded." };

const happenings = {
  success: { kind: "invoked", outcome: { kind: "success" } },
  functionError: { kind: "invoked", outcome: failed },
  throttled: { kind: "invoked", outcome: throttled },
  noConcurrency: { kind: "invoked", outcome: { kind: "refused", reason: "noConcurrency", error: "Rate Exceeded." } },
  recursion: { kind: "invoked", outcome: { kind: "refused", reason: "recursion", error: "a loop" } },
  functionMissing: { kind: "invoked", outcome: { kind: "refused", reason: "functionMissing", error: "not found" } },
  timeReached: { kind: "timeReached" },
  reported: { kind: "reported" },
} as const satisfies Record<string, EventHappening>;

/** `next command`, or why there is none. */
const table: { readonly [S in Kind]: { readonly [H in keyof typeof happenings]: string } } = {
  invoking: {
    success: "reporting report",
    functionError: "backingOff wait",
    throttled: "backingOff wait",
    noConcurrency: "reporting report",
    recursion: "reporting report",
    functionMissing: "finished finish",
    timeReached: "invoking keep",
    reported: "illegal",
  },
  backingOff: {
    success: "illegal",
    functionError: "illegal",
    throttled: "illegal",
    noConcurrency: "illegal",
    recursion: "illegal",
    functionMissing: "illegal",
    timeReached: "invoking invoke",
    reported: "illegal",
  },
  reporting: {
    success: "illegal",
    functionError: "illegal",
    throttled: "illegal",
    noConcurrency: "illegal",
    recursion: "illegal",
    functionMissing: "illegal",
    timeReached: "reporting keep",
    reported: "finished finish",
  },
  finished: {
    success: "illegal",
    functionError: "illegal",
    throttled: "illegal",
    noConcurrency: "illegal",
    recursion: "illegal",
    functionMissing: "illegal",
    timeReached: "finished keep",
    reported: "illegal",
  },
};

function reaction(from: EventState, happening: EventHappening): string {
  try {
    const { state, command } = stepEvent(from, happening, settings, queuedAt + 1000);
    return `${state.kind} ${command.kind}`;
  } catch (error) {
    return error instanceof Error && error.message.includes("cannot take") ? "illegal" : String(error);
  }
}

describe.each(Object.entries(table))("%s", (state, row) => {
  test.each(Object.entries(row))("%s: %s", (name, expected) => {
    const from = Object.values(states).find(({ kind }) => kind === state);
    const happening = Object.entries(happenings).find(([key]) => key === name)?.[1];
    if (from === undefined || happening === undefined) throw new Error("not in the tables");
    expect(reaction(from, happening)).toBe(expected);
  });
});

/** Gives an event to a function that always answers the same, until it is over: the waits, and the end. */
function story(outcome: EventOutcome, change: Partial<EventSettings> = {}) {
  let now = queuedAt;
  let step = startEvent(now);
  const delays: number[] = [];
  while (step.command.kind !== "report" && step.command.kind !== "finish") {
    if (step.command.kind === "wait") {
      delays.push(step.command.until - now);
      now = step.command.until;
      step = stepEvent(step.state, { kind: "timeReached" }, { ...settings, ...change }, now);
    } else step = stepEvent(step.state, { kind: "invoked", outcome }, { ...settings, ...change }, now);
  }
  return { delays, end: step.command, waited: now - queuedAt };
}

describe("a function that fails", () => {
  test.each<[string, Partial<EventSettings>, number[], string, number]>([
    ["gets the event again after one and two minutes", {}, [60_000, 120_000], "RetriesExhausted", 3],
    ["once", { maxRetryAttempts: 1 }, [60_000], "RetriesExhausted", 2],
    ["not again", { maxRetryAttempts: 0 }, [], "RetriesExhausted", 1],
    ["not when it would be too old", { maxAgeMs: 179_999 }, [60_000], "EventAgeExceeded", 2],
    ["but when it is just young enough", { maxAgeMs: 180_000 }, [60_000, 120_000], "RetriesExhausted", 3],
  ])("%s", (_, change, delays, condition, invocations) => {
    expect(story(failed, change)).toMatchObject({ delays, end: { condition, invocations } });
  });
});

test("an event that is throttled goes back to the queue for six hours, and counts as no invocation", () => {
  const { delays, end, waited } = story(throttled);
  expect(delays.slice(0, 11)).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300].map((seconds) => seconds * 1000));
  expect(end).toEqual({ kind: "report", condition: "EventAgeExceeded", invocations: 0 });
  expect(waited).toBeLessThanOrEqual(settings.maxAgeMs);
  expect(waited).toBeGreaterThan(settings.maxAgeMs - 300_000);
});

test("a function that is reached lets the waits of refusals begin anew", () => {
  const { state } = stepEvent(states.invoking, happenings.functionError, settings, queuedAt);
  expect(state).toMatchObject({ memory: { invocations: 1, refusals: 0 } });
});

test("a timer that comes early waits on", () => {
  const { state, command } = stepEvent(states.backingOff, { kind: "timeReached" }, settings, queuedAt);
  expect(state).toBe(states.backingOff);
  expect(command).toEqual({ kind: "wait", until: queuedAt + 1000 });
});
