import type { FilterLogEventsRequest, FilterLogEventsResponse } from "@aws-sdk/client-cloudwatch-logs";
import { logsError } from "../logs-error.ts";
import type { CallContext } from "../../../protocols/operations.ts";
import { compileFilterPattern } from "../filter-pattern.ts";
import { existingStream, referencedGroup } from "../log-groups.ts";
import { beginning, formatPageToken, formatPosition, parsePageToken } from "../log-positions.ts";
import type { LogGroup, LogStore } from "../state/log-store.ts";
import { comparePositions } from "../state/log-stream.ts";
import type { LogStream, StoredLogEvent } from "../state/log-stream.ts";

// AWS: the default and the maximum (AWS docs, FilterLogEvents).
const defaultLimit = 10_000;

interface FoundEvent {
  readonly stream: string;
  readonly event: StoredLogEvent;
}

export function filterLogEvents(
  store: LogStore,
  input: FilterLogEventsRequest,
  call: CallContext,
): FilterLogEventsResponse {
  const group = referencedGroup(store, call.region, input);
  const matches = compileFilterPattern(input.filterPattern);
  const { startTime = 0, endTime = Infinity, limit = defaultLimit, nextToken } = input;
  const after = nextToken === undefined ? beginning : parsePageToken(nextToken);
  const found: FoundEvent[] = [];
  for (const stream of selectedStreams(group, input)) {
    for (const event of stream.events.slice(stream.firstIndexAfter(after))) {
      if (event.timestamp < startTime || event.timestamp > endTime || !matches(event.message)) continue;
      found.push({ stream: stream.name, event });
    }
  }
  // AWS: events of several streams come interleaved by timestamp (AWS docs, FilterLogEvents).
  found.sort((a, b) => comparePositions(a.event, b.event));
  const page = found.slice(0, limit);
  const last = page.at(-1);
  return {
    events: page.map(({ stream, event }) => ({
      logStreamName: stream,
      timestamp: event.timestamp,
      message: event.message,
      ingestionTime: event.ingestionTime,
      eventId: formatPosition(event),
    })),
    // AWS: always empty since 2019 (AWS docs, FilterLogEvents).
    searchedLogStreams: [],
    nextToken: last === undefined || found.length === page.length ? undefined : formatPageToken(last.event),
  };
}

function selectedStreams(group: LogGroup, input: FilterLogEventsRequest): Iterable<LogStream> {
  const { logStreamNames: names, logStreamNamePrefix: prefix } = input;
  // AWS: giving both is an InvalidParameterException (AWS docs, FilterLogEvents). Assumed: the text.
  if (names !== undefined && prefix !== undefined)
    throw logsError(
      "InvalidParameterException",
      "logStreamNamePrefix and logStreamNames are mutually exclusive parameters.",
    );
  if (names !== undefined) return new Set(names.map((name) => existingStream(group, name)));
  const streams = [...group.streams.values()];
  return prefix === undefined ? streams : streams.filter(({ name }) => name.startsWith(prefix));
}
