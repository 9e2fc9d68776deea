import type { ShardIteratorType } from "@aws-sdk/client-kinesis";
import { invalidArgument } from "./errors.ts";
import { positionOfSequenceNumber } from "./starting-sequence-number.ts";
import { trimHorizon } from "./state/shard.ts";
import type { Position, Shard } from "./state/shard.ts";
import type { Stream } from "./state/stream.ts";

/** Where a consumer asks to begin. */
export interface StartingPoint {
  readonly type: ShardIteratorType | undefined;
  readonly sequenceNumber: string | undefined;
  readonly timestamp: Date | undefined;
}

/** Throws AWS's error for a combination that means no position. */
export function startingPosition(
  start: StartingPoint,
  stream: Stream,
  shard: Shard,
  now: number,
  account: string,
): Position {
  const { type, sequenceNumber } = start;
  if (type === "AT_SEQUENCE_NUMBER" || type === "AFTER_SEQUENCE_NUMBER") {
    if (sequenceNumber === undefined) throw wrongCombination(`${type} and no StartingSequenceNumber.`);
    const position = positionOfSequenceNumber(sequenceNumber, stream, shard, account);
    return type === "AT_SEQUENCE_NUMBER" ? position : { ...position, seconds: position.seconds + 1 };
  }
  if (sequenceNumber !== undefined) throw wrongCombination(`${type} and also a StartingSequenceNumber.`);
  if (type === "TRIM_HORIZON") return trimHorizon;
  if (type === "LATEST") return shard.tip();
  return shard.positionAt(Math.max(timestampOf(start, now), stream.horizon(now)));
}

function timestampOf({ timestamp }: StartingPoint, now: number): number {
  const millis = timestamp?.getTime();
  if (millis === undefined) {
    throw invalidArgument(
      "Must specify timestampInMillis parameter for iterator of type AT_TIMESTAMP. " +
        "Current request has no timestamp parameter.",
    );
  }
  if (millis <= now) return millis;
  throw invalidArgument(
    "The timestampInMillis parameter cannot be greater than the currentTimestampInMillis. " +
      `timestampInMillis: ${millis}, currentTimestampInMillis: ${now}`,
  );
}

function wrongCombination(specified: string): Error {
  return invalidArgument(
    "Must either specify (1) AT_SEQUENCE_NUMBER or AFTER_SEQUENCE_NUMBER and StartingSequenceNumber or " +
      `(2) TRIM_HORIZON or LATEST and no StartingSequenceNumber. Request specified ${specified}`,
  );
}
