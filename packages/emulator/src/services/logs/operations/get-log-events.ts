import type { GetLogEventsRequest, GetLogEventsResponse } from "@aws-sdk/client-cloudwatch-logs";
import type { CallContext } from "../../../protocols/operations.ts";
import { required } from "../../required-member.ts";
import { existingStream, referencedGroup } from "../log-groups.ts";
import { beginning, formatPosition, invalidToken, parsePosition } from "../log-positions.ts";
import type { LogStore } from "../state/log-store.ts";
import { comparePositions } from "../state/log-stream.ts";
import type { LogPosition, StoredLogEvent } from "../state/log-stream.ts";

// AWS: the default and the maximum (AWS docs, GetLogEvents).
const defaultLimit = 10_000;

interface Token {
  readonly direction: "forward" | "backward";
  readonly position: LogPosition;
}

export function getLogEvents(store: LogStore, input: GetLogEventsRequest, call: CallContext): GetLogEventsResponse {
  const group = referencedGroup(store, call.region, input);
  const stream = existingStream(group, required(input.logStreamName, "logStreamName"));
  const { startTime = 0, endTime = Infinity, limit = defaultLimit } = input;
  const inRange = stream.events.filter(({ timestamp }) => timestamp >= startTime && timestamp < endTime);
  const token = input.nextToken === undefined ? undefined : parseToken(input.nextToken);
  const page = pageOf(inRange, token, input.startFromHead ?? false, limit);
  const first = page[0];
  const last = page.at(-1);
  // AWS: at the end of the stream the token that was passed in comes back (AWS docs, GetLogEvents).
  const here = token?.position ?? { timestamp: Number.isFinite(startTime) ? startTime : 0, id: 0 };
  return {
    events: page.map(({ timestamp, message, ingestionTime }) => ({ timestamp, message, ingestionTime })),
    nextForwardToken: `f/${formatPosition(last ?? here)}/s`,
    nextBackwardToken: `b/${formatPosition(first ?? here)}/s`,
  };
}

function pageOf(
  events: readonly StoredLogEvent[],
  token: Token | undefined,
  startFromHead: boolean,
  limit: number,
): readonly StoredLogEvent[] {
  if (token?.direction === "backward")
    return events.filter((event) => comparePositions(event, token.position) < 0).slice(-limit);
  if (token === undefined && !startFromHead) return events.slice(-limit);
  const after = token?.position ?? beginning;
  return events.filter((event) => comparePositions(event, after) > 0).slice(0, limit);
}

function parseToken(text: string): Token {
  const [, letter, digits = ""] = /^([fb])\/(\d+)\/s$/.exec(text) ?? [];
  const position = parsePosition(digits);
  if (position === undefined) throw invalidToken();
  return { direction: letter === "b" ? "backward" : "forward", position };
}
