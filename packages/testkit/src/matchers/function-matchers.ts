import type { TimelineEntry } from "@localemu/control";
import {
  batchOf,
  decodeEvent,
  type FunctionBatch,
  type FunctionHistory,
  type FunctionInvocation,
} from "../delivered.ts";
import { holdsForAll } from "./all.ts";
import { type Match, matches } from "./match.ts";
import { conclude, type Matcher, timeoutOf } from "./result.ts";
import { amount, lastOnes, shardName } from "./sections.ts";
import { waitUntil } from "./settle.ts";
import { show } from "./show.ts";
import { holdsForSome, readSettled } from "./some.ts";
import { type FunctionSubject, subjectOf } from "./subject.ts";

/**
 * Without a number, holds when a function has been invoked; waits for it. With one, holds when it has been invoked exactly so
 * often once the world is idle.
 */
export const toHaveBeenInvoked: Matcher<{ readonly times?: number }> = async (received, { times }, context) => {
  const fn = subjectOf(received, "toHaveBeenInvoked", "function");
  const holds = ({ invoked }: FunctionHistory): boolean => (times === undefined ? invoked > 0 : invoked === times);
  const { state, end } = await (times === undefined
    ? waitUntil(fn.world, fn.read, holds, isInvocationOf(fn), timeoutOf(context))
    : readSettled(fn.world, fn.read, timeoutOf(context)));
  return conclude(
    {
      subject: fn,
      call: `toHaveBeenInvoked(${times ?? ""})`,
      holds: holds(state),
      end,
      sentence:
        times === undefined
          ? "Expected an invocation; found none."
          : `Expected exactly ${amount(times, "invocation")}; found ${state.invoked}.`,
      notSentence:
        times === undefined
          ? `Expected no invocation; found ${state.invoked}.`
          : `Expected another number of invocations than ${times}; found ${state.invoked}.`,
      sections: () => invocationSections(state),
    },
    context,
  );
};

/**
 * Holds when some event that a function was invoked with matches, as it was sent or with the data of its records (or the bodies
 * of its messages) decoded; waits for it. `.not`: none does once the world is idle.
 */
export const toHaveBeenInvokedWith: Matcher<Match> = async (received, match, context) => {
  const fn = subjectOf(received, "toHaveBeenInvokedWith", "function");
  return holdsForSome(
    {
      subject: fn,
      read: fn.read,
      call: "toHaveBeenInvokedWith(match)",
      thing: "an event",
      match,
      items: ({ invocations }) => invocations,
      accepts: ({ event }) =>
        matches(match, event, context.equals) || matches(match, decodeEvent(event), context.equals),
      candidate: ({ requestId, event }) => ({ label: `request ${requestId.slice(0, 8)}`, value: decodeEvent(event) }),
      isRelevant: isInvocationOf(fn),
      mayGo: false,
      sections: invocationSections,
    },
    context,
  );
};

/**
 * Holds when a function was given exactly these batches once the world is idle, each a list of matches for the data of its
 * records or the bodies of its messages. Tries of a batch and halves of a split one are batches of their own. Those of one shard
 * are expected in order; those of a queue, and of several shards among each other, in any.
 */
export const toHaveBatches: Matcher<readonly (readonly Match[])[]> = async (received, batches, context) => {
  const fn = subjectOf(received, "toHaveBatches", "function");
  return holdsForAll<FunctionHistory, FunctionBatch>(
    {
      subject: fn,
      read: fn.read,
      call: "toHaveBatches(batches)",
      thing: "batch",
      things: "batches",
      order: ", in order per shard",
      matches: batches,
      items: ({ invocations }) => invocations.flatMap((invocation) => batchOf(invocation) ?? []),
      accepts: (batch, { items }) => matches(batch, items, context.equals),
      groupOf: ({ source, shardId }) => shardId && `${source} ${shardId}`,
      candidate: (batch) => ({ label: batchName(batch), value: batch.items }),
      isRelevant: isInvocationOf(fn),
      exactly: true,
      mayGo: false,
      sections: invocationSections,
    },
    context,
  );
};

function isInvocationOf(fn: FunctionSubject): (entry: TimelineEntry) => boolean {
  return (entry) => entry.type === "function.invoked" && entry.functionName === fn.name;
}

function invocationSections({ invoked, invocations }: FunctionHistory): readonly string[] {
  if (invoked === 0) return ["The function was not invoked."];
  const lost = invoked - invocations.length;
  return [
    ...(lost === 0 ? [] : [`${amount(lost, "earlier invocation")} no longer kept.`]),
    lastOnes("Invocations", invocations.slice(-8).map(describeInvocation), invoked),
  ];
}

function describeInvocation(invocation: FunctionInvocation): string {
  const batch = batchOf(invocation);
  const given = batch === undefined ? show(invocation.event) : `${batchName(batch)} ${show(batch.items)}`;
  const { outcome, error, response } = invocation;
  if (outcome === "running") return `${given} → still runs`;
  return `${given} → ${outcome === "success" ? show(response) : `error: ${error ?? ""}`}`;
}

/** `batch of 2 from orders shard 0`. */
function batchName({ items, source, shardId }: FunctionBatch): string {
  const name = source.slice(Math.max(source.lastIndexOf(":"), source.lastIndexOf("/")) + 1);
  return `batch of ${items.length} from ${name}${shardId === undefined ? "" : ` ${shardName(shardId)}`}`;
}
