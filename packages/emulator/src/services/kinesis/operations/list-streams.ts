import type { ListStreamsInput, ListStreamsOutput, StreamSummary } from "@aws-sdk/client-kinesis";
import type { CallContext } from "../../../protocols/operations.ts";
import { readNextToken, writeNextToken } from "../next-token.ts";
import type { KinesisState } from "../state/kinesis-state.ts";
import type { Stream } from "../state/stream.ts";

/** AWS: documented as default and as the most that is returned, whatever Limit says. */
const largestPage = 100;
const tokenPurpose = "ListStreams";

export function listStreams(state: KinesisState, input: ListStreamsInput, call: CallContext): ListStreamsOutput {
  const now = state.now();
  const start = exclusiveStart(state, input, now);
  const streams = state
    .streamsOf(call.region)
    .filter((stream) => start === undefined || stream.name > start)
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const page = streams.slice(0, Math.min(input.Limit ?? largestPage, largestPage));
  const last = page.at(-1);
  const more = last !== undefined && page.length < streams.length;
  return {
    StreamNames: page.map((stream) => stream.name),
    HasMoreStreams: more,
    ...(more && { NextToken: writeNextToken(state.seal, tokenPurpose, [last.name], now) }),
    StreamSummaries: page.map(summaryOf),
  };
}

/** Assumed: a NextToken counts more than a name given with it. */
function exclusiveStart(state: KinesisState, input: ListStreamsInput, now: number): string | undefined {
  if (input.NextToken === undefined) return input.ExclusiveStartStreamName;
  return readNextToken(state.seal, tokenPurpose, input.NextToken, now)[0];
}

function summaryOf(stream: Stream): StreamSummary {
  return {
    StreamName: stream.name,
    StreamARN: stream.arn,
    StreamStatus: stream.status,
    StreamModeDetails: { StreamMode: stream.mode },
    StreamCreationTimestamp: new Date(stream.createdAt),
  };
}
