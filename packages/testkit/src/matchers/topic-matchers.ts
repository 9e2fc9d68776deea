import type { TopicMessage } from "../topic-handle.ts";
import type { Match } from "./match.ts";
import type { Matcher } from "./result.ts";
import { amount, lastOnes } from "./sections.ts";
import { show } from "./show.ts";
import { holdsForSome, isLike } from "./some.ts";
import { subjectOf } from "./subject.ts";

/** Holds when some message that was published to a topic matches; waits for it. `.not`: none does once the world is idle. */
export const toHavePublished: Matcher<Match> = async (received, match, context) => {
  const topic = subjectOf(received, "toHavePublished", "topic");
  return holdsForSome(
    {
      subject: topic,
      read: topic.read,
      call: "toHavePublished(match)",
      thing: "a published message",
      match,
      items: (messages) => messages,
      accepts: ({ data, message }) => isLike(match, data, message, context.equals),
      candidate: ({ messageId, data }) => ({ label: `message ${messageId.slice(0, 8)}`, value: data }),
      isRelevant: (entry) => entry.type === "topic.published" && entry.topic === topic.name,
      mayGo: false,
      sections: publishedSections,
    },
    context,
  );
};

/** The last messages that were published. */
function publishedSections(messages: readonly TopicMessage[]): readonly string[] {
  if (messages.length === 0) return ["Nothing was published to the topic."];
  const last = messages.slice(-5).map(({ subject, data }) => {
    const about = subject === undefined ? "" : `${JSON.stringify(subject)}: `;
    return `${about}${show(data)}`;
  });
  return [lastOnes(`Published ${amount(messages.length, "message")}`, last, messages.length)];
}
