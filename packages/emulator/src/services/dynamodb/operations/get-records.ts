import type { GetRecordsInput, GetRecordsOutput } from "@aws-sdk/client-dynamodb-streams";
import { awsError } from "../../../protocols/errors.ts";
import { streamNotFound } from "../errors.ts";
import { readShardIterator, writeShardIterator } from "../shard-iterator.ts";
import type { TableStreams } from "../state/table-streams.ts";
import { typedRecord } from "../typed-record.ts";

/** AWS: 1000 records or 1 MB (AWS docs). */
const largestPage = 1000;
const largestBytes = 1024 * 1024;

export function getRecords(streams: TableStreams, input: GetRecordsInput): GetRecordsOutput {
  const now = streams.now();
  const iterator = readShardIterator(input.ShardIterator ?? "", now);
  const stream = streams.find(iterator.streamArn);
  if (stream === undefined) throw streamNotFound(iterator.streamArn);
  const most = { records: input.Limit ?? largestPage, bytes: largestBytes };
  const { changes, closed, lost } = stream.read(iterator.after, most, now);
  if (lost !== undefined) {
    // Assumed: the text.
    throw awsError(
      "TrimmedDataAccessException",
      "The operation attempted to read past the oldest stream record in a shard.",
    );
  }
  const Records = changes.map(({ data }) => typedRecord(JSON.parse(data.toString())));
  // AWS: no iterator after a closed shard's last record (AWS docs).
  if (closed) return { Records };
  const after = changes.at(-1)?.sequenceNumber ?? iterator.after;
  return { Records, NextShardIterator: writeShardIterator({ ...iterator, after }, now) };
}
