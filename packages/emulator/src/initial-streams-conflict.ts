import type { InitialStream } from "./initial-streams.ts";

/** What to say where streams that are fine one by one cannot be together; undefined where they can. */
export function initialStreamsConflict(
  streams: readonly InitialStream[],
  shardLimit: number,
  defaultRegion: string,
): string | undefined {
  const seen = new Set<string>();
  const shardsOf = new Map<string, number>();
  for (const { name, shards, region = defaultRegion } of streams) {
    if (seen.has(`${name}:${region}`)) return `option kinesisInitialStreams has ${name} of ${region} twice`;
    seen.add(`${name}:${region}`);
    const sum = (shardsOf.get(region) ?? 0) + shards;
    if (sum > shardLimit)
      return `option kinesisInitialStreams has more shards in ${region} than kinesisShardLimit, which is ${shardLimit}`;
    shardsOf.set(region, sum);
  }
  return undefined;
}
