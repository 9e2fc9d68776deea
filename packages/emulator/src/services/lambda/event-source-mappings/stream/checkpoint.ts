import { compareSequences } from "./record.ts";

/** Where to read on in a shard. */
export type StreamPosition =
  | { readonly kind: "trimHorizon" }
  /** Records that arrived at or after `timestamp`, milliseconds. */
  | { readonly kind: "atTimestamp"; readonly timestamp: number }
  | { readonly kind: "afterSequence"; readonly sequence: string };

/** A closed shard of which every record is finished. */
export interface ShardEnd {
  readonly kind: "shardEnd";
}

/** What a restarted consumer needs to lose nothing: the position before the lowest unfinished record. */
export interface Checkpoint {
  readonly position: StreamPosition | ShardEnd;
  /** The open tumbling windows, with what the function returned so far. */
  readonly windows: readonly WindowCheckpoint[];
}

/** A tumbling window of which a batch was invoked, and which has not been closed. */
export interface WindowCheckpoint {
  readonly lane: number;
  /** World time, milliseconds. */
  readonly start: number;
  /** World time, milliseconds: what arrives then is of the next window. */
  readonly end: number;
  /** JSON of what the function returned last. */
  readonly state: string;
}

export function afterSequence(sequence: string): StreamPosition {
  return { kind: "afterSequence", sequence };
}

/** Whether `next` lies further on than `last`; starting positions lie before every sequence number. */
export function isFurther(next: Checkpoint["position"], last: Checkpoint["position"]): boolean {
  if (last.kind === "shardEnd") return false;
  if (next.kind === "shardEnd") return true;
  if (next.kind !== "afterSequence") return false;
  return last.kind !== "afterSequence" || compareSequences(next.sequence, last.sequence) > 0;
}
