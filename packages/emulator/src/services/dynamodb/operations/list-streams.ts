import type { ListStreamsInput, ListStreamsOutput } from "@aws-sdk/client-dynamodb-streams";
import type { CallContext } from "../../../protocols/operations.ts";
import { validationException } from "../../../protocols/errors.ts";
import type { TableStreams } from "../state/table-streams.ts";

const largestPage = 100;

export function listStreams(
  streams: TableStreams,
  input: ListStreamsInput,
  { region }: CallContext,
): ListStreamsOutput {
  const all = streams.list(region, input.TableName).toSorted((a, b) => (a.arn < b.arn ? -1 : 1));
  const after = input.ExclusiveStartStreamArn;
  const rest = after === undefined ? all : all.filter(({ arn }) => arn > after);
  const limit = input.Limit ?? largestPage;
  if (limit < 1)
    throw validationException(
      `1 validation error detected: Value '${limit}' at 'limit' failed to satisfy constraint: Member must have value greater than or equal to 1`,
    );
  const page = rest.slice(0, Math.min(limit, largestPage));
  const last = page.at(-1);
  return {
    Streams: page.map(({ arn, tableName, label }) => ({ StreamArn: arn, TableName: tableName, StreamLabel: label })),
    ...(last !== undefined && page.length < rest.length && { LastEvaluatedStreamArn: last.arn }),
  };
}
