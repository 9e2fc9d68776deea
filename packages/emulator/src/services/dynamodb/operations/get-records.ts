import type { _Record, AttributeValue, GetRecordsInput, GetRecordsOutput } from "@aws-sdk/client-dynamodb-streams";
import { awsError } from "../../../protocols/errors.ts";
import type { AttributeValue as JsonValue, Item } from "../attribute-value.ts";
import { streamNotFound } from "../errors.ts";
import { readShardIterator, writeShardIterator } from "../shard-iterator.ts";
import type { LoggedChange } from "../state/table-stream.ts";
import type { TableStreams } from "../state/table-streams.ts";
import type { ChangeRecord } from "../stream-record.ts";

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
    // AWS: the text (AWS users' reports).
    throw awsError(
      "TrimmedDataAccessException",
      "The operation attempted to read past the oldest stream record in a shard.",
    );
  }
  const Records = changes.map(recordOf);
  // AWS: no iterator after a closed shard's last record (AWS docs).
  if (closed) return { Records };
  const after = changes.at(-1)?.sequenceNumber ?? iterator.after;
  return { Records, NextShardIterator: writeShardIterator({ ...iterator, after }, now) };
}

/** A record as the API of streams has it: other cases than a function's, and the SDK's types. */
function recordOf({ data }: LoggedChange): _Record {
  const { userIdentity, dynamodb, eventName, ...rest }: ChangeRecord = JSON.parse(data.toString());
  const { ApproximateCreationDateTime: seconds, Keys, NewImage, OldImage, ...members } = dynamodb;
  return {
    ...rest,
    eventName,
    dynamodb: {
      ApproximateCreationDateTime: new Date(seconds * 1000),
      Keys: typed(Keys),
      ...(NewImage !== undefined && { NewImage: typed(NewImage) }),
      ...(OldImage !== undefined && { OldImage: typed(OldImage) }),
      ...members,
    },
    ...(userIdentity !== undefined && {
      userIdentity: { PrincipalId: userIdentity.principalId, Type: userIdentity.type },
    }),
  };
}

function typed(item: Item): Record<string, AttributeValue> {
  return Object.fromEntries(Object.entries(item).map(([name, value]) => [name, typedValue(value)]));
}

function typedValue(value: JsonValue): AttributeValue {
  const { S, N, B, SS, NS, BS, M, L, BOOL } = value;
  if (S !== undefined) return { S };
  if (N !== undefined) return { N };
  if (B !== undefined) return { B: Buffer.from(B, "base64") };
  if (SS !== undefined) return { SS: [...SS] };
  if (NS !== undefined) return { NS: [...NS] };
  if (BS !== undefined) return { BS: BS.map((bytes) => Buffer.from(bytes, "base64")) };
  if (M !== undefined) return { M: typed(M) };
  if (L !== undefined) return { L: L.map(typedValue) };
  return BOOL === undefined ? { NULL: true } : { BOOL };
}
