import type { StreamCursor } from "../stream-handle.ts";
import { holdsForAll } from "./all.ts";
import type { Match } from "./match.ts";
import { conclude, type Matcher, timeoutOf } from "./result.ts";
import { amount, describeRecord, lastOnes, recordSections } from "./sections.ts";
import { isLike, readSettled } from "./some.ts";
import { isPutTo, recordCandidate, recordsOf } from "./stream-matchers.ts";
import { subjectOf } from "./subject.ts";

/** Where the order of the records counts: among those of one partition key, among those of one shard, or nowhere. */
export type RecordOrder = "partitionKey" | "shard" | "any";

/** Records that are expected, each as `Match` says. */
export interface ExpectedRecords {
  readonly records: readonly Match[];
  /** Default `partitionKey`. */
  readonly order?: RecordOrder;
}

const orders = { partitionKey: ", in order per partition key", shard: ", in order per shard", any: ", in any order" };

/**
 * Holds when a stream has a record for each match, in the order in which they are listed; others may lie between. Waits for
 * them. `.not`: one is missing, or out of order, once the world is idle.
 */
export const toHaveRecords: Matcher<ExpectedRecords> = async (
  received,
  { records, order = "partitionKey" },
  context,
) => {
  const stream = subjectOf(received, "toHaveRecords", "stream", "table");
  return holdsForAll(
    {
      subject: stream,
      read: stream.read,
      call: order === "partitionKey" ? "toHaveRecords(matches)" : `toHaveRecords(matches, { order: "${order}" })`,
      thing: "record",
      order: orders[order],
      matches: records,
      items: recordsOf,
      accepts: (match, { data, bytes }) => isLike(match, data, bytes, context.equals),
      groupOf: (record) => (order === "any" ? undefined : order === "shard" ? record.shardId : record.partitionKey),
      candidate: recordCandidate,
      isRelevant: isPutTo(stream),
      exactly: false,
      mayGo: false,
      sections: recordSections,
    },
    context,
  );
};

/** Where a record is, as `put` gives it. */
interface Position {
  readonly shardId: string;
  readonly sequenceNumber: string;
}

/** From where on no records are expected. */
export interface NoMoreRecords {
  /**
   * `stream.cursor()`: nothing was put since, to any shard. What `put` gave: nothing is after that in its shard; what
   * `putJson` gave: nothing is after the last of them in each of their shards.
   */
  readonly after: StreamCursor | Position | readonly Position[];
}

/** Holds when a stream has no record past a position once the world is idle. */
export const toHaveNoMoreRecords: Matcher<NoMoreRecords> = async (received, { after }, context) => {
  const stream = subjectOf(received, "toHaveNoMoreRecords", "stream", "table");
  const { state, end } = await readSettled(stream.world, stream.read, timeoutOf(context));
  const isPast = pastOf(after);
  const past = recordsOf(state).filter(isPast);
  return conclude(
    {
      subject: stream,
      call: "toHaveNoMoreRecords({ after })",
      holds: past.length === 0,
      end,
      sentence: `Expected no records past the given position; found ${past.length}.`,
      notSentence: "Expected a record past the given position; found none.",
      sections: () => [
        ...(past.length === 0
          ? []
          : [lastOnes(`${amount(past.length, "record")} more`, past.slice(0, 5).map(describeRecord), past.length)]),
        ...recordSections(state),
      ],
    },
    context,
  );
};

function pastOf(after: NoMoreRecords["after"]): (record: Position) => boolean {
  if ("shards" in after) {
    return ({ shardId, sequenceNumber }) => {
      const last = after.shards[shardId] ?? null;
      return last === null || BigInt(sequenceNumber) > BigInt(last);
    };
  }
  const ends = new Map<string, bigint>();
  for (const { shardId, sequenceNumber } of Array.isArray(after) ? after : [after]) {
    const end = ends.get(shardId) ?? 0n;
    if (BigInt(sequenceNumber) > end) ends.set(shardId, BigInt(sequenceNumber));
  }
  return ({ shardId, sequenceNumber }) => {
    const end = ends.get(shardId);
    return end !== undefined && BigInt(sequenceNumber) > end;
  };
}
