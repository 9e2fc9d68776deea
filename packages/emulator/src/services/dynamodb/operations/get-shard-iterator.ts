import type { GetShardIteratorInput, GetShardIteratorOutput } from "@aws-sdk/client-dynamodb-streams";
import { awsError, validationException } from "../../../protocols/errors.ts";
import { streamNotFound } from "../errors.ts";
import { writeShardIterator } from "../shard-iterator.ts";
import type { TableStream } from "../state/table-stream.ts";
import type { TableStreams } from "../state/table-streams.ts";

export function getShardIterator(streams: TableStreams, input: GetShardIteratorInput): GetShardIteratorOutput {
  const { StreamArn: streamArn = "", ShardId: shardId = "" } = input;
  const stream = streams.find(streamArn);
  if (stream === undefined) throw streamNotFound(streamArn);
  if (shardId !== stream.shardId) {
    // Assumed: the text.
    throw awsError("ResourceNotFoundException", "Requested resource not found: Shard does not exist");
  }
  const now = streams.now();
  return { ShardIterator: writeShardIterator({ streamArn, shardId, after: placeOf(stream, input, now) }, now) };
}

function placeOf(stream: TableStream, input: GetShardIteratorInput, now: number): string | undefined {
  const { ShardIteratorType: type, SequenceNumber: number } = input;
  if (type === "TRIM_HORIZON" || type === "LATEST") {
    if (number !== undefined) {
      // Assumed: the text.
      throw validationException(`SequenceNumber cannot be given with the ShardIteratorType ${type}`);
    }
    return type === "LATEST" ? stream.newest : undefined;
  }
  if (number === undefined) {
    // Assumed: the text.
    throw validationException(`The ShardIteratorType ${type} needs a SequenceNumber`);
  }
  if (!stream.hasNumber(number)) {
    // Assumed: the text.
    throw validationException("Invalid SequenceNumber");
  }
  if (type === "AT_SEQUENCE_NUMBER" && stream.hasLost(number, now)) throw trimmed();
  return type === "AT_SEQUENCE_NUMBER" ? stream.before(number) : number;
}

function trimmed(): Error {
  // Assumed: the text.
  return awsError(
    "TrimmedDataAccessException",
    "The operation attempted to read past the oldest stream record in a shard.",
  );
}
