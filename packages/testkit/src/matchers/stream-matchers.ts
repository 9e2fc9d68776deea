import type { TimelineEntry } from "@localemu/control";
import type { StreamRecord, StreamShard } from "../stream-shards.ts";
import { type Equals, type Match, matches } from "./match.ts";
import { conclude, type Matcher, timeoutOf } from "./result.ts";
import { amount, type Candidate, nearestSection, recordName, recordSections } from "./sections.ts";
import { settle, waitUntil } from "./settle.ts";
import { show } from "./show.ts";
import { type StreamSubject, subjectOf } from "./subject.ts";

/** Holds when some record of a stream matches; waits for it. `.not`: none does once the world is idle. */
export const toHaveRecord: Matcher<Match> = async (received, match, context) => {
  const stream = subjectOf(received, "toHaveRecord", "stream");
  const find = (shards: readonly StreamShard[]): StreamRecord | undefined =>
    recordsOf(shards).find((record) => isLike(match, record, context.equals));
  const { state, end } = await waitUntil(
    stream.world,
    stream.read,
    (shards) => find(shards) !== undefined,
    isPutTo(stream),
    timeoutOf(context),
  );
  const found = find(state);
  return conclude(
    {
      subject: stream,
      call: "toHaveRecord(match)",
      holds: found !== undefined,
      end,
      sentence: `Expected a record that matches ${show(match)}.`,
      notSentence:
        found === undefined
          ? `Expected no record that matches ${show(match)}; so far there is none.`
          : `Expected no record that matches ${show(match)}, but there is one: ${recordName(found)}.`,
      sections: () => [
        ...(found === undefined
          ? nearestSection("record", recordsOf(state).map(candidate), match, context.equals)
          : []),
        ...recordSections(state),
      ],
    },
    context,
  );
};

/** How many records are expected; with `match`, how many that match. */
export interface RecordTimes {
  readonly times: number;
  readonly match?: Match;
}

/** Holds when a stream has exactly so many records (that match) once the world is idle. */
export const toHaveRecordTimes: Matcher<RecordTimes> = async (received, { times, match }, context) => {
  const stream = subjectOf(received, "toHaveRecordTimes", "stream");
  const { end } = await settle(stream.world, timeoutOf(context));
  const shards = await stream.read();
  const records = recordsOf(shards);
  const counted = match === undefined ? records : records.filter((record) => isLike(match, record, context.equals));
  const suffix = match === undefined ? "" : ` that match ${show(match)}`;
  return conclude(
    {
      subject: stream,
      call: match === undefined ? `toHaveRecordTimes(${times})` : `toHaveRecordTimes(${times}, match)`,
      holds: counted.length === times,
      end,
      sentence: `Expected exactly ${amount(times, "record")}${suffix}; found ${counted.length}.`,
      notSentence: `Expected another number of records${suffix} than ${times}; found ${counted.length}.`,
      sections: () => [
        ...(match !== undefined && counted.length < times
          ? nearestSection(
              "other record",
              records.filter((record) => !counted.includes(record)).map(candidate),
              match,
              context.equals,
            )
          : []),
        ...recordSections(shards),
      ],
    },
    context,
  );
};

/** A string is compared with the text as it was put, too: `put("123", …)` matches "123" and 123. */
function isLike(match: Match, { data, bytes }: StreamRecord, equals: Equals): boolean {
  return matches(match, data, equals) || (typeof match === "string" && Buffer.from(match).equals(bytes));
}

function recordsOf(shards: readonly StreamShard[]): readonly StreamRecord[] {
  return shards.flatMap(({ records }) => records);
}

function candidate(record: StreamRecord): Candidate {
  return { label: recordName(record), value: record.data };
}

function isPutTo(stream: StreamSubject): (entry: TimelineEntry) => boolean {
  return (entry) => entry.type === "stream.recordsPut" && entry.stream === stream.name;
}
