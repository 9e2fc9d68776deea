import { internalFailure } from "../../protocols/errors.ts";
import { invalidArgument } from "./errors.ts";
import { parseSequenceNumber } from "./sequence-number.ts";
import { shardIdOf } from "./shard-id.ts";
import type { Position, Shard } from "./state/shard.ts";
import type { Stream } from "./state/stream.ts";

/** The position before a sequence number, which need not be a record's; throws AWS's error when it is not one of this shard. */
export function positionOfSequenceNumber(given: string, stream: Stream, shard: Shard, account: string): Position {
  const used =
    `StartingSequenceNumber ${given} used in GetShardIterator on shard ${shard.id} in stream ${stream.name} ` +
    `under account ${account} is invalid`;
  const sequence = parseSequenceNumber(given);
  if (sequence.version === "unreadable") throw invalidArgument(`${used}.`);
  if (sequence.shardIndex !== shard.index) {
    throw invalidArgument(
      `Invalid StartingSequenceNumber. It encodes ${shardIdOf(sequence.shardIndex)}, ` +
        `while it was used in a call to a shard with ${shard.id}`,
    );
  }
  // AWS: the oldest version makes it fail, e.g. `0` (kinesalite's suite).
  if (sequence.version === 0) throw internalFailure(undefined);
  if (sequence.version !== 2 || sequence.createdSeconds !== shard.createdSeconds)
    throw invalidArgument(`${used} because it did not come from this stream.`);
  return { counter: sequence.counter, seconds: sequence.seconds };
}
