import { decodeText } from "../decode.ts";
import { conclude, type Matcher, timeoutOf } from "./result.ts";
import { amount, lastOnes, recordSections } from "./sections.ts";
import { settle } from "./settle.ts";
import { show } from "./show.ts";
import { type QueueSubject, type StreamSubject, subjectOf } from "./subject.ts";

/** Holds when a queue has no message, hidden and delayed ones included, or a stream no record, once the world is idle. */
export const toBeEmpty: Matcher<void> = async (received, _expected, context) => {
  const subject = subjectOf(received, "toBeEmpty", "queue", "stream");
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
  const lines = (): readonly string[] =>
    messages.slice(-5).map(({ state, receiveCount, body }) => {
      const received = receiveCount === 0 ? "" : `, received ${amount(receiveCount, "time")}`;
      return `${state}${received}: ${show(decodeText(body))}`;
    });
  return {
    count: messages.length,
    thing: "message",
    sections: () => (messages.length === 0 ? [] : [lastOnes("Messages", lines(), messages.length)]),
  };
}

async function readStream(stream: StreamSubject): Promise<Contents> {
  const shards = await stream.read();
  const count = shards.reduce((sum, { records }) => sum + records.length, 0);
  return { count, thing: "record", sections: () => recordSections(shards) };
}
