import { conclude, type Matcher, timeoutOf } from "./result.ts";
import { messageSections } from "./queue-matchers.ts";
import { recordSections } from "./sections.ts";
import { settle } from "./settle.ts";
import { type QueueSubject, type StreamSubject, subjectOf, type TableSubject } from "./subject.ts";

/** Holds when a queue has no message, hidden and delayed ones included, or a stream, of Kinesis or of a table, no record, once the world is idle. */
export const toBeEmpty: Matcher<void> = async (received, _expected, context) => {
  const subject = subjectOf(received, "toBeEmpty", "queue", "stream", "table");
  const { end } = await settle(subject.world, timeoutOf(context));
  const { count, thing, sections } = subject.kind === "queue" ? await readQueue(subject) : await readStream(subject);
  return conclude(
    {
      subject,
      call: "toBeEmpty()",
      holds: count === 0,
      end,
      sentence: `Expected no ${thing}s; found ${count}.`,
      notSentence: `Expected a ${thing}; found ${count === 0 ? "none" : count}.`,
      sections,
    },
    context,
  );
};

interface Contents {
  readonly count: number;
  readonly thing: string;
  readonly sections: () => readonly string[];
}

async function readQueue(queue: QueueSubject): Promise<Contents> {
  const messages = await queue.read();
  return {
    count: messages.length,
    thing: "message",
    sections: () => messageSections(messages),
  };
}

async function readStream(stream: StreamSubject | TableSubject): Promise<Contents> {
  const shards = await stream.read();
  const count = shards.reduce((sum, { records }) => sum + records.length, 0);
  return { count, thing: "record", sections: () => recordSections(shards) };
}
