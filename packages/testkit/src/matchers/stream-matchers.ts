import type { TimelineEntry } from "@localemu/control";
import type { StreamRecord, StreamShard } from "../stream-shards.ts";
import type { Match } from "./match.ts";
import { conclude, type Matcher, timeoutOf } from "./result.ts";
import { amount, type Candidate, nearestSection, recordName, recordSections } from "./sections.ts";
import { settle } from "./settle.ts";
import { show } from "./show.ts";
import { holdsForSome, isLike } from "./some.ts";
import { type StreamSubject, subjectOf, type TableSubject } from "./subject.ts";

/** Holds when some record of a stream matches; waits for it. `.not`: none does once the world is idle. */
export const toHaveRecord: Matcher<Match> = async (received, match, context) => {
  const stream = subjectOf(received, "toHaveRecord", "stream", "table");
  return holdsForSome(
    {
      subject: stream,
      read: stream.read,
      call: "toHaveRecord(match)",
      thing: "a record",
      match,
      items: recordsOf,
      accepts: ({ data, bytes }) => isLike(match, data, bytes, context.equals),
      candidate: recordCandidate,
      isRelevant: isPutTo(stream),
      mayGo: false,
      sections: recordSections,
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
  const stream = subjectOf(received, "toHaveRecordTimes", "stream", "table");
  const { end } = await settle(stream.world, timeoutOf(context));
  const shards = await stream.read();
  const records = recordsOf(shards);
  const counted =
    match === undefined ? records : records.filter(({ data, bytes }) => isLike(match, data, bytes, context.equals));
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
              records.filter((record) => !counted.includes(record)).map(recordCandidate),
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

export function recordsOf(shards: readonly StreamShard[]): readonly StreamRecord[] {
  return shards.flatMap(({ records }) => records);
}

export function recordCandidate(record: StreamRecord): Candidate {
  return { label: recordName(record), value: record.data };
}

export function isPutTo({ kind, name }: StreamSubject | TableSubject): (entry: TimelineEntry) => boolean {
  if (kind === "table") return (entry) => entry.type === "table.itemChanged" && entry.table === name;
  return (entry) => entry.type === "stream.recordsPut" && entry.stream === name;
}
