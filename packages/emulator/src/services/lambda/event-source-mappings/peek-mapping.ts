import type { PeekedMapping } from "@localemu/control";
import type { Mapping } from "./mapping.ts";
import type { RunningMapping } from "./running-mapping.ts";
import type { Checkpoint } from "./stream/checkpoint.ts";

/** A mapping as tests see it. */
export function peekMapping(mapping: Mapping, running: RunningMapping | undefined): PeekedMapping {
  const oldestArrival = running?.oldestArrival?.();
  return {
    uuid: mapping.uuid,
    functionName: mapping.function.name,
    eventSourceArn: mapping.eventSourceArn,
    state: mapping.state,
    lastProcessingResult: mapping.kind === "stream" ? mapping.lastProcessingResult : "",
    ...(oldestArrival === undefined ? {} : { oldestArrival }),
    shards: shardsOf(mapping).map(([shardId, checkpoint]) => ({
      shardId,
      checkpoint: checkpointText(checkpoint),
      unfinished: running?.unfinishedOf?.(shardId) ?? 0,
    })),
  };
}

function shardsOf(mapping: Mapping): readonly (readonly [shardId: string, checkpoint: Checkpoint])[] {
  return mapping.kind === "stream" ? [...mapping.checkpoints] : [];
}

function checkpointText({ position }: Checkpoint): string {
  switch (position.kind) {
    case "trimHorizon":
      return "TRIM_HORIZON";
    case "atTimestamp":
      return `AT_TIMESTAMP ${new Date(position.timestamp).toISOString()}`;
    case "afterSequence":
      return position.sequence;
    case "shardEnd":
      return "SHARD_END";
  }
}
