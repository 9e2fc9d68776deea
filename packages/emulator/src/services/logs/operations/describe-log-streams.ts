import type {
  LogStream as LogStreamAnswer,
  DescribeLogStreamsRequest,
  DescribeLogStreamsResponse,
} from "@aws-sdk/client-cloudwatch-logs";
import { logsError } from "../logs-error.ts";
import type { CallContext } from "../../../protocols/operations.ts";
import { referencedGroup } from "../log-groups.ts";
import { pageOf } from "../page-of.ts";
import type { Place } from "../page-of.ts";
import type { LogGroup, LogStore } from "../state/log-store.ts";
import type { LogStream } from "../state/log-stream.ts";

export function describeLogStreams(
  store: LogStore,
  input: DescribeLogStreamsRequest,
  call: CallContext,
): DescribeLogStreamsResponse {
  const group = referencedGroup(store, call.region, input);
  const { logStreamNamePrefix: prefix, orderBy = "LogStreamName" } = input;
  // AWS: the text (AWS SDK users' reports).
  if (prefix !== undefined && orderBy === "LastEventTime")
    throw logsError("InvalidParameterException", "Cannot order by LastEventTime with a logStreamNamePrefix.");
  const streams = [...group.streams.values()].filter(({ name }) => prefix === undefined || name.startsWith(prefix));
  const placeOf = ({ name, events }: LogStream): Place => ({
    time: orderBy === "LastEventTime" ? (events.at(-1)?.timestamp ?? 0) : 0,
    name,
  });
  const { page, nextToken } = pageOf(streams, placeOf, input);
  return { logStreams: page.map((stream) => describe(group, stream)), nextToken };
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
