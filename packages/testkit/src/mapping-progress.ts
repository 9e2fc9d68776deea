import { type ControlClient, ControlError, type PeekedMapping, type PeekedTable } from "@localemu/control";

/** How far a mapping has come, and what it has still to do. */
export interface MappingProgress {
  readonly mapping: PeekedMapping;
  /** Shards of a stream; empty for a queue. */
  readonly shards: readonly ShardProgress[];
  /** Messages of a queue that wait or are in flight; 0 for a stream. */
  readonly messages: number;
}

/** One shard of a stream as a mapping has processed it. */
export interface ShardProgress {
  readonly shardId: string;
  /** Sequence number up to which everything is finished, or as the mapping shows it: `TRIM_HORIZON`, `SHARD_END`, … */
  readonly checkpoint: string;
  /** Records that are kept after the checkpoint. */
  readonly behind: number;
}

/** Reads a mapping and what its source keeps. Throws ControlError where there is no such mapping. */
export async function readProgress(world: Pick<ControlClient, "peek">, uuid: string): Promise<MappingProgress> {
  const mapping = await world.peek.mapping(uuid);
  const [, , service, region = "", , resource = ""] = mapping.eventSourceArn.split(":");
  if (service === "sqs") return { mapping, shards: [], messages: await countMessages(world, resource, region) };
  const stream =
    service === "dynamodb"
      ? await tableStream(world, mapping.eventSourceArn, resource, region)
      : await unlessGone(world.peek.stream(resource.replace("stream/", ""), { region }));
  const checkpoints = new Map(mapping.shards.map(({ shardId, checkpoint }) => [shardId, checkpoint]));
  return {
    mapping,
    shards: (stream?.shards ?? []).map(({ shardId, records }) => {
      const checkpoint = checkpoints.get(shardId) ?? "TRIM_HORIZON";
      return { shardId, checkpoint, behind: records.filter((record) => isAfter(record, checkpoint)).length };
    }),
    messages: 0,
  };
}

/** What the stream of a table keeps, if it is the one that the mapping reads. */
async function tableStream(
  world: Pick<ControlClient, "peek">,
  arn: string,
  resource: string,
  region: string,
): Promise<Pick<PeekedTable, "shards"> | undefined> {
  const table = await unlessGone(world.peek.table(resource.split("/")[1] ?? "", { region }));
  return table?.streamArn === arn ? table : undefined;
}

function isAfter(
  record: { readonly sequenceNumber: string; readonly approximateArrival: number },
  checkpoint: string,
): boolean {
  if (checkpoint === "SHARD_END") return false;
  if (checkpoint.startsWith("AT_TIMESTAMP ")) {
    return record.approximateArrival >= Date.parse(checkpoint.slice("AT_TIMESTAMP ".length));
  }
  return !/^\d+$/.test(checkpoint) || BigInt(record.sequenceNumber) > BigInt(checkpoint);
}

async function countMessages(world: Pick<ControlClient, "peek">, queue: string, region: string): Promise<number> {
  const peeked = await unlessGone(world.peek.queue(queue, { region }));
  return (peeked?.messages ?? []).filter(({ state }) => state !== "delayed").length;
}

/** A source that is gone keeps nothing. */
async function unlessGone<Value>(peeked: Promise<Value>): Promise<Value | undefined> {
  try {
    return await peeked;
  } catch (error) {
    if (error instanceof ControlError && error.status === 404) return undefined;
    throw error;
  }
}
