import { backoffDelay } from "../settings.ts";
import { illegalEvent } from "../stream/machine-step.ts";
import type { BatchCommand, BatchEvent, BatchMemory, BatchOutcome, BatchState, BatchStep } from "./batch.ts";
import { ofMessages } from "./message.ts";
import type { MessageReference } from "./message.ts";
import type { QueueNote } from "./queue-notes.ts";
import type { QueueConsumerSettings } from "./queue-settings.ts";

/** What a step has decided besides its state. */
interface Decided<M extends MessageReference> {
  readonly commands: BatchCommand<M>[];
  readonly notes: QueueNote[];
}

/** A batch of one message or more begins with its invocation. */
export function startBatch<M extends MessageReference>(
  messages: readonly M[],
  settings: QueueConsumerSettings,
): BatchStep<M> {
  const [part = [], ...later] = partsOf(messages, settings);
  return invoke({ part, later, waits: 0 }, { commands: [], notes: [] });
}

export function stepBatch<M extends MessageReference>(
  state: BatchState<M>,
  event: BatchEvent,
  settings: QueueConsumerSettings,
  now: number,
): BatchStep<M> {
  switch (event.kind) {
    case "invoked":
      if (state.kind !== "invoking") return illegalEvent("batch", state.kind, event.kind);
      return onInvoked(state, event.outcome, settings, now);
    case "timeReached":
      if (state.kind !== "backingOff" || now < state.until) return hold(state);
      return retry(state.memory, now);
    case "stopRequested":
      return onStopRequested(state);
  }
}

function onInvoked<M extends MessageReference>(
  state: BatchState<M> & { readonly kind: "invoking" },
  outcome: BatchOutcome,
  settings: QueueConsumerSettings,
  now: number,
): BatchStep<M> {
  const { memory, stopping } = state;
  const { part } = memory;
  const of = ofMessages(part);
  if (outcome.kind === "notInvoked") {
    const notes: QueueNote[] = [{ type: "mapping.notInvoked", ...of, reason: outcome.reason }];
    if (!stopping) return backOff(memory, { commands: [], notes }, settings, now);
    return finish({ commands: [release([part, ...memory.later].flat())], notes });
  }
  const { requestId } = outcome.invocation;
  const decided: Decided<M> = { commands: [], notes: [] };
  let failed: readonly M[] = [];
  switch (outcome.kind) {
    case "success":
      decided.notes.push({ type: "mapping.batchSucceeded", ...of, requestId });
      break;
    case "functionError": {
      // AWS: every message of the batch comes again, and counts as received once more (recorded on AWS).
      failed = part;
      const { error: kind, message } = outcome;
      const error = message === undefined ? {} : { error: message };
      decided.notes.push({ type: "mapping.batchFailed", ...of, attempt: attemptOf(part), kind, requestId, ...error });
      break;
    }
    case "partial":
      // AWS: the messages that are named stay, all others are deleted (recorded on AWS).
      failed = part.filter(({ messageId }) => outcome.failed.has(messageId));
      decided.notes.push({ type: "mapping.partialFailure", ...of, requestId, failed: ofMessages(failed).messageIds });
      break;
  }
  const remaining = new Set(failed);
  const done = part.filter((message) => !remaining.has(message));
  if (done.length > 0) decided.commands.push({ kind: "delete", messages: done });
  if (failed.length > 0) decided.commands.push({ kind: "leave", messages: failed });
  if (!stopping) return next(memory.later, failed, decided, now);
  const unsent = memory.later.flat();
  if (unsent.length > 0) decided.commands.push(release(unsent));
  return finish(decided);
}

function onStopRequested<M extends MessageReference>(state: BatchState<M>): BatchStep<M> {
  switch (state.kind) {
    case "invoking":
      return hold({ ...state, stopping: true });
    case "backingOff": {
      const { part, later } = state.memory;
      return finish({ commands: [release([part, ...later].flat())], notes: [] });
    }
    case "finished":
      return hold(state);
  }
}

/** The part after the one that is done with, if there is one. */
function next<M extends MessageReference>(
  later: readonly (readonly M[])[],
  failed: readonly M[],
  decided: Decided<M>,
  now: number,
): BatchStep<M> {
  const { sent, left } = divide(later.flat(), failed, now);
  if (left.length > 0) decided.commands.push({ kind: "leave", messages: left });
  const [part, ...rest] = later.map((messages) => messages.filter((message) => sent.has(message))).filter(isNotEmpty);
  return part === undefined ? finish(decided) : invoke({ part, later: rest, waits: 0 }, decided);
}

/** AWS: a function that is throttled is tried again until the messages are visible again (AWS docs). */
function backOff<M extends MessageReference>(
  memory: BatchMemory<M>,
  decided: Decided<M>,
  settings: QueueConsumerSettings,
  now: number,
): BatchStep<M> {
  const { part, later, waits } = memory;
  const delayMs = backoffDelay(settings.backoff, waits);
  const until = now + delayMs;
  if (part.every(({ visibleAt }) => visibleAt <= until)) {
    decided.commands.push({ kind: "leave", messages: part });
    return next(later, part, decided, now);
  }
  decided.notes.push({ type: "mapping.retryScheduled", ...ofMessages(part), attempt: waits + 2, delayMs });
  decided.commands.push({ kind: "wait", until });
  return { ...decided, state: { kind: "backingOff", memory: { ...memory, waits: waits + 1 }, until } };
}

/** Invokes with the messages that are still invisible; the others have been received anew, or will be. */
function retry<M extends MessageReference>(memory: BatchMemory<M>, now: number): BatchStep<M> {
  const { sent, left } = divide(memory.part, [], now);
  const decided: Decided<M> = { commands: [], notes: [] };
  if (left.length > 0) decided.commands.push({ kind: "leave", messages: left });
  const part = memory.part.filter((message) => sent.has(message));
  return part.length === 0 ? next(memory.later, left, decided, now) : invoke({ ...memory, part }, decided);
}

/**
 * Which of `messages` may be sent to the function: not those that are visible again, and none whose group waits for a message
 * that failed before it.
 */
function divide<M extends MessageReference>(
  messages: readonly M[],
  failed: readonly M[],
  now: number,
): { readonly sent: ReadonlySet<M>; readonly left: readonly M[] } {
  const blocked = new Set(failed.map(({ groupId }) => groupId));
  const left = messages.filter(({ groupId, visibleAt }) => {
    const isLeft = visibleAt <= now || (groupId !== undefined && blocked.has(groupId));
    if (isLeft) blocked.add(groupId);
    return isLeft;
  });
  const sent = new Set(messages);
  for (const message of left) sent.delete(message);
  return { sent, left };
}

function invoke<M extends MessageReference>(memory: BatchMemory<M>, { commands, notes }: Decided<M>): BatchStep<M> {
  const { part } = memory;
  notes.push({ type: "mapping.batchStarted", ...ofMessages(part), attempt: attemptOf(part) });
  commands.push({ kind: "invoke", messages: part });
  return { state: { kind: "invoking", memory, stopping: false }, commands, notes };
}

function finish<M extends MessageReference>({ commands, notes }: Decided<M>): BatchStep<M> {
  commands.push({ kind: "finish" });
  return { state: { kind: "finished" }, commands, notes };
}

function hold<M extends MessageReference>(state: BatchState<M>): BatchStep<M> {
  const command: BatchCommand<M> =
    state.kind === "backingOff" ? { kind: "wait", until: state.until } : { kind: "keep" };
  return { state, commands: [command], notes: [] };
}

function release<M extends MessageReference>(messages: readonly M[]): BatchCommand<M> {
  return { kind: "release", messages };
}

/** Cuts a batch where its event would pass the payload; a part has one message at least. */
function partsOf<M extends MessageReference>(
  messages: readonly M[],
  { envelopeBytes, maxPayloadBytes }: QueueConsumerSettings,
): readonly (readonly M[])[] {
  const parts: M[][] = [];
  let part: M[] = [];
  let bytes = envelopeBytes.event;
  for (const message of messages) {
    const added = message.bytes + envelopeBytes.record;
    if (part.length > 0 && bytes + added > maxPayloadBytes) {
      parts.push(part);
      part = [];
      bytes = envelopeBytes.event;
    }
    part.push(message);
    bytes += added;
  }
  return [...parts, part];
}

function attemptOf(messages: readonly MessageReference[]): number {
  return messages.reduce((most, { receiveCount }) => Math.max(most, receiveCount), 0);
}

function isNotEmpty(messages: readonly unknown[]): boolean {
  return messages.length > 0;
}
