import type { IntakeNote } from "../notes.ts";
import type { Checkpoint, StreamPosition } from "./checkpoint.ts";
import type { LaneProgress } from "./lane-memory.ts";
import type { MachineStep } from "./machine-step.ts";
import type { RecordQueue } from "./record-queue.ts";
import type { RecordReference } from "./record.ts";

/** What the intake knows of its shard. */
export interface IntakeMemory {
  /** Read so far. */
  readonly position: StreamPosition;
  readonly lanes: readonly LaneProgress[];
  /** Sequence numbers that were offered and that the checkpoint has not passed, in the shard's order. */
  readonly offered: RecordQueue<string>;
  readonly checkpoint: Checkpoint;
}

export type IntakeState =
  /** A read is in flight. */
  | {
      readonly kind: "reading";
      readonly memory: IntakeMemory;
      /** Reads that failed in a row. */
      readonly failures: number;
      readonly stopping: boolean;
    }
  /** A read failed and is tried again later. */
  | { readonly kind: "backingOff"; readonly memory: IntakeMemory; readonly failures: number; readonly until: number }
  /** The lanes hold enough. */
  | { readonly kind: "full"; readonly memory: IntakeMemory }
  /** Nothing more is read; the lanes finish. */
  | { readonly kind: "draining"; readonly memory: IntakeMemory; readonly because: DrainReason }
  | { readonly kind: "ended"; readonly memory: IntakeMemory }
  | { readonly kind: "stopped"; readonly memory: IntakeMemory };

/** The shard was read to its end, or does not exist any more, or the consumer is told to stop. */
export type DrainReason = "closed" | "gone" | "stopped";

export type IntakeEvent<R extends RecordReference = RecordReference> =
  | {
      readonly kind: "read";
      /** In the shard's order; those that a filter held back are left out. */
      readonly records: readonly R[];
      /** The last sequence number that was looked at, filtered ones too; undefined when there was none. */
      readonly through: string | undefined;
      /** The shard is closed and there is nothing after `through`. */
      readonly closed: boolean;
    }
  | { readonly kind: "readFailed"; readonly failure: ReadFailure }
  | ({ readonly kind: "laneAdvanced"; readonly lane: number } & LaneProgress)
  | { readonly kind: "timeReached" }
  | { readonly kind: "stopRequested" };

export type ReadFailure =
  /** The position fell out of the stream; `oldest` is where reading can go on. */
  | { readonly reason: "trimmed"; readonly oldest: StreamPosition }
  /** The shard or its stream does not exist any more. */
  | { readonly reason: "gone" }
  | { readonly reason: "denied" | "transient"; readonly error: string };

export type IntakeCommand =
  /** Read up to `max` records; an empty read of an open shard stays in flight until there is something. */
  | { readonly kind: "read"; readonly after: StreamPosition; readonly max: number }
  | { readonly kind: "wait"; readonly until: number | undefined }
  | { readonly kind: "keep" }
  | { readonly kind: "finish"; readonly as: "ended" | "stopped" };

export interface IntakeStep<R extends RecordReference = RecordReference> extends MachineStep<
  IntakeState,
  IntakeCommand,
  IntakeNote
> {
  /** To be handed to the lanes after the command. */
  readonly offers: readonly LaneOffer<R>[];
  /** After the offers every lane is to be sealed. */
  readonly seal: boolean;
}

export interface LaneOffer<R extends RecordReference = RecordReference> {
  readonly lane: number;
  readonly records: readonly R[];
}
