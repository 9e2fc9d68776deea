import type { SplitShardInput } from "@aws-sdk/client-kinesis";
import type { CallContext } from "../../../protocols/operations.ts";
import { assertShardLimit } from "../account-limits.ts";
import { invalidArgument, required } from "../errors.ts";
import { assertProvisioned } from "../on-demand.ts";
import { alreadyReplaced, shardsToReplace } from "../shard-to-replace.ts";
import { keepRange } from "../state/kept-stream.ts";
import type { KinesisState } from "../state/kinesis-state.ts";
import { assertActive } from "../stream-address.ts";

/** AWS: the order of the checks is that of kinesalite's suite. Assumed: where those stand that it does not know. */
export function splitShard(state: KinesisState, input: SplitShardInput, call: CallContext): void {
  const { accountId } = call;
  const middle = BigInt(required(input.NewStartingHashKey, "newStartingHashKey"));
  const given = [required(input.ShardToSplit, "shardToSplit")];
  const { stream, shards } = shardsToReplace(state, input, given, call);
  const [shard] = shards;
  if (shard === undefined) throw new Error("a shard was given and none was found");
  assertProvisioned(stream, accountId);
  if (!shard.isOpen) throw alreadyReplaced(shard, stream, accountId);
  assertShardLimit(state, 1, { ...call, region: stream.region });
  const { start, end } = shard.range;
  if (middle <= start + 1n || middle >= end) {
    throw invalidArgument(
      `NewStartingHashKey ${middle} used in SplitShard() on shard ${shard.id} in stream ${stream.name} under account ` +
        `${accountId} is not both greater than one plus the shard's StartingHashKey ${start} and less than the shard's ` +
        `EndingHashKey ${end}.`,
    );
  }
  assertActive(stream, accountId);
  const ranges = [
    { start, end: middle - 1n },
    { start: middle, end },
  ].map(keepRange);
  state.update(stream, { kind: "replaceShards", parents: [shard.index], ranges });
}
