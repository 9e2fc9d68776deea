import type { QueueMessage } from "../queue-handle.ts";
import { holdsForAll } from "./all.ts";
import type { Match } from "./match.ts";
import type { Matcher } from "./result.ts";
import { amount, type Candidate, lastOnes } from "./sections.ts";
import { show } from "./show.ts";
import { holdsForSome, isLike } from "./some.ts";
import { type QueueSubject, subjectOf } from "./subject.ts";

/**
 * Holds when the body of some message of a queue matches, hidden and delayed ones included; waits for it. `.not`: none does
 * once the world is idle.
 */
export const toHaveMessage: Matcher<Match> = async (received, match, context) => {
  const queue = subjectOf(received, "toHaveMessage", "queue");
  return holdsForSome(
    {
      ...lookingInto(queue),
      call: "toHaveMessage(match)",
      thing: "a message",
      match,
      accepts: ({ data, body }) => isLike(match, data, body, context.equals),
    },
    context,
  );
};

/**
 * Holds when a queue has a message for each match, among others perhaps; in a FIFO queue those of a group in the order listed.
 * Waits for them. `.not`: one is missing once the world is idle.
 */
export const toHaveMessages: Matcher<readonly Match[]> = async (received, matches, context) => {
  const queue = subjectOf(received, "toHaveMessages", "queue");
  return holdsForAll(
    {
      ...lookingInto(queue),
      call: "toHaveMessages(matches)",
      thing: "message",
      order: queue.name.endsWith(".fifo") ? ", in order per group" : "",
      matches,
      accepts: (match, { data, body }) => isLike(match, data, body, context.equals),
      groupOf: ({ groupId }) => (queue.name.endsWith(".fifo") ? groupId : undefined),
      exactly: false,
    },
    context,
  );
};

/** The last messages. */
export function messageSections(messages: readonly QueueMessage[]): readonly string[] {
  if (messages.length === 0) return [];
  return [lastOnes("Messages", messages.slice(-5).map(describeMessage), messages.length)];
}

function describeMessage({ state, receiveCount, data }: QueueMessage): string {
  const received = receiveCount === 0 ? "" : `, received ${amount(receiveCount, "time")}`;
  return `${stateName(state)}${received}: ${show(data)}`;
}

function stateName(state: QueueMessage["state"]): string {
  return state === "inFlight" ? "in flight" : state;
}

function lookingInto(queue: QueueSubject) {
  return {
    subject: queue,
    read: queue.read,
    items: (messages: readonly QueueMessage[]) => messages,
    candidate: ({ messageId, state, data }: QueueMessage): Candidate => ({
      label: `message ${messageId.slice(0, 8)}, ${stateName(state)}`,
      value: data,
    }),
    isRelevant: (entry: { readonly type: string; readonly queue?: string }) =>
      entry.type === "queue.messageSent" && entry.queue === queue.name,
    mayGo: true,
    sections: (messages: readonly QueueMessage[]) =>
      messages.length === 0 ? ["The queue has no messages."] : messageSections(messages),
  };
}
