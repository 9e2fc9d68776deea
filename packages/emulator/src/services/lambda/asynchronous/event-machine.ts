import type { MachineStep } from "../event-source-mappings/stream/machine-step.ts";
import { illegalEvent } from "../event-source-mappings/stream/machine-step.ts";
import type {
  EventCommand,
  EventCondition,
  EventHappening,
  EventMemory,
  EventNote,
  EventOutcome,
  EventSettings,
  EventState,
} from "./event.ts";

export type EventStep = MachineStep<EventState, EventCommand, EventNote>;

export function startEvent(queuedAt: number): EventStep {
  return invoke({ queuedAt, invocations: 0, refusals: 0 });
}

export function stepEvent(state: EventState, event: EventHappening, settings: EventSettings, now: number): EventStep {
  switch (event.kind) {
    case "invoked":
      if (state.kind !== "invoking") return illegalEvent("event", state.kind, "invoked");
      return onInvoked(state.memory, event.outcome, settings, now);
    case "timeReached":
      if (state.kind !== "backingOff") return { state, command: { kind: "keep" }, notes: [] };
      if (now < state.until) return { state, command: { kind: "wait", until: state.until }, notes: [] };
      return invoke(state.memory);
    case "reported":
      if (state.kind !== "reporting") return illegalEvent("event", state.kind, "reported");
      return { state: { kind: "finished" }, command: { kind: "finish" }, notes: [] };
  }
}

function onInvoked(memory: EventMemory, outcome: EventOutcome, settings: EventSettings, now: number): EventStep {
  switch (outcome.kind) {
    case "success":
      return report("Success", memory.invocations + 1, []);
    case "functionError": {
      const invocations = memory.invocations + 1;
      if (invocations > settings.maxRetryAttempts) return drop("RetriesExhausted", invocations, outcome.error);
      // AWS: one minute before the second attempt, two before the third (AWS docs).
      const delayMs = settings.retryDelayMs * invocations;
      return tryLater({ ...memory, invocations, refusals: 0 }, "functionError", outcome.error, delayMs, settings, now);
    }
    case "refused": {
      const { reason, error } = outcome;
      // AWS: at once, where the function reserves no concurrency at all (recorded on AWS).
      if (reason === "noConcurrency") return drop("ZeroReservedConcurrency", memory.invocations, error);
      if (reason === "recursion") return drop("RecursiveInvocation", memory.invocations, error);
      if (reason === "functionMissing") {
        // Assumed: what a deleted function would have got is told to nobody: its destinations went with it.
        const notes: EventNote[] = [{ type: "function.eventDropped", condition: "FunctionMissing", error }];
        return { state: { kind: "finished" }, command: { kind: "finish" }, notes };
      }
      // AWS: from a second up to five minutes (AWS docs).
      const delayMs = Math.min(settings.firstReturnMs * 2 ** memory.refusals, settings.maxReturnMs);
      return tryLater({ ...memory, refusals: memory.refusals + 1 }, reason, error, delayMs, settings, now);
    }
  }
}

function tryLater(
  memory: EventMemory,
  reason: Extract<EventNote, { readonly type: "function.eventRetryScheduled" }>["reason"],
  error: string,
  delayMs: number,
  settings: EventSettings,
  now: number,
): EventStep {
  const until = now + delayMs;
  // AWS: nothing waits for a retry that would come too late (recorded on AWS).
  if (until - memory.queuedAt > settings.maxAgeMs) return drop("EventAgeExceeded", memory.invocations, error);
  return {
    state: { kind: "backingOff", memory, until },
    command: { kind: "wait", until },
    notes: [{ type: "function.eventRetryScheduled", reason, delayMs, error }],
  };
}

function invoke(memory: EventMemory): EventStep {
  return { state: { kind: "invoking", memory }, command: { kind: "invoke" }, notes: [] };
}

function drop(condition: EventCondition, invocations: number, error: string): EventStep {
  return report(condition, invocations, [{ type: "function.eventDropped", condition, error }]);
}

function report(condition: EventCondition, invocations: number, notes: readonly EventNote[]): EventStep {
  return { state: { kind: "reporting" }, command: { kind: "report", condition, invocations }, notes };
}
