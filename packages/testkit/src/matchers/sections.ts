import { describeTimelineEvent, type TimelineEntry } from "@localemu/control";
import type { StreamRecord, StreamShard } from "../stream-shards.ts";
import { diffLines } from "./diff.ts";
import { type Equals, isPlainObject, likeness, problemOf } from "./match.ts";
import { show } from "./show.ts";
import type { ObservedWorld } from "./subject.ts";

const shownRecords = 5;
const shownEntries = 12;

/** Something that could have matched, and what to call it in a text. */
export interface Candidate {
  readonly label: string;
  readonly value: unknown;
}

/** The candidate that is nearest to `expected`, as a diff; nothing where there is no part to compare. */
export function nearestSection(
  thing: string,
  candidates: readonly Candidate[],
  expected: unknown,
  equals: Equals,
  things = `${thing}s`,
): readonly string[] {
  const [first] = candidates;
  if (first === undefined) return [];
  const problem = candidates
    .map(({ label, value }) => ({ label, error: problemOf(expected, value) }))
    .find(({ error }) => error !== undefined);
  if (problem !== undefined) return [`The predicate threw for ${problem.label}: ${String(problem.error)}`];
  if (!isPlainObject(expected) && !Array.isArray(expected)) return [];
  let nearest = { candidate: first, likeness: -1 };
  for (const candidate of candidates) {
    const found = likeness(expected, candidate.value, equals);
    if (found > nearest.likeness) nearest = { candidate, likeness: found };
  }
  const { label, value } = nearest.candidate;
  return [
    paragraph(
      `Nearest of ${amount(candidates.length, thing, things)} (- expected, + found): ${label}`,
      diffLines(expected, value, equals),
    ),
  ];
}

/** How many records each shard keeps, and the last ones. */
export function recordSections(shards: readonly StreamShard[]): readonly string[] {
  const counts = shards.map(({ shardId, records }) => `${shardName(shardId)}: ${records.length}`);
  const records = shards.flatMap((shard) => shard.records);
  const last = records.toSorted(byArrival).slice(-shownRecords);
  return [
    paragraph("Records by shard:", counts),
    ...(last.length === 0 ? [] : [lastOnes("Records", last.map(describeRecord), records.length)]),
  ];
}

/** The end of the timeline, each line with its world time. */
export async function timelineSection(world: Pick<ObservedWorld, "timeline">): Promise<readonly string[]> {
  const entries = await world.timeline({ limit: shownEntries });
  const total = entries.at(-1)?.id;
  if (total === undefined) return ["Nothing is on the timeline."];
  return [lastOnes("Timeline", timelineLines(entries), total)];
}

/** What happened, a line each, with the world time of day. */
export function timelineLines(entries: readonly TimelineEntry[]): readonly string[] {
  return entries.map((entry) => `${new Date(entry.at).toISOString().slice(11, -1)}  ${describeTimelineEvent(entry)}`);
}

/** The last of `total` lines, under a title that says so where some are left out. */
export function lastOnes(title: string, lines: readonly string[], total: number): string {
  return paragraph(lines.length === total ? `${title}:` : `${title}, last ${lines.length} of ${total}:`, lines);
}

export function paragraph(title: string, lines: readonly string[]): string {
  return [title, ...lines.map((line) => `  ${line}`)].join("\n");
}

export function describeRecord(record: StreamRecord): string {
  return `${recordName(record)}: ${show(record.data)}`;
}

/** Where a record is: its shard, its key and the end of its sequence number. */
export function recordName({ shardId, partitionKey, sequenceNumber, subSequenceNumber }: StreamRecord): string {
  const part = subSequenceNumber === undefined ? "" : ` (part ${subSequenceNumber} of it)`;
  return `${shardName(shardId)}, key ${JSON.stringify(partitionKey)}, …${sequenceNumber.slice(-12)}${part}`;
}

/** `shard 3` for `shardId-000000000003`. */
export function shardName(shardId: string): string {
  return shardId.replace(/^shardId-0*(?=\d)/, "shard ");
}

export function amount(count: number, thing: string, things = `${thing}s`): string {
  return `${count === 0 ? "no" : count} ${count === 1 ? thing : things}`;
}

function byArrival(a: StreamRecord, b: StreamRecord): number {
  return a.approximateArrival - b.approximateArrival;
}
