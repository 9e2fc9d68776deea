/**
 * The life of an execution environment as a pure machine: when its process is started and ended, who is told what became of
 * an invocation, and when it is over. The driver performs the commands; nothing here knows processes, time or the pool.
 */

/** How an environment comes to be, in the words of `AWS_LAMBDA_INITIALIZATION_TYPE`. */
export type InitializationType = "on-demand" | "provisioned-concurrency" | "lambda-managed-instances";

/**
 * - `starting`: initializes before anybody invokes
 * - `ready`: waits for an invocation; its process runs, or has to be started inside the next invocation (`none`)
 * - `invoking`: has at least one invocation, or waits for its process to be ready or gone after one
 * - `expiring`: as invoking, but takes no more, and stops after the last
 * - `stopping`: its process is being ended
 * - `gone`: final
 */
export type EnvironmentStateName = "starting" | "ready" | "invoking" | "expiring" | "stopping" | "gone";

/** Why an environment takes no more invocations. */
export type GoneReason = "stopped" | "initFailed" | "startTimedOut" | "crashed" | "expired" | "detached";

/** `launching` until the executor tells that it runs, `initializing` until it asks for an invocation. */
export type ProcessPhase = "none" | "launching" | "initializing" | "running" | "ending";

/** `waiting` for the process, `working`, or `concluded`: its caller was told, but the runtime has not come back. */
export interface OpenInvocation {
  readonly requestId: string;
  readonly phase: "waiting" | "working" | "concluded";
}

export interface EnvironmentState {
  readonly name: EnvironmentStateName;
  readonly process: ProcessPhase;
  readonly open: readonly OpenInvocation[];
  /** How many invocations the runtime asks for. */
  readonly free: number;
  /** When expiring, stopping or gone. */
  readonly reason?: GoneReason;
}

export interface EnvironmentSettings {
  readonly initializationType: InitializationType;
  /** How many invocations the environment may have at a time. */
  readonly maxConcurrency: number;
}

export type EnvironmentEvent =
  /** The process runs. */
  | { readonly type: "started" }
  /** The runtime asks for an invocation, and every extension is done with the one before, `after`. */
  | { readonly type: "ready"; readonly after: string | undefined }
  /** The runtime or an extension cannot initialize. */
  | { readonly type: "initError" }
  | { readonly type: "answered"; readonly requestId: string }
  /** The process ended by itself, and what was beside it is being ended. */
  | { readonly type: "crashed" }
  /** The process is gone and its output was read. */
  | { readonly type: "exited" }
  /** What ran it from outside has gone, or was sent away; nothing can be started in its place. */
  | { readonly type: "detached" }
  | { readonly type: "startTimedOut" }
  | { readonly type: "initTimedOut" }
  | { readonly type: "invokeTimedOut"; readonly requestId: string }
  /** It has been without an invocation for as long as it may. */
  | { readonly type: "idleTooLong" }
  /** Its credentials are about to end. */
  | { readonly type: "lifetimeOver" }
  | { readonly type: "invoke"; readonly requestId: string }
  /** It is not needed any more; what it has may finish. */
  | { readonly type: "stop" }
  /** It must end at once. */
  | { readonly type: "abort" };

export type ConclusionCause = "answer" | "timeout" | "exit" | "initError" | "startTimedOut";

export type EnvironmentCommand =
  | { readonly do: "launch" }
  | { readonly do: "deliver"; readonly requestId: string }
  /** Tell the caller; `initializing` when the process was not ready yet. */
  | {
      readonly do: "conclude";
      readonly requestId: string;
      readonly cause: ConclusionCause;
      readonly initializing: boolean;
    }
  /** It was not answered: somebody else may run it. */
  | { readonly do: "giveBack"; readonly requestId: string }
  /** Tell the caller that nothing will come of it. */
  | { readonly do: "reject"; readonly requestId: string }
  /** The invoke phase is over, and its time limit with it. */
  | { readonly do: "release"; readonly requestId: string }
  /** The runtime goes on, but its answer to this one counts no more. */
  | { readonly do: "giveUp"; readonly requestId: string }
  /** End the process; extensions are told why and have their time. */
  | { readonly do: "end"; readonly why: "spindown" | "timeout" | "failure" }
  | { readonly do: "kill" }
  /** It can take an invocation. */
  | { readonly do: "offer" }
  /** It is gone: remove what it leaves behind. */
  | { readonly do: "dispose" };

export type EnvironmentNote =
  | { readonly note: "initialized" }
  | { readonly note: "initFailed"; readonly cause: ConclusionCause };

export interface EnvironmentStep {
  readonly state: EnvironmentState;
  readonly commands: readonly EnvironmentCommand[];
  readonly notes: readonly EnvironmentNote[];
}

/** A new environment: its process is launched at once. */
export const NEW_ENVIRONMENT: EnvironmentState = { name: "starting", process: "launching", open: [], free: 0 };

/** Whether the environment may be given an invocation now. */
export function accepts(state: EnvironmentState): boolean {
  return state.name === "ready"
    ? state.free > 0 || state.process === "none"
    : state.name === "invoking" && state.free > 0;
}

/** How many more invocations it will take within moments, without a new process being needed elsewhere. */
export function soonFree(state: EnvironmentState, { maxConcurrency }: EnvironmentSettings): number {
  if (state.name === "starting") return maxConcurrency;
  if (state.name !== "invoking") return 0;
  if (state.process === "ending") return 1;
  return state.open.filter(({ phase }) => phase === "concluded").length;
}

export function step(state: EnvironmentState, event: EnvironmentEvent, settings: EnvironmentSettings): EnvironmentStep {
  if (event.type === "invoke") return onInvoke(state, event.requestId);
  if (state.name === "gone") return keep(state);
  switch (event.type) {
    case "exited":
      return onExited(state, settings);
    case "crashed":
      return onCrashed(state, settings);
    case "detached":
      return onDetached(state);
    case "abort":
      return onAbort(state);
    case "started":
      return keep(state.process === "launching" ? { ...state, process: "initializing" } : state);
    case "startTimedOut":
      return onStartTimedOut(state);
    case "initTimedOut":
      return state.name === "starting" && state.process === "initializing" ? initFailed(state, "timeout") : keep(state);
    case "idleTooLong":
      return state.name === "ready" ? leave(state, "expired") : keep(state);
    case "lifetimeOver":
      return leave(state, "expired");
    case "stop":
      return leave(state, "stopped");
    case "ready":
      return onReady(state, event.after, settings);
    case "initError":
      return onInitError(state);
    case "answered":
      return onAnswered(state, event.requestId);
    case "invokeTimedOut":
      return onInvokeTimedOut(state, event.requestId, settings);
  }
}

function onInvoke(state: EnvironmentState, requestId: string): EnvironmentStep {
  if (!accepts(state)) {
    throw new Error(`An invocation was given to an environment that is ${state.name}`);
  }
  const open = (phase: "waiting" | "working"): OpenInvocation[] => [...state.open, { requestId, phase }];
  // AWS: after a failed init or a reset the process is started inside the invocation and on its time (AWS docs).
  return state.process === "none"
    ? {
        state: { name: "invoking", process: "launching", open: open("waiting"), free: 0 },
        commands: [LAUNCH],
        notes: [],
      }
    : {
        state: { ...state, name: "invoking", open: open("working"), free: state.free - 1 },
        commands: [{ do: "deliver", requestId }],
        notes: [],
      };
}

function onReady(state: EnvironmentState, after: string | undefined, settings: EnvironmentSettings): EnvironmentStep {
  const { process, open } = state;
  if (state.name === "stopping" || process === "ending" || process === "none") return keep(state);
  if (state.name === "starting") {
    return {
      state: { ...state, name: "ready", process: "running", free: 1 },
      commands: [OFFER],
      notes: [{ note: "initialized" }],
    };
  }
  const waiting = open.find(({ phase }) => phase === "waiting");
  if (waiting !== undefined) {
    const working = open.map((one) => (one === waiting ? { ...one, phase: "working" as const } : one));
    return {
      state: { ...state, process: "running", open: working },
      commands: [{ do: "deliver", requestId: waiting.requestId }],
      notes: [],
    };
  }
  const done = open.find(({ requestId, phase }) => requestId === after && phase === "concluded");
  const rest = open.filter((one) => one !== done);
  const free = Math.min(state.free + 1, settings.maxConcurrency - rest.length);
  const commands: EnvironmentCommand[] = done === undefined ? [] : [{ do: "release", requestId: done.requestId }];
  return settled({ ...state, process: "running", open: rest, free }, commands);
}

/** What follows when an invoke phase is over. */
function settled(state: EnvironmentState, commands: readonly EnvironmentCommand[]): EnvironmentStep {
  if (state.name === "expiring") {
    return state.open.length > 0
      ? { state, commands, notes: [] }
      : {
          state: { ...state, name: "stopping", process: "ending", free: 0 },
          commands: [...commands, SPINDOWN],
          notes: [],
        };
  }
  const name = state.open.length === 0 ? "ready" : "invoking";
  return { state: { ...state, name }, commands: state.free > 0 ? [...commands, OFFER] : commands, notes: [] };
}

function onAnswered(state: EnvironmentState, requestId: string): EnvironmentStep {
  const answered = state.open.find((one) => one.requestId === requestId && one.phase === "working");
  if (answered === undefined) return keep(state);
  return {
    state: { ...state, open: concluded(state.open, (one) => one === answered) },
    commands: [{ do: "conclude", requestId, cause: "answer", initializing: false }],
    notes: [],
  };
}

function onInvokeTimedOut(state: EnvironmentState, requestId: string, settings: EnvironmentSettings): EnvironmentStep {
  const late = state.open.find((one) => one.requestId === requestId);
  if (late === undefined || state.process === "ending") return keep(state);
  const told = tell([late], "timeout");
  if (settings.maxConcurrency === 1 || state.process !== "running") {
    return {
      state: { ...state, process: "ending", open: concluded(state.open, (one) => one === late), free: 0 },
      commands: [...told, { do: "end", why: "timeout" }],
      notes: [],
    };
  }
  // AWS: the others go on, and the late answer gets 410 (Runtime Interface Emulator for Managed Instances).
  const rest = state.open.filter((one) => one !== late);
  const commands: EnvironmentCommand[] = [...told, { do: "giveUp", requestId }, { do: "release", requestId }];
  return rest.length > 0 || state.free > 0
    ? settledAfterLoss({ ...state, open: rest }, commands)
    : // Nothing of the runtime comes back by itself.
      {
        state: { ...state, open: rest, process: "ending" },
        commands: [...commands, { do: "end", why: "timeout" }],
        notes: [],
      };
}

function settledAfterLoss(state: EnvironmentState, commands: readonly EnvironmentCommand[]): EnvironmentStep {
  return state.open.length === 0 ? settled(state, commands) : { state, commands, notes: [] };
}

function onInitError(state: EnvironmentState): EnvironmentStep {
  if (state.process !== "launching" && state.process !== "initializing") return keep(state);
  if (state.name === "starting") return initFailed(state, "initError");
  return {
    state: { ...state, process: "ending", open: concluded(state.open, () => true) },
    commands: [...tell(state.open, "initError"), { do: "end", why: "failure" }],
    notes: [],
  };
}

/** AWS: nobody is told of a failed init; it is run again inside the first invocation (AWS docs). */
function initFailed(state: EnvironmentState, cause: ConclusionCause): EnvironmentStep {
  return {
    state: { ...state, process: "ending" },
    commands: [{ do: "end", why: "failure" }],
    notes: [{ note: "initFailed", cause }],
  };
}

function onStartTimedOut(state: EnvironmentState): EnvironmentStep {
  if (state.process !== "launching") return keep(state);
  const notes: EnvironmentNote[] = state.name === "starting" ? [{ note: "initFailed", cause: "startTimedOut" }] : [];
  return {
    state: { name: "stopping", process: "ending", open: [], free: 0, reason: state.reason ?? "startTimedOut" },
    commands: [...tell(state.open, "startTimedOut"), ...releaseAll(state.open), KILL],
    notes,
  };
}

function onExited(state: EnvironmentState, settings: EnvironmentSettings): EnvironmentStep {
  const { name, process, open } = state;
  if (process === "none") return keep(state);
  const wanted = process === "ending";
  const commands = [...tell(open, "exit"), ...releaseAll(open)];
  const notes: EnvironmentNote[] = name === "starting" && !wanted ? [{ note: "initFailed", cause: "exit" }] : [];
  if (name === "stopping" || name === "expiring") {
    return { ...gone(state.reason ?? "stopped", commands), notes };
  }
  const onDemand = settings.initializationType === "on-demand";
  if (name === "starting" && !onDemand) return { ...gone("initFailed", commands), notes };
  // Assumed: an environment that is to be there in advance, or that others are using, is replaced and not started again.
  if (!wanted && (!onDemand || settings.maxConcurrency > 1)) return { ...gone("crashed", commands), notes };
  // AWS: the environment is kept, with its /tmp and without its process (recorded on AWS).
  const offers = name === "ready" ? commands : [...commands, OFFER];
  return { state: { name: "ready", process: "none", open: [], free: 0 }, commands: offers, notes };
}

/** AWS: callers are told before extensions are (Runtime Interface Emulator). */
function onCrashed(state: EnvironmentState, settings: EnvironmentSettings): EnvironmentStep {
  const { name, process, open } = state;
  if (process === "none" || process === "ending") return keep(state);
  if (name === "starting") {
    return { state: { ...state, process: "ending" }, commands: [], notes: [{ note: "initFailed", cause: "exit" }] };
  }
  const commands = [...tell(open, "exit"), ...releaseAll(open)];
  const left = { process: "ending", open: [], free: 0 } as const;
  if (name === "expiring") {
    return { state: { ...state, ...left, name: "stopping" }, commands, notes: [] };
  }
  const replaced = settings.initializationType !== "on-demand" || settings.maxConcurrency > 1;
  const after: EnvironmentState = replaced
    ? { ...left, name: "stopping", reason: "crashed" }
    : { ...left, name: "invoking" };
  return { state: after, commands, notes: [] };
}

function onDetached(state: EnvironmentState): EnvironmentStep {
  const commands = state.open.map<EnvironmentCommand>(({ requestId, phase }) =>
    phase === "concluded" ? { do: "release", requestId } : { do: "giveBack", requestId },
  );
  return gone(state.reason ?? "detached", commands);
}

/** No more invocations: at once when it has none, after the last otherwise. */
function leave(state: EnvironmentState, reason: GoneReason): EnvironmentStep {
  switch (state.name) {
    case "starting":
    case "ready":
      if (state.process === "none") return gone(reason, []);
      return {
        state: { name: "stopping", process: "ending", open: [], free: 0, reason },
        commands: state.process === "ending" ? [] : [SPINDOWN],
        notes: [],
      };
    case "invoking":
      return keep({ ...state, name: "expiring", reason });
    default:
      return keep(state);
  }
}

function onAbort(state: EnvironmentState): EnvironmentStep {
  const { open } = state;
  const rejected = open.filter(({ phase }) => phase !== "concluded");
  const commands: EnvironmentCommand[] = [
    ...rejected.map(({ requestId }) => ({ do: "reject", requestId }) as const),
    ...releaseAll(open),
  ];
  if (state.process === "none") return gone("stopped", commands);
  const reason = state.reason ?? "stopped";
  return {
    state: { name: "stopping", process: "ending", open: [], free: 0, reason },
    commands: [...commands, KILL],
    notes: [],
  };
}

const LAUNCH: EnvironmentCommand = { do: "launch" };
const OFFER: EnvironmentCommand = { do: "offer" };
const KILL: EnvironmentCommand = { do: "kill" };
const SPINDOWN: EnvironmentCommand = { do: "end", why: "spindown" };

function keep(state: EnvironmentState): EnvironmentStep {
  return { state, commands: [], notes: [] };
}

function gone(reason: GoneReason, commands: readonly EnvironmentCommand[]): EnvironmentStep {
  const state: EnvironmentState = { name: "gone", process: "none", open: [], free: 0, reason };
  return { state, commands: [...commands, { do: "dispose" }], notes: [] };
}

function tell(open: readonly OpenInvocation[], cause: ConclusionCause): EnvironmentCommand[] {
  return open
    .filter(({ phase }) => phase !== "concluded")
    .map(({ requestId, phase }) => ({ do: "conclude", requestId, cause, initializing: phase === "waiting" }));
}

function releaseAll(open: readonly OpenInvocation[]): EnvironmentCommand[] {
  return open.map(({ requestId }) => ({ do: "release", requestId }));
}

function concluded(
  open: readonly OpenInvocation[],
  which: (one: OpenInvocation) => boolean,
): readonly OpenInvocation[] {
  return open.map((one) => (which(one) ? { ...one, phase: "concluded" } : one));
}
