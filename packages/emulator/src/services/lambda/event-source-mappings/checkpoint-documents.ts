import type { Checkpoint } from "./stream/checkpoint.ts";

/** A checkpoint as it is kept. */
export type CheckpointDocument = {
  readonly position: PositionDocument;
  readonly windows: readonly {
    readonly lane: number;
    readonly start: number;
    readonly end: number;
    readonly state: string;
  }[];
};

type PositionDocument =
  | { readonly kind: "trimHorizon" }
  | { readonly kind: "atTimestamp"; readonly timestamp: number }
  | { readonly kind: "afterSequence"; readonly sequence: string }
  | { readonly kind: "shardEnd" };

const noWindows: CheckpointDocument["windows"] = [];

export function checkpointDocument({ position, windows }: Checkpoint): CheckpointDocument {
  return {
    position: positionDocument(position),
    windows:
      windows.length === 0 ? noWindows : windows.map(({ lane, start, end, state }) => ({ lane, start, end, state })),
  };
}

export function checkpointOf({ position, windows }: CheckpointDocument): Checkpoint {
  return { position, windows };
}

function positionDocument(position: Checkpoint["position"]): PositionDocument {
  switch (position.kind) {
    case "trimHorizon":
    case "shardEnd":
      return { kind: position.kind };
    case "atTimestamp":
      return { kind: "atTimestamp", timestamp: position.timestamp };
    case "afterSequence":
      return { kind: "afterSequence", sequence: position.sequence };
  }
}
