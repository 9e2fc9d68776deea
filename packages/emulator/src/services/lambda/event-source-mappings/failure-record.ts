import { wholeSeconds } from "./envelope.ts";
import type { FailedOutcome } from "./stream/outcome.ts";
import { type DiscardCondition, invokeCount, type Slice } from "./stream/slice.ts";

/** How a report tells of its batch. */
export interface BatchInfo {
  readonly name: string;
  readonly arrival: (timestamp: number) => string;
}

export const kinesisBatchInfo: BatchInfo = { name: "KinesisBatchInfo", arrival: isoTime };

/** AWS: times in whole seconds, unlike those of Kinesis (recorded on AWS). */
export const dynamoDbBatchInfo: BatchInfo = { name: "DDBStreamBatchInfo", arrival: wholeSeconds };

/** What a discarded slice's report has to say besides the slice. */
export interface FailureReport {
  readonly batchInfo: BatchInfo;
  readonly slice: Slice;
  readonly condition: DiscardCondition;
  /** As the mapping has it, with its qualifier if it has one. */
  readonly functionArn: string;
  readonly streamArn: string;
  readonly shardId: string;
  /** World time of the report, milliseconds. */
  readonly timestamp: number;
  /** A fresh id, for records that were never invoked. */
  readonly newRequestId: string;
}

/** The document that Lambda sends to an OnFailure queue or topic; the keys are in AWS's order. */
export function failureRecord(report: FailureReport): string {
  return JSON.stringify(failureDocument(report));
}

/** An OnFailure bucket's object: the same document, and the event itself as a string (recorded on AWS). */
export function failureObject(
  report: FailureReport,
  object: { readonly mapping: string; readonly id: string; readonly payload: string },
): { readonly key: string; readonly body: string } {
  const [date = "", time = ""] = isoTime(report.timestamp).slice(0, 19).split("T");
  const name = `${date}T${time.replaceAll(":", ".")}-${object.id}`;
  return {
    key: `aws/lambda/${object.mapping}/${report.shardId}/${date.replaceAll("-", "/")}/${name}`,
    body: JSON.stringify({ ...failureDocument(report), payload: object.payload }),
  };
}

function failureDocument({
  batchInfo,
  slice,
  condition,
  functionArn,
  streamArn,
  shardId,
  timestamp,
  newRequestId,
}: FailureReport) {
  return {
    requestContext: {
      requestId: slice.lastOutcome?.invocation.requestId ?? newRequestId,
      functionArn,
      condition,
      approximateInvokeCount: invokeCount(slice, condition),
    },
    ...responseContext(condition, slice.lastOutcome),
    version: "1.0",
    timestamp: isoTime(timestamp),
    [batchInfo.name]: {
      shardId,
      startSequenceNumber: slice.from.sequence,
      endSequenceNumber: slice.to.sequence,
      approximateArrivalOfFirstRecord: batchInfo.arrival(slice.from.arrival),
      approximateArrivalOfLastRecord: batchInfo.arrival(slice.to.arrival),
      batchSize: slice.records.length,
      streamArn,
    },
  };
}

// AWS: an expired record's report has no such key, even when the function had been invoked; a function error has status
// 200 too, and a failure told by the response has a null error (recorded on AWS).
// Assumed: null for a payload that is too large, as on the Kafka page of the AWS docs.
function responseContext(condition: DiscardCondition, outcome: FailedOutcome | undefined): object {
  if (condition === "MaximumPayloadSizeExceeded") return { responseContext: null };
  if (condition === "RecordAgeExceeded" || outcome === undefined) return {};
  const functionError = isErrorOfTheRun(outcome) ? "Unhandled" : null;
  return { responseContext: { statusCode: 200, executedVersion: outcome.invocation.executedVersion, functionError } };
}

function isErrorOfTheRun(outcome: FailedOutcome): boolean {
  if (outcome.kind === "partial") return false;
  return outcome.error === "unhandled" || outcome.error === "timeout" || outcome.error === "exit";
}

function isoTime(timestamp: number): string {
  return new Date(timestamp).toISOString();
}
