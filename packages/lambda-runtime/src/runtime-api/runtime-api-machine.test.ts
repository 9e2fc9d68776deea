import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { step, type ApiEvent, type ApiReaction, type ApiState, type ApiStateName } from "./runtime-api-machine.ts";

const EVENTS = {
  next: { type: "next" },
  pollDropped: { type: "pollDropped" },
  graceOver: { type: "graceOver" },
  invoke: { type: "invoke", requestId: "b" },
  abandon: { type: "abandon" },
  response: { type: "response", requestId: "a", mode: "buffered" },
  streamingResponse: { type: "response", requestId: "a", mode: "streaming" },
  invalidMode: { type: "response", requestId: "a", mode: "invalid" },
  otherResponse: { type: "response", requestId: "x", mode: "buffered" },
  error: { type: "error", requestId: "a" },
  otherError: { type: "error", requestId: "x" },
  bodyRead: { type: "bodyRead" },
  bodyTruncated: { type: "bodyTruncated" },
  bodyTooLarge: { type: "bodyTooLarge" },
  initError: { type: "initError" },
} satisfies Record<string, ApiEvent>;

// The situations: each state, with and without a poll that waits where that makes a difference.
const STATES = {
  started: { name: "Started", requestId: undefined, polling: false },
  initError: { name: "InitError", requestId: undefined, polling: false },
  ready: { name: "Ready", requestId: undefined, polling: true },
  readyUnpolled: { name: "Ready", requestId: undefined, polling: false },
  redelivery: { name: "Ready", requestId: "a", polling: false },
  running: { name: "Running", requestId: "a", polling: false },
  runningPolled: { name: "Running", requestId: "a", polling: true },
  response: { name: "InvocationResponse", requestId: "a", polling: false },
  responsePolled: { name: "InvocationResponse", requestId: "a", polling: true },
  errorResponse: { name: "InvocationErrorResponse", requestId: "a", polling: false },
  sent: { name: "ResponseSent", requestId: "a", polling: false },
  stale: { name: "ResponseSent", requestId: "a", polling: false, stale: true },
} satisfies Record<string, ApiState>;

type Expected = "throws" | readonly [state: keyof typeof STATES | ApiState, reaction: string];

const wrongId = (state: keyof typeof STATES): Expected => [state, "refuse 400 InvalidRequestID"];
const tooLate = (state: keyof typeof STATES): Expected => [state, "refuse 410 InvokeTimeout"];
const forbidden = (state: keyof typeof STATES, to: ApiStateName): Expected => [
  state,
  `refuse 403 InvalidStateTransition ${STATES[state].name} to ${to}`,
];
const runningB: ApiState = { name: "Running", requestId: "b", polling: false };

function withoutInvocation(state: keyof typeof STATES) {
  return {
    response: wrongId(state),
    streamingResponse: wrongId(state),
    invalidMode: wrongId(state),
    otherResponse: wrongId(state),
    error: wrongId(state),
    otherError: wrongId(state),
    bodyRead: [state, "keep"],
    bodyTruncated: [state, "keep"],
    bodyTooLarge: [state, "keep"],
    graceOver: [state, "keep"],
    abandon: [state, "keep"],
  } as const;
}

function whileAnswered(state: keyof typeof STATES) {
  return {
    response: forbidden(state, "InvocationResponse"),
    streamingResponse: forbidden(state, "InvocationResponse"),
    invalidMode: forbidden(state, "InvocationResponse"),
    otherResponse: wrongId(state),
    error: forbidden(state, "InvocationErrorResponse"),
    otherError: wrongId(state),
    initError: forbidden(state, "InitError"),
    graceOver: [state, "keep"],
  } as const;
}

const noBody = (state: keyof typeof STATES) =>
  ({ bodyRead: [state, "keep"], bodyTruncated: [state, "keep"], bodyTooLarge: [state, "keep"] }) as const;

const TABLE: Record<keyof typeof STATES, Record<keyof typeof EVENTS, Expected>> = {
  started: {
    ...withoutInvocation("started"),
    next: ["ready", "park"],
    pollDropped: ["started", "keep"],
    invoke: [{ name: "Started", requestId: "b", polling: false }, "keep"],
    initError: ["initError", "receive"],
  },
  initError: {
    ...withoutInvocation("initError"),
    next: forbidden("initError", "Ready"),
    pollDropped: ["initError", "keep"],
    invoke: "throws",
    initError: forbidden("initError", "InitError"),
  },
  ready: {
    ...withoutInvocation("ready"),
    next: ["ready", "park"],
    pollDropped: ["readyUnpolled", "keep"],
    invoke: [runningB, "deliver b"],
    initError: forbidden("ready", "InitError"),
  },
  readyUnpolled: {
    ...withoutInvocation("readyUnpolled"),
    next: ["ready", "park"],
    pollDropped: ["readyUnpolled", "keep"],
    invoke: [{ name: "Ready", requestId: "b", polling: false }, "keep"],
    initError: forbidden("readyUnpolled", "InitError"),
  },
  redelivery: {
    ...whileAnswered("redelivery"),
    ...noBody("redelivery"),
    abandon: ["stale", "fail"],
    next: ["running", "deliver a"],
    pollDropped: ["redelivery", "keep"],
    invoke: "throws",
  },
  running: {
    ...noBody("running"),
    abandon: ["stale", "fail"],
    next: ["runningPolled", "park for a moment"],
    pollDropped: ["redelivery", "keep"],
    graceOver: ["running", "keep"],
    invoke: "throws",
    response: ["response", "receive"],
    streamingResponse: ["response", "receive"],
    invalidMode: ["sent", "refuse 400 InvalidFunctionResponseMode, failed"],
    otherResponse: wrongId("running"),
    error: ["errorResponse", "receive"],
    otherError: wrongId("running"),
    initError: forbidden("running", "InitError"),
  },
  runningPolled: {
    ...noBody("runningPolled"),
    abandon: ["ready", "fail, free"],
    next: ["runningPolled", "park for a moment"],
    pollDropped: ["running", "keep"],
    graceOver: ["running", "deliver a"],
    invoke: "throws",
    response: ["responsePolled", "receive"],
    streamingResponse: ["responsePolled", "receive"],
    invalidMode: ["ready", "refuse 400 InvalidFunctionResponseMode, failed, free"],
    otherResponse: wrongId("runningPolled"),
    error: [{ name: "InvocationErrorResponse", requestId: "a", polling: true }, "receive"],
    otherError: wrongId("runningPolled"),
    initError: forbidden("runningPolled", "InitError"),
  },
  response: {
    ...whileAnswered("response"),
    abandon: ["stale", "fail"],
    next: ["responsePolled", "park"],
    pollDropped: ["response", "keep"],
    invoke: "throws",
    bodyRead: ["sent", "acknowledge"],
    bodyTruncated: ["sent", "fail"],
    bodyTooLarge: ["sent", "refuse 413 RequestEntityTooLarge, failed"],
  },
  responsePolled: {
    ...whileAnswered("responsePolled"),
    abandon: ["ready", "fail, free"],
    next: ["responsePolled", "park"],
    pollDropped: ["response", "keep"],
    invoke: "throws",
    bodyRead: ["ready", "acknowledge, free"],
    bodyTruncated: ["ready", "fail, free"],
    bodyTooLarge: ["ready", "refuse 413 RequestEntityTooLarge, failed, free"],
  },
  errorResponse: {
    ...whileAnswered("errorResponse"),
    abandon: ["stale", "fail"],
    next: [{ name: "InvocationErrorResponse", requestId: "a", polling: true }, "park"],
    pollDropped: ["errorResponse", "keep"],
    invoke: "throws",
    bodyRead: ["sent", "acknowledge"],
    bodyTruncated: ["sent", "fail"],
    bodyTooLarge: ["sent", "refuse 413 RequestEntityTooLarge, failed"],
  },
  sent: {
    ...whileAnswered("sent"),
    ...noBody("sent"),
    abandon: ["sent", "keep"],
    next: ["ready", "park"],
    pollDropped: ["sent", "keep"],
    invoke: "throws",
  },
  stale: {
    ...noBody("stale"),
    abandon: ["stale", "keep"],
    next: ["ready", "park"],
    pollDropped: ["stale", "keep"],
    graceOver: ["stale", "keep"],
    invoke: "throws",
    response: tooLate("stale"),
    streamingResponse: tooLate("stale"),
    invalidMode: tooLate("stale"),
    otherResponse: wrongId("stale"),
    error: tooLate("stale"),
    otherError: wrongId("stale"),
    initError: forbidden("stale", "InitError"),
  },
};

function flags(failed: boolean, free: boolean): string {
  return `${failed ? ", failed" : ""}${free ? ", free" : ""}`;
}

function describeReaction(reaction: ApiReaction): string {
  switch (reaction.do) {
    case "keep":
    case "receive":
      return reaction.do;
    case "park":
      return reaction.grace ? "park for a moment" : "park";
    case "deliver":
      return `deliver ${reaction.requestId}`;
    case "acknowledge":
    case "fail":
      return `${reaction.do}${flags(false, reaction.free)}`;
    case "refuse": {
      const { status, errorType, errorMessage } = reaction.refusal;
      const move =
        /State transition from (\w+ to \w+) failed for runtime\. Error: State transition is not allowed/.exec(
          errorMessage,
        );
      return `refuse ${status} ${errorType}${move === null ? "" : ` ${move[1]}`}${flags(reaction.failed, reaction.free)}`;
    }
  }
}

const cases = Object.entries(TABLE).flatMap(([state, row]) =>
  Object.entries(row).map(([event, expected]) => ({ state, event, expected })),
);

function outcome(state: ApiState, event: ApiEvent): unknown {
  try {
    const result = step(state, event);
    return [result.state, describeReaction(result.reaction)];
  } catch (error) {
    return String(error);
  }
}

describe("the Runtime API machine", () => {
  test.each(cases)("$state, $event", ({ state, event, expected }) => {
    const before = Object.entries(STATES).find(([name]) => name === state)?.[1] ?? STATES.started;
    const given = Object.entries(EVENTS).find(([name]) => name === event)?.[1] ?? EVENTS.next;
    const [after, reaction] = expected === "throws" ? [] : expected;
    expect(outcome(before, given)).toEqual(
      expected === "throws"
        ? `Error: An invocation was given to a runtime in state ${before.name}`
        : [typeof after === "string" ? STATES[after] : after, reaction],
    );
  });

  test.for([
    ["the number of this delivery", "n2", "receive"],
    ["no number", undefined, "receive"],
    ["the number of a delivery before, with the same request id", "n1", "refuse 410 InvokeTimeout"],
  ] as const)("an answer with %s", ([, invocationId, reaction]) => {
    const state: ApiState = { ...STATES.running, invocationId: "n2" };
    for (const type of ["response", "error"] as const) {
      const event: ApiEvent = { type, requestId: "a", invocationId, mode: "buffered" };
      expect(describeReaction(step(state, event).reaction)).toBe(reaction);
    }
    const event: ApiEvent = { type: "error", requestId: "x", invocationId };
    const other = describeReaction(step(state, event).reaction);
    expect(other).toBe(reaction === "receive" ? "refuse 400 InvalidRequestID" : reaction);
  });

  test("whatever the runtime does, each invocation is concluded at most once and delivered only while it is open", () => {
    const misbehaviour = fc.constantFrom<ApiEvent>(
      ...Object.values(EVENTS).filter(({ type }) => type !== "invoke"),
      { type: "response", requestId: "1", mode: "buffered" },
      { type: "response", requestId: "2", mode: "streaming" },
      { type: "error", requestId: "1" },
      { type: "error", requestId: "2" },
    );
    fc.assert(
      fc.property(fc.array(misbehaviour, { maxLength: 60 }), (events) => {
        expect(violations(events)).toEqual([]);
      }),
    );
  });
});

/** Gives the runtime an invocation, numbered from 1, whenever it is ready, and tells what went wrong. */
function violations(events: readonly ApiEvent[]): string[] {
  const found: string[] = [];
  const check = (holds: boolean, what: string): void => {
    if (!holds) {
      found.push(what);
    }
  };
  let state: ApiState = STATES.started;
  let given = 0;
  let concluded = 0;
  for (const event of events) {
    const { requestId } = state;
    const { state: after, reaction } = step(state, event);
    state = after;
    if (reaction.do === "acknowledge" || reaction.do === "fail" || (reaction.do === "refuse" && reaction.failed)) {
      concluded += 1;
      check(requestId === String(given), "another invocation was concluded");
    }
    if (reaction.do === "deliver") {
      check(reaction.requestId === String(given), "another invocation was delivered");
      check(concluded === given - 1, "a concluded invocation was delivered");
    }
    check(concluded <= given, "an invocation was concluded twice");
    if (state.name === "Ready" && state.requestId === undefined) {
      check(concluded === given, "an invocation was lost");
      given += 1;
      ({ state } = step(state, { type: "invoke", requestId: String(given) }));
    }
  }
  return found;
}
