import type { MergeShardsInput } from "@aws-sdk/client-kinesis";
import type { CallContext } from "../../../protocols/operations.ts";
import { invalidArgument, required } from "../errors.ts";
import { assertProvisioned } from "../on-demand.ts";
import { alreadyReplaced, shardsToReplace } from "../shard-to-replace.ts";
import { keepRange } from "../state/kept-stream.ts";
import type { KinesisState } from "../state/kinesis-state.ts";
import { assertActive } from "../stream-address.ts";

/** AWS: the order of the checks is that of kinesalite's suite. Assumed: where those stand that it does not know. */
export function mergeShards(state: KinesisState, input: MergeShardsInput, call: CallContext): void {
  const { accountId } = call;
  const given = [
    required(input.ShardToMerge, "shardToMerge"),
    required(input.AdjacentShardToMerge, "adjacentShardToMerge"),
  ];
  const { stream, shards } = shardsToReplace(state, input, given, call);
  const [lower, upper] = shards;
  if (lower === undefined || upper === undefined) throw new Error("two shards were given and fewer were found");
  assertProvisioned(stream, accountId);
  const replaced = shards.find((shard) => !shard.isOpen);
  if (replaced !== undefined) throw alreadyReplaced(replaced, stream, accountId);
  if (lower.range.end + 1n !== upper.range.start) {
    throw invalidArgument(
      `Shards ${lower.id} and ${upper.id} in stream ${stream.name} under account ${accountId} are not an adjacent ` +
        "pair of shards eligible for merging",
    );
  }
  assertActive(stream, accountId);
  const range = keepRange({ start: lower.range.start, end: upper.range.end });
  state.update(stream, { kind: "replaceShards", parents: [lower.index, upper.index], ranges: [range] });
}
