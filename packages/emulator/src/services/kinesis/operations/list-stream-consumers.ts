import type { ListStreamConsumersInput, ListStreamConsumersOutput } from "@aws-sdk/client-kinesis";
import type { CallContext } from "../../../protocols/operations.ts";
import { describeConsumer } from "../consumers.ts";
import { invalidArgument, required, streamNotFound } from "../errors.ts";
import { readNextToken, writeNextToken } from "../next-token.ts";
import type { KinesisState } from "../state/kinesis-state.ts";
import { streamOf } from "../stream-address.ts";

/** AWS: documented as default and as the most that is returned, whatever MaxResults says. */
const largestPage = 100;
const tokenPurpose = "ListStreamConsumers";

export function listStreamConsumers(
  state: KinesisState,
  input: ListStreamConsumersInput,
  call: CallContext,
): ListStreamConsumersOutput {
  const now = state.now();
  const { StreamCreationTimestamp: created, NextToken: token } = input;
  const stream = streamOf(state, { StreamARN: required(input.StreamARN, "streamARN") }, call);
  // AWS: documented. Assumed: the text.
  if (token !== undefined && created !== undefined)
    throw invalidArgument("NextToken and StreamCreationTimestamp cannot be provided together.");
  if (created !== undefined && created.getTime() !== stream.createdAt)
    throw streamNotFound(stream.name, call.accountId);
  const [last = "", streamName] = token === undefined ? [] : readNextToken(state.seal, tokenPurpose, token, now);
  // Assumed: a token of another stream is none.
  if (token !== undefined && streamName !== stream.name) throw invalidArgument("Invalid NextToken.");
  const consumers = [...stream.consumers.values()]
    .filter(({ name }) => name > last)
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const page = consumers.slice(0, Math.min(input.MaxResults ?? largestPage, largestPage));
  const end = page.at(-1);
  return {
    Consumers: page.map(describeConsumer),
    ...(end !== undefined &&
      page.length < consumers.length && {
        NextToken: writeNextToken(state.seal, tokenPurpose, [end.name, stream.name], now),
      }),
  };
}
