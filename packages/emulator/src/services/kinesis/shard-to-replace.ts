import type { CallContext } from "../../protocols/operations.ts";
import type { AwsError } from "../../protocols/errors.ts";
import { invalidArgument, shardUnreadable } from "./errors.ts";
import { parseShardId, shardIdOf } from "./shard-id.ts";
import type { KinesisState } from "./state/kinesis-state.ts";
import type { Shard } from "./state/shard.ts";
import type { Stream } from "./state/stream.ts";
import { addressOf, streamOf } from "./stream-address.ts";
import type { StreamReference } from "./stream-address.ts";

/** The stream of a call that splits or merges, and those of its shards that the call names. */
export function shardsToReplace(
  state: KinesisState,
  input: StreamReference,
  shardIds: readonly string[],
  call: CallContext,
): { readonly stream: Stream; readonly shards: readonly Shard[] } {
  const { name, account } = addressOf(input, call);
  const indexes = shardIds.map((shardId) => {
    const index = parseShardId(shardId);
    // AWS: an unreadable shard id is told before a stream that does not exist (kinesalite's suite).
    if (index === undefined) throw shardUnreadable(shardId, name, account);
    return index;
  });
  const stream = streamOf(state, input, call);
  const shards = indexes.map((index) => {
    const shard = stream.visibleShard(index, state.now());
    if (shard === undefined) throw shardUnreadable(shardIdOf(index), name, account);
    return shard;
  });
  return { stream, shards };
}

/** AWS: the text (mhart/kinesalite#109). */
export function alreadyReplaced(shard: Shard, stream: Stream, account: string): AwsError {
  return invalidArgument(
    `Shard ${shard.id} in stream ${stream.name} under account ${account} has already been merged or split, ` +
      "and thus is not eligible for merging or splitting.",
  );
}
