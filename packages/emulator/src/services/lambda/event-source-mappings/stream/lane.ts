import type { LaneNote } from "../notes.ts";
import type { WindowCheckpoint } from "./checkpoint.ts";
import { type LaneMemory, type LaneProgress, nextRecord, push, unfinished } from "./lane-memory.ts";
import type { MachineStep } from "./machine-step.ts";
import type { InvokeOutcome } from "./outcome.ts";
import type { RecordReference } from "./record.ts";
import type { DiscardCondition, Slice } from "./slice.ts";
import type { InvokeWindow, WindowClosing } from "./tumbling-window.ts";

export type LaneState<R extends RecordReference = RecordReference> =
  | { readonly kind: "empty"; readonly memory: LaneMemory<R> }
  | { readonly kind: "collecting"; readonly memory: LaneMemory<R>; readonly until: number }
  | {
      readonly kind: "invoking";
      readonly memory: LaneMemory<R>;
      readonly slice: Slice<R>;
      readonly stopping: boolean;
    }
  | {
      readonly kind: "backingOff";
      readonly memory: LaneMemory<R>;
      readonly slice: Slice<R>;
      readonly until: number;
    }
  | {
      readonly kind: "reporting";
      readonly memory: LaneMemory<R>;
      readonly slice: Slice<R>;
      readonly condition: DiscardCondition;
      readonly stopping: boolean;
    }
  /** Holds no record, but a tumbling window that ends at `until`. */
  | { readonly kind: "windowOpen"; readonly memory: LaneMemory<R>; readonly until: number }
  | {
      readonly kind: "closing";
      readonly memory: LaneMemory<R>;
      readonly closing: WindowClosing;
      readonly stopping: boolean;
    }
  | {
      readonly kind: "closingLater";
      readonly memory: LaneMemory<R>;
      readonly closing: WindowClosing;
      readonly until: number;
    }
  | { readonly kind: "drained" }
  /** What was left lies in the stream; the checkpoint must not pass it. */
  | {
      readonly kind: "stopped";
      readonly unfinishedFrom: string | undefined;
      readonly windows: readonly WindowCheckpoint[];
    };

export type LaneEvent<R extends RecordReference = RecordReference> =
  | { readonly kind: "offered"; readonly records: readonly R[] }
  /** The shard has ended: what is here is all there is. */
  | { readonly kind: "sealed" }
  | { readonly kind: "timeReached" }
  | { readonly kind: "invoked"; readonly outcome: InvokeOutcome }
  | { readonly kind: "reported"; readonly result: ReportResult }
  | { readonly kind: "stopRequested" };

export type ReportResult = { readonly kind: "delivered" } | { readonly kind: "failed"; readonly error: string };

export type LaneCommand<R extends RecordReference = RecordReference> =
  /** Nothing is in flight; without `until` just an event can wake the lane. */
  | { readonly kind: "wait"; readonly until: number | undefined }
  /** Nothing is in flight; the time counts as reached only when all that arrived before it has been offered. */
  | { readonly kind: "waitForWindowEnd"; readonly until: number }
  /** `window` is there where the mapping has tumbling windows; one that is closed gets no records. */
  | { readonly kind: "invoke"; readonly records: readonly R[]; readonly window?: InvokeWindow | undefined }
  | {
      readonly kind: "report";
      readonly condition: DiscardCondition;
      readonly slice: Slice<R>;
      readonly window: InvokeWindow | undefined;
    }
  /** The effect in flight goes on; nothing else is to be done. */
  | { readonly kind: "keep" }
  | { readonly kind: "finish"; readonly as: "drained" | "stopped" };

export type LaneStep<R extends RecordReference = RecordReference> = MachineStep<LaneState<R>, LaneCommand<R>, LaneNote>;

const noWindows: readonly WindowCheckpoint[] = Object.freeze([]);

export function laneProgress(state: LaneState): LaneProgress {
  switch (state.kind) {
    case "drained":
      return { unfinishedFrom: undefined, buffered: 0, windows: noWindows, finished: state.kind };
    case "stopped":
      return { unfinishedFrom: state.unfinishedFrom, buffered: 0, windows: state.windows, finished: state.kind };
    case "empty":
    case "collecting":
    case "windowOpen":
    case "closing":
    case "closingLater":
      return { ...unfinished(state.memory), finished: undefined };
    case "invoking":
    case "backingOff":
    case "reporting":
      return { ...unfinished(push(state.memory, state.slice)), finished: undefined };
  }
}

/** When the oldest record arrived that the lane holds, world time; undefined where it holds none. */
export function oldestArrival(state: LaneState): number | undefined {
  if ("slice" in state) return state.slice.from.arrival;
  return "memory" in state ? nextRecord(state.memory)?.arrival : undefined;
}
