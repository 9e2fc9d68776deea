import type { WorldCounts } from "@localemu/control";
import type { World } from "../world.ts";

/** How much there is in a world. */
export function countsOf(world: World): WorldCounts {
  const { loadedKinesis, loadedLambda, loadedMessaging } = world.services;
  return {
    name: world.name,
    streams: loadedKinesis?.countStreams() ?? 0,
    functions: 0,
    environments: 0,
    ...loadedLambda?.count(),
    mappings: world.peekMappings().length,
    queues: loadedMessaging?.countQueues() ?? 0,
    workTimers: world.clock.workTimers,
    underWay: world.activity.count,
  };
}

/** How long ago the oldest record arrived that a mapping has read from a stream and not finished, world time in milliseconds. */
export function iteratorAgeOf(world: World): number {
  const now = world.clock.now();
  return Math.max(0, ...world.peekMappings().map(({ oldestArrival = now }) => now - oldestArrival));
}
