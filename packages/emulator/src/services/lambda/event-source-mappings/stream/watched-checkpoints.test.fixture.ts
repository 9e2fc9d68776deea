import type { Checkpoints } from "../mapping.ts";
import type { Checkpoint } from "./checkpoint.ts";

/** `kept`, whose every change is told before it is made. */
export function watchedCheckpoints(
  kept: Checkpoints,
  onSet: (shardId: string, checkpoint: Checkpoint, before: Checkpoint | undefined) => void,
): Checkpoints {
  return {
    get: (shardId) => kept.get(shardId),
    delete: (shardId) => kept.delete(shardId),
    clear: () => kept.clear(),
    keys: () => kept.keys(),
    [Symbol.iterator]: () => kept[Symbol.iterator](),
    set(shardId, checkpoint) {
      onSet(shardId, checkpoint, kept.get(shardId));
      return kept.set(shardId, checkpoint);
    },
  };
}
