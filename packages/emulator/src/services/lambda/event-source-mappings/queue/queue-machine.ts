import assert from "node:assert";
import { readDelay } from "../settings.ts";
import { illegalEvent } from "../stream/machine-step.ts";
import type { MessageReference } from "./message.ts";
import type { QueueCommand, QueueEvent, QueueMemory, QueueState, QueueStep, ReceiveFailure } from "./queue.ts";
import type { QueueNote } from "./queue-notes.ts";
import { mostPerReceive } from "./queue-settings.ts";
import type { QueueConsumerSettings } from "./queue-settings.ts";

const nothingGathered = {
  gathered: [],
  gatheredBytes: 0,
  visibleAt: Number.POSITIVE_INFINITY,
  windowFrom: Number.NEGATIVE_INFINITY,
} as const;

/** What a step has decided besides its state. */
interface Decided<M extends MessageReference> {
  readonly commands: QueueCommand<M>[];
  readonly notes: QueueNote[];
}

export function startQueue<M extends MessageReference>(settings: QueueConsumerSettings): QueueStep<M> {
  const memory = { ...nothingGathered, running: 0, concurrency: settings.firstConcurrency };
  return wait(memory, nothing(), settings);
}

export function stepQueue<M extends MessageReference>(
  state: QueueState<M>,
  event: QueueEvent<M>,
  settings: QueueConsumerSettings,
  now: number,
): QueueStep<M> {
  switch (event.kind) {
    case "available":
      if (state.kind !== "waiting" && state.kind !== "collecting") return hold(state, settings);
      return receive(state.memory, 0, nothing(), settings);
    case "received":
      return onReceived(state, event.messages, event.taken, settings, now);
    case "receiveFailed":
      return onReceiveFailed(state, event.failure, settings, now);
    case "batchFinished":
      return onBatchFinished(state, settings, now);
    case "timeReached":
      return onTimeReached(state, settings, now);
    case "stopRequested":
      return onStopRequested(state, settings);
  }
}

function onReceived<M extends MessageReference>(
  state: QueueState<M>,
  messages: readonly M[],
  taken: number,
  settings: QueueConsumerSettings,
  now: number,
): QueueStep<M> {
  if (state.kind === "draining" && state.receiving) {
    const commands: QueueCommand<M>[] = messages.length === 0 ? [] : [{ kind: "release", messages }];
    return drain(state.running, false, { commands, notes: [] });
  }
  if (state.kind !== "receiving") return illegalEvent("queue", state.kind, "received");
  return proceed(gather(state.memory, messages, settings, now), taken >= state.max, nothing(), settings, now);
}

function onReceiveFailed<M extends MessageReference>(
  state: QueueState<M>,
  failure: ReceiveFailure,
  settings: QueueConsumerSettings,
  now: number,
): QueueStep<M> {
  if (state.kind === "draining" && state.receiving) return drain(state.running, false, nothing());
  if (state.kind !== "receiving") return illegalEvent("queue", state.kind, "receiveFailed");
  const { memory, failures } = state;
  if (failure.reason === "gone") {
    // A queue of the same name may come again, and is then read.
    return proceed(memory, false, { commands: [], notes: [{ type: "mapping.queueGone" }] }, settings, now);
  }
  const delayMs = readDelay(settings.backoff, failures);
  const { reason, error } = failure;
  const notes: QueueNote[] = [{ type: "mapping.readFailed", reason, attempt: failures + 1, delayMs, error }];
  const waiting = { kind: "backingOff", memory, failures: failures + 1, retryAt: now + delayMs } as const;
  return rest(waiting, { commands: [], notes }, settings);
}

function onBatchFinished<M extends MessageReference>(
  state: QueueState<M>,
  settings: QueueConsumerSettings,
  now: number,
): QueueStep<M> {
  if (state.kind === "stopped") return illegalEvent("queue", state.kind, "batchFinished");
  if (state.kind === "draining") return drain(state.running - 1, state.receiving, nothing());
  const running = state.memory.running - 1;
  assert(running >= 0, "A batch that finishes was started.");
  // AWS: the next batching window begins when an invoke completes (AWS docs).
  // Assumed: not where a batch is gathered already, beside others that are under way.
  const windowFrom = state.memory.gathered.length === 0 ? now : state.memory.windowFrom;
  const memory = { ...state.memory, running, windowFrom };
  if (state.kind === "full") return receive(memory, 0, nothing(), settings);
  return state.kind === "waiting" ? wait(memory, nothing(), settings) : hold({ ...state, memory }, settings);
}

function onTimeReached<M extends MessageReference>(
  state: QueueState<M>,
  settings: QueueConsumerSettings,
  now: number,
): QueueStep<M> {
  switch (state.kind) {
    case "collecting":
      return proceed(state.memory, false, nothing(), settings, now);
    case "full": {
      if (state.until === undefined || now < state.until) return hold(state, settings);
      const concurrency = state.memory.concurrency + 1;
      const notes: QueueNote[] = [{ type: "mapping.concurrencyRaised", concurrency }];
      return receive({ ...state.memory, concurrency }, 0, { commands: [], notes }, settings);
    }
    case "backingOff": {
      const decided: Decided<M> = nothing();
      const memory = startIfDue(state.memory, decided, settings, now);
      if (now < state.retryAt) return rest({ ...state, memory }, decided, settings);
      if (memory.running >= memory.concurrency) return full(memory, decided, settings, now);
      return receive(memory, state.failures, decided, settings);
    }
    case "receiving":
    case "waiting":
    case "draining":
    case "stopped":
      return hold(state, settings);
  }
}

function onStopRequested<M extends MessageReference>(
  state: QueueState<M>,
  settings: QueueConsumerSettings,
): QueueStep<M> {
  if (state.kind === "draining" || state.kind === "stopped") return hold(state, settings);
  const { gathered: messages, running } = state.memory;
  // Assumed: what was received and not sent is visible again at once.
  const commands: QueueCommand<M>[] = messages.length === 0 ? [] : [{ kind: "release", messages }];
  return drain(running, state.kind === "receiving", { commands, notes: [] });
}

/** Begins a batch if one is due, and goes on to the next thing to do. `more`: the queue may have more to give at once. */
function proceed<M extends MessageReference>(
  from: QueueMemory<M>,
  more: boolean,
  decided: Decided<M>,
  settings: QueueConsumerSettings,
  now: number,
): QueueStep<M> {
  const memory = startIfDue(from, decided, settings, now);
  if (memory.running >= memory.concurrency) return full(memory, decided, settings, now);
  if (more) return receive(memory, 0, decided, settings);
  if (memory.gathered.length === 0) return wait(memory, decided, settings);
  return rest({ kind: "collecting", memory, until: gatheredUntil(memory, settings) }, decided, settings);
}

function startIfDue<M extends MessageReference>(
  memory: QueueMemory<M>,
  { commands }: Decided<M>,
  settings: QueueConsumerSettings,
  now: number,
): QueueMemory<M> {
  if (!isBatchDue(memory, settings, now)) return memory;
  commands.push({ kind: "start", messages: memory.gathered });
  return { ...memory, ...nothingGathered, running: memory.running + 1 };
}

function full<M extends MessageReference>(
  memory: QueueMemory<M>,
  decided: Decided<M>,
  settings: QueueConsumerSettings,
  now: number,
): QueueStep<M> {
  const until = memory.concurrency < settings.maxConcurrency ? now + settings.growthMs : undefined;
  return rest({ kind: "full", memory, until }, decided, settings);
}

function wait<M extends MessageReference>(
  memory: QueueMemory<M>,
  decided: Decided<M>,
  settings: QueueConsumerSettings,
): QueueStep<M> {
  // Assumed: who has nothing to do begins anew with few batches.
  const concurrency = memory.running === 0 ? settings.firstConcurrency : memory.concurrency;
  return rest({ kind: "waiting", memory: { ...memory, concurrency } }, decided, settings);
}

function receive<M extends MessageReference>(
  memory: QueueMemory<M>,
  failures: number,
  { commands, notes }: Decided<M>,
  settings: QueueConsumerSettings,
): QueueStep<M> {
  const max = Math.min(mostPerReceive, settings.batchSize - memory.gathered.length);
  commands.push({ kind: "receive", max });
  return { state: { kind: "receiving", memory, max, failures }, commands, notes };
}

function drain<M extends MessageReference>(
  running: number,
  receiving: boolean,
  { commands, notes }: Decided<M>,
): QueueStep<M> {
  assert(running >= 0, "A batch that finishes was started.");
  if (running > 0 || receiving) {
    commands.push({ kind: "wait", until: undefined, forMessages: false });
    return { state: { kind: "draining", running, receiving }, commands, notes };
  }
  commands.push({ kind: "finish" });
  notes.push({ type: "mapping.consumerStopped" });
  return { state: { kind: "stopped" }, commands, notes };
}

/** Adds what the state waits for to what was decided. */
function rest<M extends MessageReference>(
  state: QueueState<M>,
  { commands, notes }: Decided<M>,
  settings: QueueConsumerSettings,
): QueueStep<M> {
  commands.push(awaited(state, settings));
  return { state, commands, notes };
}

/** The event changes nothing that is waited for. */
function hold<M extends MessageReference>(state: QueueState<M>, settings: QueueConsumerSettings): QueueStep<M> {
  return rest(state, nothing(), settings);
}

function awaited<M extends MessageReference>(state: QueueState<M>, settings: QueueConsumerSettings): QueueCommand<M> {
  switch (state.kind) {
    case "waiting":
      return { kind: "wait", until: undefined, forMessages: true };
    case "collecting":
      return { kind: "wait", until: state.until, forMessages: true };
    case "full":
      return { kind: "wait", until: state.until, forMessages: false };
    case "backingOff": {
      const { memory, retryAt } = state;
      const until = memory.gathered.length === 0 ? retryAt : Math.min(retryAt, gatheredUntil(memory, settings));
      return { kind: "wait", until, forMessages: false };
    }
    case "draining":
      return { kind: "wait", until: undefined, forMessages: false };
    case "receiving":
    case "stopped":
      return { kind: "keep" };
  }
}

function gather<M extends MessageReference>(
  memory: QueueMemory<M>,
  messages: readonly M[],
  settings: QueueConsumerSettings,
  now: number,
): QueueMemory<M> {
  if (messages.length === 0) return memory;
  let { gatheredBytes, visibleAt, windowFrom } = memory;
  for (const message of messages) {
    gatheredBytes += message.bytes + settings.envelopeBytes.record;
    visibleAt = Math.min(visibleAt, message.visibleAt);
  }
  // Assumed: a window that passed without a message begins anew with the next message.
  if (memory.gathered.length === 0 && now >= windowFrom + settings.batchingWindowMs) windowFrom = now;
  return { ...memory, gathered: [...memory.gathered, ...messages], gatheredBytes, visibleAt, windowFrom };
}

function isBatchDue(memory: QueueMemory<MessageReference>, settings: QueueConsumerSettings, now: number): boolean {
  const { length } = memory.gathered;
  if (length === 0) return false;
  return (
    length >= settings.batchSize ||
    memory.gatheredBytes + settings.envelopeBytes.event >= settings.maxPayloadBytes ||
    now >= gatheredUntil(memory, settings)
  );
}

/** Assumed: a batch is not gathered for longer than its messages stay invisible to others. */
function gatheredUntil(memory: QueueMemory<MessageReference>, settings: QueueConsumerSettings): number {
  return Math.min(memory.windowFrom + settings.batchingWindowMs, memory.visibleAt);
}

function nothing<M extends MessageReference>(): Decided<M> {
  return { commands: [], notes: [] };
}
