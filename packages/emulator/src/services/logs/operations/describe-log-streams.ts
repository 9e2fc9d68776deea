import type {
  LogStream as LogStreamAnswer,
  DescribeLogStreamsRequest,
  DescribeLogStreamsResponse,
} from "@aws-sdk/client-cloudwatch-logs";
import { logsError } from "../logs-error.ts";
import type { CallContext } from "../../../protocols/operations.ts";
import { referencedGroup } from "../log-groups.ts";
import { pageByName } from "../page-by-name.ts";
import type { LogGroup, LogStore } from "../state/log-store.ts";
import type { LogStream } from "../state/log-stream.ts";

export function describeLogStreams(
  store: LogStore,
  input: DescribeLogStreamsRequest,
  call: CallContext,
): DescribeLogStreamsResponse {
  const group = referencedGroup(store, call.region, input);
  const { logStreamNamePrefix: prefix, orderBy = "LogStreamName", descending = false } = input;
  // AWS: the text (AWS SDK users' reports).
  if (prefix !== undefined && orderBy === "LastEventTime")
    throw logsError("InvalidParameterException", "Cannot order by LastEventTime with a logStreamNamePrefix.");
  const streams = [...group.streams.values()]
    .filter(({ name }) => prefix === undefined || name.startsWith(prefix))
    .toSorted(orderBy === "LastEventTime" ? byLastEvent : byName);
  if (descending) streams.reverse();
  const { page, nextToken } = pageByName(streams, input);
  return { logStreams: page.map((stream) => describe(group, stream)), nextToken };
}

function byName(a: LogStream, b: LogStream): number {
  return a.name < b.name ? -1 : 1;
}

function byLastEvent(a: LogStream, b: LogStream): number {
  return (a.events.at(-1)?.timestamp ?? 0) - (b.events.at(-1)?.timestamp ?? 0) || byName(a, b);
}

function describe(group: LogGroup, stream: LogStream): LogStreamAnswer {
  return {
    logStreamName: stream.name,
    creationTime: stream.creationTime,
    firstEventTimestamp: stream.events[0]?.timestamp,
    lastEventTimestamp: stream.events.at(-1)?.timestamp,
    lastIngestionTime: stream.lastIngestionTime,
    arn: `${group.arn}:log-stream:${stream.name}`,
    // AWS: always 0 for a stream since 2019 (AWS docs, LogStream).
    storedBytes: 0,
  };
}
