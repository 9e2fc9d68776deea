/**
 * The Runtime API as a pure machine: what a runtime may do next, and how each of its requests is answered. A runtime that takes
 * several invocations at a time has one for each. The lane performs the reaction; nothing here knows HTTP or time.
 */

/** AWS: the state names that the platform's 403 replies carry (Runtime Interface Emulator). */
export type ApiStateName =
  | "Started"
  | "InitError"
  | "Ready"
  | "Running"
  | "InvocationResponse"
  | "InvocationErrorResponse"
  | "ResponseSent";

export interface ApiState {
  readonly name: ApiStateName;
  /** The invocation that the runtime works on, or the one to hand over at its next poll. */
  readonly requestId: string | undefined;
  /** What tells this delivery from others of the same request id, if the platform numbers them. */
  readonly invocationId?: string | undefined;
  /** The platform has given the invocation up: an answer comes too late. */
  readonly stale?: boolean;
  /** Whether a poll of the runtime waits for its reply. */
  readonly polling: boolean;
}

export type ApiEvent =
  /** `GET /next` arrived. */
  | { readonly type: "next" }
  /** The connection of the waiting poll, or of the poll that was just answered, broke before the reply was sent. */
  | { readonly type: "pollDropped" }
  /** A poll that came while the runtime still owes an answer has waited long enough for that answer. */
  | { readonly type: "graceOver" }
  /** The platform has an invocation for this runtime. */
  | { readonly type: "invoke"; readonly requestId: string; readonly invocationId?: string | undefined }
  /** The platform gives the invocation up and keeps the runtime. */
  | { readonly type: "abandon" }
  /** `POST /{id}/response` arrived; its body follows. */
  | (Reply & { readonly type: "response"; readonly mode: "buffered" | "streaming" | "invalid" })
  /** `POST /{id}/error` arrived; its body follows. */
  | (Reply & { readonly type: "error" })
  /** The body of the accepted response or error was read to its end. */
  | { readonly type: "bodyRead" }
  /** The connection broke in the middle of that body. */
  | { readonly type: "bodyTruncated" }
  /** The body is longer than the platform takes. */
  | { readonly type: "bodyTooLarge" }
  /** `POST /init/error` arrived. */
  | { readonly type: "initError" };

interface Reply {
  readonly requestId: string;
  /** As the runtime echoes it; runtimes that know nothing of it leave it out. */
  readonly invocationId?: string | undefined;
}

export interface Refusal {
  readonly status: 400 | 403 | 410 | 413;
  readonly errorType: string;
  readonly errorMessage: string;
}

export type ApiReaction =
  /** Nothing to do at once. */
  | { readonly do: "keep" }
  /** Keep the poll waiting; with `grace` for a short while only. */
  | { readonly do: "park"; readonly grace: boolean }
  /** Answer the waiting poll with the invocation. */
  | { readonly do: "deliver"; readonly requestId: string }
  /** Read the body and pass it on. */
  | { readonly do: "receive" }
  /** Acknowledge with 202; `free` when a waiting poll makes the runtime ready for the next invocation. */
  | { readonly do: "acknowledge"; readonly free: boolean }
  /** Answer with an error; `failed` tells that the invocation has failed by it, `free` as above. */
  | { readonly do: "refuse"; readonly refusal: Refusal; readonly failed: boolean; readonly free: boolean }
  /** The invocation has failed and there is nobody to answer. */
  | { readonly do: "fail"; readonly free: boolean };

export interface ApiStep {
  readonly state: ApiState;
  readonly reaction: ApiReaction;
}

export const STARTED: ApiState = { name: "Started", requestId: undefined, polling: false };

/** AWS: 6 MiB and 100 bytes of slack (recorded on AWS). */
export const MAX_RESPONSE_BYTES = 6_291_556;

export function step(state: ApiState, event: ApiEvent): ApiStep {
  switch (event.type) {
    case "next":
      return onNext(state);
    case "pollDropped":
      return onPollDropped(state);
    case "graceOver":
      return onGraceOver(state);
    case "invoke":
      return onInvoke(state, event.requestId, event.invocationId);
    case "abandon":
      return onAbandon(state);
    case "response":
      return onAnswer(state, event, "InvocationResponse", event.mode === "invalid");
    case "error":
      return onAnswer(state, event, "InvocationErrorResponse", false);
    case "bodyRead":
      return onBodyEnd(state, (free) => ({ do: "acknowledge", free }));
    case "bodyTruncated":
      return onBodyEnd(state, (free) => ({ do: "fail", free }));
    case "bodyTooLarge":
      return onBodyEnd(state, (free) => ({ do: "refuse", refusal: TOO_LARGE, failed: true, free }));
    case "initError":
      return onInitError(state);
  }
}

function onNext(state: ApiState): ApiStep {
  switch (state.name) {
    case "Started":
    case "Ready":
      return state.requestId === undefined ? parked(state, "Ready") : delivered(state, state.requestId);
    case "ResponseSent":
      return { state: { name: "Ready", requestId: undefined, polling: true }, reaction: { do: "park", grace: false } };
    // AWS: the same invocation again. aws-lambda-ric 4 however polls up to a millisecond before the response it has
    // already begun to send, so the answer gets a moment to arrive.
    case "Running":
      return { state: { ...state, polling: true }, reaction: { do: "park", grace: true } };
    case "InvocationResponse":
    case "InvocationErrorResponse":
      return { state: { ...state, polling: true }, reaction: { do: "park", grace: false } };
    case "InitError":
      return refused(state, transition(state.name, "Ready"));
  }
}

function onPollDropped(state: ApiState): ApiStep {
  // The reply did not reach the runtime: its next poll gets the invocation.
  const name = state.name === "Running" && !state.polling ? "Ready" : state.name;
  return { state: { ...state, name, polling: false }, reaction: { do: "keep" } };
}

function onGraceOver(state: ApiState): ApiStep {
  return state.name === "Running" && state.polling && state.requestId !== undefined
    ? delivered(state, state.requestId)
    : kept(state);
}

function onInvoke(state: ApiState, requestId: string, invocationId: string | undefined): ApiStep {
  if (state.requestId !== undefined || (state.name !== "Ready" && state.name !== "Started")) {
    throw new Error(`An invocation was given to a runtime in state ${state.name}`);
  }
  const given = { ...state, requestId, invocationId };
  return state.polling ? delivered(given, requestId) : kept(given);
}

function onAbandon(state: ApiState): ApiStep {
  if (state.requestId === undefined || state.name === "ResponseSent") {
    return kept(state);
  }
  const { state: after, free } = answered(state);
  return { state: free ? after : { ...after, stale: true }, reaction: { do: "fail", free } };
}

function onAnswer(
  state: ApiState,
  { requestId, invocationId }: Reply,
  target: "InvocationResponse" | "InvocationErrorResponse",
  invalidMode: boolean,
): ApiStep {
  // AWS: an echoed number is compared before all else; without one only the request id counts (AWS's runtime clients).
  const otherDelivery =
    invocationId !== undefined && state.invocationId !== undefined && state.invocationId !== invocationId;
  if (otherDelivery || (state.requestId === requestId && state.stale === true)) {
    return refused(state, TOO_LATE);
  }
  if (state.requestId !== requestId) {
    return refused(state, { status: 400, errorType: "InvalidRequestID", errorMessage: "Invalid request ID" });
  }
  if (state.name !== "Running") {
    return refused(state, transition(state.name, target));
  }
  if (invalidMode) {
    const { state: after, free } = answered(state);
    return { state: after, reaction: { do: "refuse", refusal: INVALID_MODE, failed: true, free } };
  }
  return { state: { ...state, name: target }, reaction: { do: "receive" } };
}

function onBodyEnd(state: ApiState, reaction: (free: boolean) => ApiReaction): ApiStep {
  if (state.name !== "InvocationResponse" && state.name !== "InvocationErrorResponse") {
    return kept(state);
  }
  const { state: after, free } = answered(state);
  return { state: after, reaction: reaction(free) };
}

function onInitError(state: ApiState): ApiStep {
  return state.name === "Started"
    ? { state: { ...state, name: "InitError" }, reaction: { do: "receive" } }
    : refused(state, transition(state.name, "InitError"));
}

function answered(state: ApiState): { readonly state: ApiState; readonly free: boolean } {
  return state.polling
    ? { state: { name: "Ready", requestId: undefined, polling: true }, free: true }
    : { state: { ...state, name: "ResponseSent" }, free: false };
}

function parked(state: ApiState, name: ApiStateName): ApiStep {
  return { state: { ...state, name, polling: true }, reaction: { do: "park", grace: false } };
}

function delivered(state: ApiState, requestId: string): ApiStep {
  return { state: { ...state, name: "Running", requestId, polling: false }, reaction: { do: "deliver", requestId } };
}

function kept(state: ApiState): ApiStep {
  return { state, reaction: { do: "keep" } };
}

function refused(state: ApiState, refusal: Refusal): ApiStep {
  return { state, reaction: { do: "refuse", refusal, failed: false, free: false } };
}

function transition(from: ApiStateName, to: ApiStateName): Refusal {
  return {
    status: 403,
    errorType: "InvalidStateTransition",
    errorMessage: `State transition from ${from} to ${to} failed for runtime. Error: State transition is not allowed`,
  };
}

const INVALID_MODE: Refusal = {
  status: 400,
  errorType: "InvalidFunctionResponseMode",
  errorMessage: "Invalid function response mode",
};

// AWS: what a platform with concurrent invocations answers (Runtime Interface Emulator for Managed Instances).
export const TOO_LATE: Refusal = { status: 410, errorType: "InvokeTimeout", errorMessage: "Invoke timeout" };

const TOO_LARGE: Refusal = {
  status: 413,
  errorType: "RequestEntityTooLarge",
  errorMessage: tooLarge(MAX_RESPONSE_BYTES),
};

/** AWS: the text (Runtime Interface Emulator). */
export function tooLarge(limit: number): string {
  return `Exceeded maximum allowed payload size (${limit} bytes).`;
}
