import type { StreamMappingEvent } from "@localemu/control";
import type { RecordReference } from "./stream/record.ts";

/** Events of one shard's consumer, which does not see what is filtered out. */
type ConsumerEvent = Exclude<StreamMappingEvent, { readonly type: "mapping.recordsFiltered" }>;

/** What the driver adds to a note to make it an event of the timeline. */
type Added = "mapping" | "functionName" | "stream" | "shardId" | "destination";

type NoteOf<Event> = Event extends ConsumerEvent ? Omit<Event, Added> : never;

/** What the machines tell: plain facts, which become events of the timeline. */
export type StreamNote = NoteOf<ConsumerEvent>;

type IntakeNoteType =
  | "mapping.checkpointMoved"
  | "mapping.trimmed"
  | "mapping.readFailed"
  | "mapping.shardEnded"
  | "mapping.shardGone"
  | "mapping.consumerStopped";

export type IntakeNote = Extract<StreamNote, { readonly type: IntakeNoteType }>;
export type LaneNote = Exclude<StreamNote, IntakeNote>;

/** A run of records of one shard; `from` and `to` are sequence numbers and both included. */
export function ofRecords(slice: {
  readonly records: readonly RecordReference[];
  readonly from: RecordReference;
  readonly to: RecordReference;
}): { readonly records: number; readonly from: string; readonly to: string } {
  return { records: slice.records.length, from: slice.from.sequence, to: slice.to.sequence };
}
