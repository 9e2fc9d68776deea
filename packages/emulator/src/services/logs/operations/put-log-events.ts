import type { PutLogEventsRequest, PutLogEventsResponse, RejectedLogEventsInfo } from "@aws-sdk/client-cloudwatch-logs";
import type { Clock } from "../../../core/clock.ts";
import { logsError } from "../logs-error.ts";
import type { CallContext } from "../../../protocols/operations.ts";
import { required } from "../../required-member.ts";
import { existingGroup, existingStream } from "../log-groups.ts";
import type { LogStore } from "../state/log-store.ts";
import { eventOverheadBytes } from "../state/log-stream.ts";

const hourMs = 3_600_000;
// AWS: limits of a batch (AWS docs, PutLogEvents).
const maxBatchBytes = 1_048_576;
const maxFutureMs = 2 * hourMs;
const maxPastMs = 14 * 24 * hourMs;

// AWS: sequence tokens are no longer needed, and answers still carry one (AWS docs, PutLogEvents).
const sequenceToken = "0".repeat(56);

export function putLogEvents(
  { store, clock }: { readonly store: LogStore; readonly clock: Clock },
  input: PutLogEventsRequest,
  call: CallContext,
): PutLogEventsResponse {
  const group = existingGroup(store, call.region, required(input.logGroupName, "logGroupName"));
  const stream = existingStream(group, required(input.logStreamName, "logStreamName"));
  const events = required(input.logEvents, "logEvents").map((event) => ({
    timestamp: required(event.timestamp, "timestamp"),
    message: required(event.message, "message"),
  }));
  refuseBatch(events);
  const now = clock.now();
  const isTooOld = (event: { readonly timestamp: number }) => event.timestamp < now - maxPastMs;
  const isTooNew = (event: { readonly timestamp: number }) => event.timestamp > now + maxFutureMs;
  for (const event of events) {
    if (!isTooOld(event) && !isTooNew(event)) store.append(stream, event.timestamp, event.message);
  }
  const firstTooNew = events.findIndex(isTooNew);
  const lastTooOld = events.findLastIndex(isTooOld);
  const rejected: RejectedLogEventsInfo = {
    tooNewLogEventStartIndex: firstTooNew < 0 ? undefined : firstTooNew,
    // AWS: the index after the last one that is too old (AWS docs, RejectedLogEventsInfo).
    tooOldLogEventEndIndex: lastTooOld < 0 ? undefined : lastTooOld + 1,
  };
  const anyRejected = firstTooNew >= 0 || lastTooOld >= 0;
  return { nextSequenceToken: sequenceToken, rejectedLogEventsInfo: anyRejected ? rejected : undefined };
}

function refuseBatch(events: readonly { readonly timestamp: number; readonly message: string }[]): void {
  let bytes = 0;
  let previous = 0;
  for (const { timestamp, message } of events) {
    bytes += Buffer.byteLength(message) + eventOverheadBytes;
    // AWS: the text (AWS SDK users' reports).
    if (timestamp < previous)
      throw logsError(
        "InvalidParameterException",
        "Log events in a single PutLogEvents request must be in chronological order.",
      );
    previous = timestamp;
  }
  // AWS: the text (AWS SDK users' reports).
  if (bytes > maxBatchBytes)
    throw logsError(
      "InvalidParameterException",
      `Upload too large: ${bytes} bytes exceeds limit of ${maxBatchBytes} bytes`,
    );
}
